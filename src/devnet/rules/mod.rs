//! What the chain's modules do: pure functions over a [`Context`](super::context::Context).
//!
//! One folder for each module: a function for each message (`validate_basic` apart, as the ante chain calls it), one
//! for each query, and hooks at the begin and end of blocks where a module has them. No rule knows of transactions,
//! services or files.

pub mod audit;
pub mod auth;
pub mod authz;
pub mod bank;
pub mod cert;
pub mod consensus;
pub mod encryption;
pub mod identity;
pub mod mint;
pub mod resources;

#[cfg(test)]
mod replay;

//! What the chain's modules do: pure functions over a [`Context`](super::context::Context).
//!
//! One folder for each module: a function for each message (`validate_basic` apart, as the ante chain calls it), one
//! for each query, and hooks at the begin and end of blocks where a module has them. No rule knows of transactions,
//! services or files.
//!
//! The market is five modules that call each other: [`deployment`] makes orders in [`market`], both keep their money in
//! [`escrow`], which pays out by the rates of [`take`] and calls the market back when an account or a payment ends;
//! [`provider`] is the register of those who may bid.

pub mod attributes;
pub mod audit;
pub mod auth;
pub mod authority;
pub mod authz;
pub mod bank;
pub mod cert;
pub mod consensus;
pub mod deployment;
pub mod encryption;
pub mod escrow;
pub mod identity;
pub mod listing;
pub mod market;
pub mod mint;
pub mod provider;
pub mod resources;
pub mod settlement;
pub mod take;

#[cfg(test)]
mod replay;

use super::refusal::Refusal;

/// What the node does not look at: a refusal of a step is passed over, what was done up to it stays done. Only a state
/// that cannot be used ends the message.
pub(crate) fn shrug(result: Result<(), Refusal>) -> Result<(), Refusal> {
    match result {
        Err(refusal) if refusal.broken.is_some() => Err(refusal),
        Ok(()) | Err(_) => Ok(()),
    }
}

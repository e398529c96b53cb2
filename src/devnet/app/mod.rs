//! The application: transactions from bytes to results, blocks, the file, and the engine that turns them.
//!
//! - [`tx`], [`messages`], [`ante`], [`execute`]: one transaction.
//! - [`mempool`], [`block`], [`engine`]: from transactions to blocks.
//! - [`mod@file`]: what is kept, one SQLite transaction for each block.
//! - [`genesis`]: what a chain begins with.
//!
//! Everything here runs in the thread that calls it and knows nothing of services.

pub mod ante;
pub mod block;
pub mod engine;
pub mod execute;
pub mod file;
pub mod genesis;
pub mod hooks;
pub mod mempool;
pub mod merkle;
pub mod messages;
mod numbers;
#[cfg(test)]
mod properties;
pub mod result;
pub mod tx;

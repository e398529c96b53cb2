//! Rank 3, the embedded development chain: what Anvil or a localnet is elsewhere, in one process.
//!
//! A small house of its own:
//! - [`app`]: transactions, blocks, the file;
//! - [`kv`] and [`collection`]: the state, an ordered key-value store with typed collections over it;
//! - [`rules`]: what the chain's modules do, pure functions over a [`Context`](context::Context);
//! - [`event`], [`refusal`]: what a rule says;
//! - [`page`]: listings in pages, as the SDK makes them.
//!
//! Promise: what a real node answers, this chain answers (codes, states, amounts, events), the recorded nodes' defects
//! included, because the product will meet them; each such place has a comment that names it. A block is one SQLite
//! transaction.
//!
//! Not here: consensus, other nodes, proofs. It cannot be taken for a real chain: see its chain id and its listener.

pub mod app;
pub mod collection;
pub mod context;
pub mod control;
pub mod event;
pub mod fault;
pub mod hex;
pub mod kv;
pub mod node;
pub mod page;
#[cfg(test)]
mod random;
pub mod refusal;
pub mod rules;
pub mod search;
pub mod seed;
pub mod server;
pub mod service;
pub mod tenant;

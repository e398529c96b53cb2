//! The client of the chain: against the development chain, against two recorded nodes, and against nodes that lie.

mod commands;
mod endpoints;
pub mod fake;
mod hostile;
mod paging;
mod recorded;
mod tls;
mod transactions;
pub mod world;

//! The client of the chain: against the development chain, against two recorded nodes, and against nodes that lie.

mod transactions;
mod world;

//! `provider` sells the capacity of a cluster, a partition, a site or a server on the VirtEngine marketplace.

pub mod chain;
pub mod cli;
pub mod config;
pub mod devnet;
pub mod domain;
pub mod jobs;
pub mod store;

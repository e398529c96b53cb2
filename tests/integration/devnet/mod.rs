//! The development chain from outside: its services, transactions, faults, commands, and what a kill leaves of it.

pub mod client;
mod commands;
mod faults;
mod folders;
mod kills;
mod reflection;
mod rpc;
pub mod services;
mod shell;
mod signatures;
mod transactions;

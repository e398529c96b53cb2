//! The development chain from outside: its services, transactions, faults, commands, and what a kill leaves of it.

mod client;
mod commands;
mod faults;
mod kills;
mod reflection;
mod rpc;
mod services;
mod signatures;
mod transactions;

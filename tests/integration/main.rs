//! What the crate and the binary do together, seen from outside: one test binary, a module for each area.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a test that cannot go on stops loudly, in its helpers too"
)]

mod bid;
mod chain_client;
mod cli;
mod config;
mod devnet;
mod generated;
mod keys;
mod manifest;
mod observe;
mod ranks;
mod replay;
mod serve;
mod state;
mod tenant;
mod timers;
mod tls;
mod tx;
mod usage;
mod wire;
mod workloads;

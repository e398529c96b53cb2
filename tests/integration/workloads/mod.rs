//! Workloads: back ends, reconciling, commands.

mod commands;
pub mod conformance;
mod container;
pub mod house;
mod kills;
mod podman;
mod process;
mod simulated;
pub mod specs;
pub mod story;
mod systemd;
mod upkeep;

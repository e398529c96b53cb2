//! Workloads: back ends, reconciling, commands.

mod commands;
mod conformance;
mod container;
pub mod house;
mod kills;
mod podman;
mod process;
mod simulated;
mod specs;
mod story;
mod systemd;
mod upkeep;

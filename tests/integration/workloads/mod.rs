//! Workloads: back ends, reconciling, commands.

mod conformance;
mod container;
mod podman;
mod process;
mod simulated;
mod specs;

//! Workloads: back ends, reconciling, commands.

mod conformance;
mod process;
mod simulated;
mod specs;

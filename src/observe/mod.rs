//! Rank 1, what can be seen of a run and its machine: logs, the audit file and seals, clocks, and the signals that end it.

pub mod audit;
mod backwards;
pub mod clocks;
pub mod escape;
pub mod interrupt;
mod level;
pub mod log_file;
pub mod logging;
mod private;
pub mod redact;

pub use level::{Level, UnknownLevel};

//! Rank 1, what can be seen of a run: logs, the audit file and seals, and the signals that end it.

mod backwards;
pub mod escape;
pub mod interrupt;
mod level;
pub mod log_file;
pub mod logging;
pub mod redact;

pub use level::{Level, UnknownLevel};

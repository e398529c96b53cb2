//! Usage: what a workload consumed, from a reading to a record that is money.
//!
//! sample → meter → window → record → check ([`super::fraud`]) → signature → charge → the chain.
//!
//! - [`Sample`]: cumulative counters at one moment, with unknown as a value of its own.
//! - [`meter::Meter`]: what was used in each metering window, and what is not known of it.
//!
//! Pure: no I/O and no clock. Nothing is estimated, and nothing that is unknown becomes 0.

pub mod meter;
mod metric;
mod moment;
mod sample;
mod window;

pub use metric::{Metric, Metrics};
pub use moment::{Moment, seconds};
pub use sample::{NotASource, Reading, Sample, Source};
pub use window::{Gap, GapKind, Window, note_gap};

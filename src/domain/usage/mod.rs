//! Usage: what a workload consumed, from a reading to a record that is money.
//!
//! sample → meter → window → record → check ([`super::fraud`]) → signature → charge → the chain.
//!
//! - [`Sample`]: one reading of a unit's meters by its back end.
//! - [`Readout`]: what all sources say of one workload: cumulative counters at one moment, with unknown as a value of its own.
//! - [`meter::Meter`]: what was used in each metering window, and what is not known of it.
//! - [`Record`]: what was used under which lease; only a checked one can be signed.
//! - [`Document`]: the record as JSON that anybody can verify.
//! - [`Charge`]: what it costs beyond the lease's price, in the chain's units, with the rest carried on.
//!
//! Pure: no I/O and no clock. Nothing is estimated, nothing that is unknown becomes 0, and no unit is lost or counted twice.

mod charge;
pub mod clock;
mod document;
pub mod gather;
pub mod meter;
mod metric;
mod moment;
mod pricing;
mod readout;
mod record;
pub mod retry;
mod sample;
pub mod state;
#[cfg(test)]
mod tests;
mod usage_type;
mod window;

pub use charge::{Charge, MOST_WAITING};
pub use document::{Claim, Document, DocumentError, LONGEST as LONGEST_DOCUMENT};
pub use meter::{Counted, Meter, Metered};
pub use metric::{Metric, Metrics};
pub use moment::{Moment, seconds};
pub use pricing::Pricing;
pub use readout::{Levels, NotASource, Reading, Readout, Source};
pub use record::{Allocation, CannotApprove, Checked, Draft, Facts, Held, Kind, Record, Review, Signed, record_id};
pub use sample::{Meters, Sample};
pub use usage_type::UsageType;
pub use window::{Gap, GapKind, Window, note_gap};

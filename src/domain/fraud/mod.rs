//! The fraud check: whether a usage record can be what it says, before it is signed.
//!
//! It protects tenants from a source that is wrong and the provider from signing it. Each rule is a pure function in a file
//! of its own, over the record, the limits and what is known around it; `RULES` is the one list of them. A record that
//! any rule flags is held for a person: it is never dropped, and never signed by itself.
//!
//! What a rule needs and nobody knows (an allocation, a history) flags nothing: not knowing is no suspicion.

mod duration_too_long;
mod duration_too_short;
mod excessive_cpu;
mod excessive_memory;
mod flag;
mod future_timestamp;
mod negative_metrics;
mod network_anomaly;
#[cfg(test)]
mod tests;
mod zero_duration_with_usage;

use std::time::Duration;

pub use flag::Flag;

use super::amount::Dec18;
use super::resources::Bytes;
use super::usage::{Checked, Draft, Facts, Held, Moment, Record};

/// What is still credible. The defaults are the training manual's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Processor time, as a multiple of what is reserved.
    pub max_cpu_usage_ratio: Dec18,
    /// Memory, as a multiple of what is reserved.
    pub max_memory_usage_ratio: Dec18,
    /// Traffic, as a multiple of what is usual for the lease.
    pub max_network_anomaly_ratio: Dec18,
    /// Traffic below this is never an anomaly, whatever is usual.
    pub network_floor: Bytes,
    /// The shortest window.
    pub min_record_duration: Duration,
    /// The longest window.
    pub max_record_duration: Duration,
    /// How far a clock may be ahead of ours.
    pub future_tolerance: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_cpu_usage_ratio: Dec18::from(2_u64),
            max_memory_usage_ratio: Dec18::from_scaled(1_500_000_000_000_000_000),
            max_network_anomaly_ratio: Dec18::from(10_u64),
            network_floor: Bytes(1 << 30),
            min_record_duration: Duration::from_mins(1),
            max_record_duration: Duration::from_hours(25),
            future_tolerance: Duration::from_mins(1),
        }
    }
}

/// What is known around a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// The time now.
    pub now: Moment,
    /// What the lease's earlier records say of its traffic, if there are enough of them.
    pub usual_traffic: Option<Traffic>,
}

/// Traffic over some time, in and out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Traffic {
    /// How many bytes.
    pub bytes: i128,
    /// In how many seconds.
    pub seconds: i64,
}

/// A rule: what it finds wrong, if anything.
type Rule = fn(&Facts, &Limits, &Surroundings) -> Option<Flag>;

/// Every rule.
const RULES: &[Rule] = &[
    duration_too_short::check,
    duration_too_long::check,
    future_timestamp::check,
    excessive_cpu::check,
    excessive_memory::check,
    negative_metrics::check,
    zero_duration_with_usage::check,
    network_anomaly::check,
];

/// Checks a record: it may be signed, or it is held with everything that is suspicious.
pub fn check(
    record: Record<Draft>,
    limits: &Limits,
    surroundings: &Surroundings,
) -> Result<Record<Checked>, Box<Held>> {
    let flags = RULES.iter().filter_map(|rule| rule(record.facts(), limits, surroundings)).collect();
    record.checked(flags)
}

/// `ratio × reserved × seconds`, in whole units; the largest number where that is beyond all of them.
fn allowed(ratio: Dec18, reserved: u64, seconds: i64) -> i128 {
    use super::amount::Rounding;
    let seconds = u64::try_from(seconds).unwrap_or(0);
    let product = Dec18::from(reserved)
        .checked_mul(Dec18::from(seconds), Rounding::Down)
        .and_then(|product| product.checked_mul(ratio, Rounding::Down))
        .and_then(|product| product.to_int(Rounding::Down));
    product
        .ok()
        .and_then(|whole| u128::try_from(whole).ok())
        .and_then(|whole| i128::try_from(whole).ok())
        .unwrap_or(i128::MAX)
}

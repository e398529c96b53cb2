//! What is suspicious about a record, with the numbers that say so.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::usage::Moment;

/// A finding of one rule. The words are the training manual's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag")]
pub enum Flag {
    /// The window is too short to be measured.
    #[serde(rename = "DURATION_TOO_SHORT")]
    DurationTooShort {
        /// How long it is.
        seconds: i64,
        /// The shortest that is credible.
        at_least: i64,
    },
    /// The window is longer than any metering interval.
    #[serde(rename = "DURATION_TOO_LONG")]
    DurationTooLong {
        /// How long it is.
        seconds: i64,
        /// The longest that is credible.
        at_most: i64,
    },
    /// The window ends in the future.
    #[serde(rename = "FUTURE_TIMESTAMP")]
    FutureTimestamp {
        /// When it ends.
        end: Moment,
        /// When it was checked.
        now: Moment,
    },
    /// More processor time than the lease can have had.
    #[serde(rename = "EXCESSIVE_CPU_USAGE")]
    ExcessiveCpu {
        /// `cpu_milli_seconds`.
        used: String,
        /// The most that is credible.
        at_most: String,
    },
    /// More memory than the lease can have had.
    #[serde(rename = "EXCESSIVE_MEMORY_USAGE")]
    ExcessiveMemory {
        /// `memory_byte_seconds`.
        used: String,
        /// The most that is credible.
        at_most: String,
    },
    /// A figure below zero.
    #[serde(rename = "NEGATIVE_METRICS")]
    NegativeMetrics {
        /// Which.
        metric: String,
        /// What it says.
        figure: String,
    },
    /// Something was used in no time.
    #[serde(rename = "ZERO_DURATION_WITH_USAGE")]
    ZeroDurationWithUsage {
        /// Which.
        metric: String,
        /// What it says.
        figure: String,
    },
    /// Far more traffic than is usual for the lease.
    #[serde(rename = "NETWORK_ANOMALY")]
    NetworkAnomaly {
        /// Bytes in and out.
        bytes: String,
        /// The most that is credible.
        at_most: String,
    },
}

impl Flag {
    /// The word in records, output and metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::DurationTooShort { .. } => "DURATION_TOO_SHORT",
            Self::DurationTooLong { .. } => "DURATION_TOO_LONG",
            Self::FutureTimestamp { .. } => "FUTURE_TIMESTAMP",
            Self::ExcessiveCpu { .. } => "EXCESSIVE_CPU_USAGE",
            Self::ExcessiveMemory { .. } => "EXCESSIVE_MEMORY_USAGE",
            Self::NegativeMetrics { .. } => "NEGATIVE_METRICS",
            Self::ZeroDurationWithUsage { .. } => "ZERO_DURATION_WITH_USAGE",
            Self::NetworkAnomaly { .. } => "NETWORK_ANOMALY",
        }
    }

    /// Whether a person may say that the record is right all the same. What cannot be right by any account is not among
    /// them.
    pub const fn can_be_approved(&self) -> bool {
        match self {
            Self::DurationTooShort { .. }
            | Self::DurationTooLong { .. }
            | Self::ExcessiveCpu { .. }
            | Self::ExcessiveMemory { .. }
            | Self::NetworkAnomaly { .. } => true,
            Self::FutureTimestamp { .. } | Self::NegativeMetrics { .. } | Self::ZeroDurationWithUsage { .. } => false,
        }
    }
}

impl fmt::Display for Flag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DurationTooShort { seconds, at_least } => {
                write!(f, "the window is {seconds} s long; at least {at_least} s are credible")
            }
            Self::DurationTooLong { seconds, at_most } => {
                write!(f, "the window is {seconds} s long; at most {at_most} s are credible")
            }
            Self::FutureTimestamp { end, now } => write!(f, "the window ends at {end}, and it was {now}"),
            Self::ExcessiveCpu { used, at_most } => {
                write!(f, "{used} cpu_milli_seconds were used; at most {at_most} are credible")
            }
            Self::ExcessiveMemory { used, at_most } => {
                write!(f, "{used} memory_byte_seconds were used; at most {at_most} are credible")
            }
            Self::NegativeMetrics { metric, figure } => write!(f, "{metric} is {figure}, below zero"),
            Self::ZeroDurationWithUsage { metric, figure } => write!(f, "{metric} is {figure} in no time"),
            Self::NetworkAnomaly { bytes, at_most } => {
                write!(f, "{bytes} bytes of traffic; at most {at_most} are credible by what is usual")
            }
        }
    }
}

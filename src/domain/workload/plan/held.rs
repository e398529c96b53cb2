//! What is not done, and why.

use jiff::Timestamp;

use super::{UndoneClose, Verb};
use crate::domain::workload::WorkloadId;

/// Something that is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// To which workload.
    pub workload: WorkloadId,
    /// What.
    pub verb: Option<Verb>,
    /// Why not.
    pub why: WhyHeld,
}

/// Why something is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyHeld {
    /// As many as may were ended in this run, or in this hour.
    TerminationCap,
    /// As many as may are being evicted.
    EvictionCap,
    /// As many as may run.
    MaxConcurrent,
    /// No new work is taken.
    Draining(String),
    /// The chain could not be read, or does not know the lease.
    LeaseUnknown(String),
    /// The back end could not be read.
    BackEndUnknown(String),
    /// Its manifest has not come, or is not the one that the chain names.
    NoManifest,
    /// A restart is due later.
    Backoff(Timestamp),
    /// Its restarts are used up, or switched off.
    NoRestart,
    /// The back end refuses it, and would refuse it again.
    Refused {
        /// It is a tenant's, who pays for nothing.
        tenant: bool,
        /// From then on its lease is closed.
        closes: Option<Timestamp>,
    },
    /// The close of its lease came to nothing.
    CloseUndone(UndoneClose),
    /// It runs for a lease that the chain does not know.
    LeaseNotFound,
}

impl std::fmt::Display for WhyHeld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TerminationCap => f.write_str("as many workloads as may were ended in this run or hour"),
            Self::EvictionCap => f.write_str("as many workloads as may are being evicted"),
            Self::MaxConcurrent => f.write_str("as many workloads as may are there"),
            Self::Draining(why) => write!(f, "no new work is taken: {why}"),
            Self::LeaseUnknown(why) => write!(f, "its lease is unknown: {why}"),
            Self::BackEndUnknown(why) => write!(f, "its back end is unknown: {why}"),
            Self::NoManifest => f.write_str("its manifest is not there"),
            Self::Backoff(until) => write!(f, "its restart is due at {until}"),
            Self::NoRestart => f.write_str("it is restarted no more; `provider workloads restart` tries again"),
            Self::Refused { tenant: _, closes } => {
                f.write_str("its back end refuses it: another manifest, or `provider workloads restart`, tries again")?;
                closes.map_or(Ok(()), |closes| write!(f, "; its lease is closed from {closes} on"))
            }
            Self::CloseUndone(UndoneClose { message, how }) => {
                write!(f, "the close of its lease came to nothing ({how}): ")?;
                if let Some(message) = message {
                    write!(f, "`provider tx retry {message}` sends it again, ")?;
                }
                f.write_str(
                    "`provider workloads terminate` closes the lease anew, `provider workloads resume` lets it go on",
                )
            }
            Self::LeaseNotFound => f.write_str(
                "the chain does not know its lease, so nobody pays for it: `provider workloads terminate` ends it",
            ),
        }
    }
}

impl WhyHeld {
    /// The word in output and metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::TerminationCap => "termination_cap",
            Self::EvictionCap => "eviction_cap",
            Self::MaxConcurrent => "max_concurrent",
            Self::Draining(_) => "draining",
            Self::LeaseUnknown(_) => "lease_unknown",
            Self::BackEndUnknown(_) => "back_end_unknown",
            Self::NoManifest => "no_manifest",
            Self::Backoff(_) => "backoff",
            Self::NoRestart => "no_restart",
            Self::Refused { .. } => "refused",
            Self::CloseUndone(_) => "close_undone",
            Self::LeaseNotFound => "lease_not_found",
        }
    }

    /// Whether somebody should look at it: it does not get well by itself.
    pub const fn is_alarming(&self) -> bool {
        match self {
            Self::TerminationCap
            | Self::EvictionCap
            | Self::CloseUndone(_)
            | Self::LeaseNotFound
            | Self::Refused { tenant: true, .. } => true,
            Self::MaxConcurrent
            | Self::Draining(_)
            | Self::LeaseUnknown(_)
            | Self::BackEndUnknown(_)
            | Self::NoManifest
            | Self::Backoff(_)
            | Self::NoRestart
            | Self::Refused { tenant: false, .. } => false,
        }
    }
}

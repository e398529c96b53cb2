//! What can be done to a workload.

use crate::domain::id::LeaseId;
use crate::domain::lease::ClosedReason;
use crate::domain::workload::{EvictionReason, Observed, Reason, WorkloadId};

/// One thing to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// To which workload.
    pub workload: WorkloadId,
    /// What.
    pub verb: Verb,
    /// Why.
    pub reason: Reason,
}

/// What can be done to a workload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verb {
    /// Note that a lease wants one.
    Open {
        /// The lease.
        lease: LeaseId,
    },
    /// Take it into the state file as the back end has it.
    Adopt {
        /// The back end.
        adapter: String,
        /// What it runs.
        observed: Box<Observed>,
    },
    /// Ask the back end to run it, for the first time or again; `restart` counts it as one.
    Deploy {
        /// Which restart in a row it is.
        restart: Option<u32>,
    },
    /// Ask the back end once more, without a change of state: what was asked did not happen, or was undone.
    Repair,
    /// Roll out another manifest. What runs goes on running where that is refused.
    Update,
    /// Note that all of it runs.
    Up,
    /// Note that it failed.
    Fail,
    /// Hold it still.
    Pause,
    /// Let it go on.
    Resume,
    /// End it, with its data kept.
    Stop {
        /// Without giving it time.
        forced: bool,
    },
    /// End it and start it again.
    Restart,
    /// End it for good: last sample, end, remove.
    End,
    /// End it with its data kept, after a last sample, and close its lease on chain.
    Evict {
        /// Why the lease is closed.
        close: ClosedReason,
        /// The reason as the configuration names it; none where the operator wants it.
        eviction: Option<EvictionReason>,
    },
    /// Close its lease on chain; nothing runs.
    CloseLease {
        /// Why.
        close: ClosedReason,
    },
    /// Remove what the back end still holds of one that is over.
    Sweep,
    /// Forget its restarts: it has run long enough.
    Settle,
}

impl Verb {
    /// The word in output, stored rows and metrics.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Open { .. } => "open",
            Self::Adopt { .. } => "adopt",
            Self::Deploy { restart: None } => "deploy",
            Self::Deploy { restart: Some(_) } => "heal",
            Self::Repair => "repair",
            Self::Update => "update",
            Self::Up => "up",
            Self::Fail => "fail",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Stop { .. } => "stop",
            Self::Restart => "restart",
            Self::End => "end",
            Self::Evict { .. } => "evict",
            Self::CloseLease { .. } => "close_lease",
            Self::Sweep => "sweep",
            Self::Settle => "settle",
        }
    }

    /// Whether it ends a workload or a lease.
    pub const fn ends(&self) -> bool {
        match self {
            Self::End | Self::Evict { .. } | Self::CloseLease { .. } | Self::Sweep => true,
            Self::Open { .. }
            | Self::Adopt { .. }
            | Self::Deploy { .. }
            | Self::Repair
            | Self::Update
            | Self::Up
            | Self::Fail
            | Self::Pause
            | Self::Resume
            | Self::Stop { .. }
            | Self::Restart
            | Self::Settle => false,
        }
    }
}

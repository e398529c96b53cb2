//! What a plan is made from, and what it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::ChainFacts;
use crate::domain::id::LeaseId;
use crate::domain::lease::ClosedReason;
use crate::domain::workload::health::Checked;
use crate::domain::workload::{EvictionReason, Observed, Owner, Reading, Reason, Workload, WorkloadId, heal, health};

/// What was read.
#[derive(Debug, Clone, Copy)]
pub struct World<'a> {
    /// The time.
    pub now: Timestamp,
    /// How things are done.
    pub rules: &'a Rules,
    /// What is left of the caps.
    pub budget: Budget,
    /// Every workload of the state file, in order of their ids.
    pub workloads: &'a [Workload],
    /// What the chain says.
    pub chain: &'a Reading<ChainFacts>,
    /// What each back end runs, by its name.
    pub back_ends: &'a BTreeMap<String, Reading<BackEnd<'a>>>,
}

/// What a back end runs.
#[derive(Debug, Clone)]
pub struct BackEnd<'a> {
    /// Since when it could be read without a break: no time limit runs while it cannot.
    pub readable_since: Timestamp,
    /// It can hold workloads still.
    pub can_pause: bool,
    /// Everything of ours.
    pub observed: HashMap<&'a WorkloadId, &'a Observed>,
    /// What the checks of manifests found, where any were due.
    pub checks: HashMap<&'a WorkloadId, Vec<Checked>>,
}

/// How things are done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Workloads at once, at most.
    pub max_concurrent: u32,
    /// How long a manifest may take to come.
    pub manifest_timeout: Duration,
    /// How long a workload may take to come up.
    pub deploy_timeout: Duration,
    /// Health checks.
    pub health: health::Rules,
    /// Restarts.
    pub heal: heal::Rules,
    /// Evictions.
    pub eviction: EvictionRules,
    /// No new work is taken: why, in the operator's words.
    pub draining: Option<String>,
}

/// How workloads are evicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvictionRules {
    /// The reasons that count; none where nothing is evicted.
    pub reasons: BTreeSet<EvictionReason>,
    /// How long a workload may take to end, and how long one without funds is kept paused.
    pub timeout: Duration,
}

/// What is left of the caps in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Workloads that may still be ended without anybody asking.
    pub terminations: u32,
    /// Workloads that may still be started, of `max_concurrent`.
    pub deploys: u32,
    /// Evictions that may still begin.
    pub evictions: u32,
}

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

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Step by step.
    pub steps: Vec<Step>,
    /// What is not done although something asks for it.
    pub held: Vec<Held>,
}

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
}

impl Budget {
    /// Takes what a step needs, or says which cap stands in its way.
    pub(super) fn spend(&mut self, step: &Step, workload: &Workload) -> Result<(), WhyHeld> {
        let wanted_by_operator = matches!(step.reason, Reason::Operator { .. });
        let fresh = !workload.state.is_live() && workload.deployed.is_none();
        match &step.verb {
            Verb::End | Verb::CloseLease { .. } | Verb::Sweep if !wanted_by_operator => {
                take(&mut self.terminations).ok_or(WhyHeld::TerminationCap)
            }
            Verb::Evict { eviction: Some(_), .. } => {
                if self.terminations == 0 {
                    return Err(WhyHeld::TerminationCap);
                }
                take(&mut self.evictions).ok_or(WhyHeld::EvictionCap)?;
                take(&mut self.terminations).ok_or(WhyHeld::TerminationCap)
            }
            Verb::Deploy { .. } if fresh => take(&mut self.deploys).ok_or(WhyHeld::MaxConcurrent),
            Verb::End
            | Verb::CloseLease { .. }
            | Verb::Sweep
            | Verb::Evict { eviction: None, .. }
            | Verb::Open { .. }
            | Verb::Adopt { .. }
            | Verb::Deploy { .. }
            | Verb::Repair
            | Verb::Update
            | Verb::Up
            | Verb::Fail
            | Verb::Pause
            | Verb::Resume
            | Verb::Stop { .. }
            | Verb::Restart
            | Verb::Settle => Ok(()),
        }
    }
}

fn take(left: &mut u32) -> Option<()> {
    *left = left.checked_sub(1)?;
    Some(())
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

    /// Whether it ends a workload or a lease: such steps are counted against the caps.
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
        }
    }
}

impl Owner {
    /// Whether it belongs to a tenant.
    pub const fn is_tenant(&self) -> bool {
        self.lease().is_some()
    }
}

//! What a plan is made from, and what it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;

use super::{Budget, ChainFacts, Held, Step};
use crate::domain::workload::health::Checked;
use crate::domain::workload::{EvictionReason, Observed, Owner, Reading, Workload, WorkloadId, heal, health};

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
    /// Closes of leases that were wanted and came to nothing.
    pub undone: &'a BTreeMap<WorkloadId, UndoneClose>,
}

/// The close of a lease that was wanted, and is on its way no more: the chain refused it, it was too late, or a person
/// gave it up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoneClose {
    /// The number of the message in the outbox; none where it is there no more.
    pub message: Option<i64>,
    /// How it ended, in one line.
    pub how: String,
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
    /// What holds more data than its manifest wants: which units, and how much.
    pub outgrown: HashMap<&'a WorkloadId, String>,
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
    /// How long a workload may take to end, how long one without funds is kept paused, and how long a leased one that its
    /// back end refuses is kept.
    pub timeout: Duration,
}

/// What is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// Step by step.
    pub steps: Vec<Step>,
    /// What is not done although something asks for it.
    pub held: Vec<Held>,
}

impl Owner {
    /// Whether it belongs to a tenant.
    pub const fn is_tenant(&self) -> bool {
        self.lease().is_some()
    }
}

//! What a run of reconcile did, item by item.

use serde::Serialize;

use super::Truth;
use crate::domain::job::{Counts, Outcome};
use crate::domain::workload::plan::{Held, Step, WhyHeld};
use crate::domain::workload::{Reason, WorkloadId};
use crate::jobs::Report;

/// What a run did.
#[derive(Debug, Default)]
pub struct Reconciled {
    /// What was done, in order.
    pub items: Vec<Item>,
    /// What is not done although something asks for it.
    pub held: Vec<Held>,
    /// Sources that could not be read, each with the reason.
    pub unknown: Vec<(String, String)>,
    /// How many workloads there are.
    pub workloads: usize,
    /// How many back ends' workloads nothing asks for, as the last round saw.
    pub orphans: usize,
    /// It was asked to stop.
    pub interrupted: bool,
}

/// Something that was done, or should have been.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// To which workload.
    pub workload: WorkloadId,
    /// What.
    pub verb: &'static str,
    /// Why.
    pub reason: Reason,
    /// How it ended.
    pub end: End,
}

/// How a step ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// It would be done.
    Planned,
    /// It is done.
    Done,
    /// It failed; why, in one line. What it did is seen by the next run.
    Failed(String),
    /// It was not begun: the run was asked to stop.
    Skipped,
}

/// Something that runs and nothing asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Orphan {
    /// The back end.
    pub adapter: String,
    /// The workload that it says it is; what the back end calls it, where it does not say that.
    pub workload: String,
    /// Whose it says it is; nothing where it does not say that.
    pub owner: String,
    /// How many units it has.
    pub units: usize,
    /// Why it is an orphan.
    pub why: String,
}

impl Item {
    pub(super) fn planned(step: Step) -> Self {
        Self { workload: step.workload, verb: step.verb.word(), reason: step.reason, end: End::Planned }
    }
}

impl End {
    /// The word in output.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Done => "done",
            Self::Failed(_) => "failed",
            Self::Skipped => "skipped",
        }
    }
}

impl Reconciled {
    /// Takes over what a round read and held back; the last round counts.
    pub(super) fn read(&mut self, truth: &Truth, held: Vec<Held>) {
        self.held = held;
        self.workloads = truth.workloads().len();
        self.unknown = truth.unknown_sources();
    }

    /// Whether a step of a workload failed in this run: the next run is the retry.
    pub(super) fn failed(&self, workload: &WorkloadId) -> bool {
        self.items.iter().any(|item| item.workload == *workload && matches!(item.end, End::Failed(_)))
    }

    /// Whether something that should end was held back by a cap.
    pub fn capped(&self) -> bool {
        self.held.iter().any(|held| matches!(held.why, WhyHeld::TerminationCap | WhyHeld::EvictionCap))
    }

    /// Whether something waits that somebody should look at.
    fn alarms(&self) -> bool {
        self.held.iter().any(|held| held.why.is_alarming())
    }
}

impl Report for Reconciled {
    fn outcome(&self) -> Outcome {
        let failed = self.items.iter().any(|item| matches!(item.end, End::Failed(_)));
        if self.interrupted {
            Outcome::Interrupted
        } else if failed || self.alarms() || !self.unknown.is_empty() {
            Outcome::PartlyFailed
        } else {
            Outcome::Done
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        counts.add("workloads", u64::try_from(self.workloads).unwrap_or(u64::MAX));
        for item in &self.items {
            counts.add(item.verb, 1);
            if matches!(item.end, End::Failed(_)) {
                counts.add("failed", 1);
            }
        }
        for held in self.held.iter().filter(|held| held.verb.is_some() || held.why.is_alarming()) {
            counts.add(held.why.word(), 1);
        }
        if self.orphans > 0 {
            counts.add("orphans", u64::try_from(self.orphans).unwrap_or(u64::MAX));
        }
        if !self.unknown.is_empty() {
            counts.add("unknown_sources", u64::try_from(self.unknown.len()).unwrap_or(u64::MAX));
        }
        counts
    }
}

//! Forgetting what is settled and old.
//!
//! Each table family brings a [`Rule`] that knows what may go; what is not settled (a run that has not ended, a record
//! that is not paid) is never within it, however old it is. [`RULES`] is the one list of them.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use super::{Change, Error, ShouldStop, Snapshot, Store, alerts, bids, job_runs, outbox, usage, workloads};

/// How long settled rows are kept, for each table family. `None` keeps them for ever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// Ended job runs, from their end on.
    pub job_runs: Option<Duration>,
    /// Settled intents and transactions of the outbox, from their end on.
    pub transactions: Option<Duration>,
    /// Workloads that are over, and last meters, from their end on.
    pub workloads: Option<Duration>,
    /// Bids and leases that are over, from their end on.
    pub bids: Option<Duration>,
    /// Decisions about orders that are no longer listed.
    pub decisions: Option<Duration>,
    /// What the sources of usage said.
    pub samples: Option<Duration>,
    /// Usage records that are settled, from the end of their window on.
    pub usage_records: Option<Duration>,
}

impl Default for Retention {
    /// A quarter of a year: long enough to look back at the last invoice. Samples are many, and the meters do not need
    /// them; records are what the provider earned.
    fn default() -> Self {
        let quarter = Some(Duration::from_hours(90 * 24));
        let week = Some(Duration::from_hours(7 * 24));
        Self {
            job_runs: quarter,
            transactions: quarter,
            workloads: quarter,
            bids: quarter,
            decisions: week,
            samples: week,
            usage_records: None,
        }
    }
}

/// What a table family lets go.
pub(super) struct Rule {
    /// The table the rows leave.
    pub(super) table: &'static str,
    /// Which retention applies.
    pub(super) keep: fn(&Retention) -> Option<Duration>,
    /// How many settled rows are older than a time.
    pub(super) count: fn(&Snapshot<'_>, Timestamp) -> Result<u64, Error>,
    /// Removes some of them, oldest first, so many at most. Gives back how many; none means that all are gone.
    pub(super) remove: fn(&Change<'_>, Timestamp, u32) -> Result<usize, Error>,
}

/// Every rule.
const RULES: &[Rule] = &[
    job_runs::PRUNING,
    outbox::PRUNING,
    workloads::PRUNING,
    workloads::PRUNING_SAMPLES,
    bids::PRUNING_BIDS,
    bids::PRUNING_DECISIONS,
    bids::PRUNING_LEASES,
    usage::samples::PRUNING,
    usage::records::PRUNING,
    alerts::PRUNING,
];

/// How many rows go in one transaction: other writers get their turn between two of them.
const BATCH: u32 = 1000;

/// What pruning removed from a table, or would remove.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// The table.
    pub table: &'static str,
    /// Settled rows older than this go; none if the retention is for ever.
    pub before: Option<Timestamp>,
    /// How many rows.
    pub rows: u64,
}

impl Store {
    /// What [`Store::prune`] would remove now.
    pub fn prunable(&self, retention: &Retention, now: Timestamp) -> Result<Vec<Pruned>, Error> {
        self.read("count what can be pruned", |snapshot| {
            let count = |rule: &Rule| {
                let before = cutoff(rule, retention, now);
                let rows = before.map_or(Ok(0), |before| (rule.count)(snapshot, before))?;
                Ok(Pruned { table: rule.table, before, rows })
            };
            RULES.iter().map(count).collect()
        })
    }

    /// Removes settled rows that are older than their retention. Stops between two batches when asked to, so what it
    /// gives back is what it did; the rest goes next time.
    pub fn prune(
        &self,
        retention: &Retention,
        now: Timestamp,
        should_stop: ShouldStop<'_>,
    ) -> Result<Vec<Pruned>, Error> {
        let mut all = Vec::new();
        for rule in RULES {
            let mut pruned = Pruned { table: rule.table, before: cutoff(rule, retention, now), rows: 0 };
            if let Some(before) = pruned.before {
                while !should_stop() {
                    let removed = self.write("prune the state file", |change| (rule.remove)(change, before, BATCH))?;
                    pruned.rows = pruned.rows.saturating_add(removed as u64);
                    if removed == 0 {
                        break;
                    }
                }
            }
            all.push(pruned);
        }
        Ok(all)
    }
}

/// The time before which settled rows go. A retention that reaches back beyond all times keeps everything.
fn cutoff(rule: &Rule, retention: &Retention, now: Timestamp) -> Option<Timestamp> {
    (rule.keep)(retention).and_then(|keep| now.checked_sub(keep).ok())
}

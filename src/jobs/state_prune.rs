//! `state-prune`: lets go of what is settled and old.
//!
//! ```text
//! lock      one run at a time; a row in job_runs
//! prune     remove settled rows past their retention, a table family after the other
//! audit     let old rows of the audit trail go
//! report    how many rows of which table
//! ```
//! `state-maintain` does the same among other things; this is for a person who does not want to wait for it.

use std::time::Duration;

use jiff::Timestamp;

use super::audit;
use super::{Circumstances, Report, Run, RunError};
use crate::domain::job::{Counts, JobName, Outcome};
use crate::store::{Pruned, Retention, Store};

/// The name of the job.
pub const NAME: JobName = JobName::constant("state-prune");

/// What to let go.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// How long settled rows are kept.
    pub retention: Retention,
    /// How long the audit trail is kept; none keeps it for ever.
    pub audit_retention: Option<Duration>,
}

/// What was let go.
#[derive(Debug)]
pub struct Pruning {
    /// Of each table.
    pub tables: Vec<Pruned>,
    /// It was asked to stop; the rest goes next time.
    pub interrupted: bool,
}

impl Report for Pruning {
    fn outcome(&self) -> Outcome {
        if self.interrupted { Outcome::Interrupted } else { Outcome::Done }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for pruned in &self.tables {
            counts.add(&format!("{}_pruned", pruned.table), pruned.rows);
        }
        counts
    }
}

/// Runs the job.
pub fn run(request: &Request, given: Circumstances<'_>) -> Result<Pruning, RunError> {
    let run = Run::begin(&NAME, given)?;
    let result = prune(request, given);
    run.conclude(result)
}

/// What [`run`] would do now. Changes nothing, takes no lock and leaves no row.
pub fn rehearse(request: &Request, store: &Store, now: Timestamp) -> Result<Vec<Pruned>, RunError> {
    let mut tables = store.prunable(&request.retention, now)?;
    tables.push(audit::prunable(store, request.audit_retention, now)?);
    Ok(tables)
}

fn prune(request: &Request, given: Circumstances<'_>) -> Result<Pruning, RunError> {
    let now = (given.now)();
    let mut tables = given.store.prune(&request.retention, now, given.should_stop)?;
    tables.push(audit::prune(given.store, request.audit_retention, now, given.should_stop)?);
    Ok(Pruning { tables, interrupted: (given.should_stop)() })
}

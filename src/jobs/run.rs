//! A run of a job: its lock and its row in `job_runs`, begun and ended together.

use jiff::Timestamp;
use tracing::span::EnteredSpan;

use super::audit::{self, NOTHING, Trail, note_configuration};
use super::{Circumstances, Report};
use crate::domain::fault::in_one_line;
use crate::domain::job::{Counts, JobName, Outcome};
use crate::observe::audit::actor;
use crate::observe::logging::{SAID_OTHERWISE, job_span};
use crate::observe::redact;
use crate::store::job_runs::{self, RunId};
use crate::store::{Change, Error, JobLock, LockError, Store};

/// Why a run failed that looks after the audit trail too.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The lock or the state file.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The audit trail.
    #[error(transparent)]
    Trail(#[from] audit::Error),
}

impl From<Error> for RunError {
    fn from(error: Error) -> Self {
        Self::Lock(error.into())
    }
}

/// A run that is under way. It ends with [`Run::conclude`]; one that is dropped instead (a panic) leaves the outcome
/// `failed`, and one whose process is killed is marked `killed` by the next run.
pub struct Run<'a> {
    store: &'a Store,
    now: &'a (dyn Fn() -> Timestamp + Sync),
    id: RunId,
    killed: Vec<RunId>,
    concluded: bool,
    trail: Trail<'a>,
    /// Each line of the log bears the job and the run from here on.
    _logged_as: EnteredSpan,
    /// Held until the row has its end, so that nobody else begins before.
    lock: JobLock,
}

impl<'a> Run<'a> {
    /// Locks the job and records the start.
    pub fn begin(job: &JobName, given: Circumstances<'a>) -> Result<Self, LockError> {
        let lock = JobLock::take(given.store, job, (given.now)(), given.waiting())?;
        Self::begin_with(lock, job, given, (given.now)())
    }

    /// The same for a job that began before it could write.
    pub fn begin_at(job: &JobName, given: Circumstances<'a>, began: Timestamp) -> Result<Self, LockError> {
        let lock = JobLock::take(given.store, job, began, given.waiting())?;
        Self::begin_with(lock, job, given, began)
    }

    fn begin_with(lock: JobLock, job: &JobName, given: Circumstances<'a>, began: Timestamp) -> Result<Self, LockError> {
        let start = |change: &Change<'_>| job_runs::start(change, &lock, job, began);
        let (id, killed) = given.store.write("record the start of a job", start)?;
        let logged_as = job_span(job.as_str(), id.0).entered();
        tracing::info!("began");
        for lost in &killed {
            tracing::warn!(killed = %lost, "an earlier run of this job was killed");
        }
        let settings = given.audit.map_or(&NOTHING, |audited| audited.settings);
        let trail = Trail::new(given.store, settings, actor(Some(job.as_str()), Some(id.0)), given.now);
        // The row is there, whatever comes next: from here on the drop ends it.
        let mut run = Self {
            store: given.store,
            now: given.now,
            id,
            killed,
            concluded: false,
            trail,
            _logged_as: logged_as,
            lock,
        };
        run.lock.name_run(run.id)?;
        if let Some(configuration) = given.audit.and_then(|audited| audited.configuration) {
            note_configuration(&run.trail, configuration)?;
        }
        Ok(run)
    }

    /// Which run this is.
    pub const fn id(&self) -> RunId {
        self.id
    }

    /// Earlier runs of this job that were found to have been killed.
    pub fn found_killed(&self) -> &[RunId] {
        &self.killed
    }

    /// The audit trail, in the hands of this run.
    pub const fn trail(&self) -> &Trail<'a> {
        &self.trail
    }

    /// Seals the audit trail, records the end, and passes the result on. A job that stopped on request says so in its report: an error means
    /// that the run failed. If the end cannot be recorded, that is the failure.
    pub fn conclude<R: Report, E: std::error::Error + From<Error>>(mut self, result: Result<R, E>) -> Result<R, E> {
        let unsealed = self.trail.finish().err().map(|error| {
            tracing::error!(error = &error as &(dyn std::error::Error + 'static), "the audit trail is not sealed");
            in_one_line(&error)
        });
        let recorded = match &result {
            Ok(report) => {
                let outcome = match report.outcome() {
                    Outcome::Done if unsealed.is_some() => Outcome::PartlyFailed,
                    outcome => outcome,
                };
                self.finish(outcome, &report.counts(), unsealed.as_deref())
            }
            Err(error) => self.finish(Outcome::Failed, &Counts::default(), Some(&in_one_line(error))),
        };
        // The job's own failure is the more telling one.
        let report = result?;
        recorded?;
        Ok(report)
    }

    fn finish(&mut self, outcome: Outcome, counts: &Counts, error: Option<&str>) -> Result<(), Error> {
        self.concluded = true;
        // The row is shown by `job list`, and kept in every backup.
        let error = error.map(redact::text);
        log_end(outcome, counts, error.as_deref());
        self.store.write("record the end of a job", |change| {
            job_runs::finish(change, self.id, (self.now)(), outcome, counts, error.as_deref())
        })
    }
}

/// Says how a run ended, as loudly as it is bad.
fn log_end(outcome: Outcome, counts: &Counts, error: Option<&str>) {
    let (word, counts) = (outcome.word(), counts.to_string());
    match outcome {
        Outcome::Done | Outcome::Interrupted => tracing::info!(outcome = word, counts, "ended"),
        Outcome::PartlyFailed => tracing::warn!(outcome = word, counts, error, "ended"),
        Outcome::Failed | Outcome::Running | Outcome::Killed => {
            // Whoever began it says the error itself.
            tracing::error!(target: SAID_OTHERWISE, outcome = word, counts, error, "ended");
        }
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        if !self.concluded {
            // If not even this can be written, the next run finds the row and marks it killed.
            let _ = self.finish(Outcome::Failed, &Counts::default(), Some("ended without a result (a panic)"));
        }
    }
}

#[cfg(test)]
mod tests;

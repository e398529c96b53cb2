//! A run as the listings show it.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::domain::duration;
use crate::domain::job::{Counts, Outcome};
use crate::store::job_runs::{JobRun, RunId};

/// A run of a job.
#[derive(Debug, Serialize)]
pub struct RunRow {
    run: RunId,
    job: String,
    outcome: Outcome,
    started_at: Timestamp,
    ended_at: Option<Timestamp>,
    counts: Counts,
    error: Option<String>,
    pid: u32,
    host: String,
}

impl Row for RunRow {
    const HEADINGS: &'static [&'static str] = &["run", "job", "outcome", "started", "took", "counts", "error"];
    const FIELDS: &'static [&'static str] =
        &["run", "job", "outcome", "started_at", "ended_at", "counts", "error", "pid", "host"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.run.to_string(),
            self.job.clone(),
            self.outcome.to_string(),
            format!("{:.0}", self.started_at),
            self.took(),
            self.counts.to_string(),
            self.error.clone().unwrap_or_else(|| "-".to_owned()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.run.to_string(),
            self.job.clone(),
            self.outcome.to_string(),
            self.started_at.to_string(),
            self.ended_at.map_or_else(String::new, |time| time.to_string()),
            self.counts.to_string(),
            self.error.clone().unwrap_or_default(),
            self.pid.to_string(),
            self.host.clone(),
        ]
    }
}

impl RunRow {
    /// How long it took; of a run that goes on, nothing.
    fn took(&self) -> String {
        let span = self.ended_at.map(|end| end.duration_since(self.started_at));
        // A clock that was set back makes no negative span.
        let span = span.map(|span| span.max(jiff::SignedDuration::ZERO).unsigned_abs());
        span.map_or_else(|| "-".to_owned(), |span| duration::display(span).to_string())
    }
}

impl From<JobRun> for RunRow {
    fn from(run: JobRun) -> Self {
        Self {
            run: run.id,
            job: run.job.into(),
            outcome: run.outcome,
            started_at: run.started_at,
            ended_at: run.ended_at,
            counts: run.counts,
            error: run.error,
            pid: run.pid,
            host: run.host,
        }
    }
}

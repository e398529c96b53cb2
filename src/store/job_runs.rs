//! The table family `job_runs`: every run of every job.

use std::fmt;

use jiff::Timestamp;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::job_lock::{Holder, JobLock};
use super::prune::Rule;
use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::job::{Counts, JobName, Outcome};

/// Names a run; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A run as the state file remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRun {
    /// Which run.
    pub id: RunId,
    /// Of which job.
    pub job: JobName,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended; for a killed run, when that was found out.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Outcome,
    /// What it counted.
    pub counts: Counts,
    /// Why it failed, with all causes.
    pub error: Option<String>,
    /// The process.
    pub pid: u32,
    /// Its machine or container.
    pub host: String,
}

/// Which runs to list, newest first.
#[derive(Debug, Clone, Default)]
pub struct History {
    /// Of this job only.
    pub job: Option<JobName>,
    /// That began at this time or later.
    pub since: Option<Timestamp>,
    /// That many at most.
    pub limit: Option<u32>,
}

/// The longest error text that is kept, in bytes.
const LONGEST_ERROR: usize = 4096;

const COLUMNS: &str = "id, job, started_at, ended_at, outcome, counts, error, pid, host";

/// Records the start of a run by the holder of its lock. Runs of the same job that never ended are marked killed (their
/// processes are gone, else we would not hold the lock), and given back.
pub fn start(change: &Change<'_>, lock: &JobLock, job: &JobName, now: Timestamp) -> Result<(RunId, Vec<RunId>), Error> {
    let Holder { pid, host, .. } = lock.holder();
    let killed =
        change.rows("SELECT id FROM job_runs WHERE job = ?1 AND outcome = 'running'", [job.as_str()], |row| {
            Ok(RunId(row.get(0)?))
        })?;
    for run in &killed {
        change.execute(
            "UPDATE job_runs SET outcome = 'killed', ended_at = ?2 WHERE id = ?1",
            params![run.0, StoredTime(now)],
        )?;
    }
    let id = change.insert(
        "INSERT INTO job_runs (job, started_at, outcome, pid, host) VALUES (?1, ?2, 'running', ?3, ?4)",
        params![job.as_str(), StoredTime(now), pid, host],
    )?;
    Ok((RunId(id), killed))
}

/// Records the end of a run. A run that has ended already stays as it is.
pub fn finish(
    change: &Change<'_>,
    run: RunId,
    now: Timestamp,
    outcome: Outcome,
    counts: &Counts,
    error: Option<&str>,
) -> Result<(), Error> {
    let error = error.map(|text| text.get(..text.floor_char_boundary(LONGEST_ERROR)).unwrap_or_default());
    change.execute(
        "UPDATE job_runs SET ended_at = ?2, outcome = ?3, counts = ?4, error = ?5
         WHERE id = ?1 AND outcome = 'running'",
        params![run.0, StoredTime(now), Stored(outcome), CountsText(counts), error],
    )?;
    Ok(())
}

/// The newest run of each job, in the order of the names. Finds them by the index, one by one: a table of all runs of a
/// quarter has a million rows.
pub fn last_runs(snapshot: &Snapshot<'_>) -> Result<Vec<JobRun>, Error> {
    snapshot.rows(
        &format!(
            "WITH RECURSIVE names (job) AS (
               SELECT min(job) FROM job_runs
               UNION ALL
               SELECT (SELECT min(job) FROM job_runs WHERE job > names.job) FROM names WHERE names.job IS NOT NULL)
             SELECT {COLUMNS} FROM job_runs
             WHERE id IN (SELECT (SELECT max(id) FROM job_runs WHERE job = names.job) FROM names) ORDER BY job"
        ),
        [],
        read,
    )
}

/// How many runs were ever begun, of all jobs. Pruning does not lessen it.
pub fn begun(snapshot: &Snapshot<'_>) -> Result<u64, Error> {
    let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'job_runs'), 0)";
    snapshot.one(sql, [], |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
}

/// The newest run of a job that went through, whatever its items came to.
pub fn last_success(snapshot: &Snapshot<'_>, job: &JobName) -> Result<Option<JobRun>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM job_runs WHERE job = ?1 AND outcome IN ('done', 'partly_failed') ORDER BY id DESC LIMIT 1"
    );
    snapshot.row(&sql, [job.as_str()], read)
}

/// The runs of the past, newest first.
pub fn history(snapshot: &Snapshot<'_>, wanted: &History) -> Result<Vec<JobRun>, Error> {
    snapshot.rows(
        &format!(
            "SELECT {COLUMNS} FROM job_runs
             WHERE (?1 IS NULL OR job = ?1) AND (?2 IS NULL OR started_at >= ?2) ORDER BY id DESC LIMIT ?3"
        ),
        params![
            wanted.job.as_ref().map(JobName::as_str),
            wanted.since.map(StoredTime),
            wanted.limit.map_or(-1, i64::from)
        ],
        read,
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<JobRun> {
    Ok(JobRun {
        id: RunId(row.get(0)?),
        job: row.get::<_, Stored<JobName>>(1)?.0,
        started_at: row.get::<_, StoredTime>(2)?.0,
        ended_at: row.get::<_, Option<StoredTime>>(3)?.map(|time| time.0),
        outcome: row.get::<_, Stored<Outcome>>(4)?.0,
        counts: row.get::<_, Stored<Counts>>(5)?.0,
        error: row.get(6)?,
        pid: row.get(7)?,
        host: row.get(8)?,
    })
}

/// Ended runs past their time go, all but the newest of each job: `job list` never forgets when a job last ran.
pub(super) const PRUNING: Rule = Rule {
    table: "job_runs",
    keep: |retention| retention.job_runs,
    count: |snapshot, before| {
        let sql = format!("SELECT count(*) FROM job_runs WHERE {PRUNABLE}");
        snapshot.one(&sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let sql =
            format!("DELETE FROM job_runs WHERE id IN (SELECT id FROM job_runs WHERE {PRUNABLE} ORDER BY id LIMIT ?2)");
        change.execute(&sql, params![StoredTime(before), at_most])
    },
};

const PRUNABLE: &str =
    "outcome <> 'running' AND ended_at < ?1 AND id NOT IN (SELECT max(id) FROM job_runs GROUP BY job)";

/// A domain type in a TEXT column.
struct Stored<T>(T);

impl ToSql for Stored<Outcome> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.0.word()))
    }
}

impl FromSql for Stored<Outcome> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Outcome::of_word(value.as_str()?).map(Self).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Stored<JobName> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Self).map_err(FromSqlError::other)
    }
}

impl FromSql for Stored<Counts> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

struct CountsText<'a>(&'a Counts);

impl ToSql for CountsText<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let text =
            serde_json::to_string(self.0).map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(ToSqlOutput::from(text))
    }
}

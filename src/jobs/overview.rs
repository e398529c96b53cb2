//! How every job stands: its last run, its past runs, and whether it runs now.

use crate::domain::job::{JobName, Outcome};
use crate::store::job_runs::{self, History, JobRun};
use crate::store::{Error, Holder, Snapshot, Store, held_locks};

/// How a job stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its last run. A run without an end whose lock nobody holds shows as killed, before the next run records that.
    pub last: JobRun,
    /// Who runs it now, as far as known.
    pub holder: Option<Holder>,
}

/// How every job stands that ever ran, in the order of their names.
pub fn overview(store: &Store) -> Result<Vec<Standing>, Error> {
    let (runs, locks) = truthful(store, "list the last run of each job", job_runs::last_runs)?;
    let stand = |last: JobRun| {
        let lock = locks.iter().find(|(job, _)| *job == last.job);
        Standing { last, holder: lock.and_then(|(_, holder)| holder.clone()) }
    };
    Ok(runs.into_iter().map(stand).collect())
}

/// The runs of the past, newest first. A run without an end whose lock nobody holds shows as killed.
pub fn history(store: &Store, wanted: &History) -> Result<Vec<JobRun>, Error> {
    truthful(store, "list the past runs", |snapshot| job_runs::history(snapshot, wanted)).map(|(runs, _)| runs)
}

/// Every held lock.
type Locks = Vec<(JobName, Option<Holder>)>;

/// Reads runs, and tells those that run from those that were killed: the one rule for every listing.
///
/// A run takes its lock before it writes its row and keeps it until the row has its end. So the process is gone if the
/// row has no end before and after nobody was seen to hold the lock.
fn truthful(
    store: &Store,
    doing: &'static str,
    read: impl Fn(&Snapshot<'_>) -> Result<Vec<JobRun>, Error>,
) -> Result<(Vec<JobRun>, Locks), Error> {
    let before = store.read(doing, &read)?;
    let locks = held_locks(store)?;
    let mut runs = store.read(doing, &read)?;
    for run in runs.iter_mut().filter(|run| run.outcome == Outcome::Running) {
        let ran_before = before.iter().any(|earlier| earlier.id == run.id && earlier.outcome == Outcome::Running);
        if ran_before && !locks.iter().any(|(job, _)| *job == run.job) {
            run.outcome = Outcome::Killed;
        }
    }
    Ok((runs, locks))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::domain::job::JobName;
    use crate::jobs::{Circumstances, Run};
    use crate::store::Mode;

    #[test]
    fn running_ended_and_vanished_jobs_are_told_apart() {
        let folder = TempDir::new().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let (never, clock) = (|| false, || "2026-11-21T13:22:00Z".parse().unwrap());
        let given = Circumstances {
            store: &store,
            now: &clock,
            should_stop: &never,
            wait: std::time::Duration::ZERO,
            audit: None,
        };
        let begin = |name: &'static str| Run::begin(&JobName::constant(name), given).unwrap();

        drop(begin("ended"));
        let running = begin("running");
        // As a kill does: the lock is gone, the row stays.
        let lock =
            crate::store::JobLock::take(&store, &JobName::constant("vanished"), clock(), given.waiting()).unwrap();
        store.write("start", |change| job_runs::start(change, &lock, &JobName::constant("vanished"), clock())).unwrap();
        drop(lock);

        let standings = overview(&store).unwrap();
        let seen: Vec<_> =
            standings.iter().map(|s| (s.last.job.as_str(), s.last.outcome, s.holder.is_some())).collect();
        assert_eq!(
            seen,
            [
                ("ended", Outcome::Failed, false),
                ("running", Outcome::Running, true),
                ("vanished", Outcome::Killed, false)
            ]
        );
        let past = history(&store, &History::default()).unwrap();
        let mut past: Vec<_> = past.iter().map(|run| (run.job.as_str(), run.outcome)).collect();
        past.sort_unstable_by_key(|(job, _)| *job);
        let listed: Vec<_> = seen.iter().map(|(job, outcome, _)| (*job, *outcome)).collect();
        assert_eq!(past, listed, "one rule for both");
        assert_eq!(standings[1].holder.as_ref().unwrap().run, Some(running.id()));
    }
}

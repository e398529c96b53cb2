//! How every job stands: its last run, and whether it runs now.

use crate::domain::job::Outcome;
use crate::store::job_runs::{self, JobRun};
use crate::store::{Error, Holder, Store, held_locks};

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
    let doing = "list the last run of each job";
    let before = store.read(doing, job_runs::last_runs)?;
    let locks = held_locks(store)?;
    // A run takes its lock before it writes its row and keeps it until the row has its end. So the process is gone if
    // the row has no end before and after nobody was seen to hold the lock.
    let runs = store.read(doing, job_runs::last_runs)?;
    let stand = |mut last: JobRun| {
        let lock = locks.iter().find(|(job, _)| *job == last.job);
        let unchanged = before.iter().any(|run| run.id == last.id && run.outcome == Outcome::Running);
        if lock.is_none() && unchanged && last.outcome == Outcome::Running {
            last.outcome = Outcome::Killed;
        }
        Standing { last, holder: lock.and_then(|(_, holder)| holder.clone()) }
    };
    Ok(runs.into_iter().map(stand).collect())
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
        assert_eq!(standings[1].holder.as_ref().unwrap().run, Some(running.id()));
    }
}

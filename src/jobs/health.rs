//! What health is judged by, read from the state file: nothing is asked of the chain or of a back end.

use std::time::Duration;

use jiff::Timestamp;

use super::overview::{Standing, overview};
use crate::domain::health::{Facts, JobFacts, KeyFacts, SourceFacts};
use crate::domain::job::Outcome;
use crate::domain::key::{Role, State};
use crate::domain::schedule::{Entry, Timetable};
use crate::store::bids::pauses;
use crate::store::job_runs::{self, JobRun};
use crate::store::keys::KeyRow;
use crate::store::outbox::transactions;
use crate::store::workloads::readings::{self, CHAIN, SourceReading};
use crate::store::{Error, Snapshot, Store, keys};

/// What should be.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Which job runs how often.
    pub timetable: Timetable,
    /// Bidding is switched on.
    pub bidding: bool,
    /// The network takes usage records, so there must be a key for them.
    pub usage: bool,
}

/// Reads what is.
pub fn look(store: &Store, expected: &Expected, now: Timestamp) -> Result<Facts, Error> {
    let standings = overview(store)?;
    store.read("read how fresh everything is", |snapshot| {
        let mut jobs = Vec::new();
        for entry in expected.timetable.entries() {
            let success = job_runs::last_success(snapshot, &entry.scheduled.job)?;
            jobs.push(job(entry, success.as_ref(), &standings));
        }
        let read = readings::all(snapshot)?;
        let (chain, back_ends): (Vec<SourceReading>, Vec<SourceReading>) =
            read.into_iter().partition(|reading| reading.source == CHAIN);
        Ok(Facts {
            now,
            jobs,
            bidding: expected.bidding,
            paused: pauses::in_force(snapshot)?.is_some(),
            keys: key_facts(snapshot, expected)?,
            head_since: chain.first().and_then(|reading| reading.height_since),
            chain: chain.into_iter().next().map(source),
            oldest_unconfirmed: transactions::oldest_live(snapshot)?,
            back_ends: back_ends.into_iter().map(source).collect(),
        })
    })
}

fn job(entry: &Entry, success: Option<&JobRun>, standings: &[Standing]) -> JobFacts {
    let standing = standings.iter().find(|standing| standing.last.job == entry.scheduled.job);
    let last = standing.map(|standing| &standing.last);
    let took = |run: &JobRun| {
        let ended = run.ended_at?;
        Some((ended, Duration::try_from(ended.duration_since(run.started_at)).unwrap_or_default()))
    };
    JobFacts {
        job: entry.scheduled.job.clone(),
        period: entry.rhythm.period(),
        limit: entry.limit(),
        success: success.and_then(took),
        last: last.map(|run| run.outcome),
        running: last.filter(|run| run.outcome == Outcome::Running).map(|run| run.started_at),
    }
}

fn source(reading: SourceReading) -> SourceFacts {
    SourceFacts { name: reading.source, read: reading.read, failed: reading.failed.is_some() }
}

fn key_facts(snapshot: &Snapshot<'_>, expected: &Expected) -> Result<Vec<KeyFacts>, Error> {
    let rows = keys::list(snapshot)?;
    let fact = |role: Role, essential: bool| {
        let serves = |key: &KeyRow| {
            key.role == Some(role)
                && matches!(key.state, State::Active | State::Rotating)
                && key.missing_since.is_none()
        };
        KeyFacts { role: role.word(), essential, is_there: rows.iter().any(serves) }
    };
    let mut facts = vec![fact(Role::Signing, true)];
    if expected.usage {
        facts.push(fact(Role::Usage, false));
    }
    Ok(facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::health::{Status, judge};
    use crate::domain::schedule::{Rhythm, Rhythms};
    use crate::jobs::{Circumstances, Run, workloads_reconcile};
    use crate::store::Mode;

    pub(crate) fn expected() -> Expected {
        let every = Rhythm::Every(Duration::from_secs(30));
        let rhythms = Rhythms {
            bid_run: every,
            workloads_reconcile: every,
            usage_collect: every,
            usage_submit: every,
            lease_monitor: every,
            tx_flush: every,
            keys_rotate: every,
            state_maintain: every,
        };
        Expected { timetable: Timetable::new(&rhythms), bidding: true, usage: true }
    }

    #[test]
    fn a_new_state_file_is_unhealthy_and_says_what_never_ran() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let facts = look(&store, &expected(), now).unwrap();
        assert_eq!((facts.jobs.len(), facts.keys.len()), (8, 2));
        let health = judge(&facts);
        assert_eq!(health.status, Status::Unhealthy);
        assert!(health.components["bid-engine"].message.contains("bid-run has never gone through"));
    }

    #[test]
    fn the_last_success_counts_whatever_failed_since() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let (never, clock) = (|| false, || now);
        let given =
            Circumstances { store: &store, now: &clock, should_stop: &never, wait: Duration::ZERO, audit: None };
        let job = &workloads_reconcile::NAME;
        let run = Run::begin(job, given).unwrap();
        let id = run.id();
        drop(run);
        store
            .write("test", |change| {
                change.execute("UPDATE job_runs SET outcome = 'done' WHERE id = ?1", [id.0]).map(drop)
            })
            .unwrap();
        drop(Run::begin(job, given).unwrap());
        store
            .write("test", |change| {
                readings::note(change, "chain", None, now)?;
                readings::note_height(change, "chain", 100, now)?;
                readings::note_height(change, "chain", 100, "2026-11-22T12:00:05Z".parse().unwrap())?;
                readings::note_height(change, "chain", 99, "2026-11-22T12:00:06Z".parse().unwrap())
            })
            .unwrap();
        let facts = look(&store, &expected(), now).unwrap();
        let found = facts.jobs.iter().find(|facts| facts.job == *job).unwrap();
        assert_eq!((found.success.map(|(at, _)| at), found.last), (Some(now), Some(Outcome::Failed)));
        assert_eq!(facts.head_since, Some(now), "neither the same height nor a lower one is growth");
        assert_eq!(facts.chain.unwrap().name, "chain");
    }
}

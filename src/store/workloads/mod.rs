//! The table family `workloads`: what runs for whom, what should, and what was done about it.
//!
//! - [`all`], [`one`], [`create`], [`transition`] and the other changes of a row: the workload itself.
//! - [`manifests`]: what tenants sent. [`history`]: transitions, intents, steps.
//! - [`readings`]: since when the chain and the back ends could be read; [`samples`]: last meters; [`checks`]: health.
//!
//! A state changes in [`transition`] only, which asks the state machine and writes the transition beside it.

pub mod checks;
mod columns;
pub mod history;
pub mod manifests;
mod prune;
pub mod readings;
pub mod samples;
pub mod waits;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::workload::heal::Restarts;
use crate::domain::workload::{
    Actor, Event, EvictionReason, Handle, Hold, IllegalTransition, Owner, Reason, Revision, State, Workload, WorkloadId,
};
use columns::{Json, Words};

pub(super) use prune::{PRUNING, PRUNING_SAMPLES};

/// Who writes, and when.
#[derive(Debug, Clone)]
pub struct Stamp {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The job run, where there is one.
    pub run: Option<i64>,
}

/// Why a transition was not written.
#[derive(Debug, thiserror::Error)]
pub enum TransitionError {
    /// The state machine does not have it.
    #[error("workload {workload}: {source}")]
    Illegal {
        /// The workload.
        workload: WorkloadId,
        /// What was tried.
        source: IllegalTransition,
    },
    /// The state file could not be written.
    #[error(transparent)]
    Store(#[from] Error),
}

const COLUMNS: &str = "w.id, w.owner, w.adapter, w.state, w.since, w.reason, w.created, w.revision, w.deployed, \
     w.services, m.workload IS NOT NULL, w.handle, w.hold, w.restart, w.restarts, w.last_restart, w.failed_checks, \
     w.eviction, w.closing \
     FROM workloads w LEFT JOIN manifests m ON m.workload = w.id AND m.revision = w.revision";

/// Every workload that is not over, and those that are where `over` is asked for; in order of their ids.
pub fn all(snapshot: &Snapshot<'_>, over: bool) -> Result<Vec<Workload>, Error> {
    // Sorted here: in the order of the index each row is on another page of the file, and a page is read many times over.
    let sql = format!("SELECT {COLUMNS} WHERE ?1 OR w.state <> 'terminated'");
    let mut all = snapshot.rows(&sql, [over], read)?;
    all.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    Ok(all)
}

/// One workload.
pub fn one(snapshot: &Snapshot<'_>, id: &WorkloadId) -> Result<Option<Workload>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} WHERE w.id = ?1"), [id.as_str()], read)
}

/// The ids of workloads that are over, of those named: what a back end still holds of them is to be swept.
pub fn over(snapshot: &Snapshot<'_>, ids: &[&WorkloadId]) -> Result<Vec<Workload>, Error> {
    let mut found = vec![];
    for id in ids {
        found.extend(one(snapshot, id)?.filter(|workload| workload.state == State::Terminated));
    }
    Ok(found)
}

/// A new workload; nothing happens where there is one of this id.
pub fn create(change: &Change<'_>, new: &Workload, stamp: &Stamp) -> Result<bool, Error> {
    let rows = change.execute(
        "INSERT INTO workloads (id, owner, adapter, state, since, reason, created, revision, deployed, services, handle)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT (id) DO NOTHING",
        params![
            new.id.as_str(),
            new.owner.to_string(),
            new.adapter,
            new.state.word(),
            StoredTime(new.since),
            Json(&new.reason),
            StoredTime(new.created),
            new.revision.map(|revision| revision.0),
            new.deployed.map(|revision| revision.0),
            Json(&new.services),
            new.handle.as_ref().map(Json),
        ],
    )?;
    if rows == 1 {
        history::note_transition(change, &new.id, None, new.state, &new.reason, stamp)?;
    }
    Ok(rows == 1)
}

/// Lets an event happen to a workload. Gives back the state after it.
pub fn transition(
    change: &Change<'_>,
    id: &WorkloadId,
    event: Event,
    reason: &Reason,
    stamp: &Stamp,
) -> Result<State, TransitionError> {
    let sql = "SELECT state FROM workloads WHERE id = ?1";
    let from = change.one(sql, [id.as_str()], |row| Ok(row.get::<_, Words<State>>(0)?.0))?;
    let to = from.next(event).map_err(|source| TransitionError::Illegal { workload: id.clone(), source })?;
    change.execute(
        "UPDATE workloads SET state = ?2, since = ?3, reason = ?4 WHERE id = ?1",
        params![id.as_str(), to.word(), StoredTime(stamp.at), Json(reason)],
    )?;
    history::note_transition(change, id, Some((from, event)), to, reason, stamp)?;
    Ok(to)
}

/// Notes which back end it is given to.
pub fn assign(change: &Change<'_>, id: &WorkloadId, adapter: &str) -> Result<(), Error> {
    change.execute("UPDATE workloads SET adapter = ?2 WHERE id = ?1", params![id.as_str(), adapter]).map(drop)
}

/// Notes what the back end took: the revision, what that runs, and how it is found again.
pub fn deployed(
    change: &Change<'_>,
    id: &WorkloadId,
    revision: Revision,
    services: &[(String, u32)],
    handle: &Handle,
) -> Result<(), Error> {
    let sql = "UPDATE workloads SET deployed = ?2, services = ?3, handle = ?4, failed_checks = 0 WHERE id = ?1";
    change.execute(sql, params![id.as_str(), revision.0, Json(&services), Json(handle)]).map(drop)
}

/// Sets which manifest is wanted.
pub fn want(change: &Change<'_>, id: &WorkloadId, revision: Revision, services: &[(String, u32)]) -> Result<(), Error> {
    // Until something is deployed, what should run is what is wanted.
    let sql = "UPDATE workloads SET revision = ?2, services = CASE WHEN deployed IS NULL THEN ?3 ELSE services END
               WHERE id = ?1";
    change.execute(sql, params![id.as_str(), revision.0, Json(&services)]).map(drop)
}

/// Sets what the operator wants, and whether a restart is wanted.
pub fn hold(change: &Change<'_>, id: &WorkloadId, hold: Option<Hold>, restart: bool) -> Result<(), Error> {
    let sql = "UPDATE workloads SET hold = ?2, restart = ?3 WHERE id = ?1";
    change.execute(sql, params![id.as_str(), hold.map(Hold::word), restart]).map(drop)
}

/// Notes that a restart that was wanted is done.
pub fn restarted(change: &Change<'_>, id: &WorkloadId) -> Result<(), Error> {
    change.execute("UPDATE workloads SET restart = 0 WHERE id = ?1", [id.as_str()]).map(drop)
}

/// Sets how many restarts in a row there were.
pub fn restarts(change: &Change<'_>, id: &WorkloadId, restarts: Restarts) -> Result<(), Error> {
    let sql = "UPDATE workloads SET restarts = ?2, last_restart = ?3 WHERE id = ?1";
    change.execute(sql, params![id.as_str(), restarts.count, restarts.last.map(StoredTime)]).map(drop)
}

/// Sets how many checks failed in a row.
pub fn failed_checks(change: &Change<'_>, id: &WorkloadId, failed: u32) -> Result<(), Error> {
    let sql = "UPDATE workloads SET failed_checks = ?2 WHERE id = ?1 AND failed_checks <> ?2";
    change.execute(sql, params![id.as_str(), failed]).map(drop)
}

/// Notes that it is being evicted, and whether the close of its lease was written down.
pub fn evict(
    change: &Change<'_>,
    id: &WorkloadId,
    eviction: Option<EvictionReason>,
    closing: bool,
) -> Result<(), Error> {
    let sql = "UPDATE workloads SET eviction = ?2, closing = ?3 WHERE id = ?1";
    change.execute(sql, params![id.as_str(), eviction.map(EvictionReason::word), closing]).map(drop)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Workload> {
    Ok(Workload {
        id: row.get::<_, Words<WorkloadId>>(0)?.0,
        owner: row.get::<_, Words<Owner>>(1)?.0,
        adapter: row.get(2)?,
        state: row.get::<_, Words<State>>(3)?.0,
        since: row.get::<_, StoredTime>(4)?.0,
        reason: row.get::<_, Json<Reason>>(5)?.0,
        created: row.get::<_, StoredTime>(6)?.0,
        revision: row.get::<_, Option<[u8; 32]>>(7)?.map(Revision),
        deployed: row.get::<_, Option<[u8; 32]>>(8)?.map(Revision),
        services: row.get::<_, Json<_>>(9)?.0,
        has_manifest: row.get(10)?,
        handle: row.get::<_, Option<Json<Handle>>>(11)?.map(|handle| handle.0),
        hold: row.get::<_, Option<Words<Hold>>>(12)?.map(|hold| hold.0),
        restart: row.get(13)?,
        restarts: Restarts { count: row.get(14)?, last: row.get::<_, Option<StoredTime>>(15)?.map(|time| time.0) },
        failed_checks: row.get(16)?,
        eviction: row.get::<_, Option<Words<EvictionReason>>>(17)?.map(|reason| reason.0),
        closing: row.get(18)?,
    })
}

/// How many leases' workloads ended since a time, and how many have not ended.
pub fn leases_ended_since(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<(u64, u64), Error> {
    let sql = "SELECT coalesce(sum(state = 'terminated' AND since >= ?1), 0), coalesce(sum(state <> 'terminated'), 0)
               FROM workloads WHERE owner <> 'operator'";
    snapshot.one(sql, [StoredTime(since)], |row| {
        Ok((row.get::<_, i64>(0)?.unsigned_abs(), row.get::<_, i64>(1)?.unsigned_abs()))
    })
}

/// How many workloads are in each state.
pub fn by_state(snapshot: &Snapshot<'_>) -> Result<Vec<(State, u64)>, Error> {
    snapshot.rows("SELECT state, count(*) FROM workloads GROUP BY state ORDER BY state", [], |row| {
        Ok((row.get::<_, Words<State>>(0)?.0, row.get::<_, i64>(1)?.unsigned_abs()))
    })
}

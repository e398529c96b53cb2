//! The tables `workload_transitions`, `workload_intents`, `workload_steps` and `maintenance`: what was done, what the
//! operator asked for, and what a back end was asked.

use jiff::Timestamp;
use rusqlite::params;

use super::Stamp;
use super::columns::{Json, Words};
use crate::domain::workload::{Actor, Event, Reason, State, WorkloadId};
use crate::store::{Change, Error, Snapshot, StoredTime};

/// A transition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// The state before; none for the first.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// Why.
    pub reason: Reason,
    /// Who.
    pub actor: Actor,
    /// The job run, where there was one.
    pub run: Option<i64>,
}

/// Something the operator asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// When.
    pub at: Timestamp,
    /// `pause`, `resume`, `stop`, `restart`, `terminate`.
    pub command: String,
    /// What the operator says about it.
    pub note: Option<String>,
    /// Who.
    pub actor: Actor,
}

/// Something a back end was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRow {
    /// When it was written down, before it was begun.
    pub begun: Timestamp,
    /// When it ended; none while nobody knows.
    pub ended: Option<Timestamp>,
    /// What.
    pub verb: String,
    /// Why.
    pub reason: Reason,
    /// `done`, `failed`, `cut_short`.
    pub outcome: Option<String>,
    /// Why it failed.
    pub error: Option<String>,
}

/// A step that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StepId(i64);

/// No new work is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maintenance {
    /// Since when.
    pub since: Timestamp,
    /// Why, in the operator's words: tenants are shown it.
    pub reason: String,
    /// Who said so.
    pub actor: Actor,
}

/// The longest error text that is kept, in bytes.
const LONGEST_ERROR: usize = 4096;

pub(super) fn note_transition(
    change: &Change<'_>,
    workload: &WorkloadId,
    from: Option<(State, Event)>,
    to: State,
    reason: &Reason,
    stamp: &Stamp,
) -> Result<(), Error> {
    change.execute(
        "INSERT INTO workload_transitions (workload, at, from_state, event, to_state, reason, actor, run)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            workload.as_str(),
            StoredTime(stamp.at),
            from.map(|(state, _)| state.word()),
            from.map(|(_, event)| event.word()),
            to.word(),
            Json(reason),
            Json(&stamp.actor),
            stamp.run,
        ],
    )?;
    Ok(())
}

/// The transitions of a workload, oldest first.
pub fn transitions(snapshot: &Snapshot<'_>, workload: &WorkloadId) -> Result<Vec<Transition>, Error> {
    let sql = "SELECT at, from_state, to_state, reason, actor, run FROM workload_transitions
               WHERE workload = ?1 ORDER BY id";
    snapshot.rows(sql, [workload.as_str()], |row| {
        Ok(Transition {
            at: row.get::<_, StoredTime>(0)?.0,
            from: row.get::<_, Option<Words<State>>>(1)?.map(|state| state.0),
            to: row.get::<_, Words<State>>(2)?.0,
            reason: row.get::<_, Json<Reason>>(3)?.0,
            actor: row.get::<_, Json<Actor>>(4)?.0,
            run: row.get(5)?,
        })
    })
}

/// Writes down what the operator asks for.
pub fn ask(
    change: &Change<'_>,
    workload: &WorkloadId,
    command: &str,
    note: Option<&str>,
    stamp: &Stamp,
) -> Result<(), Error> {
    change.execute(
        "INSERT INTO workload_intents (workload, command, note, at, actor) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![workload.as_str(), command, note, StoredTime(stamp.at), Json(&stamp.actor)],
    )?;
    Ok(())
}

/// What the operator asked for, oldest first.
pub fn intents(snapshot: &Snapshot<'_>, workload: &WorkloadId) -> Result<Vec<Intent>, Error> {
    let sql = "SELECT at, command, note, actor FROM workload_intents WHERE workload = ?1 ORDER BY id";
    snapshot.rows(sql, [workload.as_str()], |row| {
        Ok(Intent {
            at: row.get::<_, StoredTime>(0)?.0,
            command: row.get(1)?,
            note: row.get(2)?,
            actor: row.get::<_, Json<Actor>>(3)?.0,
        })
    })
}

/// Writes down what a back end is about to be asked. An earlier step of the workload without an end was cut short.
pub fn begin(
    change: &Change<'_>,
    workload: &WorkloadId,
    (verb, ends): (&str, bool),
    reason: &Reason,
    stamp: &Stamp,
) -> Result<StepId, Error> {
    change.execute(
        "UPDATE workload_steps SET ended = ?2, outcome = 'cut_short' WHERE workload = ?1 AND ended IS NULL",
        params![workload.as_str(), StoredTime(stamp.at)],
    )?;
    let id = change.insert(
        "INSERT INTO workload_steps (workload, verb, ends, reason, begun, run) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![workload.as_str(), verb, ends, Json(reason), StoredTime(stamp.at), stamp.run],
    )?;
    Ok(StepId(id))
}

/// Writes down how a step ended.
pub fn end(change: &Change<'_>, step: StepId, error: Option<&str>, now: Timestamp) -> Result<(), Error> {
    let error = error.map(|text| text.get(..text.floor_char_boundary(LONGEST_ERROR)).unwrap_or_default());
    let outcome = if error.is_none() { "done" } else { "failed" };
    change.execute(
        "UPDATE workload_steps SET ended = ?2, outcome = ?3, error = ?4 WHERE id = ?1",
        params![step.0, StoredTime(now), outcome, error],
    )?;
    Ok(())
}

/// The steps of a workload, oldest first.
pub fn steps(snapshot: &Snapshot<'_>, workload: &WorkloadId) -> Result<Vec<StepRow>, Error> {
    let sql = "SELECT begun, ended, verb, reason, outcome, error FROM workload_steps WHERE workload = ?1 ORDER BY id";
    snapshot.rows(sql, [workload.as_str()], |row| {
        Ok(StepRow {
            begun: row.get::<_, StoredTime>(0)?.0,
            ended: row.get::<_, Option<StoredTime>>(1)?.map(|time| time.0),
            verb: row.get(2)?,
            reason: row.get::<_, Json<Reason>>(3)?.0,
            outcome: row.get(4)?,
            error: row.get(5)?,
        })
    })
}

/// How many different workloads were ended since then without anybody asking, whatever became of it.
pub fn ended_since(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<u32, Error> {
    let sql = "SELECT count(DISTINCT workload) FROM workload_steps WHERE ends = 1 AND begun > ?1";
    snapshot.one(sql, [StoredTime(since)], |row| row.get(0))
}

/// Whether no new work is taken.
pub fn maintenance(snapshot: &Snapshot<'_>) -> Result<Option<Maintenance>, Error> {
    snapshot.row("SELECT since, reason, actor FROM maintenance", [], |row| {
        Ok(Maintenance {
            since: row.get::<_, StoredTime>(0)?.0,
            reason: row.get(1)?,
            actor: row.get::<_, Json<Actor>>(2)?.0,
        })
    })
}

/// Takes no new work from now on, or takes some again.
pub fn drain(change: &Change<'_>, reason: Option<&str>, stamp: &Stamp) -> Result<(), Error> {
    match reason {
        None => change.execute("DELETE FROM maintenance", []),
        Some(reason) => change.execute(
            "INSERT INTO maintenance (one, since, reason, actor) VALUES (1, ?1, ?2, ?3)
             ON CONFLICT (one) DO UPDATE SET reason = ?2, actor = ?3",
            params![StoredTime(stamp.at), reason, Json(&stamp.actor)],
        ),
    }
    .map(drop)
}

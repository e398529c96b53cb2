//! `pauses`: when no new bids are made, because a person said so.

use jiff::Timestamp;
use rusqlite::params;

use crate::domain::workload::Actor;
use crate::store::workloads::history;
use crate::store::{self, Change, Snapshot, StoredTime};

/// A pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// Since when.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Who said so.
    pub user: Option<String>,
}

/// The pause that we are in.
pub fn current(snapshot: &Snapshot<'_>) -> Result<Option<Pause>, store::Error> {
    let sql = "SELECT at, reason, user FROM pauses WHERE resumed_at IS NULL";
    snapshot
        .row(sql, [], |row| Ok(Pause { at: row.get::<_, StoredTime>(0)?.0, reason: row.get(1)?, user: row.get(2)? }))
}

/// Why no new bids are made: the pause that we are in, else the maintenance for which no new workloads are taken.
pub fn in_force(snapshot: &Snapshot<'_>) -> Result<Option<Pause>, store::Error> {
    if let Some(pause) = current(snapshot)? {
        return Ok(Some(pause));
    }
    let drained = history::maintenance(snapshot)?;
    Ok(drained.map(|drained| Pause {
        at: drained.since,
        reason: format!("no new workloads are taken: {}", drained.reason),
        user: match drained.actor {
            Actor::Operator { user } => Some(user),
            Actor::Reconcile | Actor::Tenant { .. } => None,
        },
    }))
}

/// Begins a pause, or gives the one that we are in another reason. Gives back whether it is new.
pub fn begin(change: &Change<'_>, pause: &Pause) -> Result<bool, store::Error> {
    let again = change.execute("UPDATE pauses SET reason = ?1 WHERE resumed_at IS NULL", [&pause.reason])?;
    if again > 0 {
        return Ok(false);
    }
    change.execute(
        "INSERT INTO pauses (at, reason, user) VALUES (?1, ?2, ?3)",
        params![StoredTime(pause.at), pause.reason, pause.user],
    )?;
    Ok(true)
}

/// Ends the pause. Gives back whether there was one.
pub fn end(change: &Change<'_>, now: Timestamp) -> Result<bool, store::Error> {
    let ended = change.execute("UPDATE pauses SET resumed_at = ?1 WHERE resumed_at IS NULL", [StoredTime(now)])?;
    Ok(ended > 0)
}

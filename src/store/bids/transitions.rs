//! `bid_transitions`: every change of a bid's state.

use jiff::Timestamp;
use rusqlite::params;

use super::rows::BidNumber;
use super::value::Stored;
use crate::domain::bid::State;
use crate::store::job_runs::RunId;
use crate::store::outbox::{Because, Stamp};
use crate::store::{self, Change, Snapshot, StoredTime};

/// A change of state as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// In which run.
    pub run: Option<RunId>,
    /// The state before; none for the first.
    pub from: Option<State>,
    /// The state after.
    pub to: State,
    /// Why, as a word.
    pub reason: Option<String>,
    /// Why, as a text.
    pub detail: Option<String>,
}

/// How a bid came to be where it is.
pub fn transitions(snapshot: &Snapshot<'_>, id: BidNumber) -> Result<Vec<Transition>, store::Error> {
    let sql = "SELECT at, run, from_state, to_state, reason, detail FROM bid_transitions WHERE bid = ?1 ORDER BY id";
    snapshot.rows(sql, [id.0], |row| {
        Ok(Transition {
            at: row.get::<_, StoredTime>(0)?.0,
            run: row.get::<_, Option<i64>>(1)?.map(RunId),
            from: row.get::<_, Option<Stored<State>>>(2)?.map(|state| state.0),
            to: row.get::<_, Stored<State>>(3)?.0,
            reason: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

/// Writes a change of state down.
pub(super) fn note(
    change: &Change<'_>,
    id: BidNumber,
    (from, to): (Option<State>, State),
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO bid_transitions (bid, at, run, from_state, to_state, reason, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            id.0,
            StoredTime(stamp.at),
            stamp.run.map(|run| run.0),
            from.map(Stored),
            Stored(to),
            because.map(|because| because.reason),
            because.and_then(|because| because.detail),
        ],
    )?;
    Ok(())
}

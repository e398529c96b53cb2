//! `usage_records`: one row for each window and revision.

mod lately;
mod prune;
mod write;

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::Error;
use super::value::{At, Json, lease, metrics, state, unreadable};
use crate::domain::fraud::Flag;
use crate::domain::id::LeaseId;
use crate::domain::usage::state::State;
use crate::domain::usage::{Allocation, Facts, Gap, Kind, Pricing, Review, Source, Window};
use crate::store::{self, Snapshot, StoredTime};

pub use lately::{NewestUse, newest_use, usual_traffic};
pub(in crate::store) use prune::PRUNING;
pub use write::{apply, approve, insert_held, insert_signed, put_off, reject};

/// The number of a record in this state file; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub i64);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A record as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Its number.
    pub id: RecordId,
    /// What it says.
    pub facts: Facts,
    /// No later revision has taken its place.
    pub current: bool,
    /// What the fraud check found.
    pub flags: Vec<Flag>,
    /// Who approved it all the same.
    pub review: Option<Review>,
    /// Where it stands.
    pub state: State,
    /// Why, where that says more.
    pub detail: Option<String>,
    /// What its window costs with it: the sum of its charges and those of the revisions before it.
    pub cost: Option<String>,
    /// Submissions that failed.
    pub attempts: u32,
    /// When the next one is due.
    pub next_attempt_at: Option<Timestamp>,
    /// Hash, signature and public key.
    pub seal: Option<Seal>,
}

/// What makes a record verifiable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// The SHA-256 of the canonical form.
    pub hash: [u8; 32],
    /// The Ed25519 signature of the hash.
    pub signature: [u8; 64],
    /// The key that made it.
    pub public_key: [u8; 32],
}

/// Which records to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this lease only.
    pub lease: Option<String>,
    /// Of this tenant only.
    pub tenant: Option<String>,
    /// In these states only; in any where it is empty.
    pub states: Vec<State>,
    /// Whose window begins at this time or later.
    pub start: Option<Timestamp>,
    /// Whose window begins before this time.
    pub end: Option<Timestamp>,
    /// Revisions that were corrected, too.
    pub superseded: bool,
    /// That many at most.
    pub limit: Option<u32>,
    /// The newest first.
    pub newest_first: bool,
}

impl Filter {
    /// The conditions, and their parameters.
    pub(super) fn conditions(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::from("1"), Vec::new());
        let mut add = |condition: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ?{}", values.len()));
        };
        if let Some(lease) = &self.lease {
            add("lease =", lease.clone().into());
        }
        if let Some(tenant) = &self.tenant {
            add("tenant =", tenant.clone().into());
        }
        if let Some(start) = self.start {
            add("start_at >=", start.as_microsecond().into());
        }
        if let Some(end) = self.end {
            add("start_at <", end.as_microsecond().into());
        }
        if !self.states.is_empty() {
            let words: Vec<String> = self.states.iter().map(|state| format!("'{}'", state.word())).collect();
            sql.push_str(&format!(" AND state IN ({})", words.join(", ")));
        }
        if !self.superseded {
            sql.push_str(" AND current = 1");
        }
        (sql, values)
    }
}

/// The current record of a lease that shares a second with a window, the first of them.
pub fn overlapping(
    snapshot: &Snapshot<'_>,
    lease: &LeaseId,
    window: Window,
) -> Result<Option<RecordRow>, store::Error> {
    snapshot.row(
        "SELECT * FROM usage_records WHERE lease = ?1 AND current = 1 AND state <> 'rejected'
           AND start_at < ?3 AND end_at > ?2 ORDER BY start_at LIMIT 1",
        params![lease.to_string(), At(window.start()), At(window.end())],
        read,
    )
}

/// Whether a window lies within one whose record was rejected.
pub fn is_rejected(snapshot: &Snapshot<'_>, lease: &LeaseId, window: Window) -> Result<bool, store::Error> {
    snapshot.one(
        "SELECT EXISTS (SELECT 1 FROM usage_records
           WHERE lease = ?1 AND state = 'rejected' AND start_at <= ?2 AND end_at >= ?3)",
        params![lease.to_string(), At(window.start()), At(window.end())],
        |row| row.get(0),
    )
}

/// The last revision of a window, rejected ones too; 0 if there is none.
pub fn last_revision(snapshot: &Snapshot<'_>, lease: &LeaseId, window: Window) -> Result<u32, store::Error> {
    snapshot.one(
        "SELECT coalesce(max(revision), 0) FROM usage_records WHERE lease = ?1 AND start_at = ?2",
        params![lease.to_string(), At(window.start())],
        |row| row.get(0),
    )
}

/// A record by its number.
pub fn get(snapshot: &Snapshot<'_>, id: RecordId) -> Result<RecordRow, Error> {
    let row = snapshot.row("SELECT * FROM usage_records WHERE id = ?1", [id.0], read)?;
    row.ok_or_else(|| Error::NoRecord { id: id.to_string() })
}

/// A record by its number or by what names it everywhere.
pub fn find(snapshot: &Snapshot<'_>, name: &str) -> Result<RecordRow, Error> {
    if let Ok(id) = name.parse()
        && name.len() < 19
    {
        return get(snapshot, RecordId(id));
    }
    let row = snapshot.row("SELECT * FROM usage_records WHERE record_id = ?1", [name], read)?;
    row.ok_or_else(|| Error::NoRecord { id: name.chars().take(64).collect() })
}

/// Records, in the order of their windows.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Vec<RecordRow>, store::Error> {
    let (conditions, mut values) = filter.conditions();
    let order = if filter.newest_first { "start_at DESC, id DESC" } else { "start_at, id" };
    values.push(filter.limit.map_or(-1, i64::from).into());
    let sql = format!("SELECT * FROM usage_records WHERE {conditions} ORDER BY {order} LIMIT ?{}", values.len());
    snapshot.rows(&sql, params_from_iter(values), read)
}

/// Looks at every record of a filter, in the order of their windows, without keeping any.
pub fn each(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    mut look: impl FnMut(RecordRow) -> rusqlite::Result<()>,
) -> Result<(), store::Error> {
    let (conditions, values) = filter.conditions();
    let sql = format!("SELECT * FROM usage_records WHERE {conditions} ORDER BY start_at, id");
    snapshot.each(&sql, params_from_iter(values), |row| look(read(row)?))
}

/// Records that can be submitted now, those that wait longest first: pending ones whose time has come, and then those
/// without an escrow, the ones whose escrow was looked for longest ago before the others.
pub fn due(snapshot: &Snapshot<'_>, now: Timestamp, at_most: u32) -> Result<Vec<RecordRow>, store::Error> {
    snapshot.rows(
        "SELECT * FROM usage_records WHERE state IN ('pending', 'no_escrow')
           AND (next_attempt_at IS NULL OR next_attempt_at <= ?1)
         ORDER BY state = 'no_escrow', coalesce(next_attempt_at, created_at), id LIMIT ?2",
        params![StoredTime(now), at_most],
        read,
    )
}

/// The same, with those that were given up where they are wanted, too.
pub fn submittable(
    snapshot: &Snapshot<'_>,
    now: Timestamp,
    at_most: u32,
    failed: bool,
) -> Result<Vec<RecordRow>, store::Error> {
    let mut rows = due(snapshot, now, at_most)?;
    if failed {
        rows.extend(list(snapshot, &Filter { states: vec![State::Failed], superseded: true, ..Filter::default() })?);
    }
    Ok(rows)
}

/// How many records are in each state.
pub fn by_state(snapshot: &Snapshot<'_>) -> Result<Vec<(State, u64)>, store::Error> {
    snapshot.rows("SELECT state, count(*) AS many FROM usage_records GROUP BY state", [], |row| {
        Ok((state(row, "state")?, row.get::<_, i64>("many")?.unsigned_abs()))
    })
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let kind: String = row.get("type")?;
    let sources: String = row.get("sources")?;
    let sources: Result<BTreeSet<Source>, _> =
        sources.split(',').filter(|word| !word.is_empty()).map(str::parse).collect();
    let window = Window::new(row.get::<_, At>("start_at")?.0, row.get::<_, At>("end_at")?.0);
    let facts = Facts {
        lease: lease(row, "lease")?,
        workload: row.get("workload")?,
        kind: Kind::from_word(&kind).ok_or_else(|| unreadable(format!("`{kind}` is no type of a usage record")))?,
        window: window.ok_or_else(|| unreadable("the window is empty".to_owned()))?,
        used: metrics(row)?,
        gaps: row.get::<_, Json<Vec<Gap>>>("gaps")?.0,
        sources: sources.map_err(|error| unreadable(error.to_string()))?,
        allocated: row.get::<_, Option<Json<Allocation>>>("allocated")?.map(|allocated| allocated.0),
        pricing: row.get::<_, Json<Pricing>>("pricing")?.0,
        revision: row.get("revision")?,
        created_at: row.get::<_, At>("created_at")?.0,
    };
    let hash: Option<[u8; 32]> = row.get("hash")?;
    let signature: Option<[u8; 64]> = row.get("signature")?;
    let public_key: Option<[u8; 32]> = row.get("public_key")?;
    Ok(RecordRow {
        id: RecordId(row.get("id")?),
        facts,
        current: row.get("current")?,
        flags: row.get::<_, Json<Vec<Flag>>>("flags")?.0,
        review: row.get::<_, Option<Json<Review>>>("review")?.map(|review| review.0),
        state: state(row, "state")?,
        detail: row.get("detail")?,
        cost: row.get("cost")?,
        attempts: row.get("attempts")?,
        next_attempt_at: row.get::<_, Option<StoredTime>>("next_attempt_at")?.map(|time| time.0),
        seal: match (hash, signature, public_key) {
            (Some(hash), Some(signature), Some(public_key)) => Some(Seal { hash, signature, public_key }),
            _ => None,
        },
    })
}

//! What waits for `keys approve`.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::KeyId;
use crate::domain::key::Approval;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// Names a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestId(pub i64);

/// Something that waits, or waited, for an approval.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Which.
    pub id: RequestId,
    /// For which key.
    pub key: KeyId,
    /// What it asks for.
    pub what: Approval,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// By whom.
    pub requested_by: String,
    /// When and by whom it was approved.
    pub approved: Option<(Timestamp, String)>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Request> {
    let what: String = row.get(2)?;
    let (at, by): (Option<StoredTime>, Option<String>) = (row.get(5)?, row.get(6)?);
    Ok(Request {
        id: RequestId(row.get(0)?),
        key: KeyId(row.get(1)?),
        what: if what == Approval::Destruction.word() { Approval::Destruction } else { Approval::Activation },
        requested_at: row.get::<_, StoredTime>(3)?.0,
        requested_by: row.get(4)?,
        approved: at.map(|at| at.0).zip(by),
    })
}

/// Every request that is open.
pub fn requests(snapshot: &Snapshot<'_>) -> Result<Vec<Request>, Error> {
    let sql = "SELECT id, key, what, requested_at, requested_by, approved_at, approved_by FROM key_requests
               WHERE closed_at IS NULL ORDER BY id";
    snapshot.rows(sql, [], read)
}

/// Asks for an approval, unless that is asked for already.
pub fn request(change: &Change<'_>, key: KeyId, what: Approval, who: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO key_requests (key, what, requested_at, requested_by) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT DO NOTHING";
    change.execute(sql, params![key.0, what.word(), StoredTime(now), who]).map(drop)
}

/// Approves a request.
pub fn approve(change: &Change<'_>, id: RequestId, who: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE key_requests SET approved_at = ?2, approved_by = ?3 WHERE id = ?1 AND approved_at IS NULL";
    change.execute(sql, params![id.0, StoredTime(now), who]).map(drop)
}

/// Closes the requests of a key: they were carried out, or the key went another way.
pub fn close(change: &Change<'_>, key: KeyId, now: Timestamp) -> Result<(), Error> {
    let sql = "UPDATE key_requests SET closed_at = ?2 WHERE key = ?1 AND closed_at IS NULL";
    change.execute(sql, params![key.0, StoredTime(now)]).map(drop)
}

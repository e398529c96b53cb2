//! Keys taking the place of others.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::KeyId;
use crate::domain::key::Role;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// Names a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RotationId(pub i64);

/// A key taking the place of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotation {
    /// Which.
    pub id: RotationId,
    /// The role.
    pub role: Role,
    /// The key that leaves.
    pub old: KeyId,
    /// The name of the one that comes.
    pub new_name: String,
    /// The one that comes, once it is made.
    pub new: Option<KeyId>,
    /// Why.
    pub reason: String,
    /// When it began.
    pub started_at: Timestamp,
    /// When the new key took over.
    pub switched_at: Option<Timestamp>,
}

fn read(row: &Row<'_>) -> rusqlite::Result<Rotation> {
    let role: String = row.get(1)?;
    Ok(Rotation {
        id: RotationId(row.get(0)?),
        role: if role == Role::Usage.word() { Role::Usage } else { Role::Encryption },
        old: KeyId(row.get(2)?),
        new_name: row.get(3)?,
        new: row.get::<_, Option<i64>>(4)?.map(KeyId),
        reason: row.get(5)?,
        started_at: row.get::<_, StoredTime>(6)?.0,
        switched_at: row.get::<_, Option<StoredTime>>(7)?.map(|time| time.0),
    })
}

/// Every rotation that has not ended.
pub fn open_rotations(snapshot: &Snapshot<'_>) -> Result<Vec<Rotation>, Error> {
    let sql = "SELECT id, role, old, new_name, new, reason, started_at, switched_at FROM key_rotations
               WHERE ended_at IS NULL ORDER BY id";
    snapshot.rows(sql, [], read)
}

/// Writes down that a key of this name is to take the place of another.
pub fn begin_rotation(
    change: &Change<'_>,
    role: Role,
    old: KeyId,
    new_name: &str,
    reason: &str,
    now: Timestamp,
) -> Result<RotationId, Error> {
    let sql = "INSERT INTO key_rotations (role, old, new_name, reason, started_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    change.insert(sql, params![role.word(), old.0, new_name, reason, StoredTime(now)]).map(RotationId)
}

/// Writes down that the new key is made.
pub fn name_new(change: &Change<'_>, id: RotationId, new: KeyId) -> Result<(), Error> {
    change.execute("UPDATE key_rotations SET new = ?2 WHERE id = ?1", params![id.0, new.0]).map(drop)
}

/// Writes down that the new key took over.
pub fn switch(change: &Change<'_>, rotation: &Rotation, new: KeyId, now: Timestamp) -> Result<(), Error> {
    change
        .execute("UPDATE key_rotations SET switched_at = ?2 WHERE id = ?1", params![rotation.id.0, StoredTime(now)])?;
    change.execute("UPDATE keys SET replaced_by = ?2 WHERE id = ?1", params![rotation.old.0, new.0]).map(drop)
}

/// Writes down that a rotation ended.
pub fn end_rotation(change: &Change<'_>, id: RotationId, now: Timestamp) -> Result<(), Error> {
    change.execute("UPDATE key_rotations SET ended_at = ?2 WHERE id = ?1", params![id.0, StoredTime(now)]).map(drop)
}

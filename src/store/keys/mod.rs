//! The table family `keys`: where every key stands in its life.
//!
//! A state changes through [`apply`] only, which asks the life cycle of `domain::key`. Which change is due is not
//! decided here, and whether a key's file is there is read from the key folder.

mod policy;
mod requests;
mod rotations;
#[cfg(test)]
mod tests;

pub use policy::{policy, reset_policy, set_policy};
pub use requests::{Request, RequestId, approve, close, request, requests};
pub use rotations::{Rotation, RotationId, begin_rotation, end_rotation, name_new, open_rotations, switch};

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::Serialize;

use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::key::{Dates, Event, IllegalTransition, KeyType, Role, State};

/// Names a key for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct KeyId(pub i64);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A key that the state file did not know.
#[derive(Debug, Clone)]
pub struct NewRow<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its type.
    pub key_type: KeyType,
    /// Its public key.
    pub public_key: &'a [u8],
    /// The chain's fingerprint of it.
    pub fingerprint: &'a str,
    /// The back end that keeps it.
    pub kept: &'a str,
    /// What it is for.
    pub role: Option<Role>,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A key as the state file remembers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Which key.
    pub id: KeyId,
    /// Its name.
    pub name: String,
    /// Its type.
    pub key_type: KeyType,
    /// Its public key.
    pub public_key: Vec<u8>,
    /// The chain's fingerprint of it.
    pub fingerprint: String,
    /// The back end that keeps it.
    pub kept: String,
    /// What it is for.
    pub role: Option<Role>,
    /// Its state.
    pub state: State,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it became active first.
    pub activated_at: Option<Timestamp>,
    /// The key that took its place.
    pub replaced_by: Option<KeyId>,
    /// When its file was found to be gone.
    pub missing_since: Option<Timestamp>,
    /// When its destruction began.
    pub destroying_at: Option<Timestamp>,
    /// Its version on the chain.
    pub chain_version: Option<u32>,
    /// When it was seen on the chain first.
    pub registered_at: Option<Timestamp>,
    /// When it was seen to be revoked.
    pub revoked_at: Option<Timestamp>,
    /// When another was seen to have taken its place on the chain.
    pub deprecated_at: Option<Timestamp>,
    /// When it was given up.
    pub compromised_at: Option<Timestamp>,
}

impl KeyRow {
    /// The chain was seen to hold it, and not to have revoked it: others may seal for it.
    pub const fn is_on_chain(&self) -> bool {
        self.registered_at.is_some() && self.revoked_at.is_none()
    }

    /// Another must take its place now, whatever its age: others may have it, or nobody seals for it any more.
    pub fn must_go(&self) -> bool {
        self.state == State::Compromised || self.revoked_at.is_some() || self.deprecated_at.is_some()
    }

    /// What a policy looks at.
    pub const fn dates(&self) -> Dates {
        Dates {
            state: self.state,
            since: self.since,
            created_at: self.created_at,
            activated_at: self.activated_at,
            role: self.role,
        }
    }
}

/// What the chain was seen to hold of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OnChain {
    /// Its version there.
    pub version: u32,
    /// Since when.
    pub registered_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When another took its place.
    pub deprecated_at: Option<Timestamp>,
}

/// Where a key stood in its life in another state file.
#[derive(Debug, Clone, Copy)]
pub struct AsItWas<'a> {
    /// Its state.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: Option<&'a str>,
    /// When it became active first.
    pub activated_at: Option<Timestamp>,
    /// When it was given up.
    pub compromised_at: Option<Timestamp>,
}

/// Why a key did not change.
#[derive(Debug, thiserror::Error)]
pub enum Unchanged {
    /// The life cycle forbids it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
    /// The state file.
    #[error(transparent)]
    Store(#[from] Error),
}

const COLUMNS: &str = "id, name, type, public_key, fingerprint, kept, role, state, since, reason, created_at,
                       activated_at, replaced_by, missing_since, destroying_at, chain_version, registered_at, revoked_at, deprecated_at,
                       compromised_at";

fn word<T: std::str::FromStr>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    let text: String = row.get(column)?;
    let wrong = |error| rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(error));
    text.parse().map_err(wrong)
}

fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<StoredTime>>(column)?.map(|time| time.0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<KeyRow> {
    Ok(KeyRow {
        id: KeyId(row.get(0)?),
        name: row.get(1)?,
        key_type: word(row, 2)?,
        public_key: row.get(3)?,
        fingerprint: row.get(4)?,
        kept: row.get(5)?,
        role: row.get::<_, Option<String>>(6)?.as_deref().and_then(Role::of_word),
        state: word(row, 7)?,
        since: row.get::<_, StoredTime>(8)?.0,
        reason: row.get(9)?,
        created_at: row.get::<_, StoredTime>(10)?.0,
        activated_at: time(row, 11)?,
        replaced_by: row.get::<_, Option<i64>>(12)?.map(KeyId),
        missing_since: time(row, 13)?,
        destroying_at: time(row, 14)?,
        chain_version: row.get(15)?,
        registered_at: time(row, 16)?,
        revoked_at: time(row, 17)?,
        deprecated_at: time(row, 18)?,
        compromised_at: time(row, 19)?,
    })
}

/// Every key, in the order in which they became known.
pub fn list(snapshot: &Snapshot<'_>) -> Result<Vec<KeyRow>, Error> {
    snapshot.rows(&format!("SELECT {COLUMNS} FROM keys ORDER BY id"), [], read)
}

/// The key of this name that is not gone.
pub fn by_name(snapshot: &Snapshot<'_>, name: &str) -> Result<Option<KeyRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM keys WHERE name = ?1 AND state <> 'destroyed'");
    snapshot.row(&sql, [name], read)
}

/// A key.
pub fn by_id(snapshot: &Snapshot<'_>, id: KeyId) -> Result<Option<KeyRow>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM keys WHERE id = ?1"), [id.0], read)
}

/// The key with this fingerprint that is not gone.
pub fn by_fingerprint(snapshot: &Snapshot<'_>, fingerprint: &str) -> Result<Option<KeyRow>, Error> {
    let sql = format!("SELECT {COLUMNS} FROM keys WHERE fingerprint = ?1 AND state <> 'destroyed'");
    snapshot.row(&sql, [fingerprint], read)
}

/// Whether the key with this fingerprint was ever given up.
pub fn was_compromised(snapshot: &Snapshot<'_>, fingerprint: &str) -> Result<bool, Error> {
    let sql = "SELECT count(*) FROM keys WHERE fingerprint = ?1 AND compromised_at IS NOT NULL";
    snapshot.one(sql, [fingerprint], |row| Ok(row.get::<_, i64>(0)? > 0))
}

/// Writes down a key that was made, in the state `created`.
pub fn insert(change: &Change<'_>, new: &NewRow<'_>, now: Timestamp) -> Result<KeyId, Error> {
    let id = change.insert(
        "INSERT INTO keys (name, type, public_key, fingerprint, kept, role, state, since, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'created', ?7, ?8)",
        params![
            new.name,
            new.key_type.word(),
            new.public_key,
            new.fingerprint,
            new.kept,
            new.role.map(Role::word),
            StoredTime(now),
            StoredTime(new.created_at)
        ],
    )?;
    Ok(KeyId(id))
}

/// Lets something happen to a key, if its life cycle allows it. Gives back its state afterwards.
pub fn apply(
    change: &Change<'_>,
    key: &KeyRow,
    event: Event,
    now: Timestamp,
    reason: Option<&str>,
) -> Result<State, Unchanged> {
    // What was read may be old by now.
    let state = change.row("SELECT state FROM keys WHERE id = ?1", [key.id.0], |row| word::<State>(row, 0))?;
    let next = state.unwrap_or(key.state).next(event)?;
    change.execute(
        "UPDATE keys SET state = ?2, since = ?3, reason = ?4,
                         activated_at = CASE WHEN ?2 = 'active' THEN coalesce(activated_at, ?3) ELSE activated_at END,
                         compromised_at = CASE WHEN ?2 = 'compromised' THEN ?3 ELSE compromised_at END
         WHERE id = ?1",
        params![key.id.0, next.word(), StoredTime(now), reason],
    )?;
    Ok(next)
}

/// Writes down what the configuration says that a key is for.
pub fn set_role(change: &Change<'_>, id: KeyId, role: Option<Role>) -> Result<(), Error> {
    change.execute("UPDATE keys SET role = ?2 WHERE id = ?1", params![id.0, role.map(Role::word)]).map(drop)
}

/// Writes down since when a key's file is gone, or that it is there.
pub fn set_missing(change: &Change<'_>, id: KeyId, since: Option<Timestamp>) -> Result<(), Error> {
    change.execute("UPDATE keys SET missing_since = ?2 WHERE id = ?1", params![id.0, since.map(StoredTime)]).map(drop)
}

/// Writes down that a key's secret and file are about to be deleted.
pub fn set_destroying(change: &Change<'_>, id: KeyId, now: Timestamp) -> Result<(), Error> {
    change.execute("UPDATE keys SET destroying_at = ?2 WHERE id = ?1", params![id.0, StoredTime(now)]).map(drop)
}

/// Writes down what the chain holds of a key.
pub fn set_registered(change: &Change<'_>, id: KeyId, seen: &OnChain) -> Result<(), Error> {
    let sql =
        "UPDATE keys SET chain_version = ?2, registered_at = ?3, revoked_at = ?4, deprecated_at = ?5 WHERE id = ?1";
    let (revoked, deprecated) = (seen.revoked_at.map(StoredTime), seen.deprecated_at.map(StoredTime));
    change.execute(sql, params![id.0, seen.version, StoredTime(seen.registered_at), revoked, deprecated]).map(drop)
}

/// Writes down a key that another state file remembered, as it was there.
pub fn insert_as_it_was(change: &Change<'_>, new: &NewRow<'_>, was: &AsItWas<'_>) -> Result<KeyId, Error> {
    let id = insert(change, new, was.since)?;
    change.execute(
        "UPDATE keys SET state = ?2, reason = ?3, activated_at = ?4, compromised_at = ?5 WHERE id = ?1",
        params![
            id.0,
            was.state.word(),
            was.reason,
            was.activated_at.map(StoredTime),
            was.compromised_at.map(StoredTime)
        ],
    )?;
    Ok(id)
}

/// Writes down which key took the place of another.
pub fn set_replaced_by(change: &Change<'_>, id: KeyId, by: KeyId) -> Result<(), Error> {
    change.execute("UPDATE keys SET replaced_by = ?2 WHERE id = ?1", params![id.0, by.0]).map(drop)
}

//! The rules that `keys set-policy` gave.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use crate::store::{Change, Error, Snapshot, StoredTime};

/// Every rule that was given, by its field.
pub fn policy(snapshot: &Snapshot<'_>) -> Result<BTreeMap<String, String>, Error> {
    let rows = snapshot.rows("SELECT field, value FROM key_policy", [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Gives a rule.
pub fn set_policy(change: &Change<'_>, field: &str, value: &str, now: Timestamp) -> Result<(), Error> {
    let sql = "INSERT INTO key_policy (field, value, set_at) VALUES (?1, ?2, ?3)
               ON CONFLICT (field) DO UPDATE SET value = ?2, set_at = ?3";
    change.execute(sql, params![field, value, StoredTime(now)]).map(drop)
}

/// Takes every rule back: the configuration rules again.
pub fn reset_policy(change: &Change<'_>) -> Result<usize, Error> {
    change.execute("DELETE FROM key_policy", [])
}

//! The table `api_tokens`: by which operators' programs ask the server.

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Type};
use rusqlite::{Row, params};

use super::{Change, Error, Snapshot, StoredTime};
use crate::domain::api_token::{Scope, Token};

/// A token to be.
#[derive(Debug, Clone)]
pub struct NewToken<'a> {
    /// What the operator calls it.
    pub name: &'a str,
    /// What it is good for.
    pub scope: Scope,
    /// When it is made.
    pub at: Timestamp,
    /// By whom.
    pub by: &'a str,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, name, hash, scope, created_at, created_by, expires_at, revoked_at FROM api_tokens";

/// Writes a token down. `hash_of` gets its number, which is part of its text.
pub fn create(change: &Change<'_>, new: &NewToken<'_>, hash_of: impl FnOnce(i64) -> [u8; 32]) -> Result<i64, Error> {
    // No text has this hash for longer than this transaction takes.
    let id = change.insert(
        "INSERT INTO api_tokens (name, hash, scope, created_at, created_by, expires_at)
         VALUES (?1, zeroblob(32), ?2, ?3, ?4, ?5)",
        params![new.name, new.scope.word(), StoredTime(new.at), new.by, new.expires_at.map(StoredTime)],
    )?;
    change.execute("UPDATE api_tokens SET hash = ?2 WHERE id = ?1", params![id, hash_of(id)])?;
    Ok(id)
}

/// Every token that ever was, the newest first.
pub fn all(snapshot: &Snapshot<'_>) -> Result<Vec<Token>, Error> {
    snapshot.rows(&format!("SELECT {COLUMNS} ORDER BY id DESC"), [], read)
}

/// One token.
pub fn one(snapshot: &Snapshot<'_>, id: i64) -> Result<Option<Token>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} WHERE id = ?1"), [id], read)
}

/// The token of a name that is not revoked.
pub fn named(snapshot: &Snapshot<'_>, name: &str) -> Result<Option<Token>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} WHERE name = ?1 AND revoked_at IS NULL"), [name], read)
}

/// Takes a token back. Gives back whether it was not revoked before.
pub fn revoke(change: &Change<'_>, id: i64, now: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE api_tokens SET revoked_at = ?2 WHERE id = ?1 AND revoked_at IS NULL";
    change.execute(sql, params![id, StoredTime(now)]).map(|rows| rows == 1)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Token> {
    let word: String = row.get(3)?;
    let scope = Scope::of_word(&word);
    let scope = scope
        .ok_or_else(|| rusqlite::Error::FromSqlConversionFailure(3, Type::Text, Box::new(FromSqlError::InvalidType)))?;
    Ok(Token {
        id: row.get(0)?,
        name: row.get(1)?,
        hash: row.get(2)?,
        scope,
        created_at: row.get::<_, StoredTime>(4)?.0,
        created_by: row.get(5)?,
        expires_at: row.get::<_, Option<StoredTime>>(6)?.map(|time| time.0),
        revoked_at: row.get::<_, Option<StoredTime>>(7)?.map(|time| time.0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::api_token::{digest, text};
    use crate::store::Store;

    #[test]
    fn a_token_is_found_until_it_is_revoked_and_its_name_is_free_again() {
        let store = Store::in_memory().unwrap();
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let new = NewToken { name: "grafana", scope: Scope::Read, at: now, by: "root", expires_at: None };
        let make = || store.write("test", |change| create(change, &new, |id| digest(&text(id, &[1; 32]))));
        let id = make().unwrap();
        let found = store.read("test", |s| named(s, "grafana")).unwrap().unwrap();
        assert_eq!((found.id, found.scope), (id, Scope::Read));
        assert!(found.admits(&text(id, &[1; 32]), now));
        assert!(make().is_err(), "a name is taken");
        assert!(store.write("test", |change| revoke(change, id, now)).unwrap());
        assert!(!store.write("test", |change| revoke(change, id, now)).unwrap());
        assert!(store.read("test", |s| named(s, "grafana")).unwrap().is_none());
        assert_ne!(make().unwrap(), id, "never used twice");
        assert_eq!(store.read("test", all).unwrap().len(), 2);
    }
}

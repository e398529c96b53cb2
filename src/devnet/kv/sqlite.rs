//! The state in an SQLite table.

use super::{Broken, Kv, Row};
use rusqlite::{Connection, OptionalExtension, params};

/// The table `state` of an SQLite file as a key-value store. Writes belong to whatever transaction is open.
pub struct SqliteKv<'c>(&'c Connection);

/// What makes the table.
pub const SCHEMA: &str =
    "CREATE TABLE IF NOT EXISTS state (key BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;";

impl<'c> SqliteKv<'c> {
    /// The store of this connection.
    pub fn new(connection: &'c Connection) -> Self {
        Self(connection)
    }
}

fn failed(doing: &'static str) -> impl FnOnce(rusqlite::Error) -> Broken {
    move |source| Broken::File { doing, source }
}

impl Kv for SqliteKv<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
        let mut statement = self.0.prepare_cached("SELECT value FROM state WHERE key = ?1").map_err(failed("read"))?;
        statement.query_row([key], |row| row.get(0)).optional().map_err(failed("read"))
    }

    fn set(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Broken> {
        let mut statement = self
            .0
            .prepare_cached("INSERT INTO state (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2")
            .map_err(failed("write"))?;
        statement.execute(params![key, value]).map(drop).map_err(failed("write"))
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Broken> {
        let mut statement = self.0.prepare_cached("DELETE FROM state WHERE key = ?1").map_err(failed("write"))?;
        statement.execute([key]).map(drop).map_err(failed("write"))
    }

    fn scan(&self, from: &[u8], to: &[u8], reverse: bool, limit: usize) -> Result<Vec<Row>, Broken> {
        let text = if reverse {
            "SELECT key, value FROM state WHERE key >= ?1 AND key < ?2 ORDER BY key DESC LIMIT ?3"
        } else {
            "SELECT key, value FROM state WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3"
        };
        let mut statement = self.0.prepare_cached(text).map_err(failed("read"))?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement
            .query_map(params![from, to, limit], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(failed("read"))?;
        rows.collect::<Result<_, _>>().map_err(failed("read"))
    }
}

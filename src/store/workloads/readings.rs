//! The table `readings`: since when the chain and the back ends could be read without a break.

use jiff::Timestamp;
use rusqlite::params;

use crate::store::{Change, Error, Snapshot, StoredTime};

/// The name of the chain among the sources; no back end is called so.
pub const CHAIN: &str = "chain";

/// How a source was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceReading {
    /// `chain`, or the name of a back end.
    pub source: String,
    /// Since when it could be read without a break.
    pub readable_since: Timestamp,
    /// When it was read last.
    pub read: Timestamp,
    /// Why the last reading failed, if it did.
    pub failed: Option<String>,
    /// Since when the height at which it was read has not grown.
    pub height_since: Option<Timestamp>,
}

/// Every source.
pub fn all(snapshot: &Snapshot<'_>) -> Result<Vec<SourceReading>, Error> {
    let sql = "SELECT source, readable_since, read, failed, height_since FROM readings ORDER BY source";
    snapshot.rows(sql, [], |row| {
        Ok(SourceReading {
            source: row.get(0)?,
            readable_since: row.get::<_, StoredTime>(1)?.0,
            read: row.get::<_, StoredTime>(2)?.0,
            failed: row.get(3)?,
            height_since: row.get::<_, Option<StoredTime>>(4)?.map(|time| time.0),
        })
    })
}

/// Notes that a source was read, or why it was not. Gives back since when it could be read without a break: from now on
/// where the last reading failed, or none was ever made.
pub fn note(change: &Change<'_>, source: &str, failed: Option<&str>, now: Timestamp) -> Result<Timestamp, Error> {
    let failed = failed.map(|text| text.get(..text.floor_char_boundary(1024)).unwrap_or_default());
    let since = match failed {
        None => {
            change.execute(
                "INSERT INTO readings (source, readable_since, read) VALUES (?1, ?2, ?2)
                 ON CONFLICT (source) DO UPDATE SET read = ?2, failed = NULL,
                 readable_since = CASE WHEN failed IS NULL THEN readable_since ELSE ?2 END",
                params![source, StoredTime(now)],
            )?;
            change.one("SELECT readable_since FROM readings WHERE source = ?1", [source], |row| {
                Ok(row.get::<_, StoredTime>(0)?.0)
            })?
        }
        Some(why) => {
            change.execute(
                "INSERT INTO readings (source, readable_since, read, failed) VALUES (?1, ?2, ?2, ?3)
                 ON CONFLICT (source) DO UPDATE SET failed = ?3",
                params![source, StoredTime(now), why],
            )?;
            now
        }
    };
    Ok(since)
}

/// Notes at which height a source was read. One that is not higher than before is no growth.
pub fn note_height(change: &Change<'_>, source: &str, height: u64, now: Timestamp) -> Result<(), Error> {
    change
        .execute(
            "UPDATE readings SET height = ?2, height_since = ?3 WHERE source = ?1 AND (height IS NULL OR height < ?2)",
            params![source, i64::try_from(height).unwrap_or(i64::MAX), StoredTime(now)],
        )
        .map(drop)
}

//! `chain_pace`: how fast each chain makes blocks, as prices by the hour count them.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::params;

use super::value::Stored;
use crate::store::{self, Change, Snapshot, StoredTime};

/// How fast a chain makes blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// The time of a block that prices count with.
    pub block: Duration,
    /// The block that the next measurement begins with.
    pub height: u64,
    /// When that was made.
    pub time: Timestamp,
}

/// The pace of a chain.
pub fn of(snapshot: &Snapshot<'_>, chain: &str) -> Result<Option<Pace>, store::Error> {
    let sql = "SELECT block_nanos, height, time FROM chain_pace WHERE chain = ?1";
    snapshot.row(sql, [chain], |row| {
        Ok(Pace {
            block: Duration::from_nanos(row.get::<_, Stored<u64>>(0)?.0),
            height: row.get::<_, Stored<u64>>(1)?.0,
            time: row.get::<_, StoredTime>(2)?.0,
        })
    })
}

/// Writes the pace of a chain down.
pub fn set(change: &Change<'_>, chain: &str, pace: Pace) -> Result<(), store::Error> {
    let nanos = u64::try_from(pace.block.as_nanos()).unwrap_or(u64::MAX);
    change.execute(
        "INSERT INTO chain_pace (chain, block_nanos, height, time) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (chain) DO UPDATE SET block_nanos = ?2, height = ?3, time = ?4",
        params![chain, Stored(nanos), Stored(pace.height), StoredTime(pace.time)],
    )?;
    Ok(())
}

//! `bid_closings`: which own open bids runs decided to close. The cap of an hour counts them across runs.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::params;

use super::BidNumber;
use crate::store::{self, Change, Snapshot, StoredTime};

/// Notes that a run decided to close a bid, in the transaction that puts the closing into the outbox. One that is decided
/// again counts once, as of the last time.
pub fn note(change: &Change<'_>, bid: BidNumber, at: Timestamp) -> Result<(), store::Error> {
    let sql = "INSERT INTO bid_closings (bid, at) VALUES (?1, ?2) ON CONFLICT (bid) DO UPDATE SET at = max(at, ?2)";
    change.execute(sql, params![bid.0, StoredTime(at)])?;
    Ok(())
}

/// The bids that runs decided to close since a time. Those of a clock that was ahead count too.
pub fn since(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<BTreeSet<BidNumber>, store::Error> {
    let sql = "SELECT bid FROM bid_closings WHERE at >= ?1";
    let bids = snapshot.rows(sql, [StoredTime(since)], |row| row.get(0).map(BidNumber))?;
    Ok(bids.into_iter().collect())
}

/// Forgets what was decided before a time.
pub fn forget(change: &Change<'_>, before: Timestamp) -> Result<usize, store::Error> {
    change.execute("DELETE FROM bid_closings WHERE at < ?1", [StoredTime(before)])
}

//! `reservations`: capacity that is promised to a bid.

use jiff::Timestamp;
use rusqlite::params;

use super::rows::BidNumber;
use super::value::Stored;
use crate::domain::bid::State;
use crate::domain::bid::capacity::Footprint;
use crate::store::{self, Change, Snapshot, StoredTime};

/// Capacity that is promised to a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reservation {
    /// The bid.
    pub bid: BidNumber,
    /// Where it stands.
    pub state: State,
    /// Of which back end.
    pub back_end: String,
    /// What.
    pub footprint: Footprint,
    /// Until when; none for a lease.
    pub expires_at: Option<Timestamp>,
}

/// Promises capacity to a bid, or makes its promise anew.
pub fn hold(
    change: &Change<'_>,
    bid: BidNumber,
    back_end: &str,
    footprint: &Footprint,
    expires_at: Option<Timestamp>,
) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO reservations (bid, back_end, footprint, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (bid) DO UPDATE SET back_end = ?2, footprint = ?3, expires_at = ?4",
        params![bid.0, back_end, Stored(footprint), expires_at.map(StoredTime)],
    )?;
    Ok(())
}

/// Takes the promise of a bid back.
pub fn free(change: &Change<'_>, bid: BidNumber) -> Result<(), store::Error> {
    change.execute("DELETE FROM reservations WHERE bid = ?1", [bid.0])?;
    Ok(())
}

/// Says until when the promise of a bid counts; none: for as long as its lease is there.
pub fn extend(change: &Change<'_>, bid: BidNumber, expires_at: Option<Timestamp>) -> Result<(), store::Error> {
    change.execute(
        "UPDATE reservations SET expires_at = ?2 WHERE bid = ?1",
        params![bid.0, expires_at.map(StoredTime)],
    )?;
    Ok(())
}

/// The promise of a bid.
pub fn of(snapshot: &Snapshot<'_>, bid: BidNumber) -> Result<Option<Reservation>, store::Error> {
    let sql = "SELECT bid, state, reservations.back_end, footprint, expires_at
               FROM reservations JOIN bids ON bids.id = bid WHERE bid = ?1";
    snapshot.row(sql, [bid.0], read)
}

/// The promises that count at a time, the oldest first. What is on its way may be on the chain at any moment: its promise
/// counts until the outbox knows what became of it, however long that takes.
pub fn standing(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Vec<Reservation>, store::Error> {
    let sql = "SELECT bid, state, reservations.back_end, footprint, expires_at
               FROM reservations JOIN bids ON bids.id = bid
               WHERE expires_at IS NULL OR expires_at > ?1 OR state = 'queued' ORDER BY bid";
    snapshot.rows(sql, [StoredTime(now)], read)
}

/// Forgets promises whose time is over, those of bids that are on their way left out. Gives back how many.
pub fn forget(change: &Change<'_>, now: Timestamp) -> Result<usize, store::Error> {
    let sql = "DELETE FROM reservations
               WHERE expires_at <= ?1 AND bid NOT IN (SELECT id FROM bids WHERE state = 'queued')";
    change.execute(sql, [StoredTime(now)])
}

fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Reservation> {
    Ok(Reservation {
        bid: BidNumber(row.get(0)?),
        state: row.get::<_, Stored<State>>(1)?.0,
        back_end: row.get(2)?,
        footprint: row.get::<_, Stored<Footprint>>(3)?.0,
        expires_at: row.get::<_, Option<StoredTime>>(4)?.map(|time| time.0),
    })
}

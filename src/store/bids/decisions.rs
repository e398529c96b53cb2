//! `bid_decisions`: why an order got no bid, and until when that holds.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::params;
use sha2::{Digest, Sha256};

use super::declines::Tally;
use crate::domain::bid::Reason;
use crate::store::job_runs::RunId;
use crate::store::outbox::Stamp;
use crate::store::{self, Change, Snapshot, StoredTime};

/// What an order is known by among decisions: the first 16 bytes of the SHA-256 of chain and order id.
pub type Key = u128;

/// Until when a decision holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// As long as the order is there.
    ForEver,
    /// While a digest is the same.
    Digest(u64),
    /// Until a time.
    Until(Timestamp),
    /// Until a time, and while a digest is the same.
    UntilOn(Timestamp, u64),
    /// In this run only.
    Run,
}

/// A decision against an order.
#[derive(Debug, Clone)]
pub struct Declined<'a> {
    /// What it is known by.
    pub key: Key,
    /// The order.
    pub order: &'a str,
    /// Why.
    pub reason: &'a Reason,
    /// Until when.
    pub holds: Holds,
}

/// A decision as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The order.
    pub order: String,
    /// When.
    pub at: Timestamp,
    /// In which run.
    pub run: Option<RunId>,
    /// The coarse reason.
    pub code: String,
    /// The reason with its operands, as JSON.
    pub reason: String,
    /// Since when the order is no longer listed.
    pub gone_at: Option<Timestamp>,
}

/// When an order was decided about, and how that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stood {
    /// When it was decided.
    pub at: Timestamp,
    /// The coarse reason.
    pub code: String,
    /// Until when that holds.
    pub holds: Holds,
}

/// What an order of a chain is known by.
pub fn key(chain: &str, order: &str) -> Key {
    let hash = Sha256::new().chain_update(chain).chain_update([0]).chain_update(order).finalize();
    hash.iter().take(16).fold(0, |key, byte| key << 8 | Key::from(*byte))
}

/// Writes decisions down, each in the place of the one before, and counts those that are new or have another reason.
pub fn record(change: &Change<'_>, declined: &[Declined<'_>], stamp: Stamp) -> Result<(), store::Error> {
    let mut tally = Tally::default();
    for one in declined {
        tally.note(change, one.key, one.reason)?;
        let reason = serde_json::to_string(one.reason).unwrap_or_else(|_| "{}".to_owned());
        let (lasts, digest, until, basis) = match one.holds {
            Holds::ForEver => ("for_ever", None, None, None),
            Holds::Digest(digest) => ("digest", Some(digest.cast_signed()), None, None),
            Holds::Until(time) => ("time", None, Some(StoredTime(time)), None),
            Holds::UntilOn(time, digest) => ("time", None, Some(StoredTime(time)), Some(digest.cast_signed())),
            Holds::Run => ("run", None, None, None),
        };
        change.execute(
            "INSERT INTO bid_decisions (key, order_id, at, run, code, reason, lasts, digest, until, basis)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (key) DO UPDATE SET at = ?3, run = ?4, code = ?5, reason = ?6, lasts = ?7, digest = ?8,
               until = ?9, basis = ?10, tries = 0, gone_at = NULL",
            params![
                one.key.to_be_bytes(),
                one.order,
                StoredTime(stamp.at),
                stamp.run.map(|run| run.0),
                one.reason.code().word(),
                reason,
                lasts,
                digest,
                until,
                basis,
            ],
        )?;
    }
    tally.add(change)
}

/// What would decide about an order could not be read: after so many times in a row it is left alone until a time, so that
/// the orders behind it get their turn.
pub fn unseen(
    change: &Change<'_>,
    (key, order): (Key, &str),
    reason: &Reason,
    (most, until): (u32, Timestamp),
    stamp: Stamp,
) -> Result<(), store::Error> {
    let json = serde_json::to_string(reason).unwrap_or_else(|_| "{}".to_owned());
    let mut tally = Tally::default();
    tally.note(change, key, reason)?;
    change.execute(
        "INSERT INTO bid_decisions (key, order_id, at, run, code, reason, lasts, tries)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'run', 1)
         ON CONFLICT (key) DO UPDATE SET at = ?3, run = ?4, code = ?5, reason = ?6, digest = NULL, basis = NULL, tries = tries + 1,
           lasts = iif(tries + 1 >= ?7, 'time', 'run'), until = iif(tries + 1 >= ?7, ?8, NULL), gone_at = NULL",
        params![
            key.to_be_bytes(),
            order,
            StoredTime(stamp.at),
            stamp.run.map(|run| run.0),
            reason.code().word(),
            json,
            most,
            StoredTime(until),
        ],
    )?;
    tally.add(change)
}

/// Looks at what is known of each order that was still listed: its key, and until when the decision holds.
pub fn each_known(snapshot: &Snapshot<'_>, mut look: impl FnMut(Key, Holds)) -> Result<(), store::Error> {
    let sql = "SELECT key, lasts, digest, until, basis FROM bid_decisions WHERE gone_at IS NULL";
    snapshot.each(sql, [], |row| {
        let key: [u8; 16] = row.get(0)?;
        look(Key::from_be_bytes(key), holds(row)?);
        Ok(())
    })
}

/// Until when the decision against an order holds, if there is one.
pub fn known(snapshot: &Snapshot<'_>, key: Key) -> Result<Option<Holds>, store::Error> {
    let sql = "SELECT key, lasts, digest, until, basis FROM bid_decisions WHERE key = ?1 AND gone_at IS NULL";
    snapshot.row(sql, params![key.to_be_bytes()], holds)
}

fn holds(row: &rusqlite::Row<'_>) -> rusqlite::Result<Holds> {
    Ok(match row.get_ref(1)?.as_str()? {
        "for_ever" => Holds::ForEver,
        "digest" => Holds::Digest(row.get::<_, i64>(2)?.cast_unsigned()),
        "time" => {
            let time = row.get::<_, StoredTime>(3)?.0;
            let basis: Option<i64> = row.get(4)?;
            basis.map_or(Holds::Until(time), |basis| Holds::UntilOn(time, basis.cast_unsigned()))
        }
        _ => Holds::Run,
    })
}

/// Notes that orders are no longer listed.
pub fn gone(change: &Change<'_>, keys: impl IntoIterator<Item = Key>, now: Timestamp) -> Result<(), store::Error> {
    for key in keys {
        change.execute(
            "UPDATE bid_decisions SET gone_at = ?2 WHERE key = ?1",
            params![key.to_be_bytes(), StoredTime(now)],
        )?;
    }
    Ok(())
}

/// The order got a bid after all: what was decided against it is history.
pub fn forget(change: &Change<'_>, key: Key) -> Result<(), store::Error> {
    change.execute("DELETE FROM bid_decisions WHERE key = ?1", params![key.to_be_bytes()])?;
    Ok(())
}

/// The last decision against an order.
pub fn of(snapshot: &Snapshot<'_>, key: Key) -> Result<Option<Decision>, store::Error> {
    let sql = "SELECT order_id, at, run, code, reason, gone_at FROM bid_decisions WHERE key = ?1";
    snapshot.row(sql, params![key.to_be_bytes()], |row| {
        Ok(Decision {
            order: row.get(0)?,
            at: row.get::<_, StoredTime>(1)?.0,
            run: row.get::<_, Option<i64>>(2)?.map(RunId),
            code: row.get(3)?,
            reason: row.get(4)?,
            gone_at: row.get::<_, Option<StoredTime>>(5)?.map(|time| time.0),
        })
    })
}

/// Every decision against an order that was still listed, with until when it holds.
pub fn standing(snapshot: &Snapshot<'_>) -> Result<HashMap<Key, Stood>, store::Error> {
    let sql = "SELECT key, lasts, digest, until, basis, at, code FROM bid_decisions WHERE gone_at IS NULL";
    let mut standing = HashMap::new();
    snapshot.each(sql, [], |row| {
        let key: [u8; 16] = row.get(0)?;
        let stood = Stood { at: row.get::<_, StoredTime>(5)?.0, code: row.get(6)?, holds: holds(row)? };
        standing.insert(Key::from_be_bytes(key), stood);
        Ok(())
    })?;
    Ok(standing)
}

/// How many orders that are still listed were declined, by coarse reason.
pub fn counts(snapshot: &Snapshot<'_>) -> Result<Vec<(String, u64)>, store::Error> {
    let sql = "SELECT code, count(*) FROM bid_decisions WHERE gone_at IS NULL GROUP BY code ORDER BY 2 DESC, 1";
    snapshot.rows(sql, [], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())))
}

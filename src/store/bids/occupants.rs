//! What runs, or is to run, beyond the promises to bids: the operator's own workloads, and those of leases that are over
//! and have not ended yet.

use jiff::Timestamp;
use rusqlite::types::{FromSqlError, Type};

use crate::domain::manifest::{Group, Manifest};
use crate::store::{self, Snapshot, StoredTime};

/// A workload for which no promise to a bid counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occupant {
    /// Its id.
    pub workload: String,
    /// The back end that it is on; none where it was given to none yet.
    pub back_end: Option<String>,
    /// What runs by its manifest, or should; none where nobody knows it.
    pub group: Option<Group>,
}

/// Those at a time, in the order of their ids.
pub fn occupants(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Vec<Occupant>, store::Error> {
    // What is deployed takes its place; until then what is wanted will.
    let sql = "SELECT w.id, w.adapter,
                 (SELECT manifest FROM manifests m WHERE m.workload = w.id AND m.revision = coalesce(w.deployed, w.revision))
               FROM workloads w
               WHERE w.state <> 'terminated' AND NOT EXISTS (
                 SELECT 1 FROM reservations r JOIN bids b ON b.id = r.bid
                 WHERE b.order_id || '/' || b.provider = w.owner AND (r.expires_at IS NULL OR r.expires_at > ?1))
               ORDER BY w.id";
    snapshot.rows(sql, [StoredTime(now)], |row| {
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(2, Type::Text, error)
        };
        let text: Option<String> = row.get(2)?;
        let group = text
            .map(|text| {
                let (manifest, _) = Manifest::read_json(&text).map_err(|error| wrong(error.into()))?;
                manifest.groups.into_iter().next().ok_or_else(|| wrong(FromSqlError::InvalidType.into()))
            })
            .transpose()?;
        Ok(Occupant { workload: row.get(0)?, back_end: row.get(1)?, group })
    })
}

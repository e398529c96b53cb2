//! The table `workload_checks`: what the checks of manifests found last.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;

use crate::domain::workload::WorkloadId;
use crate::domain::workload::health::Checked;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// A check that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRow {
    /// When.
    pub at: Timestamp,
    /// The service.
    pub service: String,
    /// Which of its instances, from 0.
    pub replica: u32,
    /// What was checked: `http`, `tcp`, `command`.
    pub kind: String,
    /// Whether it was well.
    pub healthy: bool,
    /// What was seen.
    pub detail: String,
}

/// Keeps what a check found, in place of what was found before.
pub fn keep(change: &Change<'_>, workload: &WorkloadId, found: &Checked, now: Timestamp) -> Result<(), Error> {
    change.execute(
        "INSERT INTO workload_checks (workload, service, replica, kind, at, healthy, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (workload, service, replica) DO UPDATE SET kind = ?4, at = ?5, healthy = ?6, detail = ?7",
        params![
            workload.as_str(),
            found.service,
            found.replica,
            found.kind,
            StoredTime(now),
            found.healthy,
            found.detail
        ],
    )?;
    Ok(())
}

/// The checks of a workload.
pub fn of(snapshot: &Snapshot<'_>, workload: &WorkloadId) -> Result<Vec<CheckRow>, Error> {
    let sql = "SELECT at, service, replica, kind, healthy, detail FROM workload_checks
               WHERE workload = ?1 ORDER BY service, replica";
    snapshot.rows(sql, [workload.as_str()], |row| {
        Ok(CheckRow {
            at: row.get::<_, StoredTime>(0)?.0,
            service: row.get(1)?,
            replica: row.get(2)?,
            kind: row.get(3)?,
            healthy: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

/// When each workload was checked last.
pub fn last(snapshot: &Snapshot<'_>) -> Result<BTreeMap<String, Timestamp>, Error> {
    let sql = "SELECT workload, max(at) FROM workload_checks GROUP BY workload";
    let rows = snapshot.rows(sql, [], |row| Ok((row.get(0)?, row.get::<_, StoredTime>(1)?.0)))?;
    Ok(rows.into_iter().collect())
}

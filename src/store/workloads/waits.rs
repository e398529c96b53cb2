//! The table `manifest_waits`: since when it is known that a deployment wants another manifest than the one that came.

use jiff::Timestamp;
use rusqlite::params;

use crate::domain::workload::{Revision, WorkloadId};
use crate::store::{Change, Error, Snapshot, StoredTime};

/// Notes that a manifest is waited for. Gives back since when: for another one it begins anew.
pub fn note(
    change: &Change<'_>,
    workload: &WorkloadId,
    revision: Revision,
    now: Timestamp,
) -> Result<Timestamp, Error> {
    change.execute(
        "INSERT INTO manifest_waits (workload, revision, since) VALUES (?1, ?2, ?3)
         ON CONFLICT (workload) DO UPDATE SET revision = ?2, since = ?3 WHERE revision <> ?2",
        params![workload.as_str(), revision.0, StoredTime(now)],
    )?;
    Ok(since(change, workload, revision)?.unwrap_or(now))
}

/// Since when a manifest is waited for, if it is.
pub fn since(snapshot: &Snapshot<'_>, workload: &WorkloadId, revision: Revision) -> Result<Option<Timestamp>, Error> {
    let sql = "SELECT since FROM manifest_waits WHERE workload = ?1 AND revision = ?2";
    snapshot.row(sql, params![workload.as_str(), revision.0], |row| Ok(row.get::<_, StoredTime>(0)?.0))
}

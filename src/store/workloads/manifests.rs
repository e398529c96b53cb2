//! The table `manifests`: what tenants sent, by workload and version.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::params;
use rusqlite::types::{FromSqlError, Type};

use super::columns::Json;
use crate::domain::manifest::{Group, Manifest};
use crate::domain::workload::{Probe, Revision, WorkloadId};
use crate::store::{Change, Error, Snapshot, StoredTime};

/// A manifest as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Its version: of the whole manifest as it came, not of the group alone.
    pub revision: Revision,
    /// The group that runs here.
    pub group: Group,
    /// The checks that it asks for, by service.
    pub probes: BTreeMap<String, Probe>,
}

/// Keeps a manifest; one of the same version is replaced, for its checks may differ.
pub fn keep(change: &Change<'_>, workload: &WorkloadId, kept: &Kept, now: Timestamp) -> Result<(), Error> {
    let manifest = Manifest { groups: vec![kept.group.clone()] }.to_json();
    change.execute(
        "INSERT INTO manifests (workload, revision, manifest, probes, received) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (workload, revision) DO UPDATE SET manifest = ?3, probes = ?4",
        params![workload.as_str(), kept.revision.0, manifest, Json(&kept.probes), StoredTime(now)],
    )?;
    Ok(())
}

/// Forgets the manifests of a workload that is over: tenants' secrets are in them.
pub fn forget(change: &Change<'_>, workload: &WorkloadId) -> Result<(), Error> {
    change.execute("DELETE FROM manifests WHERE workload = ?1", [workload.as_str()]).map(drop)
}

/// Forgets all but the manifest that is wanted and the one that was deployed.
pub fn forget_old(change: &Change<'_>, workload: &WorkloadId) -> Result<(), Error> {
    let sql = "DELETE FROM manifests WHERE workload = ?1 AND revision NOT IN (SELECT revision FROM workloads WHERE id = ?1 AND revision IS NOT NULL
               UNION SELECT deployed FROM workloads WHERE id = ?1 AND deployed IS NOT NULL)";
    change.execute(sql, [workload.as_str()]).map(drop)
}

/// The manifest of a version.
pub fn one(snapshot: &Snapshot<'_>, workload: &WorkloadId, revision: Revision) -> Result<Option<Kept>, Error> {
    let sql = "SELECT manifest, probes FROM manifests WHERE workload = ?1 AND revision = ?2";
    snapshot.row(sql, params![workload.as_str(), revision.0], |row| {
        let text: String = row.get(0)?;
        let wrong = |error: Box<dyn std::error::Error + Send + Sync>| {
            rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error)
        };
        let (manifest, _) = Manifest::read_json(&text).map_err(|error| wrong(error.into()))?;
        let group = manifest.groups.into_iter().next().ok_or_else(|| wrong(FromSqlError::InvalidType.into()))?;
        Ok(Kept { revision, group, probes: row.get::<_, Json<_>>(1)?.0 })
    })
}

/// The checks that running workloads ask for, by workload; those that ask for none are not among them.
pub fn probes(snapshot: &Snapshot<'_>) -> Result<BTreeMap<String, BTreeMap<String, Probe>>, Error> {
    let sql = "SELECT w.id, m.probes FROM workloads w JOIN manifests m ON m.workload = w.id AND m.revision = w.deployed
               WHERE w.state = 'running' AND m.probes <> '{}'";
    let rows = snapshot.rows(sql, [], |row| Ok((row.get(0)?, row.get::<_, Json<_>>(1)?.0)))?;
    Ok(rows.into_iter().collect())
}

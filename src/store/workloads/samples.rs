//! The table `final_samples`: the last meters of units before they were paused or ended.

use std::time::Duration;

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::columns::Words;
use crate::domain::resources::Bytes;
use crate::domain::usage::{Meters, Sample};
use crate::domain::workload::WorkloadId;
use crate::store::{Change, Error, Snapshot, StoredTime};

/// Keeps a unit's last meters. Of two samples of one incarnation the later counts.
pub fn keep(change: &Change<'_>, sample: &Sample) -> Result<(), Error> {
    let bytes = |bytes: Bytes| i64::try_from(bytes.0).unwrap_or(i64::MAX);
    let Meters { cpu, memory, storage, received, sent } = sample.meters;
    change.execute(
        "INSERT INTO final_samples (workload, service, replica, incarnation, at, cpu, memory, storage, received, sent)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (workload, service, replica, incarnation) DO UPDATE
         SET at = ?5, cpu = ?6, memory = ?7, storage = ?8, received = ?9, sent = ?10 WHERE at < ?5",
        params![
            sample.workload.as_str(),
            sample.service,
            sample.replica,
            sample.incarnation,
            StoredTime(sample.at),
            i64::try_from(cpu.as_micros()).unwrap_or(i64::MAX),
            bytes(memory),
            storage.map(bytes),
            received.map(bytes),
            sent.map(bytes),
        ],
    )?;
    Ok(())
}

/// The last meters of a workload's units, each incarnation of each.
pub fn of(snapshot: &Snapshot<'_>, workload: &WorkloadId) -> Result<Vec<Sample>, Error> {
    let sql = "SELECT workload, service, replica, incarnation, at, cpu, memory, storage, received, sent
               FROM final_samples WHERE workload = ?1 ORDER BY service, replica, at";
    snapshot.rows(sql, [workload.as_str()], read)
}

/// The last meters of every unit that ended, or was paused, at a time or later.
pub fn since(snapshot: &Snapshot<'_>, at: Timestamp) -> Result<Vec<Sample>, Error> {
    let sql = "SELECT workload, service, replica, incarnation, at, cpu, memory, storage, received, sent
               FROM final_samples WHERE at >= ?1 ORDER BY workload, service, replica, at";
    snapshot.rows(sql, [StoredTime(at)], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Sample> {
    let bytes = |place: usize| -> rusqlite::Result<Option<Bytes>> {
        Ok(row.get::<_, Option<i64>>(place)?.map(|bytes| Bytes(bytes.unsigned_abs())))
    };
    Ok(Sample {
        workload: row.get::<_, Words<WorkloadId>>(0)?.0,
        service: row.get(1)?,
        replica: row.get(2)?,
        incarnation: row.get(3)?,
        at: row.get::<_, StoredTime>(4)?.0,
        meters: Meters {
            cpu: Duration::from_micros(row.get::<_, i64>(5)?.unsigned_abs()),
            memory: bytes(6)?.unwrap_or_default(),
            storage: bytes(7)?,
            received: bytes(8)?,
            sent: bytes(9)?,
        },
    })
}

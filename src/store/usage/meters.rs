//! `usage_meters`: the meter of each workload under a lease.

use rusqlite::{Row, params};

use super::value::{At, Json, Text, lease};
use crate::domain::amount::DecCoin;
use crate::domain::id::LeaseId;
use crate::domain::usage::{Allocation, Meter, Moment};
use crate::store::{Change, Error, Snapshot};

/// The number of a meter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MeterId(pub i64);

/// A meter as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeterRow {
    /// Its number.
    pub id: MeterId,
    /// Under which lease.
    pub lease: LeaseId,
    /// Of which workload.
    pub workload: String,
    /// What it knows.
    pub meter: Meter,
    /// When the workload or its lease ended.
    pub ended_at: Option<Moment>,
    /// What the lease reserves.
    pub allocated: Option<Allocation>,
    /// What the lease earns by the block.
    pub lease_price: Option<DecCoin>,
}

/// What a meter is opened for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeter {
    /// Under which lease.
    pub lease: LeaseId,
    /// Of which workload.
    pub workload: String,
    /// What the lease reserves, where it is known.
    pub allocated: Option<Allocation>,
    /// What the lease earns by the block, where it is known.
    pub lease_price: Option<DecCoin>,
}

const COLUMNS: &str = "id, usage_meters.lease, workload, ended_at, state, allocated,
     coalesce(lease_price, (SELECT rate FROM lease_payments AS paid WHERE paid.lease = usage_meters.lease)) AS lease_price";

/// Begins to meter a lease. One that is metered already stays as it is; gives back whether it is new.
pub fn open(change: &Change<'_>, new: &NewMeter, meter: &Meter) -> Result<bool, Error> {
    let rows = change.execute(
        "INSERT INTO usage_meters (lease, workload, opened_at, position_at, state, allocated, lease_price)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (lease) DO NOTHING",
        params![
            new.lease.to_string(),
            new.workload,
            At(meter.opened_at()),
            At(meter.position()),
            Json(meter),
            new.allocated.map(Json),
            new.lease_price.as_ref().map(Text),
        ],
    )?;
    Ok(rows == 1)
}

/// Every meter that runs, in the order of their numbers.
pub fn running(snapshot: &Snapshot<'_>) -> Result<Vec<MeterRow>, Error> {
    snapshot.rows(&format!("SELECT {COLUMNS} FROM usage_meters WHERE ended_at IS NULL ORDER BY id"), [], read)
}

/// The leases whose meters run, and the workloads that they meter.
pub fn whose(snapshot: &Snapshot<'_>) -> Result<Vec<(LeaseId, String)>, Error> {
    snapshot.rows("SELECT lease, workload FROM usage_meters WHERE ended_at IS NULL ORDER BY id", [], |row| {
        Ok((lease(row, "lease")?, row.get("workload")?))
    })
}

/// The meter of a lease.
pub fn of_lease(snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<MeterRow>, Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM usage_meters WHERE lease = ?1"), [lease.to_string()], read)
}

/// Writes down what a meter knows now. A meter that has ended is never changed again.
pub fn save(change: &Change<'_>, id: MeterId, meter: &Meter) -> Result<(), Error> {
    change.execute(
        "UPDATE usage_meters SET position_at = ?2, state = ?3 WHERE id = ?1 AND ended_at IS NULL",
        params![id.0, At(meter.position()), Json(meter)],
    )?;
    Ok(())
}

/// Writes down that a meter has ended; its windows are records.
pub fn end(change: &Change<'_>, id: MeterId, at: Moment) -> Result<(), Error> {
    change
        .execute("UPDATE usage_meters SET ended_at = ?2 WHERE id = ?1 AND ended_at IS NULL", params![id.0, At(at)])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<MeterRow> {
    Ok(MeterRow {
        id: MeterId(row.get("id")?),
        lease: lease(row, "lease")?,
        workload: row.get("workload")?,
        meter: row.get::<_, Json<Meter>>("state")?.0,
        ended_at: row.get::<_, Option<At>>("ended_at")?.map(|at| at.0),
        allocated: row.get::<_, Option<Json<Allocation>>>("allocated")?.map(|allocated| allocated.0),
        lease_price: row.get::<_, Option<Text<DecCoin>>>("lease_price")?.map(|price| price.0),
    })
}

/// What all metered leases reserve.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Reserved {
    /// Thousandths of cores.
    pub cpu: u128,
    /// Bytes.
    pub memory: u128,
    /// Bytes.
    pub storage: u128,
    /// GPUs.
    pub gpus: u128,
}

/// What all leases reserve that are metered now.
pub fn reserved(snapshot: &Snapshot<'_>) -> Result<Reserved, Error> {
    let mut all = Reserved::default();
    let sql = "SELECT allocated FROM usage_meters WHERE ended_at IS NULL AND allocated IS NOT NULL";
    snapshot.each(sql, [], |row| {
        let one = row.get::<_, Json<Allocation>>(0)?.0;
        all.cpu += u128::from(one.cpu_milli_cores.0);
        all.memory += u128::from(one.memory_bytes.0);
        all.storage += u128::from(one.storage_bytes.0);
        all.gpus += u128::from(one.gpus);
        Ok(())
    })?;
    Ok(all)
}

//! What leases used lately: what is usual, and what the newest record says.

use rusqlite::params;

use crate::domain::fraud::Traffic;
use crate::domain::id::LeaseId;
use crate::domain::usage::{Allocation, Metrics};
use crate::store::usage::value::{At, Json, Text, metrics};
use crate::store::{self, Snapshot};

/// How many of the newest records of a lease its usual traffic comes from, and how few are too few to say.
const HISTORY: u32 = 24;
const LEAST_HISTORY: i64 = 3;

/// The traffic of a lease by its newest signed records; `None` if there are too few of them.
pub fn usual_traffic(snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<Traffic>, store::Error> {
    let (mut traffic, mut records) = (Traffic::default(), 0_i64);
    snapshot.each(
        "SELECT start_at, end_at, network_bytes_in, network_bytes_out FROM usage_records
         WHERE lease = ?1 AND current = 1 AND hash IS NOT NULL
           AND (network_bytes_in IS NOT NULL OR network_bytes_out IS NOT NULL)
         ORDER BY start_at DESC LIMIT ?2",
        params![lease.to_string(), HISTORY],
        |row| {
            for column in ["network_bytes_in", "network_bytes_out"] {
                let bytes = row.get::<_, Option<Text<i128>>>(column)?.map_or(0, |figure| figure.0);
                traffic.bytes = traffic.bytes.saturating_add(bytes);
            }
            let seconds = row.get::<_, At>("end_at")?.0.since(row.get::<_, At>("start_at")?.0);
            traffic.seconds = traffic.seconds.saturating_add(seconds);
            records += 1;
            Ok(())
        },
    )?;
    Ok((records >= LEAST_HISTORY).then_some(traffic))
}

/// What a running workload used in its newest window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewestUse {
    /// The workload.
    pub workload: String,
    /// What was used.
    pub used: Metrics,
    /// In how many seconds.
    pub seconds: u64,
    /// What its lease reserves.
    pub allocated: Allocation,
}

/// The newest record of each workload that is metered now and whose reservation is known. What is held is not believed.
pub fn newest_use(snapshot: &Snapshot<'_>) -> Result<Vec<NewestUse>, store::Error> {
    snapshot.rows(
        "SELECT records.*, meters.allocated AS reserved FROM usage_meters AS meters
         JOIN usage_records AS records ON records.id = (
           SELECT id FROM usage_records WHERE lease = meters.lease AND current = 1 AND hash IS NOT NULL
           ORDER BY start_at DESC LIMIT 1)
         WHERE meters.ended_at IS NULL AND meters.allocated IS NOT NULL ORDER BY meters.id",
        [],
        |row| {
            let seconds = row.get::<_, At>("end_at")?.0.since(row.get::<_, At>("start_at")?.0);
            Ok(NewestUse {
                workload: row.get("workload")?,
                used: metrics(row)?,
                seconds: u64::try_from(seconds).unwrap_or(0),
                allocated: row.get::<_, Json<Allocation>>("reserved")?.0,
            })
        },
    )
}

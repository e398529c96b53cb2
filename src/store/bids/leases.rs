//! `leases`: leases as they were last seen, and what is due for each.

use jiff::Timestamp;
use rusqlite::{Row, params};

use super::value::Stored;
use crate::domain::amount::DecCoin;
use crate::store::{self, Change, Snapshot, StoredTime};

/// A lease as it was last seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// `owner/dseq/gseq/oseq/provider`.
    pub id: String,
    /// The chain id.
    pub chain: String,
    /// The chain's word for where it stands.
    pub state: String,
    /// What it earns by the block.
    pub price: DecCoin,
    /// The back end that its workload is on.
    pub back_end: Option<String>,
    /// The height at which it was made.
    pub created_at: u64,
    /// The height at which it ended.
    pub closed_height: Option<u64>,
    /// Why it ended, and who says so.
    pub reason: Option<(String, String)>,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// When it was last seen.
    pub last_seen: Timestamp,
    /// When a withdrawal from it was last queued.
    pub withdrawn_at: Option<Timestamp>,
    /// When the escrow is empty at the present rates.
    pub funded_until: Option<Timestamp>,
    /// When its tenant's funds were last warned of.
    pub warned_at: Option<Timestamp>,
}

const COLUMNS: &str = "id, chain, state, price, back_end, created_at, closed_height, reason, reason_source, first_seen,
     last_seen, withdrawn_at, funded_until, warned_at";

/// Writes down how a lease was seen. When it was first seen, withdrawn from and warned of stays.
pub fn see(change: &Change<'_>, lease: &Lease) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO leases (id, chain, state, price, back_end, created_at, closed_height, reason, reason_source,
           first_seen, last_seen, funded_until)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (id) DO UPDATE SET state = ?3, price = ?4, back_end = coalesce(back_end, ?5),
           closed_height = ?7, reason = coalesce(?8, reason), reason_source = coalesce(?9, reason_source),
           last_seen = ?11, funded_until = ?12",
        params![
            lease.id,
            lease.chain,
            lease.state,
            Stored(&lease.price),
            lease.back_end,
            Stored(lease.created_at),
            lease.closed_height.map(Stored),
            lease.reason.as_ref().map(|(reason, _)| reason),
            lease.reason.as_ref().map(|(_, source)| source),
            StoredTime(lease.first_seen),
            StoredTime(lease.last_seen),
            lease.funded_until.map(StoredTime),
        ],
    )?;
    Ok(())
}

/// Remembers that a withdrawal was queued.
pub fn withdrawn(change: &Change<'_>, id: &str, at: Timestamp) -> Result<(), store::Error> {
    change.execute("UPDATE leases SET withdrawn_at = ?2 WHERE id = ?1", params![id, StoredTime(at)])?;
    Ok(())
}

/// Remembers that its funds were warned of, or that they are well again.
pub fn warned(change: &Change<'_>, id: &str, at: Option<Timestamp>) -> Result<(), store::Error> {
    change.execute("UPDATE leases SET warned_at = ?2 WHERE id = ?1", params![id, at.map(StoredTime)])?;
    Ok(())
}

/// A lease.
pub fn of(snapshot: &Snapshot<'_>, id: &str) -> Result<Option<Lease>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM leases WHERE id = ?1"), [id], read)
}

/// The leases of a chain that had not ended when they were last seen.
pub fn running(snapshot: &Snapshot<'_>, chain: &str) -> Result<Vec<Lease>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM leases WHERE chain = ?1 AND state NOT IN ('closed', 'insufficient_funds') ORDER BY id"
    );
    snapshot.rows(&sql, [chain], read)
}

/// How leases stand, as whoever looked last has seen each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Leases that run.
    pub active: u64,
    /// Leases that ended: why, and how many.
    pub closed: Vec<(String, u64)>,
    /// When one was seen last.
    pub seen_at: Option<Timestamp>,
}

/// How all leases stand that are remembered: by their own rows, and by those of their payments.
pub fn standing(snapshot: &Snapshot<'_>) -> Result<Standing, store::Error> {
    let mut standing = Standing::default();
    snapshot.each(
        "WITH seen (id, state, at) AS (
           SELECT id, state, last_seen FROM leases UNION ALL SELECT lease, lease_state, seen_at FROM lease_payments),
         newest (id, state, at) AS (SELECT id, state, max(at) FROM seen GROUP BY id)
         SELECT CASE WHEN newest.state IN ('active', 'reclaiming') THEN NULL
                     WHEN newest.state = 'closed' THEN coalesce(leases.reason, 'unknown')
                     ELSE coalesce(leases.reason, newest.state) END AS ended,
           count(*), max(newest.at)
         FROM newest LEFT JOIN leases ON leases.id = newest.id GROUP BY ended ORDER BY 2 DESC, 1",
        [],
        |row| {
            let many = row.get::<_, i64>(1)?.unsigned_abs();
            match row.get::<_, Option<String>>(0)? {
                None => standing.active = many,
                Some(reason) => standing.closed.push((reason, many)),
            }
            standing.seen_at = standing.seen_at.max(Some(row.get::<_, StoredTime>(2)?.0));
            Ok(())
        },
    )?;
    Ok(standing)
}

/// All leases of a chain that we have seen and not forgotten.
pub fn all(snapshot: &Snapshot<'_>, chain: &str) -> Result<Vec<Lease>, store::Error> {
    snapshot.rows(&format!("SELECT {COLUMNS} FROM leases WHERE chain = ?1 ORDER BY id"), [chain], read)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Lease> {
    let time = |name: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<StoredTime>>(name)?.map(|time| time.0));
    let reason: Option<String> = row.get("reason")?;
    let source: Option<String> = row.get("reason_source")?;
    Ok(Lease {
        id: row.get("id")?,
        chain: row.get("chain")?,
        state: row.get("state")?,
        price: row.get::<_, Stored<DecCoin>>("price")?.0,
        back_end: row.get("back_end")?,
        created_at: row.get::<_, Stored<u64>>("created_at")?.0,
        closed_height: row.get::<_, Option<Stored<u64>>>("closed_height")?.map(|height| height.0),
        reason: reason.zip(source),
        first_seen: row.get::<_, StoredTime>("first_seen")?.0,
        last_seen: row.get::<_, StoredTime>("last_seen")?.0,
        withdrawn_at: time("withdrawn_at")?,
        funded_until: time("funded_until")?,
        warned_at: time("warned_at")?,
    })
}

//! `usage_records`: one row for each window and revision.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Row, params, params_from_iter};
use serde::{Deserialize, Serialize};

use super::value::{At, Json, Text, figures, lease, metrics, state, unreadable};
use super::{Error, charges};
use crate::domain::fraud::{Flag, Traffic};
use crate::domain::id::LeaseId;
use crate::domain::usage::state::{Event, State};
use crate::domain::usage::{
    Allocation, Facts, Gap, Held, Kind, Metrics, Pricing, Record, Review, Signed, Source, Window,
};
use crate::store::prune::Rule;
use crate::store::{self, Change, Snapshot, StoredTime};

/// The number of a record in this state file; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RecordId(pub i64);

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// A record as the state file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Its number.
    pub id: RecordId,
    /// What it says.
    pub facts: Facts,
    /// No later revision has taken its place.
    pub current: bool,
    /// What the fraud check found.
    pub flags: Vec<Flag>,
    /// Who approved it all the same.
    pub review: Option<Review>,
    /// Where it stands.
    pub state: State,
    /// Why, where that says more.
    pub detail: Option<String>,
    /// The sum of its charges.
    pub cost: Option<String>,
    /// Submissions that failed.
    pub attempts: u32,
    /// When the next one is due.
    pub next_attempt_at: Option<Timestamp>,
    /// Hash, signature and public key.
    pub seal: Option<Seal>,
}

/// What makes a record verifiable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seal {
    /// The SHA-256 of the canonical form.
    pub hash: [u8; 32],
    /// The Ed25519 signature of the hash.
    pub signature: [u8; 64],
    /// The key that made it.
    pub public_key: [u8; 32],
}

/// Which records to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this lease only.
    pub lease: Option<String>,
    /// Of this tenant only.
    pub tenant: Option<String>,
    /// In these states only; in any where it is empty.
    pub states: Vec<State>,
    /// Whose window begins at this time or later.
    pub start: Option<Timestamp>,
    /// Whose window begins before this time.
    pub end: Option<Timestamp>,
    /// Revisions that were corrected, too.
    pub superseded: bool,
    /// That many at most.
    pub limit: Option<u32>,
    /// The newest first.
    pub newest_first: bool,
}

impl Filter {
    /// The conditions, and their parameters.
    pub(super) fn conditions(&self) -> (String, Vec<Value>) {
        let (mut sql, mut values) = (String::from("1"), Vec::new());
        let mut add = |condition: &str, value: Value| {
            values.push(value);
            sql.push_str(&format!(" AND {condition} ?{}", values.len()));
        };
        if let Some(lease) = &self.lease {
            add("lease =", lease.clone().into());
        }
        if let Some(tenant) = &self.tenant {
            add("tenant =", tenant.clone().into());
        }
        if let Some(start) = self.start {
            add("start_at >=", start.as_microsecond().into());
        }
        if let Some(end) = self.end {
            add("start_at <", end.as_microsecond().into());
        }
        if !self.states.is_empty() {
            let words: Vec<String> = self.states.iter().map(|state| format!("'{}'", state.word())).collect();
            sql.push_str(&format!(" AND state IN ({})", words.join(", ")));
        }
        if !self.superseded {
            sql.push_str(" AND current = 1");
        }
        (sql, values)
    }
}

/// Writes down a record that waits for a person.
pub fn insert_held(change: &Change<'_>, held: &Held) -> Result<RecordId, Error> {
    insert(change, &held.facts, (&held.flags, None), State::Held, None)
}

/// Writes down a signed record, and what it charges. One of which nothing is charged stays here.
pub fn insert_signed(change: &Change<'_>, record: &Record<Signed>) -> Result<RecordId, Error> {
    let signed = record.signed();
    let seal = Seal { hash: signed.hash, signature: signed.signature, public_key: signed.public_key };
    let id = insert(change, record.facts(), (&[], signed.review.as_ref()), State::Pending, Some(&seal))?;
    charge(change, id, record.facts())?;
    Ok(id)
}

/// Signs a held record that a person approved: the row gets its signature and its charges.
pub fn approve(change: &Change<'_>, id: RecordId, record: &Record<Signed>) -> Result<(), Error> {
    let (next, signed) = (next_state(change, id, Event::Approve)?, record.signed());
    change.execute(
        "UPDATE usage_records SET review = ?2, hash = ?3, signature = ?4, public_key = ?5, state = ?6 WHERE id = ?1",
        params![id.0, signed.review.as_ref().map(Json), signed.hash, signed.signature, signed.public_key, next.word()],
    )?;
    charge(change, id, record.facts())
}

/// Refuses a held record, with a person's word. The revision that it should have corrected holds again.
pub fn reject(change: &Change<'_>, id: RecordId, why: &str) -> Result<(), Error> {
    apply(change, id, Event::Reject, Some(why))?;
    let before = change.row(
        "SELECT before.id FROM usage_records AS before JOIN usage_records AS this USING (lease, start_at)
         WHERE this.id = ?1 AND this.current = 1 AND before.id <> ?1 AND before.state <> 'rejected'
         ORDER BY before.revision DESC LIMIT 1",
        [id.0],
        |row| row.get::<_, i64>(0),
    )?;
    if let Some(before) = before {
        change.execute("UPDATE usage_records SET current = 0 WHERE id = ?1", [id.0])?;
        change.execute("UPDATE usage_records SET current = 1 WHERE id = ?1", [before])?;
    }
    Ok(())
}

/// Charges a signed record.
fn charge(change: &Change<'_>, id: RecordId, facts: &Facts) -> Result<(), Error> {
    let (cost, for_the_chain) = charges::charge(change, id, facts)?;
    change.execute("UPDATE usage_records SET cost = ?2 WHERE id = ?1", params![id.0, cost])?;
    if !for_the_chain {
        apply(change, id, Event::Keep, None)?;
    }
    Ok(())
}

fn insert(
    change: &Change<'_>,
    facts: &Facts,
    (flags, review): (&[Flag], Option<&Review>),
    state: State,
    seal: Option<&Seal>,
) -> Result<RecordId, Error> {
    if let Some(other) = overlapping(change, &facts.lease, facts.window)?
        && (other.facts.window != facts.window || other.facts.revision >= facts.revision)
    {
        return Err(Error::Overlaps { other: other.id, window: other.facts.window.to_string() });
    }
    let window = params![facts.lease.to_string(), At(facts.window.start())];
    let held = "SELECT id FROM usage_records WHERE lease = ?1 AND start_at = ?2 AND state = 'held'";
    for waiting in change.rows(held, window, |row| row.get(0).map(RecordId))? {
        apply(change, waiting, Event::Reject, Some(&format!("revision {} took its place", facts.revision)))?;
    }
    change.execute("UPDATE usage_records SET current = 0 WHERE lease = ?1 AND start_at = ?2", window)?;
    let sources: Vec<&str> = facts.sources.iter().map(Source::as_str).collect();
    let [cpu, memory, storage, inward, outward, gpu] = figures(&facts.used);
    let id = change.insert(
        "INSERT INTO usage_records (record_id, lease, tenant, workload, type, revision, start_at, end_at,
           cpu_milli_seconds, memory_byte_seconds, storage_byte_seconds, network_bytes_in, network_bytes_out, gpu_seconds,
           sources, gaps, allocated, pricing, flags, review, state, created_at, hash, signature, public_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22,
           ?23, ?24, ?25)",
        params![
            facts.record_id(),
            facts.lease.to_string(),
            facts.lease.order().owner().as_str(),
            facts.workload,
            facts.kind.word(),
            facts.revision,
            At(facts.window.start()),
            At(facts.window.end()),
            cpu,
            memory,
            storage,
            inward,
            outward,
            gpu,
            sources.join(","),
            Json(&facts.gaps),
            facts.allocated.map(Json),
            Json(&facts.pricing),
            Json(flags),
            review.map(Json),
            state.word(),
            At(facts.created_at),
            seal.map(|seal| seal.hash),
            seal.map(|seal| seal.signature),
            seal.map(|seal| seal.public_key),
        ],
    )?;
    Ok(RecordId(id))
}

/// The current record of a lease that shares a second with a window, the first of them.
pub fn overlapping(
    snapshot: &Snapshot<'_>,
    lease: &LeaseId,
    window: Window,
) -> Result<Option<RecordRow>, store::Error> {
    snapshot.row(
        "SELECT * FROM usage_records WHERE lease = ?1 AND current = 1 AND state <> 'rejected'
           AND start_at < ?3 AND end_at > ?2 ORDER BY start_at LIMIT 1",
        params![lease.to_string(), At(window.start()), At(window.end())],
        read,
    )
}

/// The last revision of a window, rejected ones too; 0 if there is none.
pub fn last_revision(snapshot: &Snapshot<'_>, lease: &LeaseId, window: Window) -> Result<u32, store::Error> {
    snapshot.one(
        "SELECT coalesce(max(revision), 0) FROM usage_records WHERE lease = ?1 AND start_at = ?2",
        params![lease.to_string(), At(window.start())],
        |row| row.get(0),
    )
}

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

/// Lets something happen to a record.
pub fn apply(change: &Change<'_>, id: RecordId, event: Event, detail: Option<&str>) -> Result<State, Error> {
    let next = next_state(change, id, event)?;
    change.execute(
        "UPDATE usage_records SET state = ?2, detail = ?3 WHERE id = ?1",
        params![id.0, next.word(), detail],
    )?;
    Ok(next)
}

fn next_state(change: &Change<'_>, id: RecordId, event: Event) -> Result<State, Error> {
    let now = change.row("SELECT state FROM usage_records WHERE id = ?1", [id.0], |row| state(row, "state"))?;
    let now = now.ok_or_else(|| Error::NoRecord { id: id.to_string() })?;
    now.next(event).map_err(|source| Error::State { id, source })
}

/// Writes down a failed submission: how many there were, and when the next is due.
pub fn put_off(change: &Change<'_>, id: RecordId, attempts: u32, next: Option<Timestamp>) -> Result<(), Error> {
    change.execute(
        "UPDATE usage_records SET attempts = ?2, next_attempt_at = ?3 WHERE id = ?1",
        params![id.0, attempts, next.map(StoredTime)],
    )?;
    Ok(())
}

/// A record by its number.
pub fn get(snapshot: &Snapshot<'_>, id: RecordId) -> Result<RecordRow, Error> {
    let row = snapshot.row("SELECT * FROM usage_records WHERE id = ?1", [id.0], read)?;
    row.ok_or_else(|| Error::NoRecord { id: id.to_string() })
}

/// A record by its number or by what names it everywhere.
pub fn find(snapshot: &Snapshot<'_>, name: &str) -> Result<RecordRow, Error> {
    if let Ok(id) = name.parse()
        && name.len() < 19
    {
        return get(snapshot, RecordId(id));
    }
    let row = snapshot.row("SELECT * FROM usage_records WHERE record_id = ?1", [name], read)?;
    row.ok_or_else(|| Error::NoRecord { id: name.chars().take(64).collect() })
}

/// Records, in the order of their windows.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Vec<RecordRow>, store::Error> {
    let (conditions, mut values) = filter.conditions();
    let order = if filter.newest_first { "start_at DESC, id DESC" } else { "start_at, id" };
    values.push(filter.limit.map_or(-1, i64::from).into());
    let sql = format!("SELECT * FROM usage_records WHERE {conditions} ORDER BY {order} LIMIT ?{}", values.len());
    snapshot.rows(&sql, params_from_iter(values), read)
}

/// Looks at every record of a filter, in the order of their windows, without keeping any.
pub fn each(
    snapshot: &Snapshot<'_>,
    filter: &Filter,
    mut look: impl FnMut(RecordRow) -> rusqlite::Result<()>,
) -> Result<(), store::Error> {
    let (conditions, values) = filter.conditions();
    let sql = format!("SELECT * FROM usage_records WHERE {conditions} ORDER BY start_at, id");
    snapshot.each(&sql, params_from_iter(values), |row| look(read(row)?))
}

/// Records that can be submitted now, oldest first: pending ones whose time has come, and then those without an escrow, the
/// ones whose escrow was looked for longest ago before the others.
pub fn due(snapshot: &Snapshot<'_>, now: Timestamp, at_most: u32) -> Result<Vec<RecordRow>, store::Error> {
    snapshot.rows(
        "SELECT * FROM usage_records WHERE state IN ('pending', 'no_escrow')
           AND (next_attempt_at IS NULL OR next_attempt_at <= ?1)
         ORDER BY state = 'no_escrow', iif(state = 'no_escrow', next_attempt_at, 0), id LIMIT ?2",
        params![StoredTime(now), at_most],
        read,
    )
}

/// How many records are in each state.
pub fn by_state(snapshot: &Snapshot<'_>) -> Result<Vec<(State, u64)>, store::Error> {
    snapshot.rows("SELECT state, count(*) AS many FROM usage_records GROUP BY state", [], |row| {
        Ok((state(row, "state")?, row.get::<_, i64>("many")?.unsigned_abs()))
    })
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<RecordRow> {
    let kind: String = row.get("type")?;
    let sources: String = row.get("sources")?;
    let sources: Result<BTreeSet<Source>, _> =
        sources.split(',').filter(|word| !word.is_empty()).map(str::parse).collect();
    let window = Window::new(row.get::<_, At>("start_at")?.0, row.get::<_, At>("end_at")?.0);
    let facts = Facts {
        lease: lease(row, "lease")?,
        workload: row.get("workload")?,
        kind: Kind::from_word(&kind).ok_or_else(|| unreadable(format!("`{kind}` is no type of a usage record")))?,
        window: window.ok_or_else(|| unreadable("the window is empty".to_owned()))?,
        used: metrics(row)?,
        gaps: row.get::<_, Json<Vec<Gap>>>("gaps")?.0,
        sources: sources.map_err(|error| unreadable(error.to_string()))?,
        allocated: row.get::<_, Option<Json<Allocation>>>("allocated")?.map(|allocated| allocated.0),
        pricing: row.get::<_, Json<Pricing>>("pricing")?.0,
        revision: row.get("revision")?,
        created_at: row.get::<_, At>("created_at")?.0,
    };
    let hash: Option<[u8; 32]> = row.get("hash")?;
    let signature: Option<[u8; 64]> = row.get("signature")?;
    let public_key: Option<[u8; 32]> = row.get("public_key")?;
    Ok(RecordRow {
        id: RecordId(row.get("id")?),
        facts,
        current: row.get("current")?,
        flags: row.get::<_, Json<Vec<Flag>>>("flags")?.0,
        review: row.get::<_, Option<Json<Review>>>("review")?.map(|review| review.0),
        state: state(row, "state")?,
        detail: row.get("detail")?,
        cost: row.get("cost")?,
        attempts: row.get("attempts")?,
        next_attempt_at: row.get::<_, Option<StoredTime>>("next_attempt_at")?.map(|time| time.0),
        seal: match (hash, signature, public_key) {
            (Some(hash), Some(signature), Some(public_key)) => Some(Seal { hash, signature, public_key }),
            _ => None,
        },
    })
}

/// Records that are through and past their time go, with their charges; what waits for the next charge stays.
pub(in crate::store) const PRUNING: Rule = Rule {
    table: "usage_records",
    keep: |retention| retention.usage_records,
    count: |snapshot, before| {
        let sql = format!("SELECT count(*) FROM usage_records WHERE {PRUNABLE}");
        snapshot.one(&sql, [StoredTime(before)], |row| row.get(0).map(i64::unsigned_abs))
    },
    remove: |change, before, at_most| {
        let which = format!("SELECT id FROM usage_records WHERE {PRUNABLE} ORDER BY id LIMIT ?2");
        let parameters = params![StoredTime(before), at_most];
        change.execute(&format!("DELETE FROM usage_charges WHERE record IN ({which})"), parameters)?;
        change.execute("DELETE FROM usage_carries WHERE lease NOT IN (SELECT lease FROM usage_charges)", [])?;
        change.execute(&format!("DELETE FROM usage_records WHERE id IN ({which})"), parameters)
    },
};

/// A lease's records go together, once its last one is old and nothing of it is open: with a part of them its ledger would
/// not add up, and the chain would have records that nobody seems to have sent.
const PRUNABLE: &str = "end_at < ?1
    AND lease NOT IN
      (SELECT lease FROM usage_records WHERE end_at >= ?1 OR state NOT IN ('settled', 'local', 'rejected'))
    AND lease NOT IN (SELECT lease FROM usage_meters WHERE ended_at IS NULL)
    AND lease NOT IN (SELECT lease FROM settlement_escrows WHERE state IN ('pending', 'active', 'disputed'))";

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

/// The newest record of each workload that is metered now and whose reservation is known.
pub fn newest_use(snapshot: &Snapshot<'_>) -> Result<Vec<NewestUse>, store::Error> {
    snapshot.rows(
        "SELECT records.*, meters.allocated AS reserved FROM usage_meters AS meters
         JOIN usage_records AS records ON records.id = (
           SELECT id FROM usage_records WHERE lease = meters.lease AND current = 1 ORDER BY start_at DESC LIMIT 1)
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

//! Records are written, corrected, and moved from state to state.

use jiff::Timestamp;
use rusqlite::params;

use super::{RecordId, Seal, overlapping};
use crate::domain::fraud::Flag;
use crate::domain::usage::state::{Event, State};
use crate::domain::usage::{Facts, Held, Record, Review, Signed, Source};
use crate::store::usage::value::{At, Json, figures, state};
use crate::store::usage::{Error, charges};
use crate::store::{Change, StoredTime};

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

/// Charges a signed record. What earlier revisions of the window charge and no message carries is taken back first: the
/// chain shall not get what we know to be wrong.
fn charge(change: &Change<'_>, id: RecordId, facts: &Facts) -> Result<(), Error> {
    if facts.revision > 1 {
        for earlier in charges::take_back(change, facts)? {
            price(change, earlier, facts)?;
            if !charges::of_record(change, earlier)?.iter().any(|charge| charge.charge.units > 0) {
                apply(change, earlier, Event::Keep, Some(&format!("revision {} took its place", facts.revision)))?;
            }
        }
    }
    let (cost, for_the_chain) = charges::charge(change, id, facts)?;
    if facts.revision > 1 {
        price(change, id, facts)?;
    } else {
        change.execute("UPDATE usage_records SET cost = ?2 WHERE id = ?1", params![id.0, cost])?;
    }
    if !for_the_chain {
        apply(change, id, Event::Keep, None)?;
    }
    Ok(())
}

/// Writes down what a record's window costs with it: its own charges and those of the revisions before it.
fn price(change: &Change<'_>, id: RecordId, facts: &Facts) -> Result<(), Error> {
    let cost = charges::cost_up_to(change, id, facts)?;
    change.execute("UPDATE usage_records SET cost = ?2 WHERE id = ?1", params![id.0, cost])?;
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
    if facts.revision > 1 {
        supersede(change, facts)?;
    }
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

/// Makes a place for another revision of a window.
fn supersede(change: &Change<'_>, facts: &Facts) -> Result<(), Error> {
    let window = params![facts.lease.to_string(), At(facts.window.start())];
    let held = "SELECT id FROM usage_records WHERE lease = ?1 AND start_at = ?2 AND state = 'held'";
    for waiting in change.rows(held, window, |row| row.get(0).map(RecordId))? {
        apply(change, waiting, Event::Reject, Some(&format!("revision {} took its place", facts.revision)))?;
    }
    change.execute("UPDATE usage_records SET current = 0 WHERE lease = ?1 AND start_at = ?2", window)?;
    Ok(())
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

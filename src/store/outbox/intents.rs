//! `outbox_intents`: messages that are to be on the chain once.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::value::Stored;
use super::{Because, Error, Stamp, Transition, cut};
use crate::domain::amount::Coin;
use crate::domain::outbox::Guard;
use crate::domain::outbox::intent::{Event, State};
use crate::store::job_runs::RunId;
use crate::store::{self, Change, Snapshot, StoredTime};

/// The number of an intent; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub i64);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// An intent to be.
#[derive(Debug, Clone, Copy)]
pub struct NewIntent<'a> {
    /// What it is for, in the words of the job that wants it: `bid/ve1…/7/1/1`. The same key is the same intent, for as
    /// long as its row is kept.
    pub key: &'a str,
    /// The chain id.
    pub chain: &'a str,
    /// The address that must sign.
    pub signer: &'a str,
    /// The type of the message.
    pub type_url: &'a str,
    /// Its bytes.
    pub message: &'a [u8],
    /// What it sets aside.
    pub deposit: Option<&'a Coin>,
    /// Signed later than this, it is worth nothing.
    pub not_after: Option<Timestamp>,
}

/// What became of a new intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Enqueued {
    /// It waits.
    New(IntentId),
    /// It was there already: nothing was changed.
    Known(IntentId, State),
    /// Another message has this key: nothing was changed.
    Differs(IntentId),
}

/// An intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// Its number.
    pub id: IntentId,
    /// What it is for.
    pub key: String,
    /// The chain id.
    pub chain: String,
    /// The address that must sign.
    pub signer: String,
    /// The type of the message.
    pub type_url: String,
    /// Its bytes.
    pub message: Vec<u8>,
    /// What it sets aside.
    pub deposit: Option<Coin>,
    /// Since when it is wanted.
    pub created_at: Timestamp,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// Where it stands.
    pub state: State,
    /// Why, as a word.
    pub reason: Option<String>,
    /// Why, as a text.
    pub detail: Option<String>,
    /// It must not share a transaction.
    pub alone: bool,
    /// How often it was in a block without enough gas.
    pub starved: u32,
    /// No node took it at this gas price: it is not signed with the same again.
    pub refused_price: Option<String>,
    /// SHA-256 of what it changes, as that was on the chain when the message was made: it is not signed where that is
    /// something else by now.
    pub base: Option<[u8; 32]>,
    /// What must still be so when it is signed, and each time its bytes are handed out.
    pub guard: Option<Guard>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

const COLUMNS: &str =
    "id, key, chain, signer, type_url, message, deposit, created_at, not_after, state, reason, detail,
                       alone, starved, refused_price, base, guard, settled_at";

/// Which intents to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state only.
    pub state: Option<State>,
    /// Not settled only.
    pub open: bool,
    /// Wanted at this time or later.
    pub since: Option<Timestamp>,
    /// The newest ones only, that many at most.
    pub limit: Option<u32>,
}

/// Writes down an intent, in the transaction of the business row that wants it.
pub fn enqueue(change: &Change<'_>, new: NewIntent<'_>, stamp: Stamp) -> Result<Enqueued, store::Error> {
    if let Some(known) = by_key(change, new.key)? {
        let same = (known.chain == new.chain, known.signer == new.signer, known.type_url == new.type_url);
        return Ok(if same == (true, true, true) && known.message == new.message {
            Enqueued::Known(known.id, known.state)
        } else {
            Enqueued::Differs(known.id)
        });
    }
    let id = change.insert(
        "INSERT INTO outbox_intents (key, chain, signer, type_url, message, deposit, created_at, not_after, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'queued')",
        params![
            new.key,
            new.chain,
            new.signer,
            new.type_url,
            new.message,
            new.deposit.map(Stored),
            StoredTime(stamp.at),
            new.not_after.map(StoredTime)
        ],
    )?;
    let id = IntentId(id);
    note(change, id, (None, State::Queued), stamp, None)?;
    Ok(Enqueued::New(id))
}

/// Lets something happen to an intent: its row and its transition are written, or neither.
pub fn apply(
    change: &Change<'_>,
    id: IntentId,
    event: Event,
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<State, Error> {
    let from = state(change, id)?.ok_or(Error::NoIntent { id })?;
    let to = from.next(event).map_err(|source| Error::Intent { id, source })?;
    change.execute(
        "UPDATE outbox_intents SET state = ?2, reason = ?3, detail = ?4, settled_at = ?5 WHERE id = ?1",
        params![
            id.0,
            Stored(to),
            because.map(|because| because.reason),
            because.and_then(|because| because.detail).map(cut),
            to.is_settled().then_some(StoredTime(stamp.at))
        ],
    )?;
    note(change, id, (Some(from), to), stamp, because)?;
    Ok(to)
}

/// Says why an intent that stays in its state is still there.
pub fn explain(change: &Change<'_>, id: IntentId, because: Because<'_>) -> Result<(), store::Error> {
    change.execute(
        "UPDATE outbox_intents SET reason = ?2, detail = ?3 WHERE id = ?1",
        params![id.0, because.reason, because.detail.map(cut)],
    )?;
    Ok(())
}

/// Remembers that an intent must not share a transaction again.
pub fn keep_alone(change: &Change<'_>, id: IntentId) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET alone = 1 WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Remembers that an intent was in a block without enough gas.
pub fn starve(change: &Change<'_>, id: IntentId) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET starved = starved + 1 WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Remembers at which gas price no node took it; none: one does.
pub fn note_refused_price(change: &Change<'_>, id: IntentId, price: Option<&str>) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET refused_price = ?2 WHERE id = ?1", params![id.0, price])?;
    Ok(())
}

/// Remembers what it changes, as that is on the chain now; none: whatever is there then.
pub fn rest_on(change: &Change<'_>, id: IntentId, base: Option<&[u8; 32]>) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET base = ?2 WHERE id = ?1", params![id.0, base])?;
    Ok(())
}

/// Says what must still be so when it is signed and handed out.
pub fn guard_with(change: &Change<'_>, id: IntentId, guard: Guard) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET guard = ?2 WHERE id = ?1", params![id.0, Stored(guard)])?;
    Ok(())
}

/// Forgets what earlier attempts taught: a person wants it tried afresh.
pub fn forgive(change: &Change<'_>, id: IntentId) -> Result<(), store::Error> {
    change.execute("UPDATE outbox_intents SET starved = 0, refused_price = NULL WHERE id = ?1", [id.0])?;
    Ok(())
}

fn note(
    change: &Change<'_>,
    id: IntentId,
    (from, to): (Option<State>, State),
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO outbox_transitions (at, run, intent, from_state, to_state, reason, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            StoredTime(stamp.at),
            stamp.run.map(|run| run.0),
            id.0,
            from.map(Stored),
            Stored(to),
            because.map(|because| because.reason),
            because.and_then(|because| because.detail).map(cut)
        ],
    )?;
    Ok(())
}

/// The state of an intent.
pub fn state(snapshot: &Snapshot<'_>, id: IntentId) -> Result<Option<State>, store::Error> {
    let state = snapshot.row("SELECT state FROM outbox_intents WHERE id = ?1", [id.0], |row| row.get(0))?;
    Ok(state.map(|Stored(state)| state))
}

/// An intent by its number.
pub fn by_id(snapshot: &Snapshot<'_>, id: IntentId) -> Result<Option<Intent>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM outbox_intents WHERE id = ?1"), [id.0], read)
}

/// An intent by its key.
pub fn by_key(snapshot: &Snapshot<'_>, key: &str) -> Result<Option<Intent>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM outbox_intents WHERE key = ?1"), [key], read)
}

/// The newest intent whose key is a purpose and a number: `provider/register#3`.
pub fn newest_of(snapshot: &Snapshot<'_>, purpose: &str) -> Result<Option<Intent>, store::Error> {
    // `$` is the character after `#`: the index of the keys finds them.
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_intents WHERE key > ?1 || '#' AND key < ?1 || '$' ORDER BY id DESC LIMIT 1"
    );
    snapshot.row(&sql, [purpose], read)
}

/// The first intents of a signer in an open state, oldest first, so many at most.
pub fn waiting(
    snapshot: &Snapshot<'_>,
    (chain, signer): (&str, &str),
    state: State,
    limit: u32,
) -> Result<Vec<Intent>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_intents
         WHERE chain = ?1 AND signer = ?2 AND state = ?3 AND settled_at IS NULL ORDER BY id LIMIT ?4"
    );
    snapshot.rows(&sql, params![chain, signer, Stored(state), limit], read)
}

/// The queued intents of a signer whose own time is over.
pub fn too_late(
    snapshot: &Snapshot<'_>,
    (chain, signer): (&str, &str),
    now: Timestamp,
) -> Result<Vec<IntentId>, store::Error> {
    let sql = "SELECT id FROM outbox_intents
               WHERE chain = ?1 AND signer = ?2 AND settled_at IS NULL AND state = 'queued' AND not_after < ?3";
    snapshot.rows(sql, params![chain, signer, StoredTime(now)], |row| row.get(0).map(IntentId))
}

/// The queued intents of a signer that no node took at this gas price.
pub fn underpriced(
    snapshot: &Snapshot<'_>,
    (chain, signer): (&str, &str),
    price: &str,
) -> Result<Vec<IntentId>, store::Error> {
    let sql = "SELECT id FROM outbox_intents WHERE chain = ?1 AND signer = ?2 AND settled_at IS NULL
               AND state = 'queued' AND refused_price = ?3";
    snapshot.rows(sql, params![chain, signer, price], |row| row.get(0).map(IntentId))
}

/// The intents of a signer, queued or in flight, that rest on something which may have changed on the chain since.
pub fn resting(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Vec<Intent>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_intents
         WHERE chain = ?1 AND signer = ?2 AND settled_at IS NULL AND state IN ('queued', 'in_flight')
         AND base IS NOT NULL ORDER BY id"
    );
    snapshot.rows(&sql, params![chain, signer], read)
}

/// How many intents of a signer are in a state.
pub fn count(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str), state: State) -> Result<u64, store::Error> {
    let sql = "SELECT count(*) FROM outbox_intents WHERE chain = ?1 AND signer = ?2 AND state = ?3";
    snapshot.one(sql, params![chain, signer, Stored(state)], |row| row.get(0).map(|Stored(count)| count))
}

/// How many open intents there are that another chain or another signer would have to see to.
pub fn of_others(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<u64, store::Error> {
    let sql = "SELECT count(*) FROM outbox_intents WHERE settled_at IS NULL AND NOT (chain = ?1 AND signer = ?2)";
    snapshot.one(sql, [chain, signer], |row| row.get(0).map(|Stored(count)| count))
}

/// The intents of a filter, newest first.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Vec<Intent>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_intents
         WHERE (?1 IS NULL OR state = ?1) AND (NOT ?2 OR settled_at IS NULL) AND (?3 IS NULL OR created_at >= ?3)
         ORDER BY id DESC LIMIT ?4"
    );
    let limit = filter.limit.map_or(-1, i64::from);
    snapshot.rows(&sql, params![filter.state.map(Stored), filter.open, filter.since.map(StoredTime), limit], read)
}

/// How an intent came to be where it is.
pub fn transitions(snapshot: &Snapshot<'_>, id: IntentId) -> Result<Vec<Transition>, store::Error> {
    super::transactions::transitions_where(snapshot, "intent", id.0)
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Intent> {
    Ok(Intent {
        id: IntentId(row.get("id")?),
        key: row.get("key")?,
        chain: row.get("chain")?,
        signer: row.get("signer")?,
        type_url: row.get("type_url")?,
        message: row.get("message")?,
        deposit: row.get::<_, Option<Stored<Coin>>>("deposit")?.map(|coin| coin.0),
        created_at: row.get::<_, StoredTime>("created_at")?.0,
        not_after: row.get::<_, Option<StoredTime>>("not_after")?.map(|time| time.0),
        state: row.get::<_, Stored<State>>("state")?.0,
        reason: row.get("reason")?,
        detail: row.get("detail")?,
        alone: row.get("alone")?,
        starved: row.get("starved")?,
        refused_price: row.get("refused_price")?,
        base: row.get("base")?,
        guard: row.get::<_, Option<Stored<Guard>>>("guard")?.map(|guard| guard.0),
        settled_at: row.get::<_, Option<StoredTime>>("settled_at")?.map(|time| time.0),
    })
}

/// The run of a transition.
pub(super) fn run(id: Option<i64>) -> Option<RunId> {
    id.map(RunId)
}

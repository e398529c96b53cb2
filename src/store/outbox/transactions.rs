//! `outbox_transactions`: signed bytes, and `outbox_contents`: the intents they hold.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::intents::{self, Intent, IntentId};
use super::value::Stored;
use super::{Because, Error, Stamp, Transition, cut};
use crate::domain::amount::Coin;
use crate::domain::outbox::Pending;
use crate::domain::outbox::intent;
use crate::domain::outbox::transaction::{Event, State};
use crate::store::job_runs::RunId;
use crate::store::{self, Change, Snapshot, StoredTime};

/// The number of a transaction; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TxId(pub i64);

impl fmt::Display for TxId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Signed bytes to be stored.
#[derive(Debug, Clone)]
pub struct NewTransaction<'a> {
    /// SHA-256 of the bytes.
    pub hash: [u8; 32],
    /// The chain id.
    pub chain: &'a str,
    /// The address that signed.
    pub signer: &'a str,
    /// The account's number.
    pub account_number: u64,
    /// The sequence in the bytes.
    pub sequence: u64,
    /// The bytes.
    pub bytes: &'a [u8],
    /// The gas limit in them.
    pub gas_limit: u64,
    /// The fee in them.
    pub fee: &'a Coin,
    /// A height that the chain had reached before they existed.
    pub signed_height: u64,
    /// The end in them.
    pub timeout_height: u64,
}

/// A transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    /// Its number.
    pub id: TxId,
    /// SHA-256 of its bytes.
    pub hash: [u8; 32],
    /// The chain id.
    pub chain: String,
    /// The address that signed.
    pub signer: String,
    /// The account's number.
    pub account_number: u64,
    /// The sequence in it.
    pub sequence: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its gas limit.
    pub gas_limit: u64,
    /// Its fee.
    pub fee: Coin,
    /// When it was signed.
    pub signed_at: Timestamp,
    /// In which run.
    pub run: Option<RunId>,
    /// A height that the chain had reached before.
    pub signed_height: u64,
    /// Its end.
    pub timeout_height: u64,
    /// Where it stands.
    pub state: State,
    /// How often nodes were given the bytes.
    pub handings: u64,
    /// The height when they were given the last time.
    pub handed_height: Option<u64>,
    /// The blocks up to this one were read, and do not hold it.
    pub read_to: u64,
    /// What a node said of it last, before it was in a block.
    pub said: Option<String>,
    /// The block that it is in.
    pub height: Option<u64>,
    /// Whose code, where it failed.
    pub codespace: Option<String>,
    /// The code.
    pub code: Option<u32>,
    /// The chain's words, cut.
    pub log: Option<String>,
    /// The gas that it used.
    pub gas_used: Option<u64>,
    /// When it was settled.
    pub settled_at: Option<Timestamp>,
}

/// What a block made of a transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome<'a> {
    /// The block.
    pub height: u64,
    /// Whose code; none where it was executed.
    pub codespace: Option<&'a str>,
    /// The code; 0 where it was executed.
    pub code: u32,
    /// The chain's words.
    pub log: Option<&'a str>,
    /// The gas that it used.
    pub gas_used: u64,
}

const COLUMNS: &str = "id, hash, chain, signer, account_number, sequence, bytes, gas_limit, fee, signed_at, run,
    signed_height, timeout_height, state, handings, handed_height, read_to, said, height, codespace, code, log, gas_used,
    settled_at";

impl Transaction {
    /// What decides the next step.
    pub const fn pending(&self) -> Pending {
        Pending {
            sequence: self.sequence,
            signed_height: self.signed_height,
            timeout_height: self.timeout_height,
            read_to: self.read_to,
            handed_out: self.handed_height,
        }
    }
}

/// Stores signed bytes, and turns their intents `in_flight`. The caller appends the signature to the audit trail in the
/// same change.
pub fn store_signed(
    change: &Change<'_>,
    new: &NewTransaction<'_>,
    intents: &[IntentId],
    stamp: Stamp,
) -> Result<TxId, Error> {
    let id = change.insert(
        "INSERT INTO outbox_transactions (hash, chain, signer, account_number, sequence, bytes, gas_limit, fee, signed_at,
                                          run, signed_height, timeout_height, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 'signed')",
        params![
            new.hash,
            new.chain,
            new.signer,
            Stored(new.account_number),
            Stored(new.sequence),
            new.bytes,
            Stored(new.gas_limit),
            Stored(new.fee),
            StoredTime(stamp.at),
            stamp.run.map(|run| run.0),
            Stored(new.signed_height),
            Stored(new.timeout_height)
        ],
    )?;
    let id = TxId(id);
    note(change, id, (None, State::Signed), stamp, None)?;
    for (position, intent) in (0_i64..).zip(intents) {
        change.execute(
            "INSERT INTO outbox_contents (tx, position, intent) VALUES (?1, ?2, ?3)",
            params![id.0, position, intent.0],
        )?;
        let detail = format!("transaction {id}");
        let because = Because { reason: "signed", detail: Some(&detail) };
        intents::apply(change, *intent, intent::Event::Sign, stamp, Some(because))?;
    }
    Ok(id)
}

/// Lets something happen to a transaction that leaves it in no block: handed out, void, lost.
pub fn apply(
    change: &Change<'_>,
    id: TxId,
    event: Event,
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<State, Error> {
    let from = state(change, id)?;
    let to = from.next(event).map_err(|source| Error::Transaction { id, source })?;
    let settled = matches!(to, State::Void).then_some(StoredTime(stamp.at));
    change.execute(
        "UPDATE outbox_transactions SET state = ?2, settled_at = ?3 WHERE id = ?1",
        params![id.0, Stored(to), settled],
    )?;
    // That the same bytes went out once more is counted, and no change of state.
    if from != to {
        note(change, id, (Some(from), to), stamp, because)?;
    }
    Ok(to)
}

/// Writes down that a node was given the bytes, at a height of the chain, and what it said.
pub fn hand_out(change: &Change<'_>, id: TxId, height: u64, said: &str, stamp: Stamp) -> Result<(), Error> {
    apply(change, id, Event::HandOut, stamp, Some(Because { reason: "handed_out", detail: Some(said) }))?;
    change.execute(
        "UPDATE outbox_transactions SET handings = handings + 1, handed_height = ?2, said = ?3 WHERE id = ?1",
        params![id.0, Stored(height), cut(said)],
    )?;
    Ok(())
}

/// Writes down that the blocks up to a height do not hold it.
pub fn note_read(change: &Change<'_>, id: TxId, height: u64) -> Result<(), store::Error> {
    change.execute(
        "UPDATE outbox_transactions SET read_to = max(read_to, ?2) WHERE id = ?1",
        params![id.0, Stored(height)],
    )?;
    Ok(())
}

/// Writes down that it is in a block, and what that made of it.
pub fn settle(change: &Change<'_>, id: TxId, outcome: &Outcome<'_>, stamp: Stamp) -> Result<State, Error> {
    let from = state(change, id)?;
    let event = if outcome.code == 0 { Event::Include } else { Event::Fail };
    let to = from.next(event).map_err(|source| Error::Transaction { id, source })?;
    change.execute(
        "UPDATE outbox_transactions SET state = ?2, height = ?3, codespace = ?4, code = ?5, log = ?6, gas_used = ?7,
                settled_at = ?8 WHERE id = ?1",
        params![
            id.0,
            Stored(to),
            Stored(outcome.height),
            outcome.codespace.map(cut),
            outcome.code,
            outcome.log.map(cut),
            Stored(outcome.gas_used),
            StoredTime(stamp.at)
        ],
    )?;
    let detail = format!("in block {}", outcome.height);
    note(change, id, (Some(from), to), stamp, Some(Because { reason: to.word(), detail: Some(&detail) }))?;
    Ok(to)
}

/// Keeps what the chain answered to a message.
pub fn note_response(
    change: &Change<'_>,
    id: TxId,
    intent: IntentId,
    (type_url, response): (&str, &[u8]),
) -> Result<(), store::Error> {
    change.execute(
        "UPDATE outbox_contents SET response_type = ?3, response = ?4 WHERE tx = ?1 AND intent = ?2",
        params![id.0, intent.0, type_url, response],
    )?;
    Ok(())
}

fn note(
    change: &Change<'_>,
    id: TxId,
    (from, to): (Option<State>, State),
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<(), store::Error> {
    change.execute(
        "INSERT INTO outbox_transitions (at, run, tx, from_state, to_state, reason, detail)
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

fn state(snapshot: &Snapshot<'_>, id: TxId) -> Result<State, Error> {
    let state = snapshot.row("SELECT state FROM outbox_transactions WHERE id = ?1", [id.0], |row| row.get(0))?;
    state.map(|Stored(state)| state).ok_or(Error::NoTransaction { id })
}

/// The live transactions of a signer, the lowest sequence first.
pub fn live(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Vec<Transaction>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_transactions
         WHERE chain = ?1 AND signer = ?2 AND state IN ('signed', 'handed_out') ORDER BY sequence, id"
    );
    snapshot.rows(&sql, [chain, signer], read)
}

/// When the oldest transaction was signed that has no end yet, of whatever chain and signer.
pub fn oldest_live(snapshot: &Snapshot<'_>) -> Result<Option<Timestamp>, store::Error> {
    let sql = "SELECT min(signed_at) FROM outbox_transactions WHERE state IN ('signed', 'handed_out')";
    snapshot.one(sql, [], |row| Ok(row.get::<_, Option<StoredTime>>(0)?.map(|time| time.0)))
}

/// The lost transactions of a signer.
pub fn lost(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Vec<Transaction>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_transactions WHERE chain = ?1 AND signer = ?2 AND state = 'lost' ORDER BY id"
    );
    snapshot.rows(&sql, [chain, signer], read)
}

/// The greatest height at which a signer signed, or had something included: the chain is at least as high.
pub fn reached(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Option<u64>, store::Error> {
    let sql = "SELECT max(max(signed_height, coalesce(height, 0))) FROM outbox_transactions
               WHERE chain = ?1 AND signer = ?2";
    let reached: Option<Stored<u64>> = snapshot.one(sql, [chain, signer], |row| row.get(0))?;
    Ok(reached.map(|Stored(height)| height))
}

/// The highest height at which a signer signed, as far as is known.
pub fn highest(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Option<u64>, store::Error> {
    let sql = "SELECT max(signed_height) FROM outbox_transactions WHERE chain = ?1 AND signer = ?2";
    let highest: Option<Stored<u64>> = snapshot.one(sql, [chain, signer], |row| row.get(0))?;
    Ok(highest.map(|Stored(height)| height))
}

/// The highest block in which a transaction of a signer was found.
pub fn highest_block(snapshot: &Snapshot<'_>, (chain, signer): (&str, &str)) -> Result<Option<u64>, store::Error> {
    let sql = "SELECT max(height) FROM outbox_transactions WHERE chain = ?1 AND signer = ?2";
    let highest: Option<Stored<u64>> = snapshot.one(sql, [chain, signer], |row| row.get(0))?;
    Ok(highest.map(|Stored(height)| height))
}

/// A transaction by its number.
pub fn by_id(snapshot: &Snapshot<'_>, id: TxId) -> Result<Option<Transaction>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM outbox_transactions WHERE id = ?1"), [id.0], read)
}

/// A transaction by its hash.
pub fn by_hash(snapshot: &Snapshot<'_>, hash: &[u8; 32]) -> Result<Option<Transaction>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM outbox_transactions WHERE hash = ?1"), [hash], read)
}

/// The transactions that an intent was in, the last one first.
pub fn of_intent(snapshot: &Snapshot<'_>, intent: IntentId) -> Result<Vec<Transaction>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM outbox_transactions WHERE id IN (SELECT tx FROM outbox_contents WHERE intent = ?1)
         ORDER BY id DESC"
    );
    snapshot.rows(&sql, [intent.0], read)
}

/// The live transaction that holds an intent.
pub fn live_of(snapshot: &Snapshot<'_>, intent: IntentId) -> Result<Option<TxId>, store::Error> {
    let sql = "SELECT id FROM outbox_transactions JOIN outbox_contents ON tx = id
               WHERE intent = ?1 AND state IN ('signed', 'handed_out')";
    snapshot.row(sql, [intent.0], |row| row.get(0).map(TxId))
}

/// The intents of a transaction, in the order of its messages.
pub fn contents(snapshot: &Snapshot<'_>, id: TxId) -> Result<Vec<Intent>, store::Error> {
    let sql = "SELECT outbox_intents.* FROM outbox_contents JOIN outbox_intents ON outbox_intents.id = intent
               WHERE tx = ?1 ORDER BY position";
    snapshot.rows(sql, [id.0], intents::read)
}

/// What the chain answered to an intent that is done: the type and the bytes of the answer.
pub fn response(snapshot: &Snapshot<'_>, intent: IntentId) -> Result<Option<(String, Vec<u8>)>, store::Error> {
    let sql = "SELECT response_type, response FROM outbox_contents WHERE intent = ?1 AND response IS NOT NULL";
    snapshot.row(sql, [intent.0], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// How a transaction came to be where it is.
pub fn transitions(snapshot: &Snapshot<'_>, id: TxId) -> Result<Vec<Transition>, store::Error> {
    transitions_where(snapshot, "tx", id.0)
}

pub(super) fn transitions_where(
    snapshot: &Snapshot<'_>,
    column: &'static str,
    id: i64,
) -> Result<Vec<Transition>, store::Error> {
    let sql = format!(
        "SELECT at, run, from_state, to_state, reason, detail FROM outbox_transitions WHERE {column} = ?1 ORDER BY id"
    );
    snapshot.rows(&sql, [id], |row| {
        Ok(Transition {
            at: row.get::<_, StoredTime>(0)?.0,
            run: intents::run(row.get(1)?),
            from: row.get(2)?,
            to: row.get(3)?,
            reason: row.get(4)?,
            detail: row.get(5)?,
        })
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Transaction> {
    let number = |name: &str| row.get::<_, Stored<u64>>(name).map(|stored| stored.0);
    let maybe = |name: &str| row.get::<_, Option<Stored<u64>>>(name).map(|stored| stored.map(|stored| stored.0));
    Ok(Transaction {
        id: TxId(row.get("id")?),
        hash: row.get("hash")?,
        chain: row.get("chain")?,
        signer: row.get("signer")?,
        account_number: number("account_number")?,
        sequence: number("sequence")?,
        bytes: row.get("bytes")?,
        gas_limit: number("gas_limit")?,
        fee: row.get::<_, Stored<Coin>>("fee")?.0,
        signed_at: row.get::<_, StoredTime>("signed_at")?.0,
        run: intents::run(row.get("run")?),
        signed_height: number("signed_height")?,
        timeout_height: number("timeout_height")?,
        state: row.get::<_, Stored<State>>("state")?.0,
        handings: number("handings")?,
        handed_height: maybe("handed_height")?,
        read_to: number("read_to")?,
        said: row.get("said")?,
        height: maybe("height")?,
        codespace: row.get("codespace")?,
        code: row.get("code")?,
        log: row.get("log")?,
        gas_used: maybe("gas_used")?,
        settled_at: row.get::<_, Option<StoredTime>>("settled_at")?.map(|time| time.0),
    })
}

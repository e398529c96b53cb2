//! `bids`: our bid on each order, and how it came to be where it is.

use std::fmt;

use jiff::Timestamp;
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};

use super::Error;
use super::transitions::note;
use super::value::Stored;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::bid::{Event, State};
use crate::store::outbox::{Because, Stamp};
use crate::store::{self, Change, Snapshot, StoredTime};

pub use super::numbers::{arrived, average_time, counts, sent_since, win_rates};
pub use super::transitions::{Transition, transitions};

/// The number of a bid; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BidNumber(pub i64);

impl fmt::Display for BidNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Who wanted a bid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A run decided it.
    Run,
    /// A person made it.
    Person,
    /// The chain showed it, and the state file did not know it.
    Chain,
}

impl Origin {
    /// The word in stored rows and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Person => "person",
            Self::Chain => "chain",
        }
    }

    /// The origin of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Run, Self::Person, Self::Chain].into_iter().find(|origin| origin.word() == word)
    }
}

/// A bid to be.
#[derive(Debug, Clone, Copy)]
pub struct NewBid<'a> {
    /// The chain id.
    pub chain: &'a str,
    /// The order, `owner/dseq/gseq/oseq`.
    pub order: &'a str,
    /// Our address.
    pub provider: &'a str,
    /// Where it begins: proposed, queued, or as the chain shows it.
    pub state: State,
    /// The back end that it goes to.
    pub back_end: &'a str,
    /// The price of a block.
    pub price: &'a DecCoin,
    /// What it locks.
    pub deposit: &'a Coin,
    /// What kind of order it is.
    pub class: &'a str,
    /// What was decided, as JSON.
    pub decision: &'a str,
    /// Who wanted it.
    pub origin: Origin,
}

/// A bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// Its number.
    pub id: BidNumber,
    /// The chain id.
    pub chain: String,
    /// The order.
    pub order: String,
    /// Our address.
    pub provider: String,
    /// Where it stands.
    pub state: State,
    /// The back end that it goes to.
    pub back_end: String,
    /// The price of a block.
    pub price: DecCoin,
    /// What it locks while it is on chain.
    pub deposit: Coin,
    /// What kind of order it is.
    pub class: String,
    /// What was decided, as JSON.
    pub decision: String,
    /// Who wanted it.
    pub origin: Origin,
    /// Since when it is there.
    pub created_at: Timestamp,
    /// How often it was queued.
    pub attempts: u64,
    /// When it may be queued again.
    pub retry_at: Option<Timestamp>,
    /// How often the chain refused it for what the order is.
    pub failures: u64,
    /// The height of the newest reading by which the chain showed its state.
    pub seen_height: Option<u64>,
    /// When the deployment behind it was last seen alive.
    pub checked_at: Option<Timestamp>,
    /// When it was first seen open.
    pub opened_at: Option<Timestamp>,
    /// Whether it won.
    pub won: Option<bool>,
    /// Why it is in this state, as a word.
    pub reason: Option<String>,
    /// Why, as a text.
    pub detail: Option<String>,
    /// Since when nothing more happens to it.
    pub settled_at: Option<Timestamp>,
}

impl Bid {
    /// `owner/dseq/gseq/oseq/provider`.
    pub fn chain_id(&self) -> String {
        format!("{}/{}", self.order, self.provider)
    }

    /// The key of the intent that brings it onto the chain. A bid that the chain refused before is another intent, for
    /// it may have another price; that the first can do nothing any more is what made it refused.
    pub fn intent_key(&self) -> String {
        intent_key(&self.chain, &self.order, self.attempts)
    }
}

/// The key of the intent of an attempt, counted from 1.
pub fn intent_key(chain: &str, order: &str, attempt: u64) -> String {
    if attempt <= 1 { format!("bid/{chain}/{order}") } else { format!("bid/{chain}/{order}/{attempt}") }
}

/// What the intent is for that closes a bid.
pub fn closing_key(chain: &str, order: &str) -> String {
    format!("close-bid/{chain}/{order}")
}

/// What the intent is for that ends a lease, whichever command or job wants it. Not the same as that of a bid which is
/// closed: that one is sent only while there is no lease.
pub fn ending_key(order: &str) -> String {
    format!("close-lease/{order}")
}

const COLUMNS: &str =
    "id, chain, order_id, provider, state, back_end, price, deposit, class, decision, origin, created_at,
     attempts, retry_at, failures, seen_height, checked_at, opened_at, won, reason, detail, settled_at";

/// Why a bid was refused that the order has nothing to do with: our funds, our fee, our sequence.
pub const OUR_ACCOUNT: &str = "our_account";

/// Which bids to list.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// In this state only.
    pub state: Option<State>,
    /// Those only whose deposit is with the chain, or on its way there.
    pub locked: bool,
    /// Those only to which something may still happen.
    pub live: bool,
    /// That many at most, the newest.
    pub limit: Option<u32>,
}

/// Writes a bid down, in the transaction of whatever brings it onto the chain.
pub fn insert(change: &Change<'_>, new: &NewBid<'_>, stamp: Stamp) -> Result<BidNumber, Error> {
    if by_order(change, new.chain, new.order, new.provider)?.is_some() {
        return Err(Error::Taken { order: new.order.to_owned() });
    }
    let at = StoredTime(stamp.at);
    let id = change.insert(
        "INSERT INTO bids (chain, order_id, provider, state, back_end, price, deposit, class, decision, origin,
           created_at, attempts, opened_at, won, settled_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        params![
            new.chain,
            new.order,
            new.provider,
            Stored(new.state),
            new.back_end,
            Stored(new.price),
            Stored(new.deposit),
            new.class,
            new.decision,
            Stored(new.origin),
            at,
            u8::from(new.state == State::Queued),
            (new.state == State::Open).then_some(at),
            (new.state == State::Active).then_some(true),
            is_settled(new.state).then_some(at),
        ],
    )?;
    let id = BidNumber(id);
    note(change, id, (None, new.state), stamp, None)?;
    if new.state == State::Queued {
        note_send(change, id, stamp.at)?;
    }
    Ok(id)
}

const fn is_settled(state: State) -> bool {
    match state {
        State::Proposed | State::Queued | State::Open | State::Active => false,
        State::Lost | State::Closed | State::Refused | State::Dropped => true,
    }
}

/// Lets something happen to a bid: its row and its transition are written, or neither. Nothing is written where it is in
/// that state already.
pub fn apply(
    change: &Change<'_>,
    id: BidNumber,
    event: Event,
    stamp: Stamp,
    because: Option<Because<'_>>,
) -> Result<State, Error> {
    let bid = by_id(change, id)?.ok_or(Error::NoBid { id })?;
    let to = bid.state.next(event).map_err(|source| Error::Bid { id, source })?;
    if to == bid.state && event != Event::Retried {
        return Ok(to);
    }
    let won = match (event, bid.state) {
        (Event::Won, _) => Some(true),
        // A bid that nobody took is as good as lost.
        (Event::Lost, _) | (Event::Closed, State::Open) => Some(false),
        _ => bid.won,
    };
    let queued = matches!(event, Event::Approved | Event::Retried);
    let opened = (to == State::Open).then_some(StoredTime(stamp.at));
    change.execute(
        "UPDATE bids SET state = ?2, won = ?3, attempts = attempts + ?4, retry_at = NULL, reason = ?5, detail = ?6,
           settled_at = ?7, opened_at = coalesce(opened_at, ?8) WHERE id = ?1",
        params![
            id.0,
            Stored(to),
            won,
            u8::from(queued),
            because.map(|because| because.reason),
            because.and_then(|because| because.detail),
            is_settled(to).then_some(StoredTime(stamp.at)),
            opened,
        ],
    )?;
    note(change, id, (Some(bid.state), to), stamp, because)?;
    if queued {
        note_send(change, id, stamp.at)?;
    }
    Ok(to)
}

/// Says when a refused bid may be tried again.
pub fn retry_at(change: &Change<'_>, id: BidNumber, at: Timestamp) -> Result<(), store::Error> {
    change.execute("UPDATE bids SET retry_at = ?2 WHERE id = ?1", params![id.0, StoredTime(at)])?;
    Ok(())
}

/// Counts a refusal against the order.
pub fn count_failure(change: &Change<'_>, id: BidNumber) -> Result<(), store::Error> {
    change.execute("UPDATE bids SET failures = failures + 1 WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Remembers by how new a reading the chain showed a bid's state.
pub fn seen_at(change: &Change<'_>, id: BidNumber, height: u64) -> Result<(), store::Error> {
    let sql = "UPDATE bids SET seen_height = max(coalesce(seen_height, 0), ?2) WHERE id = ?1";
    change.execute(sql, params![id.0, Stored(height)])?;
    Ok(())
}

/// A refused bid is not tried again.
pub fn give_up(change: &Change<'_>, id: BidNumber) -> Result<(), store::Error> {
    change.execute("UPDATE bids SET retry_at = NULL WHERE id = ?1", [id.0])?;
    Ok(())
}

/// Gives a bid that is tried again its new price and decision.
pub fn reprice(
    change: &Change<'_>,
    id: BidNumber,
    (back_end, price, deposit): (&str, &DecCoin, &Coin),
    decision: &str,
) -> Result<(), store::Error> {
    change.execute(
        "UPDATE bids SET back_end = ?2, price = ?3, deposit = ?4, decision = ?5 WHERE id = ?1",
        params![id.0, back_end, Stored(price), Stored(deposit), decision],
    )?;
    Ok(())
}

/// Remembers that the deployment behind a bid was seen alive.
pub fn seen_alive(change: &Change<'_>, id: BidNumber, at: Timestamp) -> Result<(), store::Error> {
    change.execute("UPDATE bids SET checked_at = ?2 WHERE id = ?1", params![id.0, StoredTime(at)])?;
    Ok(())
}

/// A bid by its number.
pub fn by_id(snapshot: &Snapshot<'_>, id: BidNumber) -> Result<Option<Bid>, store::Error> {
    snapshot.row(&format!("SELECT {COLUMNS} FROM bids WHERE id = ?1"), [id.0], read)
}

/// Our bid on an order.
pub fn by_order(
    snapshot: &Snapshot<'_>,
    chain: &str,
    order: &str,
    provider: &str,
) -> Result<Option<Bid>, store::Error> {
    let sql = format!("SELECT {COLUMNS} FROM bids WHERE chain = ?1 AND order_id = ?2 AND provider = ?3");
    snapshot.row(&sql, [chain, order, provider], read)
}

/// The bids of a filter, newest first.
pub fn list(snapshot: &Snapshot<'_>, filter: &Filter) -> Result<Vec<Bid>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bids
         WHERE (?1 IS NULL OR state = ?1) AND (NOT ?2 OR state IN ('queued', 'open', 'active'))
           AND (NOT ?3 OR settled_at IS NULL)
         ORDER BY id DESC LIMIT ?4"
    );
    let limit = filter.limit.map_or(-1, i64::from);
    snapshot.rows(&sql, params![filter.state.map(Stored), filter.locked, filter.live, limit], read)
}

/// Our bids on a chain to which something may still happen, newest first.
pub fn live(snapshot: &Snapshot<'_>, (chain, provider): (&str, &str)) -> Result<Vec<Bid>, store::Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM bids WHERE chain = ?1 AND provider = ?2 AND settled_at IS NULL ORDER BY id DESC"
    );
    snapshot.rows(&sql, [chain, provider], read)
}

/// The bid whose message an intent is.
pub fn of_intent(
    snapshot: &Snapshot<'_>,
    (chain, provider): (&str, &str),
    key: &str,
) -> Result<Option<Bid>, store::Error> {
    let order = key.strip_prefix("bid/").and_then(|rest| rest.strip_prefix(chain)?.strip_prefix('/'));
    let Some(order) = order else { return Ok(None) };
    // A fifth part is the number of the attempt.
    let end = order.match_indices('/').nth(3).map_or(order.len(), |(place, _)| place);
    let found = by_order(snapshot, chain, order.get(..end).unwrap_or(order), provider)?;
    Ok(found.filter(|bid| bid.intent_key() == key))
}

/// What of our bids became due by itself after a time and up to another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Due {
    /// An open bid that nobody took has been open for long enough.
    pub timeouts: bool,
    /// Orders whose refused bid may be tried again.
    pub retries: Vec<String>,
}

/// What of our bids becomes due by itself in a span of time, where open ones wait for so long.
pub fn due(
    snapshot: &Snapshot<'_>,
    (chain, provider): (&str, &str),
    (after, until): (Timestamp, Timestamp),
    timeout: std::time::Duration,
) -> Result<Due, store::Error> {
    let opened = |time: Timestamp| StoredTime(time.checked_sub(timeout).unwrap_or(Timestamp::MIN));
    let sql = "SELECT EXISTS (SELECT 1 FROM bids WHERE chain = ?1 AND provider = ?2 AND state = 'open'
               AND settled_at IS NULL AND opened_at > ?3 AND opened_at <= ?4)";
    let timeouts = snapshot.one(sql, params![chain, provider, opened(after), opened(until)], |row| row.get(0))?;
    let sql = "SELECT order_id FROM bids WHERE chain = ?1 AND provider = ?2 AND retry_at IS NOT NULL
               AND retry_at > ?3 AND retry_at <= ?4 ORDER BY retry_at, id";
    let span = params![chain, provider, StoredTime(after), StoredTime(until)];
    Ok(Due { timeouts, retries: snapshot.rows(sql, span, |row| row.get(0))? })
}

/// Until when nothing new is sent: a bid was refused because of our account, and is tried again then.
pub fn held_until(
    snapshot: &Snapshot<'_>,
    (chain, provider): (&str, &str),
    now: Timestamp,
) -> Result<Option<(Timestamp, Option<String>)>, store::Error> {
    let sql = "SELECT retry_at, detail FROM bids WHERE chain = ?1 AND provider = ?2 AND retry_at > ?3
               AND retry_at IS NOT NULL AND reason = ?4 ORDER BY retry_at DESC LIMIT 1";
    snapshot.row(sql, params![chain, provider, StoredTime(now), OUR_ACCOUNT], |row| {
        Ok((row.get::<_, StoredTime>(0)?.0, row.get(1)?))
    })
}

/// Forgets when bids were queued before a time.
pub fn forget_sends(change: &Change<'_>, before: Timestamp) -> Result<usize, store::Error> {
    change.execute("DELETE FROM bid_sends WHERE at < ?1", [StoredTime(before)])
}

fn note_send(change: &Change<'_>, id: BidNumber, at: Timestamp) -> Result<(), store::Error> {
    change.execute("INSERT INTO bid_sends (at, bid) VALUES (?1, ?2)", params![StoredTime(at), id.0])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Bid> {
    let time = |name: &str| Ok::<_, rusqlite::Error>(row.get::<_, Option<StoredTime>>(name)?.map(|time| time.0));
    Ok(Bid {
        id: BidNumber(row.get("id")?),
        chain: row.get("chain")?,
        order: row.get("order_id")?,
        provider: row.get("provider")?,
        state: row.get::<_, Stored<State>>("state")?.0,
        back_end: row.get("back_end")?,
        price: row.get::<_, Stored<DecCoin>>("price")?.0,
        deposit: row.get::<_, Stored<Coin>>("deposit")?.0,
        class: row.get("class")?,
        decision: row.get("decision")?,
        origin: row.get::<_, Stored<Origin>>("origin")?.0,
        created_at: row.get::<_, StoredTime>("created_at")?.0,
        attempts: row.get::<_, Stored<u64>>("attempts")?.0,
        retry_at: time("retry_at")?,
        failures: row.get::<_, Stored<u64>>("failures")?.0,
        seen_height: row.get::<_, Option<Stored<u64>>>("seen_height")?.map(|height| height.0),
        checked_at: time("checked_at")?,
        opened_at: time("opened_at")?,
        won: row.get("won")?,
        reason: row.get("reason")?,
        detail: row.get("detail")?,
        settled_at: time("settled_at")?,
    })
}

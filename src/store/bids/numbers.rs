//! Numbers about our bids: how many are where, how often they win, how fast they were and are sent.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::rows::{Filter, list};
use super::value::Stored;
use crate::domain::bid::{State, WinRate};
use crate::domain::outbox::intent;
use crate::store::outbox::intents;
use crate::store::{self, Snapshot, StoredTime};

/// How many bids are in each state.
pub fn counts(snapshot: &Snapshot<'_>) -> Result<BTreeMap<&'static str, u64>, store::Error> {
    let rows = snapshot.rows("SELECT state, count(*) FROM bids GROUP BY state", [], |row| {
        Ok((row.get::<_, Stored<State>>(0)?.0.word(), row.get::<_, Stored<u64>>(1)?.0))
    })?;
    Ok(rows.into_iter().collect())
}

/// How many bids that were on their way are on the chain by now, as the outbox knows and no run has written down.
pub fn arrived(snapshot: &Snapshot<'_>) -> Result<u64, store::Error> {
    let queued = list(snapshot, &Filter { state: Some(State::Queued), ..Filter::default() })?;
    let mut arrived = 0;
    for bid in queued {
        let intent = intents::by_key(snapshot, &bid.intent_key())?;
        arrived += u64::from(intent.is_some_and(|intent| intent.state == intent::State::Done));
    }
    Ok(arrived)
}

/// How often bids of each class were won since a time.
pub fn win_rates(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<BTreeMap<String, WinRate>, store::Error> {
    let sql = "SELECT class, sum(won), count(*) FROM bids WHERE won IS NOT NULL AND created_at >= ?1 GROUP BY class";
    let rows = snapshot.rows(sql, [StoredTime(since)], |row| {
        let rate = WinRate { won: row.get::<_, Stored<u64>>(1)?.0, decided: row.get::<_, Stored<u64>>(2)?.0 };
        Ok((row.get(0)?, rate))
    })?;
    Ok(rows.into_iter().collect())
}

/// How long bids took from the decision until they were seen on the chain, on average of those made since a time.
pub fn average_time(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<Option<Duration>, store::Error> {
    let sql = "SELECT sum(max(opened_at - created_at, 0)) / count(*) FROM bids
               WHERE opened_at IS NOT NULL AND origin <> 'chain' AND created_at >= ?1";
    let micros = snapshot.one(sql, [StoredTime(since)], |row| row.get::<_, Option<i64>>(0))?;
    Ok(micros.map(|micros| Duration::from_micros(micros.unsigned_abs())))
}

/// How many bids were queued since a time. Those of a clock that was ahead count too.
pub fn sent_since(snapshot: &Snapshot<'_>, since: Timestamp) -> Result<u64, store::Error> {
    let sql = "SELECT count(*) FROM bid_sends WHERE at >= ?1";
    snapshot.one(sql, [StoredTime(since)], |row| row.get::<_, Stored<u64>>(0).map(|count| count.0))
}

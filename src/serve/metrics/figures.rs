//! The figures behind the metrics, read in one view of the state file.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::domain::amount::{Dec18, DecCoin, Rounding};
use crate::domain::job::JobName;
use crate::domain::key::State as KeyState;
use crate::domain::workload::State;
use crate::store::bids::{pauses, rows};
use crate::store::totals::{self, Counts, Money};
use crate::store::usage::meters::{self, Reserved};
use crate::store::{Error, Snapshot, StoredTime, alerts, job_runs, keys, workloads};

/// A lease that is active.
#[derive(Debug)]
pub(super) struct LeaseFigures {
    pub(super) id: String,
    pub(super) denom: String,
    pub(super) by_the_second: Option<Dec18>,
    /// Of the tenant's money.
    pub(super) left: Option<Dec18>,
    pub(super) funded_until: Option<Timestamp>,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) provider: String,
    pub(super) capacity: Vec<(&'static str, u128)>,
    pub(super) key_life: Duration,
    pub(super) certificates: Vec<(String, Timestamp)>,
    pub(super) counts: Counts,
    pub(super) money: Money,
    pub(super) paused: bool,
    pub(super) won_of_the_day: (u64, u64),
    pub(super) bid_latency: Option<Duration>,
    pub(super) order_lag: Option<Duration>,
    pub(super) leases: Vec<LeaseFigures>,
    pub(super) closed_of_the_hour: u64,
    pub(super) withdrawn: BTreeMap<String, Dec18>,
    pub(super) locked: BTreeMap<String, Dec18>,
    pub(super) workloads: Vec<(State, u64)>,
    pub(super) reserved: Reserved,
    pub(super) outbox: Vec<(String, u64)>,
    pub(super) oldest_intent: Option<Timestamp>,
    pub(super) orphans: u64,
    pub(super) keys: Vec<(String, Timestamp)>,
    pub(super) alerts: Vec<(String, String, u64)>,
}

const BID_RUN: JobName = JobName::constant("bid-run");
const RECONCILE: JobName = JobName::constant("workloads-reconcile");

impl Figures {
    /// Reads them. What is not in the state file comes with `known`.
    pub(super) fn read(snapshot: &Snapshot<'_>, known: Known, now: Timestamp) -> Result<Self, Error> {
        let before = |span: Duration| now.checked_sub(span).unwrap_or(Timestamp::MIN);
        let day = before(Duration::from_hours(24));
        let rates = rows::win_rates(snapshot, day)?;
        let won = rates.values().fold((0_u64, 0_u64), |(won, decided), rate| {
            (won.saturating_add(rate.won), decided.saturating_add(rate.decided))
        });
        let bids = job_runs::last_success(snapshot, &BID_RUN)?.and_then(|run| run.ended_at);
        let reconciled = job_runs::last_success(snapshot, &RECONCILE)?;
        let active_keys = keys::list(snapshot)?.into_iter().filter(|key| key.state == KeyState::Active);
        Ok(Self {
            provider: known.provider,
            capacity: known.capacity,
            key_life: known.key_life,
            certificates: known.certificates,
            counts: totals::counts(snapshot)?,
            money: totals::money(snapshot)?,
            paused: pauses::in_force(snapshot)?.is_some(),
            won_of_the_day: won,
            bid_latency: rows::average_time(snapshot, day)?,
            order_lag: bids.map(|ended| Duration::try_from(now.duration_since(ended)).unwrap_or_default()),
            leases: leases(snapshot, now)?,
            closed_of_the_hour: closed_since(snapshot, before(Duration::from_hours(1)))?,
            withdrawn: sums(snapshot, "SELECT withdrawn FROM lease_payments")?,
            locked: sums(
                snapshot,
                "SELECT deposit FROM bids WHERE settled_at IS NULL AND state IN ('open', 'active')",
            )?,
            workloads: workloads::by_state(snapshot)?,
            reserved: meters::reserved(snapshot)?,
            outbox: snapshot.rows(
                "SELECT state, count(*) FROM outbox_intents WHERE settled_at IS NULL GROUP BY state",
                [],
                |row| Ok((row.get(0)?, row.get::<_, i64>(1)?.unsigned_abs())),
            )?,
            oldest_intent: snapshot.one(
                "SELECT min(created_at) FROM outbox_intents WHERE settled_at IS NULL",
                [],
                |row| Ok(row.get::<_, Option<StoredTime>>(0)?.map(|time| time.0)),
            )?,
            orphans: reconciled.map_or(0, |run| run.counts.of("orphans")),
            keys: active_keys.map(|key| (key.name, key.activated_at.unwrap_or(key.created_at))).collect(),
            alerts: firing(snapshot)?,
        })
    }
}

/// What the state file does not know.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) provider: String,
    pub(super) capacity: Vec<(&'static str, u128)>,
    pub(super) key_life: Duration,
    pub(super) certificates: Vec<(String, Timestamp)>,
}

fn leases(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Vec<LeaseFigures>, Error> {
    let sql = "SELECT l.id, l.price, l.funded_until, p.block_nanos FROM leases l
               LEFT JOIN chain_pace p ON p.chain = l.chain WHERE l.state = 'active' ORDER BY l.id";
    snapshot.rows(sql, [], |row| {
        let price: String = row.get(1)?;
        let price: Option<DecCoin> = price.parse().ok();
        let funded_until = row.get::<_, Option<StoredTime>>(2)?.map(|time| time.0);
        let nanos = row.get::<_, Option<i64>>(3)?.map(|nanos| u128::from(nanos.unsigned_abs()));
        let by_the_second = price.as_ref().zip(nanos).and_then(|(price, nanos)| {
            price.amount.checked_times(1_000_000_000).ok()?.checked_part(nanos, Rounding::HalfEven).ok()
        });
        let left = by_the_second.zip(funded_until).and_then(|(rate, until)| {
            let seconds = u128::try_from(until.as_second().saturating_sub(now.as_second())).unwrap_or(0);
            rate.checked_times(seconds).ok()
        });
        let denom = price.map(|price| price.denom.to_string()).unwrap_or_default();
        Ok(LeaseFigures { id: row.get(0)?, denom, by_the_second, left, funded_until })
    })
}

fn closed_since(snapshot: &Snapshot<'_>, time: Timestamp) -> Result<u64, Error> {
    let sql = "SELECT count(*) FROM leases WHERE closed_height IS NOT NULL AND last_seen >= ?1";
    snapshot.one(sql, [StoredTime(time)], |row| row.get::<_, i64>(0).map(i64::unsigned_abs))
}

/// Coins in a column by their denomination.
fn sums(snapshot: &Snapshot<'_>, sql: &str) -> Result<BTreeMap<String, Dec18>, Error> {
    let mut sums: BTreeMap<String, Dec18> = BTreeMap::new();
    snapshot.each(sql, [], |row| {
        let text: String = row.get(0)?;
        let coin: Result<DecCoin, _> = text.parse();
        if let Ok(coin) = coin {
            let sum = sums.entry(coin.denom.to_string()).or_default();
            *sum = sum.checked_add(coin.amount).unwrap_or(*sum);
        }
        Ok(())
    })?;
    Ok(sums)
}

fn firing(snapshot: &Snapshot<'_>) -> Result<Vec<(String, String, u64)>, Error> {
    let mut many: BTreeMap<(String, String), u64> = BTreeMap::new();
    for alert in alerts::firing(snapshot)? {
        let count = many.entry((alert.kind.word().to_owned(), alert.severity.word().to_owned())).or_default();
        *count = count.saturating_add(1);
    }
    Ok(many.into_iter().map(|((kind, severity), count)| (kind, severity, count)).collect())
}

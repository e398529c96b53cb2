//! `lease-monitor`: watches our leases: what they have earned, when their money ends, which ended and why.
//!
//! ```text
//! lock       one run at a time; a row in job_runs
//! truth      our active leases, all of them, from a node in step with the chain; the money behind each
//! ended      a lease that is listed no more is asked for by itself: how it ended, and why
//! warn       a lease whose money ends soon
//! withdraw   what is due: it gains enough, or its money ends before the next run
//! flush      the outbox signs, sends and confirms
//! report     each lease, and what was done
//! ```
//! Money moves on chain only when somebody touches an account, and touching one that is used up ends its leases. So a
//! withdrawal is made before the end, and never after it: then it is said, and a person or the workloads' own job
//! decides.

mod ends;
mod error;
mod report;

use std::time::Duration;

use jiff::Timestamp;

use crate::chain::client::{Client, LeaseFilter};
use crate::chain::wire::market::MsgWithdrawLease;
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::bid::price::BlockTime;
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::job::JobName;
use crate::domain::lease::{Lease, LeaseState};
use crate::jobs::escrow_funds;
use crate::jobs::tx_flush::{self, enqueue_anew};
use crate::jobs::{Circumstances, Run};
use crate::store;
use crate::store::bids::{leases, pace, rows};
use crate::store::outbox::Stamp;

pub use ends::{note, why};
pub use error::Error;
pub use report::{Ended, Monitored, Watched};

/// The name of the job.
pub const NAME: JobName = JobName::constant("lease-monitor");

/// How to watch.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The chain, the key and the operator's limits on sending.
    pub sending: tx_flush::Request<'a>,
    /// Time between two withdrawals of a lease.
    pub interval: Duration,
    /// A withdrawal gains at least so many times its fee.
    pub gain: u64,
    /// A lease is warned of whose money ends within this time.
    pub warn_before: Duration,
    /// The time until the next run: money that ends before is withdrawn now.
    pub look_ahead: Duration,
    /// Withdraw at all.
    pub withdraw: bool,
}

/// Gas of a withdrawal, as measured on a node.
const GAS: u64 = 130_000;

/// Runs the job.
pub async fn run(given: Circumstances<'_>, request: &Request<'_>) -> Result<Monitored, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = monitor(&run, given, request).await;
    run.conclude(result)
}

async fn monitor(run: &Run<'_>, given: Circumstances<'_>, request: &Request<'_>) -> Result<Monitored, Error> {
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = look(given.store, request, stamp.at).await?;
    let client = request.sending.client;
    ends::learn(given.store, client, &mut report, stamp.at).await?;
    for watched in &mut report.leases {
        given.store.write("write down how a lease is", |change| {
            see(change, client, watched, stamp.at)?;
            if watched.warn != watched.warned {
                leases::warned(change, &watched.lease.id.to_string(), watched.warn.then_some(stamp.at))?;
            }
            if let (Some(_), true) = (watched.due, request.withdraw) {
                let id = watched.lease.id.to_string();
                let message = MsgWithdrawLease { id: (&watched.lease.id).into() };
                let place = (client.network(), client.settings().chain_id.as_str());
                enqueue_anew(change, place, &format!("withdraw/{id}"), &message, stamp)?;
                leases::withdrawn(change, &id, stamp.at)?;
                watched.withdrawing = true;
            }
            Ok::<_, Error>(())
        })?;
        if watched.warn {
            tracing::warn!(lease = %watched.lease.id, until = ?watched.until, "the tenant's money ends soon");
        }
    }
    report.flushed = Some(tx_flush::flush(run, given, &request.sending).await?);
    Ok(report)
}

/// Looks at our leases and what is behind them. Changes nothing.
pub async fn look(store: &store::Store, request: &Request<'_>, now: Timestamp) -> Result<Monitored, Error> {
    let client = request.sending.client;
    let provider = match request.sending.account {
        Some(address) => address.clone(),
        None => tx_flush::address_of(request.sending.signer, client.network().address_prefix)?,
    };
    let mut running = Vec::new();
    let mut height = Height::default();
    let states = [LeaseState::Active, LeaseState::Reclaiming];
    let states = states.iter().filter(|state| **state == LeaseState::Active || client.network().has_reclamation());
    for state in states.copied() {
        let filter = LeaseFilter { provider: Some(provider.clone()), state: Some(state), ..LeaseFilter::default() };
        let listing = client.leases(&filter).for_each(|lease| running.push(lease)).await.map_err(Error::listing)?;
        height = listing.believed().map_err(Error::chain)?.height();
    }
    let chain = client.settings().chain_id.as_str();
    let block = block_time(store, chain)?;
    let known = store.read("read our leases", |snapshot| leases::running(snapshot, chain))?;
    let mut report = Monitored { height, ..Monitored::default() };
    for lease in running {
        let row = known.iter().find(|row| row.id == lease.id.to_string());
        match watch(client, lease, row, request, (block, now)).await {
            Ok(watched) => report.leases.push(watched),
            Err(error) => report.trouble(in_one_line(&error)),
        }
    }
    let listed: std::collections::HashSet<String> =
        report.leases.iter().map(|watched| watched.lease.id.to_string()).collect();
    // One whose money could not be read is listed all the same: it is looked up by itself, and found active.
    report.missing = known.into_iter().filter(|row| !listed.contains(&row.id)).collect();
    Ok(report)
}

/// The block time that prices count with.
pub fn block_time(store: &store::Store, chain: &str) -> Result<BlockTime, store::Error> {
    let pace = store.read("read how long blocks take", |snapshot| pace::of(snapshot, chain))?;
    Ok(pace.and_then(|pace| BlockTime::new(pace.block)).unwrap_or(BlockTime::USUAL))
}

async fn watch(
    client: &Client,
    lease: Lease,
    row: Option<&leases::Lease>,
    request: &Request<'_>,
    (block, now): (BlockTime, Timestamp),
) -> Result<Watched, crate::chain::client::CallError> {
    let found = escrow_funds::read(client, lease.id.order().deployment(), block).await?;
    let earned = found.as_ref().map_or(lease.payment.balance.amount, |found| found.earned(&lease.payment));
    let funds = found.map(|found| found.funds).unwrap_or_default();
    let funds = funds.into_iter().find(|funds| funds.denomination == lease.price.denom);
    let until = funds.as_ref().and_then(|funds| funds.until(now));
    let ended = funds.as_ref().is_some_and(|funds| funds.blocks == Some(0));
    let warned = row.is_some_and(|row| row.warned_at.is_some());
    let warn = until.is_some_and(|until| until <= now.saturating_add(request.warn_before).unwrap_or(until));
    let due = if ended { None } else { due(request, row, &lease, (earned, until), now) };
    Ok(Watched { lease, funds, earned, until, ended, warn, warned, due, withdrawing: false })
}

/// Why a withdrawal is due, if it is.
fn due(
    request: &Request<'_>,
    row: Option<&leases::Lease>,
    lease: &Lease,
    (earned, until): (Dec18, Option<Timestamp>),
    now: Timestamp,
) -> Option<&'static str> {
    // Only whole units are paid out.
    if earned < Dec18::ONE {
        return None;
    }
    let ends = until.is_some_and(|until| until <= now.saturating_add(request.look_ahead).unwrap_or(until));
    if ends {
        return Some("funds_end");
    }
    let price = &request.sending.policy.gas_price;
    let gas = Dec18::from(GAS).checked_mul(request.sending.policy.factors.settling, Rounding::Up).ok()?;
    let fee = gas.checked_mul(price.amount, Rounding::Up).ok()?;
    let worth_it = price.denom != lease.price.denom
        || fee.checked_times(u128::from(request.gain)).is_ok_and(|least| earned >= least);
    let last = row.and_then(|row| row.withdrawn_at.or(Some(row.first_seen)));
    let long_ago = last.is_some_and(|last| last.checked_add(request.interval).is_ok_and(|next| next <= now));
    (worth_it && long_ago).then_some("interval")
}

fn see(change: &store::Change<'_>, client: &Client, watched: &Watched, now: Timestamp) -> Result<(), store::Error> {
    let chain = &client.settings().chain_id;
    let lease = &watched.lease;
    let (order, provider) = (lease.id.order().to_string(), lease.id.provider().to_string());
    let bid = rows::by_order(change, chain, &order, &provider)?;
    leases::see(
        change,
        &leases::Lease {
            id: lease.id.to_string(),
            chain: chain.clone(),
            state: lease.state.word().to_owned(),
            price: lease.price.clone(),
            back_end: bid.map(|bid| bid.back_end),
            created_at: lease.created_at.0,
            closed_height: lease.closed_on.map(|height| height.0),
            reason: None,
            first_seen: now,
            last_seen: now,
            withdrawn_at: None,
            funded_until: watched.until,
            warned_at: None,
        },
    )
}

//! What is read before anything is decided, and what is made of it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::occupied::fill;
use super::own::Own;
use super::reconcile::{self, Shown};
use super::{BidRun, Error, Request};
use crate::chain::client::{BidFilter, Client, Head, Reading};
use crate::domain::address::Address;
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::{BackEnd, Ledger, Overall, ResourceStatus};
use crate::domain::bid::price::BlockTime;
use crate::domain::bid::{Desk, Standing, World};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::order::{Bid, BidState};
use crate::domain::params;
use crate::jobs::Circumstances;
use crate::store::bids::{BidNumber, pace};
use crate::store::outbox::{Stamp, transactions};
use crate::store::{ShouldStop, Store};

/// The world around a look at the chain: the state file, the clock, whether to stop.
#[derive(Clone, Copy)]
pub struct Moment<'a> {
    /// The state file.
    pub store: &'a Store,
    /// The wall clock.
    pub now: &'a (dyn Fn() -> Timestamp + Sync),
    /// Asked at safe points: whether to end now.
    pub should_stop: ShouldStop<'a>,
}

impl<'a> From<Circumstances<'a>> for Moment<'a> {
    fn from(given: Circumstances<'a>) -> Self {
        Self { store: given.store, now: given.now, should_stop: given.should_stop }
    }
}

/// What is so, as far as it matters for bidding.
pub struct Truth {
    /// The moment.
    pub world: World,
    /// What we are on chain.
    pub standing: Standing,
    /// The market's rules.
    pub market: params::Market,
    /// What back ends have, and what of it is taken.
    pub ledger: Ledger,
    /// Our bids.
    pub own: Own,
    /// Workloads beyond those of our bids: the operator's own, and those whose lease is over and that have not ended.
    pub others: u64,
    /// Our address.
    pub provider: Address,
    /// The chain's id.
    pub chain: String,
}

/// A measurement spans so many blocks.
const SPAN: u64 = 100;

impl Truth {
    /// Reads it. With a stamp, what the chain shows of our bids is written down; without, nothing is.
    pub async fn read(
        moment: Moment<'_>,
        request: &Request<'_>,
        stamp: Option<Stamp>,
        report: &mut BidRun,
    ) -> Result<Self, Error> {
        let client = request.sending.client;
        let head = client.head().await.and_then(Reading::believed).map_err(Error::chain("where the chain stands"))?;
        let (head, chain) = (head.into_value(), client.settings().chain_id.clone());
        let provider = address(request)?;
        let known = moment.store.read("read how high the chain was", |snapshot| {
            transactions::reached(snapshot, (&chain, provider.as_str()))
        })?;
        // What such a node does not show may be there all the same.
        if let Some(known) = known.map(Height).filter(|known| head.height < *known) {
            return Err(Error::Behind { known, found: head.height });
        }
        let asked = Box::pin(async {
            tokio::join!(
                block_time(client, moment, &head, &chain, stamp.is_some()),
                standing(client, &provider),
                client.market_params(),
                own_bids(client, &provider, BidState::Open),
                own_bids(client, &provider, BidState::Active)
            )
        });
        let (block, standing, market, open, active) = asked.await;
        let (block, trouble) = block?;
        if let Some(trouble) = trouble {
            report.trouble(trouble);
        }
        let market = market.map_err(Error::chain("the rules of the market"))?.value;
        let (standing, (open, open_at), (active, active_at)) = (standing?, open?, active?);
        let shown = Shown { open: &open, active: &active, height: open_at.min(active_at).min(head.height) };
        if !standing.registered {
            report.trouble(format!("{provider} is not registered as a provider: `provider register`"));
        }
        let world = World { now: (moment.now)(), height: head.height, block };
        let mut ledger = Ledger::new(request.back_ends, request.overall, request.terms.max_utilization);
        let own = reconcile::reconcile(moment, request, (&chain, &provider), &shown, stamp, &ledger, report).await?;
        let others = fill(moment, &mut ledger, world.now, |_| true, report)?;
        Ok(Self { world, standing, market, ledger, own, others, provider, chain })
    }

    /// The ledger anew, without what is promised to some bids: they are decided about afresh.
    pub(super) fn without(
        &mut self,
        moment: Moment<'_>,
        request: &Request<'_>,
        bids: &[BidNumber],
        report: &mut BidRun,
    ) -> Result<(), Error> {
        let mut ledger = Ledger::new(request.back_ends, request.overall, request.terms.max_utilization);
        self.others = fill(moment, &mut ledger, self.world.now, |bid| !bids.contains(&bid), report)?;
        self.ledger = ledger;
        Ok(())
    }

    /// Whose bids are ours: the chain and our address.
    pub(super) fn place(&self) -> (&str, &str) {
        (&self.chain, self.provider.as_str())
    }

    /// The desk at which orders are decided.
    pub fn desk<'d>(&'d self, request: &Request<'d>) -> Desk<'d> {
        Desk::new(request.terms, &self.standing, self.world, request.back_ends, request.overall, &self.ledger)
    }
}

/// Our address: the configured one, or the key's.
pub(super) fn address(request: &Request<'_>) -> Result<Address, Error> {
    let sending = &request.sending;
    match sending.account {
        Some(address) => Ok(address.clone()),
        None => Ok(crate::jobs::tx_flush::address_of(sending.signer, sending.client.network().address_prefix)?),
    }
}

/// Our registration, and what auditors say of it.
async fn standing(client: &Client, provider: &Address) -> Result<Standing, Error> {
    let registered = client.provider(provider).await.map_err(Error::chain("whether we are registered"))?.value;
    let Some(registered) = registered else {
        return Ok(Standing::new(provider.as_str(), false, Vec::new(), BTreeMap::new()));
    };
    let audited = client.audited_attributes(provider).await.map_err(Error::chain("what auditors vouch for"))?.value;
    let mut by_auditor: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for one in audited {
        by_auditor.entry(one.auditor.to_string()).or_default().extend(one.attributes);
    }
    Ok(Standing::new(provider.as_str(), true, registered.attributes, by_auditor))
}

/// Our bids in a state, all of them, from nodes in step with the chain.
async fn own_bids(client: &Client, provider: &Address, state: BidState) -> Result<(Vec<Bid>, Height), Error> {
    const WHAT: &str = "which bids we have";
    let filter = BidFilter { provider: Some(provider.clone()), state: Some(state), order: None };
    let mut bids = Vec::new();
    let listing = client.bids(&filter).for_each(|bid| bids.push(bid)).await.map_err(Error::listing(WHAT))?;
    let listing = listing.believed().map_err(Error::chain(WHAT))?;
    Ok((bids, listing.height()))
}

/// How long a block takes, measured over the last hundred or more.
async fn block_time(
    client: &Client,
    moment: Moment<'_>,
    head: &Head,
    chain: &str,
    write: bool,
) -> Result<(BlockTime, Option<String>), Error> {
    let known = moment.store.read("read how long blocks take", |snapshot| pace::of(snapshot, chain))?;
    // A chain that began anew is another chain.
    let known = known.filter(|known| known.height <= head.height.0);
    let usual = known.and_then(|known| BlockTime::new(known.block));
    if let (Some(known), Some(usual)) = (known, usual)
        && head.height.0 < known.height.saturating_add(SPAN)
    {
        return Ok((usual, None));
    }
    let (from, since) = match known {
        Some(known) => (known.height, known.time),
        None => match first_of_span(client, head).await {
            Ok(Some(first)) => first,
            Ok(None) => return Ok(unmeasured(None)),
            Err(error) => return Ok(unmeasured(Some(in_one_line(&error)))),
        },
    };
    let blocks = u32::try_from(head.height.0.saturating_sub(from)).unwrap_or(u32::MAX);
    let whole = Duration::try_from(head.time.duration_since(since)).unwrap_or_default();
    // Where blocks come faster than their clock ticks no part of a short span has a length, though all of it has one.
    let mean = || whole.checked_div(blocks).and_then(BlockTime::new);
    let measured = match usual_gap(client, (from, since), (head.height.0, head.time)).await {
        Ok(gap) => gap.and_then(BlockTime::new).or_else(mean),
        Err(error) => return Ok(usual.map_or_else(|| unmeasured(Some(in_one_line(&error))), |usual| (usual, None))),
    };
    let Some(measured) = measured.map(|measured| usual.map_or(measured, |usual| usual.or_newer(measured))) else {
        return Ok(usual.map_or_else(|| unmeasured(None), |usual| (usual, None)));
    };
    if write && u64::from(blocks) >= SPAN.min(head.height.0.saturating_sub(1)) {
        let pace = pace::Pace { block: measured.duration(), height: head.height.0, time: head.time };
        moment.store.write("write down how long blocks take", |change| pace::set(change, chain, pace))?;
    }
    Ok((measured, None))
}

/// A measurement looks at so many parts of its span.
const PARTS: u64 = 5;

/// How long a block usually takes in a span: the median of its parts, so that a chain that stood still once does not make
/// every hour longer for a hundred blocks.
async fn usual_gap(
    client: &Client,
    (from, since): (u64, Timestamp),
    (to, until): (u64, Timestamp),
) -> Result<Option<Duration>, crate::chain::client::CallError> {
    let blocks = to.saturating_sub(from);
    let parts = PARTS.min(blocks);
    let inner = (1..parts).map(|part| from + blocks * part / parts);
    let asked = futures_util::future::try_join_all(inner.map(|height| client.block(Height(height)))).await?;
    let mut marks = vec![(from, since)];
    marks.extend(asked.into_iter().filter_map(|block| block.value).map(|block| (block.height.0, block.time)));
    marks.push((to, until));
    Ok(median_gap(&marks))
}

/// The median time of a block between marks that follow each other, each part counted once.
fn median_gap(marks: &[(u64, Timestamp)]) -> Option<Duration> {
    let gap = |pair: &[(u64, Timestamp)]| {
        let [(from, since), (to, until)] = pair else { return None };
        let span = Duration::try_from(until.duration_since(*since)).unwrap_or_default();
        span.checked_div(u32::try_from(to.checked_sub(*from)?).ok()?)
    };
    let mut gaps: Vec<Duration> = marks.windows(2).filter_map(gap).collect();
    gaps.sort_unstable();
    gaps.get(gaps.len() / 2).copied()
}

async fn first_of_span(
    client: &Client,
    head: &Head,
) -> Result<Option<(u64, Timestamp)>, crate::chain::client::CallError> {
    let from = head.height.0.saturating_sub(SPAN).max(1);
    if from >= head.height.0 {
        return Ok(None);
    }
    let block = client.block(Height(from)).await?.value;
    Ok(block.map(|block| (block.height.0, block.time)))
}

fn unmeasured(why: Option<String>) -> (BlockTime, Option<String>) {
    let why = why.map_or_else(String::new, |why| format!(": {why}"));
    let words = format!("the block time could not be measured yet{why}; hours are counted in blocks of 5s");
    (BlockTime::USUAL, Some(words))
}

/// What back ends have, and what of it is taken, by the state file alone: no node is asked.
pub fn resources(
    moment: Moment<'_>,
    back_ends: &[BackEnd],
    overall: Overall,
    report: &mut BidRun,
) -> Result<Vec<ResourceStatus>, Error> {
    let mut ledger = Ledger::new(back_ends, overall, Dec18::ONE);
    fill(moment, &mut ledger, (moment.now)(), |_| true, report)?;
    Ok(ledger.status())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_that_stood_still_once_is_not_slow() {
        let start: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let mark = |height: u64, seconds: u64| (height, start + Duration::from_secs(seconds));
        let even = [mark(0, 0), mark(20, 100), mark(40, 200), mark(60, 300), mark(80, 400), mark(100, 500)];
        assert_eq!(median_gap(&even), Some(Duration::from_secs(5)));
        // An hour between two blocks.
        let stood = [mark(0, 0), mark(20, 100), mark(40, 3800), mark(60, 3900), mark(80, 4000), mark(100, 4100)];
        assert_eq!(median_gap(&stood), Some(Duration::from_secs(5)));
        let slower = [mark(0, 0), mark(20, 100), mark(40, 400), mark(60, 700), mark(80, 1000), mark(100, 1300)];
        assert_eq!(median_gap(&slower), Some(Duration::from_secs(15)));
        assert_eq!(median_gap(&[mark(0, 0), mark(3, 9)]), Some(Duration::from_secs(3)));
        assert_eq!(median_gap(&[mark(5, 0)]), None);
    }
}

//! What is read before anything is decided, and what is made of it.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use super::own::{self, Own, Standing as OwnStanding};
use super::reconcile::{self, Shown};
use super::{BidRun, Error, Request};
use crate::chain::client::{BidFilter, Client, Head, Reading};
use crate::domain::address::Address;
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::{BackEnd, Ledger, Overall, ResourceStatus};
use crate::domain::bid::price::BlockTime;
use crate::domain::bid::{Asked, Desk, Explanation, Funding, Reason, Standing, World};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::OrderId;
use crate::domain::order::{Bid, BidState, Order};
use crate::domain::params;
use crate::jobs::Circumstances;
use crate::store::bids::decisions::{self, Decision, Holds};
use crate::store::bids::{BidNumber, pace, pauses, reservations};
use crate::store::outbox::{Stamp, transactions};
use crate::store::{self, ShouldStop, Store};

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
        fill(moment, &mut ledger, world.now, |_| true, report)?;
        Ok(Self { world, standing, market, ledger, own, provider, chain })
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
        fill(moment, &mut ledger, self.world.now, |bid| !bids.contains(&bid), report)?;
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

/// Leases occupy, open bids are promised. What is of a back end that is no longer sold is told, and counts nowhere.
pub(super) fn fill(
    moment: Moment<'_>,
    ledger: &mut Ledger,
    now: Timestamp,
    counts: impl Fn(BidNumber) -> bool,
    report: &mut BidRun,
) -> Result<(), Error> {
    use crate::domain::bid::State;
    let standing = moment.store.read("read what is reserved", |snapshot| reservations::standing(snapshot, now))?;
    for reservation in standing.into_iter().filter(|reservation| counts(reservation.bid)) {
        let Some(back_end) = ledger.find(&reservation.back_end) else {
            report.trouble(format!(
                "bid {} is for the back end {}, which is not sold any more",
                reservation.bid, reservation.back_end
            ));
            continue;
        };
        match reservation.state {
            State::Active => ledger.occupy(back_end, &reservation.footprint),
            _ => ledger.promise(back_end, &reservation.footprint),
        }
    }
    Ok(())
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
    let span = Duration::try_from(head.time.duration_since(since)).unwrap_or_default();
    let measured = span.checked_div(blocks).and_then(BlockTime::new);
    let Some(measured) = measured.map(|measured| usual.map_or(measured, |usual| usual.or_newer(measured))) else {
        return Ok(usual.map_or_else(|| unmeasured(None), |usual| (usual, None)));
    };
    if write && u64::from(blocks) >= SPAN.min(head.height.0.saturating_sub(1)) {
        let pace = pace::Pace { block: measured.duration(), height: head.height.0, time: head.time };
        moment.store.write("write down how long blocks take", |change| pace::set(change, chain, pace))?;
    }
    Ok((measured, None))
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

/// Everything about one order.
pub struct Explained {
    /// The order.
    pub order: Order,
    /// What of it cannot be read, where that is so; nothing else was looked at then.
    pub unreadable: Option<Reason>,
    /// Every check.
    pub explanation: Option<Explanation>,
    /// What is behind the order, at our price.
    pub funding: Option<Result<Funding, Reason>>,
    /// Our bid on it.
    pub ours: Option<store::bids::Bid>,
    /// What that means for another.
    pub standing: Option<OwnStanding>,
    /// Why nothing is bid on at all: a pause, or that bidding is not enabled.
    pub closed: Option<String>,
    /// What it would be worth for what it takes of what is scarce.
    pub score: Option<Dec18>,
    /// The last decision against it.
    pub decision: Option<Decision>,
    /// How long that holds, where it does.
    pub decided: Option<String>,
    /// How many bids it has, and takes.
    pub bids: Option<(u64, u64)>,
    /// The moment.
    pub world: World,
    /// The names of the back ends, in the order of preference.
    pub back_ends: Vec<String>,
    /// The factors of the back end that it would go to.
    pub factors: crate::domain::bid::price::Factors,
}

/// Explains an order: reads what a run would read, and tells everything. Changes nothing.
pub async fn explain(
    moment: Moment<'_>,
    request: &Request<'_>,
    id: &OrderId,
    report: &mut BidRun,
) -> Result<Explained, Error> {
    let client = request.sending.client;
    let truth = Truth::read(moment, request, None, report).await?;
    let order = client.order(id).await.map_err(Error::chain("what the order asks for"))?.value;
    let order = order.ok_or_else(|| Error::Nothing(format!("there is no order {id}")))?;
    let (text, provider) = (id.to_string(), truth.provider.to_string());
    let (ours, decision, holds, pause) = moment.store.read("read what was decided", |snapshot| {
        let ours = store::bids::rows::by_order(snapshot, &truth.chain, &text, &provider)?;
        let decision = decisions::of(snapshot, decisions::key(&truth.chain, &text))?;
        let holds = decisions::known(snapshot, decisions::key(&truth.chain, &text))?;
        Ok::<_, store::Error>((ours, decision, holds, pauses::in_force(snapshot)?))
    })?;
    let bids = super::choose::bids_of(client, id).await.ok();
    let bids = bids.map(|bids| (bids, u64::from(truth.market.bids_per_order)));
    let back_ends: Vec<String> =
        (0..truth.ledger.len()).map(|back_end| truth.ledger.name(back_end).to_owned()).collect();
    let mut explained = Explained {
        unreadable: None,
        explanation: None,
        funding: None,
        standing: ours.as_ref().map(|row| OwnStanding::of(row, truth.world.now)),
        closed: match pause {
            Some(pause) => Some(format!("paused: {}", pause.reason)),
            None => (!request.enabled).then(|| "bidding is not enabled (bidding.enabled)".to_owned()),
        },
        score: None,
        ours,
        decision,
        decided: None,
        bids,
        world: truth.world,
        back_ends,
        factors: crate::domain::bid::price::Factors::default(),
        order,
    };
    let desk = truth.desk(request);
    explained.decided = holds.and_then(|holds| how_long(holds, &desk, truth.world.now));
    let order = explained.order.clone();
    let asked = match Asked::of(&order) {
        Ok(asked) => asked,
        Err(reason) => {
            explained.unreadable = Some(reason);
            return Ok(explained);
        }
    };
    let mut explanation = desk.explain(&truth.ledger, &asked);
    let mut quote = explanation.quote;
    if let (Some(program), Some(fit)) = (request.program, &explanation.fit) {
        let answer = program.ask(&[super::book::question(&order, &asked, program.batch)]).await.pop();
        match answer.map(|answer| answer.and_then(|price| desk.price_by_program(&asked, fit, price))) {
            Some(Ok(priced)) => quote = Some(priced),
            Some(Err(reason)) => explanation.refusal = explanation.refusal.or(Some(reason)),
            None => {}
        }
    }
    explanation.quote = quote;
    if let (Some(quote), Some(fit)) = (&quote, &explanation.fit) {
        explained.factors = desk.factors(fit.back_end);
        match super::survey::behind(client, &order).await {
            Ok(behind) => {
                let funding = desk.fund(&asked, quote, behind.as_behind(&order));
                if let Ok(funding) = &funding {
                    let rates = super::choose::win_rates(moment, &truth)?;
                    explained.score = super::choose::score(&truth, request, &order, (fit, quote, funding), &rates);
                }
                explained.funding = Some(funding);
            }
            Err(unseen) => report.trouble(unseen.to_string()),
        }
    }
    explained.explanation = Some(explanation);
    Ok(explained)
}

/// How long a decision holds, in words; none where it does not hold any more.
fn how_long(holds: Holds, desk: &Desk<'_>, now: Timestamp) -> Option<String> {
    let digests = desk.digests();
    match holds {
        Holds::ForEver => Some("for ever".to_owned()),
        Holds::Until(time) => (time > now).then(|| format!("until {time:.0}")),
        Holds::Digest(digest) => [digests.terms, digests.capacity, digests.price, digests.all]
            .contains(&digest)
            .then(|| "until terms, prices or what is free change".to_owned()),
        Holds::Run => None,
    }
}

/// The open orders with what would become of each, without the second look. Changes nothing.
pub async fn look(
    moment: Moment<'_>,
    request: &Request<'_>,
    report: &mut BidRun,
    mut each: impl FnMut(&Order, Result<Option<crate::domain::amount::DecCoin>, Reason>),
) -> Result<(), Error> {
    let truth = Truth::read(moment, request, None, report).await?;
    let desk = truth.desk(request);
    let mut failed = None;
    let filter = crate::chain::client::OrderFilter {
        state: Some(crate::domain::order::OrderState::Open),
        ..crate::chain::client::OrderFilter::default()
    };
    let listed = request.sending.client.orders(&filter).for_each(|order| {
        let text = order.id.to_string();
        let ours = match truth.own.live(&text) {
            Some(state) => Ok(Some(OwnStanding::Taken(state))),
            None => moment.store.read("read our bid on an order", |snapshot| {
                own::standing(snapshot, truth.place(), &text, truth.world.now)
            }),
        };
        let ours = ours.unwrap_or_else(|error| {
            failed.get_or_insert(error);
            None
        });
        let result = ours.and_then(|ours| ours.refusal()).map_or(Ok(()), Err).and_then(|()| {
            let asked = Asked::of(&order)?;
            let fit = desk.fit(&truth.ledger, &asked)?;
            if desk.prices_by_program() {
                return Ok(None);
            }
            let quote = desk.price(&asked, &fit)?;
            Ok(Some(asked.in_its_denomination(quote.price)))
        });
        each(&order, result);
    });
    listed.await.map(drop).map_err(Error::listing("which orders are open"))?;
    failed.map_or(Ok(()), |error| Err(error.into()))
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

//! Our bids: what the state file says of them, what the chain shows, and what becomes of the difference.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::truth::{Moment, Truth};
use super::{BidRun, Error, Request};
use crate::chain::client::{Client, Reading};
use crate::domain::address::Address;
use crate::domain::bid::capacity::{Footprint, GpuChoice, Ledger};
use crate::domain::bid::{Asked, Event, Limits, Reason, State};
use crate::domain::fault::{Classified, Fault, in_one_line};
use crate::domain::id::{BidId, OrderId};
use crate::domain::manifest::{GroupSpec, Requirements, ResourceUnit};
use crate::domain::order::{Bid, BidState};
use crate::domain::outbox::intent;
use crate::store::bids::rows::{self, Filter, NewBid};
use crate::store::bids::{self, BidNumber, Origin, reservations};
use crate::store::outbox::{Because, IntentId, Stamp, intents};
use crate::store::{self, Change};

/// Our bids.
#[derive(Debug, Default)]
pub struct Own {
    /// By order: what stands against another bid, or that the one may be tried again.
    by_order: HashMap<String, Standing>,
    /// Those that are open, as rows.
    pub(super) open: Vec<bids::Bid>,
    /// How many are leases.
    pub(super) leases: u64,
    /// How many are on their way.
    pub(super) queued: u64,
    /// How many wait for a person.
    pub(super) proposed: u64,
}

/// What our one bid on an order means for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// There is none to be had.
    Taken(State),
    /// It was refused, and may be tried again.
    Retry(BidNumber),
    /// It was refused, and may be tried again later.
    Wait,
}

impl Own {
    /// Why an order gets no bid because of the one that it had.
    pub(super) fn refusal(&self, order: &str) -> Option<Reason> {
        match self.by_order.get(order)? {
            Standing::Taken(state) => Some(Reason::AlreadyBid { state: state.word().into() }),
            Standing::Wait => Some(Reason::NotChosen { rank: 0, limit: "retry_delay".into() }),
            Standing::Retry(_) => None,
        }
    }

    /// Where our bid on an order stands.
    pub(super) fn state(&self, order: &str) -> Option<State> {
        match self.by_order.get(order)? {
            Standing::Taken(state) => Some(*state),
            Standing::Retry(_) | Standing::Wait => Some(State::Refused),
        }
    }

    /// The refused bid that is tried again with an order.
    pub(super) fn retry(&self, order: &str) -> Option<BidNumber> {
        match self.by_order.get(order)? {
            Standing::Retry(id) => Some(*id),
            Standing::Taken(_) | Standing::Wait => None,
        }
    }

    fn of(rows: Vec<bids::Bid>, now: Timestamp) -> Self {
        let mut own = Self::default();
        for row in rows {
            let standing = match (row.state, row.retry_at) {
                (State::Refused, Some(at)) if at <= now => Standing::Retry(row.id),
                (State::Refused, Some(_)) => Standing::Wait,
                (state, _) => Standing::Taken(state),
            };
            match row.state {
                State::Active => own.leases += 1,
                State::Queued => own.queued += 1,
                State::Proposed => own.proposed += 1,
                State::Open | State::Lost | State::Closed | State::Refused | State::Dropped => {}
            }
            own.by_order.insert(row.order.clone(), standing);
            if row.state == State::Open {
                own.open.push(row);
            }
        }
        own
    }
}

/// When a bid that was refused so often may be tried again; none: not any more.
pub fn retry_wait(attempts: u64, limits: &Limits) -> Option<Duration> {
    (attempts <= limits.retries).then_some(limits.retry_delay)
}

/// Our bids, after the chain's word on them is written down. Without a stamp nothing is written: a rehearsal sees the
/// state file as it is.
pub(super) async fn reconcile(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &Address),
    (open, active): (&[Bid], &[Bid]),
    stamp: Option<Stamp>,
    ledger: &Ledger,
    report: &mut BidRun,
) -> Result<Own, Error> {
    if let Some(stamp) = stamp {
        let client = request.sending.client;
        let shown: Vec<(&Bid, Event)> =
            open.iter().map(|bid| (bid, Event::Included)).chain(active.iter().map(|bid| (bid, Event::Won))).collect();
        let known = note_shown(moment, request, (chain, provider), &shown, stamp, ledger)?;
        adopt(moment, client, (chain, provider), &known, stamp, ledger, report).await?;
        let missing = moment.store.write("read what became of our bids", |change| {
            from_outbox(change, request.limits, stamp, report)?;
            let live = rows::list(change, &Filter { live: true, ..Filter::default() })?;
            let on_chain: std::collections::HashSet<String> =
                shown.iter().map(|(bid, _)| bid.id.order().to_string()).collect();
            let gone = |row: &bids::Bid| {
                row.chain == chain && matches!(row.state, State::Open | State::Active) && !on_chain.contains(&row.order)
            };
            Ok::<_, bids::Error>(live.into_iter().filter(gone).collect::<Vec<_>>())
        })?;
        learn_ends(moment, client, missing, stamp, report).await?;
        moment.store.write("forget reservations whose time is over", |change| {
            reservations::forget(change, stamp.at)?;
            let hours_ago = stamp.at.checked_sub(Duration::from_hours(2)).unwrap_or(stamp.at);
            rows::forget_sends(change, hours_ago)
        })?;
    }
    let provider = provider.to_string();
    let rows = moment.store.read("read our bids", |snapshot| {
        let all = rows::list(snapshot, &Filter::default())?;
        Ok::<_, store::Error>(all.into_iter().filter(|row| row.chain == chain && row.provider == provider).collect())
    })?;
    Ok(Own::of(rows, (moment.now)()))
}

/// Writes down how the chain shows our bids, and gives back those that the state file does not know.
fn note_shown<'b>(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &Address),
    shown: &[(&'b Bid, Event)],
    stamp: Stamp,
    ledger: &Ledger,
) -> Result<Vec<(&'b Bid, Event)>, Error> {
    let provider = provider.to_string();
    let until = stamp.at.checked_add(request.limits.timeout).ok();
    let unknown = moment.store.write("write down what the chain shows of our bids", |change| {
        let mut unknown = Vec::new();
        for (bid, event) in shown {
            let order = bid.id.order().to_string();
            let Some(row) = rows::by_order(change, chain, &order, &provider)? else {
                unknown.push((*bid, *event));
                continue;
            };
            match rows::apply(change, row.id, *event, stamp, None) {
                Ok(_) => {}
                // The chain is right: a proposal, or a bid that was given up, was made by somebody else with our key.
                Err(bids::Error::Bid { .. }) => {
                    tracing::warn!(bid = %row.id, state = row.state.word(), "the chain shows this bid as {event:?}");
                    continue;
                }
                Err(error) => return Err(error),
            }
            let expires = if *event == Event::Won { None } else { until };
            if reservations::of(change, row.id)?.is_some() {
                reservations::extend(change, row.id, expires)?;
            } else if let Some(print) = offered(bid, ledger, ledger.find(&row.back_end)) {
                reservations::hold(change, row.id, &row.back_end, &print, expires)?;
            }
        }
        Ok::<_, bids::Error>(unknown)
    })?;
    Ok(unknown)
}

/// What a bid offers, as a footprint. Without an offer it is what was ordered.
fn offered(bid: &Bid, ledger: &Ledger, back_end: Option<usize>) -> Option<Footprint> {
    let unit = |offer: &crate::domain::order::ResourceOffer| ResourceUnit {
        resources: offer.resources.clone(),
        count: offer.count,
        price: bid.price.clone(),
    };
    let units: Vec<ResourceUnit> = bid.offers.iter().map(unit).collect();
    (!units.is_empty()).then(|| print_of(units, bid, ledger, back_end))
}

fn print_of(units: Vec<ResourceUnit>, bid: &Bid, ledger: &Ledger, back_end: Option<usize>) -> Footprint {
    let spec = GroupSpec { name: String::new(), requirements: Requirements::default(), units };
    let Ok(asked) = Asked::read(bid.id.order().owner().as_str(), &spec) else { return Footprint::default() };
    let rank = |_: &_, _: crate::domain::bid::GpuWish<'_>| crate::domain::amount::Dec18::ZERO;
    let gpus: Vec<GpuChoice> =
        back_end.and_then(|back_end| ledger.fits(back_end, &asked, &rank).ok()).unwrap_or_default();
    Footprint::of(&asked, &gpus)
}

/// Makes rows for bids that only the chain knows: the state file is new, or was restored.
async fn adopt(
    moment: Moment<'_>,
    client: &Client,
    (chain, provider): (&str, &Address),
    unknown: &[(&Bid, Event)],
    stamp: Stamp,
    ledger: &Ledger,
    report: &mut BidRun,
) -> Result<(), Error> {
    for (bid, event) in unknown {
        let order = bid.id.order();
        let print = match offered(bid, ledger, None) {
            Some(print) => print,
            None => match client.order(order).await {
                Ok(reading) => {
                    reading.value.map(|order| print_of(order.spec.units, bid, ledger, None)).unwrap_or_default()
                }
                Err(error) => {
                    report.trouble(in_one_line(&error));
                    continue;
                }
            },
        };
        // The first back end: where a workload really is says the back end, when workloads are adopted.
        let back_end = if ledger.is_empty() { "unknown".to_owned() } else { ledger.name(0).to_owned() };
        let deposit = bid.escrow.deposits.first().map(|deposit| deposit.balance.clone());
        let deposit = deposit.and_then(|deposit| deposit.to_coin(crate::domain::amount::Rounding::Down).ok());
        let deposit = deposit.unwrap_or_else(|| crate::domain::amount::Coin::new(0_u64, bid.price.denom.clone()));
        let (order, provider) = (order.to_string(), provider.to_string());
        let state = if *event == Event::Won { State::Active } else { State::Open };
        let new = NewBid {
            chain,
            order: &order,
            provider: &provider,
            state,
            back_end: &back_end,
            price: &bid.price,
            deposit: &deposit,
            class: "unknown",
            decision: "{}",
            origin: Origin::Chain,
        };
        moment.store.write("write down a bid that the chain shows", |change| {
            let id = rows::insert(change, &new, stamp)?;
            // An open one is looked at again in this run, whatever it says of its time.
            let expires = (state == State::Open).then(|| stamp.at.checked_add(super::AGAIN).unwrap_or(stamp.at));
            reservations::hold(change, id, &back_end, &print, expires)?;
            Ok::<_, bids::Error>(id)
        })?;
        report.adopted += 1;
    }
    Ok(())
}

/// Learns from the outbox what became of bids that are on their way.
fn from_outbox(change: &Change<'_>, limits: &Limits, stamp: Stamp, report: &mut BidRun) -> Result<(), bids::Error> {
    let queued = rows::list(change, &Filter { state: Some(State::Queued), ..Filter::default() })?;
    for row in queued {
        let Some(intent) = intents::by_key(change, &row.intent_key())? else { continue };
        match intent.state {
            intent::State::Queued | intent::State::InFlight | intent::State::NeedsConfirmation => {}
            intent::State::Done => {
                rows::apply(change, row.id, Event::Included, stamp, None)?;
            }
            intent::State::Refused | intent::State::Expired | intent::State::Abandoned => {
                let reason = intent.reason.as_deref().unwrap_or_else(|| intent.state.word());
                let because = Because { reason, detail: intent.detail.as_deref() };
                rows::apply(change, row.id, Event::Refused, stamp, Some(because))?;
                reservations::free(change, row.id)?;
                // What a person gave up stays given up.
                let again = retry_wait(row.attempts, limits).filter(|_| intent.state != intent::State::Abandoned);
                if let Some(at) = again.and_then(|wait| stamp.at.checked_add(wait).ok()) {
                    rows::retry_at(change, row.id, at)?;
                }
                report.ended.push((row.order.clone(), State::Refused));
            }
        }
    }
    Ok(())
}

/// So many ends are learned in one run; the next goes on.
const ENDS_PER_RUN: usize = 100;

/// Asks the chain how bids ended that it lists no more.
async fn learn_ends(
    moment: Moment<'_>,
    client: &Client,
    missing: Vec<bids::Bid>,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), Error> {
    let prefix = client.network().address_prefix;
    for row in missing.into_iter().take(ENDS_PER_RUN) {
        let Ok(id) = BidId::parse(&row.chain_id(), prefix) else { continue };
        let found = match client.bid(&id).await.and_then(Reading::believed) {
            Ok(found) => found.into_value(),
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        let (event, because) = match found.map(|bid| bid.state) {
            Some(BidState::Lost) => (Event::Lost, None),
            Some(BidState::Closed) => (Event::Closed, None),
            // It changed between the listings and now, or is in a state that we do not know: the next run sees.
            Some(BidState::Open | BidState::Active | BidState::Unknown(_)) => continue,
            // A chain forgets no bid. A node that is a little behind does not have it yet.
            None if row.opened_at.is_some_and(|since| is_young(since, stamp.at)) => continue,
            None => (Event::Closed, Some(Because { reason: "not_on_chain", detail: None })),
        };
        let state = moment.store.write("write down how a bid ended", |change| {
            let state = rows::apply(change, row.id, event, stamp, because)?;
            reservations::free(change, row.id)?;
            Ok::<_, bids::Error>(state)
        })?;
        tracing::info!(bid = %row.id, order = row.order, state = state.word(), "a bid ended");
        report.ended.push((row.order, state));
    }
    Ok(())
}

/// Whether a node that answers may not have what was made then.
fn is_young(since: Timestamp, now: Timestamp) -> bool {
    since.checked_add(super::AGAIN).is_ok_and(|end| end > now)
}

/// After the flush: what the outbox made of the bids of this run.
pub(super) fn settle(
    truth: &Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), Error> {
    let final_ones = refused_for_good(report);
    let rows = moment.store.write("write down what became of our bids", |change| {
        from_outbox(change, request.limits, stamp, report)?;
        for row in rows::list(change, &Filter { state: Some(State::Refused), ..Filter::default() })? {
            let intent = intents::by_key(change, &row.intent_key())?.map(|intent| intent.id);
            if intent.is_some_and(|id| final_ones.contains(&id)) {
                rows::give_up(change, row.id)?;
            }
        }
        let ids: Vec<BidNumber> = report.bids.iter().filter_map(|bid| bid.id).collect();
        ids.into_iter().map(|id| rows::by_id(change, id).map_err(bids::Error::from)).collect::<Result<Vec<_>, _>>()
    })?;
    for row in rows.into_iter().flatten() {
        if let Some(bid) = report.bids.iter_mut().find(|bid| bid.id == Some(row.id)) {
            bid.state = row.state;
            bid.why = row.detail.or(row.reason);
        }
    }
    tracing::debug!(height = %truth.world.height, "settled");
    Ok(())
}

/// The messages of this run that the chain refused for a reason that no other try mends.
fn refused_for_good(report: &BidRun) -> Vec<IntentId> {
    let refusals = report.flushed.iter().flat_map(|flushed| &flushed.refusals);
    let final_ones = refusals.filter(|(_, refusal)| matches!(refusal.fault(), Fault::Invalid | Fault::NotFound));
    final_ones.map(|(id, _)| *id).collect()
}

/// The order of a row.
pub(super) fn order_of(row: &bids::Bid, prefix: &str) -> Option<OrderId> {
    OrderId::parse(&row.order, prefix).ok()
}

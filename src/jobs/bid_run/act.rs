//! Acting: bids and closings go into the outbox together with their rows.

use std::time::Duration;

use serde_json::{Map, Value};

use super::choose::{self, Chosen};
use super::truth::{self, Moment, Truth};
use super::{BidRun, Error, FailPoint, NAME, Request};
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::market::{LeaseClosedReason, MsgCloseBid, MsgCreateBid, ResourceOffer};
use crate::domain::address::Address;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::audit::{Event as AuditEvent, Outcome};
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::{Asked, Event, State};
use crate::domain::id::{BidId, OrderId};
use crate::domain::order::{Order, OrderState};
use crate::jobs::audit::Happening;
use crate::jobs::tx_flush::{self, Wanted, enqueue, enqueue_anew};
use crate::jobs::{Circumstances, Run};
use crate::store::Change;
use crate::store::bids::decisions;
use crate::store::bids::rows::{self, BidNumber, Filter, NewBid, closing_key};
use crate::store::bids::{self, Origin, reservations};
use crate::store::outbox::Stamp;

/// A bid that is not signed by then is worth nothing: its price may be another.
const SIGN_WITHIN: Duration = Duration::from_mins(5);

/// Writes the chosen bids down, each with its reservation and its message in one transaction.
pub(super) fn record(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    truth: &Truth,
    chosen: Vec<Chosen>,
    report: &mut BidRun,
) -> Result<(), Error> {
    for one in chosen {
        let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
        let state = if request.propose { State::Proposed } else { State::Queued };
        let id = given.store.write("write a bid down", |change| {
            let id = write_row(change, truth, &one, state, stamp)?;
            let expires = stamp.at.checked_add(request.limits.timeout).ok();
            reservations::hold(change, id, &one.back_end, &one.footprint, expires)?;
            decisions::forget(change, decisions::key(&truth.chain, &one.order.id.to_string()))?;
            if state == State::Queued {
                send(change, run, request, (&truth.chain, &truth.provider), &one.order, id, stamp)?;
            }
            Ok::<_, Error>(id)
        })?;
        tracing::info!(bid = %id, order = %one.order.id, price = %one.price, state = state.word(), "bid");
        report.bids.push(one.into_bid(Some((id, state))));
        FailPoint::PartlyRecorded.reach();
    }
    Ok(())
}

fn write_row(
    change: &Change<'_>,
    truth: &Truth,
    one: &Chosen,
    state: State,
    stamp: Stamp,
) -> Result<BidNumber, bids::Error> {
    let (order, provider) = (one.order.id.to_string(), truth.provider.to_string());
    if let Some(id) = one.retry {
        rows::apply(change, id, Event::Retried, stamp, None)?;
        rows::reprice(change, id, (&one.back_end, &one.price, &one.deposit), &one.decision)?;
        return Ok(id);
    }
    let new = NewBid {
        chain: &truth.chain,
        order: &order,
        provider: &provider,
        state,
        back_end: &one.back_end,
        price: &one.price,
        deposit: &one.deposit,
        class: &one.class,
        decision: &one.decision,
        origin: Origin::Run,
    };
    rows::insert(change, &new, stamp)
}

/// Puts the message of a bid into the outbox, and the bid into the audit trail.
fn send(
    change: &Change<'_>,
    run: &Run<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &Address),
    order: &Order,
    id: BidNumber,
    stamp: Stamp,
) -> Result<(), Error> {
    let row = rows::by_id(change, id)?.ok_or(bids::Error::NoBid { id })?;
    let message = message(order, provider, &row.price, &row.deposit);
    let wanted = Wanted {
        key: &row.intent_key(),
        message: &message,
        deposit: Some(&row.deposit),
        not_after: stamp.at.checked_add(SIGN_WITHIN).ok(),
    };
    enqueue(change, (request.sending.client.network(), chain), &wanted, stamp)?;
    let details: [(&str, Value); 4] = [
        ("bid", id.0.into()),
        ("price", row.price.to_string().into()),
        ("deposit", row.deposit.to_string().into()),
        ("back_end", row.back_end.clone().into()),
    ];
    let happening = Happening {
        event: AuditEvent::BidSubmitted,
        outcome: Outcome::Succeeded,
        subject: &format!("order {}", row.order),
        details: details.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>(),
    };
    Ok(run.trail().append(change, happening)?)
}

/// The message of a bid. What is offered is named, so that the chain alone can tell a fresh state file what we promised.
fn message(order: &Order, provider: &Address, price: &DecCoin, deposit: &Coin) -> MsgCreateBid {
    let id = BidId::new(order.id.clone(), provider.clone());
    let offer = |unit: &crate::domain::manifest::ResourceUnit| ResourceOffer {
        resources: (&unit.resources).into(),
        count: unit.count,
        prices: None,
    };
    MsgCreateBid {
        id: (&id).into(),
        price: price.into(),
        deposit: Deposit { amount: deposit.into(), sources: vec![Source::Balance.into()] },
        resources_offer: order.spec.units.iter().map(offer).collect(),
        // Akash: a tenant who wants notice gets the notice that it wants.
        reclamation_window: order.reclamation.and_then(|window| window.try_into().ok()),
    }
}

/// Puts the closing of our bid on an order into the outbox.
pub(super) fn enqueue_close(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, order): (&str, &OrderId),
    stamp: Stamp,
) -> Result<(), Error> {
    let provider = truth::address(request)?;
    let id = BidId::new(order.clone(), provider);
    let message = MsgCloseBid { id: (&id).into(), reason: LeaseClosedReason::Unspecified.into() };
    let purpose = closing_key(&order.to_string());
    moment.store.write("write down that a bid is to be closed", |change| {
        enqueue_anew(change, (request.sending.client.network(), chain), &purpose, &message, stamp).map(drop)
    })?;
    Ok(())
}

/// Makes the bid that a person wants, whatever the filters say of it. The chain's own rules are looked at first.
pub async fn create(
    given: Circumstances<'_>,
    request: &Request<'_>,
    id: &OrderId,
    price: DecCoin,
    deposit: Option<Coin>,
) -> Result<BidRun, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = Box::pin(create_in(&run, given, request, id, price, deposit)).await;
    run.conclude(result)
}

async fn create_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    id: &OrderId,
    price: DecCoin,
    deposit: Option<Coin>,
) -> Result<BidRun, Error> {
    let moment = Moment { store: given.store, now: given.now, should_stop: given.should_stop };
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = BidRun::default();
    let truth = Truth::read(moment, request, Some(stamp), &mut report).await?;
    let client = request.sending.client;
    let order = client.order(id).await.map_err(Error::chain("what the order asks for"))?.value;
    let order = order.ok_or_else(|| Error::Nothing(format!("there is no order {id}")))?;
    let unwanted = |words: String| Err(Error::Unwanted(words));
    if order.state != OrderState::Open {
        return unwanted(format!("order {id} is {}", order.state));
    }
    if let Some(reason) = truth.own.refusal(&id.to_string()) {
        return unwanted(reason.to_string());
    }
    let asked = Asked::of(&order).map_err(|reason| Error::Unwanted(reason.to_string()))?;
    if price.denom != *asked.denomination {
        return unwanted(format!("order {id} is in {}, not in {}", asked.denomination, price.denom));
    }
    if price.amount > asked.maximum || !price.amount.is_positive() {
        return unwanted(format!("a bid on order {id} is above 0 and at most {}", asked.maximum()));
    }
    let usual = truth.market.minimum_bid_deposits.iter().find(|coin| coin.denom == price.denom).cloned();
    let deposit = match (deposit, usual) {
        (Some(deposit), Some(least)) if deposit.denom == least.denom && deposit.amount >= least.amount => deposit,
        (None, Some(least)) => least,
        (_, Some(least)) => return unwanted(format!("the deposit of a bid is at least {least}")),
        (_, None) => return unwanted(format!("the market takes no deposit in {}", price.denom)),
    };
    let (back_end, footprint) = {
        let desk = truth.desk(request);
        match desk.fit(&truth.ledger, &asked) {
            Ok(fit) => (truth.ledger.name(fit.back_end).to_owned(), Footprint::of(&asked, &fit.gpus)),
            // A person may know better; it is said all the same.
            Err(reason) => {
                report.trouble(format!("by the terms there would be no bid: {reason}"));
                let name = if truth.ledger.is_empty() { "unknown" } else { truth.ledger.name(0) };
                (name.to_owned(), Footprint::of(&asked, &[]))
            }
        }
    };
    let (text, provider) = (id.to_string(), truth.provider.to_string());
    let number = given.store.write("write a bid down", |change| {
        let new = NewBid {
            chain: &truth.chain,
            order: &text,
            provider: &provider,
            state: State::Queued,
            back_end: &back_end,
            price: &price,
            deposit: &deposit,
            class: "manual",
            decision: "{}",
            origin: Origin::Person,
        };
        let number = rows::insert(change, &new, stamp)?;
        reservations::hold(change, number, &back_end, &footprint, stamp.at.checked_add(request.limits.timeout).ok())?;
        send(change, run, request, (&truth.chain, &truth.provider), &order, number, stamp)?;
        Ok::<_, Error>(number)
    })?;
    let bid = super::Bid { id: Some(number), order: text, back_end, price, deposit, state: State::Queued, why: None };
    report.bids.push(bid);
    finish(run, given, request, &truth, report).await
}

/// Sends what was written, and learns what came of it.
async fn finish(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    truth: &Truth,
    mut report: BidRun,
) -> Result<BidRun, Error> {
    let moment = Moment { store: given.store, now: given.now, should_stop: given.should_stop };
    report.flushed = Some(tx_flush::flush(run, given, &request.sending).await?);
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    super::own::settle(truth, moment, request, stamp, &mut report)?;
    Ok(report)
}

/// Closes our bid on an order: for good, the order takes no other of ours.
pub async fn cancel(given: Circumstances<'_>, request: &Request<'_>, id: &OrderId) -> Result<BidRun, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = Box::pin(cancel_in(&run, given, request, id)).await;
    run.conclude(result)
}

async fn cancel_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    id: &OrderId,
) -> Result<BidRun, Error> {
    let moment = Moment { store: given.store, now: given.now, should_stop: given.should_stop };
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = BidRun::default();
    let truth = Truth::read(moment, request, Some(stamp), &mut report).await?;
    let (text, provider) = (id.to_string(), truth.provider.to_string());
    let row = given.store.read("read a bid", |snapshot| rows::by_order(snapshot, &truth.chain, &text, &provider))?;
    let row = row.ok_or_else(|| Error::Nothing(format!("there is no bid of ours on order {id}")))?;
    match row.state {
        State::Open => enqueue_close(moment, request, (&truth.chain, id), stamp)?,
        State::Proposed => {
            given.store.write("drop a proposal", |change| {
                rows::apply(change, row.id, Event::Dropped, stamp, None)?;
                reservations::free(change, row.id)?;
                Ok::<_, bids::Error>(())
            })?;
            report.ended.push((text, State::Dropped));
            return Ok(report);
        }
        State::Queued => {
            let words = format!("the bid on order {id} is on its way: `provider tx list`, then cancel what came of it");
            return Err(Error::Unwanted(words));
        }
        State::Active => {
            return Err(Error::Unwanted(format!("the bid on order {id} is a lease: `provider lease close`")));
        }
        State::Lost | State::Closed | State::Refused | State::Dropped => {
            return Err(Error::Unwanted(format!("the bid on order {id} is {} already", row.state)));
        }
    }
    report.closing.push((row.order.clone(), "cancelled"));
    let mut report = finish(run, given, request, &truth, report).await?;
    // The chain says how it ended, also where it was lost meanwhile.
    Truth::read(moment, request, Some(stamp), &mut report).await?;
    Ok(report)
}

/// Which proposals to approve.
#[derive(Debug, Clone)]
pub enum Approval {
    /// All.
    All,
    /// Those on these orders.
    Orders(Vec<OrderId>),
}

/// Sends proposals: a person approves them.
pub async fn approve(given: Circumstances<'_>, request: &Request<'_>, which: &Approval) -> Result<BidRun, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = Box::pin(approve_in(&run, given, request, which)).await;
    run.conclude(result)
}

async fn approve_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    which: &Approval,
) -> Result<BidRun, Error> {
    let moment = Moment { store: given.store, now: given.now, should_stop: given.should_stop };
    let mut report = BidRun::default();
    let stamp = || Stamp { at: (given.now)(), run: Some(run.id()) };
    let truth = Truth::read(moment, request, Some(stamp()), &mut report).await?;
    let filter = Filter { state: Some(State::Proposed), ..Filter::default() };
    let mut proposals = given.store.read("read the proposals", |snapshot| rows::list(snapshot, &filter))?;
    proposals.reverse();
    if let Approval::Orders(orders) = which {
        for id in orders {
            if !proposals.iter().any(|row| row.order == id.to_string()) {
                return Err(Error::Nothing(format!("there is no proposal on order {id}")));
            }
        }
        proposals.retain(|row| orders.iter().any(|id| row.order == id.to_string()));
    }
    let mut slots = choose::slots(&truth, moment, request)?;
    let prefix = request.sending.client.network().address_prefix;
    for row in proposals {
        if let Some(limit) = slots.exhausted().filter(|limit| !matches!(*limit, "open" | "workloads")) {
            let why = format!("the limit {limit} allows no more bids now");
            report.passed.push(super::Passed { order: row.order, why });
            continue;
        }
        let Some(id) = super::own::order_of(&row, prefix) else { continue };
        let order = request.sending.client.order(&id).await.map_err(Error::chain("whether the order is open"))?.value;
        let Some(order) = order.filter(|order| order.state == OrderState::Open) else {
            given.store.write("drop a proposal", |change| {
                let because = crate::store::outbox::Because { reason: "order_not_open", detail: None };
                rows::apply(change, row.id, Event::Dropped, stamp(), Some(because))?;
                reservations::free(change, row.id)?;
                Ok::<_, bids::Error>(())
            })?;
            report.ended.push((row.order, State::Dropped));
            continue;
        };
        given.store.write("approve a proposal", |change| {
            rows::apply(change, row.id, Event::Approved, stamp(), None)?;
            reservations::extend(change, row.id, stamp().at.checked_add(request.limits.timeout).ok())?;
            send(change, run, request, (&truth.chain, &truth.provider), &order, row.id, stamp())
        })?;
        slots.take();
        report.bids.push(super::Bid {
            id: Some(row.id),
            order: row.order,
            back_end: row.back_end,
            price: row.price,
            deposit: row.deposit,
            state: State::Queued,
            why: None,
        });
    }
    finish(run, given, request, &truth, report).await
}

//! Approval: proposals go the same road as a run's bids, from the second look on.
//!
//! What was true when a proposal was made may be true no more: the order may be closed, its deployment gone, its place
//! taken, its price too low. So each is looked at afresh, takes its place in a ledger without the proposals that are
//! decided about, and is sent at the price that the person saw.

use super::book::{Book, Survivor};
use super::choose::{self, Choice};
use super::person::{finish, refuse_while_paused};
use super::reconcile::drop_proposal;
use super::truth::{Moment, Truth};
use super::{BidRun, Error, Passed, Request, act, command, own};
use crate::chain::client::Reading;
use crate::domain::amount::{Dec18, DecCoin, Rounding};
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::price::Quote;
use crate::domain::bid::{Asked, Lasts, Reason, State};
use crate::domain::fault::in_one_line;
use crate::domain::id::OrderId;
use crate::domain::order::{Order, OrderState};
use crate::jobs::{Circumstances, Run};
use crate::store::bids::{self, BidNumber};
use crate::store::outbox::Stamp;

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
    command(given, async |run| approve_in(run, given, request, which).await).await
}

/// A list price that is above the proposed one by more than so many parts in a hundred is another price.
const TOLERANCE: u32 = 5;

async fn approve_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    which: &Approval,
) -> Result<BidRun, Error> {
    let moment = Moment::from(given);
    let stamp = || Stamp { at: (given.now)(), run: Some(run.id()) };
    refuse_while_paused(given, "the proposals wait")?;
    if !request.enabled {
        return Err(Error::Unwanted("bidding is not enabled (bidding.enabled); the proposals wait".to_owned()));
    }
    let mut report = BidRun { approved: true, ..BidRun::begin(request) };
    // A person is there: what is chosen is sent.
    let request = &Request { propose: false, ..*request };
    let mut truth = Truth::read(moment, request, Some(stamp()), &mut report).await?;
    let mut proposals = std::mem::take(&mut truth.own.proposals);
    proposals.reverse();
    if let Approval::Orders(orders) = which {
        for id in orders {
            if !proposals.iter().any(|row| row.order == id.to_string()) {
                return Err(Error::Nothing(format!("there is no proposal on order {id}")));
            }
        }
        let (approved, rest): (Vec<_>, Vec<_>) =
            proposals.into_iter().partition(|row| orders.iter().any(|id| row.order == id.to_string()));
        (proposals, truth.own.proposals) = (approved, rest);
    }
    let ids: Vec<BidNumber> = proposals.iter().map(|row| row.id).collect();
    truth.without(moment, request, &ids, &mut report)?;

    let mut survivors = Vec::new();
    for row in &proposals {
        match look(&truth, request, row).await {
            Ok(survivor) => survivors.push(survivor),
            Err(not) => tell(moment, row, not, stamp(), &mut report)?,
        }
    }
    let book = Book { passing: u64::try_from(survivors.len()).unwrap_or(u64::MAX), survivors, listed: None };
    let Choice { chosen, declined } =
        choose::choose(&mut truth, moment, request, book, Some(stamp()), &mut report).await?;
    for (order, reason) in declined {
        if let Some(row) = proposals.iter().find(|row| row.order == order) {
            tell(moment, row, Not::Declined(reason), stamp(), &mut report)?;
        }
    }
    act::record(run, given, request, &truth, chosen, &mut report)?;
    finish(run, given, request, &truth, report).await
}

/// Why a proposal is not sent now.
enum Not {
    /// The order is over.
    Closed(OrderState),
    Declined(Reason),
    Unseen(String),
}

/// What is over, or too cheap, is given up; everything else goes on waiting, and is told.
fn tell(moment: Moment<'_>, row: &bids::Bid, not: Not, stamp: Stamp, report: &mut BidRun) -> Result<(), Error> {
    let (word, why) = match not {
        Not::Closed(state) => ("order_not_open".to_owned(), Reason::OrderState { state: state.word().into() }),
        Not::Declined(reason) if reason.lasts() == Lasts::ForEver || matches!(reason, Reason::Dearer { .. }) => {
            (reason.word(), reason)
        }
        Not::Declined(reason) => {
            report.passed.push(Passed { order: row.order.clone(), why: reason.to_string() });
            return Ok(());
        }
        Not::Unseen(words) => {
            report.trouble(words);
            return Ok(());
        }
    };
    moment.store.write("drop a proposal", |change| drop_proposal(change, row.id, &word, stamp))?;
    report.passed.push(Passed { order: row.order.clone(), why: why.to_string() });
    report.ended.push((row.order.clone(), State::Dropped));
    Ok(())
}

/// The first look at a proposal: is the order open, and does it have a place at its price?
async fn look(truth: &Truth, request: &Request<'_>, row: &bids::Bid) -> Result<Survivor, Not> {
    let client = request.sending.client;
    let id = own::order_of(row, client.network().address_prefix);
    let id = id.ok_or_else(|| Not::Unseen(format!("bid {} is on no order of this chain: {}", row.id, row.order)))?;
    let order =
        client.order(&id).await.and_then(Reading::believed).map_err(|error| Not::Unseen(in_one_line(&error)))?;
    let Some(order) = order.into_value() else {
        return Err(Not::Unseen(format!("the node does not show the order {id}: it is behind")));
    };
    if order.state != OrderState::Open {
        return Err(Not::Closed(order.state));
    }
    let (fit, quote, footprint) = priced(truth, request, row, &order).map_err(Not::Declined)?;
    Ok(Survivor::new(order, fit, Some(quote), footprint, Some((row.id, row.state))))
}

fn priced(
    truth: &Truth,
    request: &Request<'_>,
    row: &bids::Bid,
    order: &Order,
) -> Result<(crate::domain::bid::Fit, Quote, Footprint), Reason> {
    let desk = truth.desk(request);
    let asked = Asked::of(order)?;
    let fit = desk.fit(&truth.ledger, &asked)?;
    let proposed = row.price.amount;
    let quote = if desk.prices_by_program() {
        desk.price_by_program(&asked, &fit, proposed)?
    } else {
        let now = desk.price(&asked, &fit)?;
        let most = proposed
            .checked_times(u128::from(100 + TOLERANCE))
            .and_then(|all| all.checked_part(100, Rounding::Up))
            .unwrap_or(Dec18::MAX);
        if now.price > most {
            let price = DecCoin { amount: now.price, denom: row.price.denom.clone() };
            return Err(Reason::Dearer { price, proposed: row.price.clone() });
        }
        Quote { price: proposed, ..now }
    };
    let footprint = Footprint::of(&asked, &fit.gpus);
    Ok((fit, quote, footprint))
}

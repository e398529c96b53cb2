//! What a person does with single bids: make one, close one.

use super::act::{self, Closing, enqueue_close};
use super::own::{self, BY_PERSON, Standing};
use super::reconcile::{drop_proposal, settle};
use super::survey;
use super::truth::{Moment, Truth};
use super::{Bid, BidRun, Error, Request, command};
use crate::chain::client::Reading;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::{Asked, Code, Event, Reason, State};
use crate::domain::id::OrderId;
use crate::domain::order::{Order, OrderState};
use crate::jobs::{Circumstances, Run, tx_flush};
use crate::store::bids::rows::{self, NewBid};
use crate::store::bids::{Origin, decisions, pauses, reservations};
use crate::store::outbox::Stamp;

/// The bid that a person wants.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The order.
    pub order: OrderId,
    /// The price of a block.
    pub price: DecCoin,
    /// What it locks; the market's least unless given.
    pub deposit: Option<Coin>,
    /// Although there is nobody to pay, or no room for it.
    pub force: bool,
    /// Although new bids are paused.
    pub even_though_paused: bool,
}

/// Makes the bid that a person wants, whatever the filters say of it. The chain's own rules, what is behind the order and
/// what is free are looked at first.
pub async fn create(given: Circumstances<'_>, request: &Request<'_>, wish: &Wish) -> Result<BidRun, Error> {
    command(given, async |run| create_in(run, given, request, wish).await).await
}

async fn create_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    wish: &Wish,
) -> Result<BidRun, Error> {
    let moment = Moment::from(given);
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = BidRun::default();
    if !wish.even_though_paused {
        refuse_while_paused(given, "--even-though-paused bids all the same")?;
    }
    let mut truth = Truth::read(moment, request, Some(stamp), &mut report).await?;
    let (id, client) = (&wish.order, request.sending.client);
    let text = id.to_string();
    let order = client.order(id).await.and_then(Reading::believed).map_err(Error::chain("what the order asks for"))?;
    let order = order.into_value().ok_or_else(|| Error::Nothing(format!("there is no order {id}")))?;
    let unwanted = |words: String| Err(Error::Unwanted(words));
    if order.state != OrderState::Open {
        return unwanted(format!("order {id} is {}", order.state));
    }
    let standing = given
        .store
        .read("read our bid on an order", |snapshot| own::standing(snapshot, truth.place(), &text, stamp.at))?;
    // A proposal is a bid that a person may make otherwise; what was taken back or refused, too.
    if let Some(Standing::Taken(state)) = &standing {
        return match state {
            State::Proposed => unwanted(format!("order {id} has a proposal: `provider bid approve {id}`")),
            state => unwanted(Reason::AlreadyBid { state: state.word().into() }.to_string()),
        };
    }
    let asked = Asked::of(&order).map_err(|reason| Error::Unwanted(reason.to_string()))?;
    let price = &wish.price;
    if price.denom != *asked.denomination {
        return unwanted(format!("order {id} is in {}, not in {}", asked.denomination, price.denom));
    }
    if price.amount > asked.maximum || !price.amount.is_positive() {
        return unwanted(format!("a bid on order {id} is above 0 and at most {}", asked.maximum()));
    }
    let usual = truth.market.minimum_bid_deposits.iter().find(|coin| coin.denom == price.denom).cloned();
    let deposit = match (wish.deposit.clone(), usual) {
        (Some(deposit), Some(least)) if deposit.denom == least.denom && deposit.amount >= least.amount => deposit,
        (None, Some(least)) => least,
        (_, Some(least)) => return unwanted(format!("the deposit of a bid is at least {least}")),
        (_, None) => return unwanted(format!("the market takes no deposit in {}", price.denom)),
    };
    let (back_end, footprint) = look_twice(&mut truth, request, wish, &order, &asked, &mut report).await?;
    let number = given.store.write("write a bid down", |change| {
        if !wish.even_though_paused
            && let Some(pause) = pauses::in_force(change)?
        {
            return Err(Error::Unwanted(format!("new bids are paused: {}", pause.reason)));
        }
        let new = NewBid {
            chain: &truth.chain,
            order: &text,
            provider: truth.provider.as_str(),
            state: State::Queued,
            back_end: &back_end,
            price,
            deposit: &deposit,
            class: "manual",
            decision: "{}",
            origin: Origin::Person,
        };
        let number = match rows::by_order(change, &truth.chain, &text, truth.provider.as_str())? {
            Some(row) => {
                rows::apply(change, row.id, Event::Retried, stamp, None)?;
                rows::reprice(change, row.id, (&back_end, price, &deposit), "{}")?;
                row.id
            }
            None => rows::insert(change, &new, stamp)?,
        };
        reservations::hold(change, number, &back_end, &footprint, stamp.at.checked_add(request.limits.timeout).ok())?;
        decisions::forget(change, decisions::key(&truth.chain, &text))?;
        let held_by_a_pause = !wish.even_though_paused;
        act::send(change, run, request, (&truth.chain, &truth.provider), &order, (number, held_by_a_pause), stamp)?;
        Ok::<_, Error>(number)
    })?;
    let bid =
        Bid { id: Some(number), order: text, back_end, price: price.clone(), deposit, state: State::Queued, why: None };
    report.bids.push(bid);
    finish(run, given, request, &truth, report).await
}

/// Whether there is somebody to pay and room for it: what a run would look at, and a person may know better of where it is
/// forced. Gives back where it goes and what it takes.
async fn look_twice(
    truth: &mut Truth,
    request: &Request<'_>,
    wish: &Wish,
    order: &Order,
    asked: &Asked<'_>,
    report: &mut BidRun,
) -> Result<(String, Footprint), Error> {
    let refuse = |report: &mut BidRun, words: String| {
        if wish.force {
            report.remarks.push(words);
            return Ok(());
        }
        Err(Error::Unwanted(format!("{words}; --force bids all the same")))
    };
    let client = request.sending.client;
    let bids = super::choose::bids_of(client, &order.id).await.map_err(Error::chain("how many bids the order has"))?;
    let limit = u64::from(truth.market.bids_per_order);
    if bids > limit {
        refuse(report, Reason::OrderFull { bids, limit }.to_string())?;
    }
    if let Err(words) = alive(client, order).await {
        refuse(report, words)?;
    }
    let fit = truth.desk(request).fit(&truth.ledger, asked);
    match fit {
        Ok(fit) => {
            let footprint = Footprint::of(asked, &fit.gpus);
            let (place, name) = (fit.back_end, truth.ledger.name(fit.back_end).to_owned());
            if let Err(reason) = truth.ledger.reserve(place, &footprint) {
                refuse(report, reason.to_string())?;
            }
            Ok((name, footprint))
        }
        Err(reason) => {
            let words = format!("by the terms there would be no bid: {reason}");
            if reason.code() == Code::InsufficientResources {
                refuse(report, words)?;
            } else {
                report.remarks.push(words);
            }
            let name = if truth.ledger.is_empty() { "unknown" } else { truth.ledger.name(0) };
            let gpus = truth.ledger.any_gpus(0, asked).unwrap_or_default();
            Ok((name.to_owned(), Footprint::of(asked, &gpus)))
        }
    }
}

/// Whether there is somebody to pay for an order, whatever our price.
async fn alive(client: &crate::chain::client::Client, order: &Order) -> Result<(), String> {
    let backing = survey::behind(client, order).await.map_err(|unseen| unseen.to_string())?;
    crate::domain::bid::alive(backing.as_behind(order)).map_err(|reason| reason.to_string())
}

/// A person is told of the pause that is in force, rather than overruling it without a word.
pub(super) fn refuse_while_paused(given: Circumstances<'_>, else_what: &str) -> Result<(), Error> {
    let pause = given.store.read("read whether we pause", pauses::in_force)?;
    pause.map_or(Ok(()), |pause| {
        Err(Error::Unwanted(format!(
            "new bids are paused ({}): `provider resume` ends that; {else_what}",
            pause.reason
        )))
    })
}

/// Sends what was written, and learns what came of it.
pub(super) async fn finish(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    truth: &Truth,
    mut report: BidRun,
) -> Result<BidRun, Error> {
    let moment = Moment::from(given);
    report.flushed = Some(tx_flush::flush(run, given, &request.sending).await?);
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    settle(truth, moment, request, stamp, &mut report)?;
    Ok(report)
}

/// Closes our bid on an order: for good, the order takes no other of ours.
pub async fn cancel(given: Circumstances<'_>, request: &Request<'_>, id: &OrderId) -> Result<BidRun, Error> {
    command(given, async |run| cancel_in(run, given, request, id).await).await
}

async fn cancel_in(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    id: &OrderId,
) -> Result<BidRun, Error> {
    let moment = Moment::from(given);
    let stamp = Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = BidRun::default();
    let truth = Truth::read(moment, request, Some(stamp), &mut report).await?;
    let (text, provider) = (id.to_string(), truth.provider.to_string());
    let row = given.store.read("read a bid", |snapshot| rows::by_order(snapshot, &truth.chain, &text, &provider))?;
    let row = row.ok_or_else(|| Error::Nothing(format!("there is no bid of ours on order {id}")))?;
    match row.state {
        State::Open => enqueue_close(moment, request, (&truth.chain, id), Closing::Person, stamp)?,
        State::Proposed => {
            given.store.write("drop a proposal", |change| drop_proposal(change, row.id, BY_PERSON, stamp))?;
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

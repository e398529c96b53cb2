//! Acting: bids and closings go into the outbox together with their rows.

use std::time::Duration;

use serde_json::{Map, Value};

use super::candidate::Chosen;
use super::truth::{self, Moment, Truth};
use super::{BidRun, Error, FailPoint, Request};
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::market::{LeaseClosedReason, MsgCloseBid, MsgCreateBid, ResourceOffer};
use crate::domain::address::Address;
use crate::domain::amount::{Coin, DecCoin};
use crate::domain::audit::{Event as AuditEvent, Outcome};
use crate::domain::bid::{Event, State};
use crate::domain::id::{BidId, OrderId};
use crate::domain::order::Order;
use crate::domain::outbox::Guard;
use crate::jobs::audit::Happening;
use crate::jobs::tx_flush::{Wanted, enqueue, enqueue_guarded};
use crate::jobs::{Circumstances, Run};
use crate::store::Change;
use crate::store::bids::rows::{self, BidNumber, NewBid, closing_key};
use crate::store::bids::{self, Origin, closings, decisions, pauses, reservations};
use crate::store::outbox::{Stamp, intents};

/// A bid that is not signed by then is worth nothing: its price may be another.
const SIGN_WITHIN: Duration = Duration::from_mins(5);
/// A closing of the sweep that is not signed by then is decided anew.
const CLOSE_WITHIN: Duration = Duration::from_secs(30);

/// Writes the chosen bids down, each with its reservation and its message in one transaction. A pause that begins meanwhile
/// ends that: the same transaction looks.
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
        let written = given.store.write("write a bid down", |change| {
            if let Some(pause) = pauses::in_force(change)? {
                return Ok(Err(pause.reason));
            }
            let (id, state) = write_row(change, truth, &one, request.propose, stamp)?;
            let expires = stamp.at.checked_add(request.limits.timeout).ok();
            reservations::hold(change, id, &one.back_end, &one.footprint, expires)?;
            decisions::forget(change, decisions::key(&truth.chain, &one.order.id.to_string()))?;
            if state == State::Queued {
                send(change, run, request, (&truth.chain, &truth.provider), &one.order, (id, true), stamp)?;
            }
            Ok::<_, Error>(Ok((id, state)))
        })?;
        let (id, state) = match written {
            Ok(written) => written,
            Err(reason) => {
                report.paused = Some(reason);
                return Ok(());
            }
        };
        tracing::info!(bid = %id, order = %one.order.id, price = %one.price, state = state.word(), "bid");
        report.bids.push(one.into_bid(Some((id, state))));
        FailPoint::PartlyRecorded.reach();
    }
    Ok(())
}

/// The row of a bid: a new one, or the one that the order had and that never came onto the chain.
fn write_row(
    change: &Change<'_>,
    truth: &Truth,
    one: &Chosen,
    propose: bool,
    stamp: Stamp,
) -> Result<(BidNumber, State), bids::Error> {
    if let Some((id, before)) = one.row {
        let event = match (before, propose) {
            (State::Proposed, false) => Event::Approved,
            (_, false) => Event::Retried,
            (_, true) => Event::Reproposed,
        };
        let state = rows::apply(change, id, event, stamp, None)?;
        rows::reprice(change, id, (&one.back_end, &one.price, &one.deposit), &one.decision)?;
        return Ok((id, state));
    }
    let state = if propose { State::Proposed } else { State::Queued };
    let new = NewBid {
        chain: &truth.chain,
        order: &one.order.id.to_string(),
        provider: truth.provider.as_str(),
        state,
        back_end: &one.back_end,
        price: &one.price,
        deposit: &one.deposit,
        class: &one.class,
        decision: &one.decision,
        origin: Origin::Run,
    };
    Ok((rows::insert(change, &new, stamp)?, state))
}

/// Puts the message of a bid into the outbox, and the bid into the audit trail.
pub(super) fn send(
    change: &Change<'_>,
    run: &Run<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &Address),
    order: &Order,
    (id, held_by_a_pause): (BidNumber, bool),
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
    let intent = enqueue(change, (request.sending.client.network(), chain), &wanted, stamp)?;
    if held_by_a_pause {
        intents::guard_with(change, intent, Guard::NotPaused)?;
    }
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

/// Who wants a bid closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closing {
    /// A run, because of what it read a moment ago: what waits is decided anew. It counts for the caps.
    Sweep(BidNumber),
    /// A person, who wants it until it is done.
    Person,
}

/// Puts the closing of our bid on an order into the outbox. Whoever wants it, it is sent only while the bid is open: the
/// closing of one that the tenant took would end the lease.
pub(super) fn enqueue_close(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, order): (&str, &OrderId),
    who: Closing,
    stamp: Stamp,
) -> Result<(), Error> {
    let provider = truth::address(request)?;
    let id = BidId::new(order.clone(), provider);
    let message = MsgCloseBid { id: (&id).into(), reason: LeaseClosedReason::Unspecified.into() };
    let purpose = closing_key(chain, &order.to_string());
    let until = match who {
        Closing::Sweep(_) => stamp.at.checked_add(CLOSE_WITHIN).ok(),
        Closing::Person => None,
    };
    let wanted = (purpose.as_str(), Guard::BidOpen, until);
    moment.store.write("write down that a bid is to be closed", |change| {
        if let Closing::Sweep(bid) = who {
            closings::note(change, bid, stamp.at)?;
        }
        enqueue_guarded(change, (request.sending.client.network(), chain), wanted, &message, stamp)?;
        Ok::<_, Error>(())
    })
}

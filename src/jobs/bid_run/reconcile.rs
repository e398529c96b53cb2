//! What the state file says of our bids, what the chain shows, and what becomes of the difference.

use std::collections::HashSet;

use jiff::Timestamp;

use super::ends::learn_ends;
use super::occupied::print_of;
use super::own::{Own, retry_wait};
use super::truth::{Moment, Truth};
use super::{BidRun, Error, Request};
use crate::chain::client::Client;
use crate::domain::address::Address;
use crate::domain::bid::capacity::{Footprint, Ledger};
use crate::domain::bid::{Event, State};
use crate::domain::fault::{Classified, Fault, in_one_line};
use crate::domain::height::Height;
use crate::domain::manifest::ResourceUnit;
use crate::domain::order::Bid;
use crate::domain::outbox::{intent, is_short_of_funds};
use crate::domain::refusal::{Reason, Refusal};
use crate::store::bids::rows::{self, NewBid};
use crate::store::bids::{self, BidNumber, Origin, closings, reservations};
use crate::store::outbox::{Because, Intent, IntentId, Stamp, intents, transactions};
use crate::store::{self, Change, Snapshot};

/// Our bids as the chain lists them: those that are open, those that are leases, and of which height that is.
pub(super) struct Shown<'a> {
    pub(super) open: &'a [Bid],
    pub(super) active: &'a [Bid],
    pub(super) height: Height,
}

impl<'a> Shown<'a> {
    fn events(&self) -> impl Iterator<Item = (&'a Bid, Event)> {
        let open = self.open.iter().map(|bid| (bid, Event::Included));
        open.chain(self.active.iter().map(|bid| (bid, Event::Won)))
    }
}

/// Our bids, after the chain's word on them is written down. Without a stamp nothing is written: a rehearsal adds what the
/// chain shows in memory only.
pub(super) async fn reconcile(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &Address),
    shown: &Shown<'_>,
    stamp: Option<Stamp>,
    ledger: &Ledger,
    report: &mut BidRun,
) -> Result<Own, Error> {
    let place = (chain, provider.as_str());
    if let Some(stamp) = stamp {
        let client = request.sending.client;
        let known = note_shown(moment, request, place, shown, stamp, ledger)?;
        adopt(moment, client, (chain, provider), &known, (shown.height, stamp), ledger, report).await?;
        let missing = moment.store.write("read what became of our bids", |change| {
            from_outbox(change, place, request, stamp, report)?;
            let on_chain: HashSet<String> = shown.events().map(|(bid, _)| bid.id.order().to_string()).collect();
            let gone =
                |row: &bids::Bid| matches!(row.state, State::Open | State::Active) && !on_chain.contains(&row.order);
            Ok::<_, bids::Error>(rows::live(change, place)?.into_iter().filter(gone).collect::<Vec<_>>())
        })?;
        learn_ends(moment, client, missing, shown.height, stamp, report).await?;
        moment.store.write("forget reservations and proposals whose time is over", |change| {
            end_proposals(change, place, stamp, report)?;
            reservations::forget(change, stamp.at)?;
            let hours_ago = stamp.at.checked_sub(std::time::Duration::from_hours(2)).unwrap_or(stamp.at);
            rows::forget_sends(change, hours_ago)?;
            closings::forget(change, hours_ago)?;
            Ok::<_, bids::Error>(())
        })?;
    }
    let now = (moment.now)();
    let (rows, held) = moment.store.read("read our bids", |snapshot| {
        Ok::<_, store::Error>((rows::live(snapshot, place)?, rows::held_until(snapshot, place, now)?))
    })?;
    let mut own = Own::of(rows);
    own.held = held;
    if stamp.is_none() {
        for (bid, event) in shown.events() {
            let order = bid.id.order().to_string();
            let state = if event == Event::Won { State::Active } else { State::Open };
            if own.live(&order) != Some(state) {
                own.show(&order, state);
            }
        }
    }
    Ok(own)
}

/// Writes down how the chain shows our bids, and gives back those that the state file does not know.
fn note_shown<'b>(
    moment: Moment<'_>,
    request: &Request<'_>,
    (chain, provider): (&str, &str),
    shown: &Shown<'b>,
    stamp: Stamp,
    ledger: &Ledger,
) -> Result<Vec<(&'b Bid, Event)>, Error> {
    let until = stamp.at.checked_add(request.limits.timeout).ok();
    let unknown = moment.store.write("write down what the chain shows of our bids", |change| {
        let mut unknown = Vec::new();
        for (bid, event) in shown.events() {
            let order = bid.id.order().to_string();
            let Some(row) = rows::by_order(change, chain, &order, provider)? else {
                unknown.push((bid, event));
                continue;
            };
            // An older reading than the one that we know its state by changes nothing.
            if row.seen_height.is_some_and(|seen| shown.height.0 < seen) {
                continue;
            }
            let to = match rows::apply(change, row.id, event, stamp, None) {
                Ok(to) => to,
                // A lease that is shown as an open bid: whoever says so is behind.
                Err(bids::Error::Bid { .. }) => {
                    tracing::warn!(bid = %row.id, state = row.state.word(), "the chain shows this bid as {event:?}");
                    continue;
                }
                Err(error) => return Err(error),
            };
            if to != row.state || row.seen_height.is_none() {
                rows::seen_at(change, row.id, shown.height.0)?;
            }
            if to != row.state && !row.state.locks_a_deposit() {
                tracing::warn!(bid = %row.id, was = row.state.word(), "the chain shows a bid that we had not sent: {to}");
            }
            let expires = if event == Event::Won { None } else { until };
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
    offered_units(bid).map(|units| print_of(units, bid.id.order().owner().as_str(), ledger, back_end).1)
}

fn offered_units(bid: &Bid) -> Option<Vec<ResourceUnit>> {
    let unit = |offer: &crate::domain::order::ResourceOffer| ResourceUnit {
        resources: offer.resources.clone(),
        count: offer.count,
        price: bid.price.clone(),
    };
    let units: Vec<ResourceUnit> = bid.offers.iter().map(unit).collect();
    (!units.is_empty()).then_some(units)
}

/// Makes rows for bids that only the chain knows: the state file is new, or was restored. Each takes its place beside those
/// before it, so that two of them do not stand on the same GPUs.
async fn adopt(
    moment: Moment<'_>,
    client: &Client,
    (chain, provider): (&str, &Address),
    unknown: &[(&Bid, Event)],
    (height, stamp): (Height, Stamp),
    ledger: &Ledger,
    report: &mut BidRun,
) -> Result<(), Error> {
    if unknown.is_empty() {
        return Ok(());
    }
    let mut ledger = ledger.clone();
    super::occupied::fill(moment, &mut ledger, stamp.at, |_| true, report)?;
    for (bid, event) in unknown {
        let order = bid.id.order();
        let units = match offered_units(bid) {
            Some(units) => units,
            None => match client.order(order).await {
                Ok(reading) => reading.value.map(|order| order.spec.units).unwrap_or_default(),
                Err(error) => {
                    report.trouble(in_one_line(&error));
                    continue;
                }
            },
        };
        // Where a workload really is says the back end, when workloads are adopted.
        let (back_end, print) = print_of(units, bid.id.order().owner().as_str(), &ledger, None);
        ledger.promise(back_end, &print);
        let back_end = if ledger.is_empty() { "unknown" } else { ledger.name(back_end) };
        let deposit = bid.escrow.deposits.first().map(|deposit| deposit.balance.clone());
        let deposit = deposit.and_then(|deposit| deposit.to_coin(crate::domain::amount::Rounding::Down).ok());
        let deposit = deposit.unwrap_or_else(|| crate::domain::amount::Coin::new(0_u64, bid.price.denom.clone()));
        let state = if *event == Event::Won { State::Active } else { State::Open };
        let new = NewBid {
            chain,
            order: &order.to_string(),
            provider: provider.as_str(),
            state,
            back_end,
            price: &bid.price,
            deposit: &deposit,
            class: "unknown",
            decision: "{}",
            origin: Origin::Chain,
        };
        moment.store.write("write down a bid that the chain shows", |change| {
            let id = rows::insert(change, &new, stamp)?;
            rows::seen_at(change, id, height.0)?;
            // An open one is looked at again in this run, whatever it says of its time.
            let expires = (state == State::Open).then(|| stamp.at.checked_add(super::AGAIN).unwrap_or(stamp.at));
            reservations::hold(change, id, back_end, &print, expires)?;
            Ok::<_, bids::Error>(id)
        })?;
        report.adopted += 1;
    }
    Ok(())
}

/// A bid whose message is nowhere for so long was never sent.
const NOWHERE_FOR: std::time::Duration = std::time::Duration::from_mins(1);

/// Learns from the outbox what became of bids that are on their way.
fn from_outbox(
    change: &Change<'_>,
    place: (&str, &str),
    request: &Request<'_>,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), bids::Error> {
    for row in rows::live(change, place)?.into_iter().filter(|row| row.state == State::Queued) {
        let Some(intent) = intents::by_key(change, &row.intent_key())? else {
            let queued = rows::transitions(change, row.id)?.last().map_or(row.created_at, |last| last.at);
            if queued.checked_add(NOWHERE_FOR).is_ok_and(|end| end <= stamp.at) {
                let because = Because { reason: "no_message", detail: Some("its message is not in the outbox") };
                refuse(change, &row, because, Fate::Retry(stamp.at), stamp, report)?;
            }
            continue;
        };
        match intent.state {
            intent::State::Queued | intent::State::InFlight | intent::State::NeedsConfirmation => {}
            intent::State::Done => {
                rows::apply(change, row.id, Event::Included, stamp, None)?;
                reservations::extend(change, row.id, stamp.at.checked_add(request.limits.timeout).ok())?;
            }
            intent::State::Abandoned => {
                let because = Because { reason: super::own::BY_PERSON, detail: intent.detail.as_deref() };
                refuse(change, &row, because, Fate::Final, stamp, report)?;
            }
            intent::State::Expired => {
                let because = Because { reason: intent.state.word(), detail: intent.detail.as_deref() };
                refuse(change, &row, because, Fate::Retry(stamp.at), stamp, report)?;
            }
            intent::State::Refused => {
                let ours = of_our_account(change, &intent)?;
                let reason = intent.reason.as_deref().unwrap_or_else(|| intent.state.word());
                let reason = if ours { rows::OUR_ACCOUNT } else { reason };
                let because = Because { reason, detail: intent.detail.as_deref() };
                let failures = row.failures.saturating_add(u64::from(!ours));
                let wait = if ours { Some(request.limits.retry_delay) } else { retry_wait(failures, request.limits) };
                let again = wait.and_then(|wait| stamp.at.checked_add(wait).ok());
                if !ours {
                    rows::count_failure(change, row.id)?;
                }
                refuse(change, &row, because, again.map_or(Fate::Final, Fate::Retry), stamp, report)?;
            }
        }
    }
    Ok(())
}

/// What comes after a refusal.
#[derive(Clone, Copy)]
enum Fate {
    Retry(Timestamp),
    Final,
}

fn refuse(
    change: &Change<'_>,
    row: &bids::Bid,
    because: Because<'_>,
    fate: Fate,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), bids::Error> {
    rows::apply(change, row.id, Event::Refused, stamp, Some(because))?;
    reservations::free(change, row.id)?;
    if let Fate::Retry(at) = fate {
        rows::retry_at(change, row.id, at)?;
    }
    report.ended.push((row.order.clone(), State::Refused));
    Ok(())
}

/// Whether the chain refused a message for what our account is, rather than for what the message is.
fn of_our_account(snapshot: &Snapshot<'_>, intent: &Intent) -> Result<bool, store::Error> {
    let newest = transactions::of_intent(snapshot, intent.id)?.into_iter().max_by_key(|tx| tx.id.0);
    let refusal = newest.and_then(|tx| {
        let log = tx.log.as_deref().unwrap_or_default();
        Refusal::of_result(tx.codespace.as_deref()?, tx.code?, log.as_bytes())
    });
    Ok(refusal.is_some_and(|refusal| {
        is_short_of_funds(&refusal)
            || matches!(
                refusal.reason,
                Reason::InsufficientFee
                    | Reason::RateLimited(_)
                    | Reason::WrongSequence { .. }
                    | Reason::SignatureOrChain
                    | Reason::TimedOut
            )
    }))
}

/// A proposal lives as long as what is reserved for it; then its price and its place are worth nothing any more.
fn end_proposals(
    change: &Change<'_>,
    place: (&str, &str),
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), bids::Error> {
    for row in rows::live(change, place)?.into_iter().filter(|row| row.state == State::Proposed) {
        let reserved = reservations::of(change, row.id)?;
        if reserved.is_some_and(|one| one.expires_at.is_none_or(|end| end > stamp.at)) {
            continue;
        }
        drop_proposal(change, row.id, "timeout", stamp)?;
        report.ended.push((row.order, State::Dropped));
    }
    Ok(())
}

/// A proposal is given up, and what was reserved for it is free.
pub(super) fn drop_proposal(change: &Change<'_>, id: BidNumber, reason: &str, stamp: Stamp) -> Result<(), bids::Error> {
    rows::apply(change, id, Event::Dropped, stamp, Some(Because { reason, detail: None }))?;
    Ok(reservations::free(change, id)?)
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
    let place = (truth.chain.as_str(), truth.provider.as_str());
    moment.store.write("write down what became of our bids", |change| {
        from_outbox(change, place, request, stamp, report)?;
        for id in &final_ones {
            let intent = intents::by_id(change, *id)?;
            let row = intent.map(|intent| rows::of_intent(change, place, &intent.key)).transpose()?.flatten();
            if let Some(row) = row.filter(|row| row.state == State::Refused) {
                rows::give_up(change, row.id)?;
            }
        }
        Ok::<_, bids::Error>(())
    })?;
    refresh(moment.store, report)?;
    tracing::debug!(height = %truth.world.height, "settled");
    Ok(())
}

/// The bids of a report as they stand by now.
pub(super) fn refresh(store: &store::Store, report: &mut BidRun) -> Result<(), Error> {
    let ids: Vec<BidNumber> = report.bids.iter().filter_map(|bid| bid.id).collect();
    let rows = store.read("read what became of our bids", |snapshot| {
        ids.into_iter().map(|id| rows::by_id(snapshot, id)).collect::<Result<Vec<_>, _>>()
    })?;
    for row in rows.into_iter().flatten() {
        if let Some(bid) = report.bids.iter_mut().find(|bid| bid.id == Some(row.id)) {
            bid.state = row.state;
            bid.why = row.detail.or(row.reason);
        }
    }
    Ok(())
}

/// The messages of this run that the chain refused for a reason that no other try mends soon.
fn refused_for_good(report: &BidRun) -> Vec<IntentId> {
    let refusals = report.flushed.iter().flat_map(|flushed| &flushed.refusals);
    let final_ones = refusals.filter(|(_, refusal)| {
        matches!(refusal.fault(), Fault::Invalid | Fault::NotFound) && !is_short_of_funds(refusal)
    });
    final_ones.map(|(id, _)| *id).collect()
}

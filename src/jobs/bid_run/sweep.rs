//! The sweep: own open bids that can win nothing any more are closed, so that their deposits come back.
//!
//! Some nodes leave losing bids open, and bids on orders whose deployment is gone. Closing is final: the order takes no
//! other bid of ours. So an order that is missing from a listing is asked for by itself, only the word of a node in step
//! with the chain counts, and only what it shows: an order or a deployment of ours that it does not show is not gone, for
//! chains forget none; the node is behind. What may be so at one time and not at another (a pause) counts as of a height
//! at which the bid was known to be open, or a later one.

use std::collections::BTreeSet;
use std::time::Duration;

use super::book::Book;
use super::own;
use super::reconcile::drop_proposal;
use super::truth::{Moment, Truth};
use super::{BidRun, Closings, Error, FailPoint, Request, act};
use crate::chain::client::CallError;
use crate::domain::bid::State;
use crate::domain::deployment::{DeploymentState, GroupState};
use crate::domain::fault::in_one_line;
use crate::domain::id::OrderId;
use crate::domain::order::OrderState;
use crate::store::bids::{self, BidNumber, closings, rows};
use crate::store::outbox::Stamp;

/// A deployment that was seen alive is not asked for again before so long.
const CHECK_AGAIN: Duration = Duration::from_mins(1);
/// The time over which the second cap counts.
const HOUR: Duration = Duration::from_hours(1);

/// Puts into the outbox what is to be closed.
pub(super) async fn sweep(
    truth: &Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    book: &Book,
    stamp: Option<Stamp>,
    report: &mut BidRun,
) -> Result<(), Error> {
    drop_gone(truth, moment, book, stamp, report)?;
    let client = request.sending.client;
    let prefix = client.network().address_prefix;
    let mut caps = Caps::read(moment, request, truth.world.now)?;
    for row in &truth.own.open {
        if (moment.should_stop)() {
            return Ok(());
        }
        let Some(id) = own::order_of(row, prefix) else { continue };
        let why = match why_close(truth, request, book, row, &id).await {
            Ok(Verdict::Close(why)) => why,
            Ok(Verdict::Alive) => {
                if let Some(stamp) = stamp {
                    moment.store.write("write down that a deployment is alive", |change| {
                        rows::seen_alive(change, row.id, stamp.at)
                    })?;
                }
                continue;
            }
            Ok(Verdict::Leave) => continue,
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        match caps.take(row.id) {
            Ok(()) => {}
            Err(Reached::Run(words)) => {
                report.trouble(words);
                return Ok(());
            }
            Err(Reached::Hour(words)) => {
                report.trouble(words);
                continue;
            }
        }
        if let Some(stamp) = stamp {
            act::enqueue_close(moment, request, (&truth.chain, &id), act::Closing::Sweep(row.id), stamp)?;
            FailPoint::PartlySwept.reach();
            tracing::info!(order = row.order, why, "an open bid is to be closed");
        }
        report.closing.push((row.order.clone(), why));
    }
    Ok(())
}

/// How many more bids may be closed. One that was to be closed within the hour already, and is still open, is not another.
struct Caps<'r> {
    closings: &'r Closings,
    run: u64,
    hour: BTreeSet<BidNumber>,
}

impl<'r> Caps<'r> {
    fn read(moment: Moment<'_>, request: &'r Request<'_>, now: jiff::Timestamp) -> Result<Self, Error> {
        let since = now.checked_sub(HOUR).unwrap_or(jiff::Timestamp::MIN);
        let hour = moment
            .store
            .read("count what was to be closed in the last hour", |snapshot| closings::since(snapshot, since))?;
        Ok(Self { closings: &request.closings, run: 0, hour })
    }

    /// Counts a bid that is to be closed, or says which cap is reached.
    fn take(&mut self, bid: BidNumber) -> Result<(), Reached> {
        let Closings { per_run, per_hour } = *self.closings;
        if self.run >= per_run {
            return Err(Reached::Run(format!(
                "more than {per_run} bids are to be closed; the rest waits for the next run (bidding.max_closings_per_run)"
            )));
        }
        let hour = u64::try_from(self.hour.len()).unwrap_or(u64::MAX);
        if hour >= per_hour && !self.hour.contains(&bid) {
            return Err(Reached::Hour(format!(
                "{hour} bids were to be closed within an hour, and more are; the rest waits: see why in `provider bid list`, \
                 or raise bidding.max_closings_per_hour"
            )));
        }
        self.run += 1;
        self.hour.insert(bid);
        Ok(())
    }
}

/// The cap that is reached, in words.
enum Reached {
    /// No other is closed in this run.
    Run(String),
    /// No other is closed that was not to be closed within this hour already.
    Hour(String),
}

enum Verdict {
    Close(&'static str),
    /// The deployment behind it is there.
    Alive,
    Leave,
}

async fn why_close(
    truth: &Truth,
    request: &Request<'_>,
    book: &Book,
    row: &bids::Bid,
    id: &OrderId,
) -> Result<Verdict, CallError> {
    let client = request.sending.client;
    let now = truth.world.now;
    let over = |since: jiff::Timestamp, span: Duration| since.checked_add(span).is_ok_and(|end| end <= now);
    if row.opened_at.is_some_and(|since| over(since, request.limits.timeout)) {
        return Ok(Verdict::Close("timeout"));
    }
    if book.listed.as_ref().is_some_and(|listed| !listed.contains(&row.order)) {
        let order = client.order(id).await?.believed()?.into_value();
        return Ok(match order.map(|order| order.state) {
            Some(OrderState::Open | OrderState::Unknown(_)) | None => Verdict::Leave,
            Some(OrderState::Active) => Verdict::Close("order_taken"),
            Some(OrderState::Closed) => Verdict::Close("order_closed"),
        });
    }
    if row.checked_at.is_some_and(|since| !over(since, CHECK_AGAIN)) {
        return Ok(Verdict::Leave);
    }
    let reading = client.deployment(id.deployment()).await?.believed()?;
    let is_new = row.seen_height.is_some_and(|seen| reading.height().0 >= seen);
    let Some(deployment) = reading.into_value() else { return Ok(Verdict::Leave) };
    if deployment.state == DeploymentState::Closed {
        return Ok(Verdict::Close("deployment_closed"));
    }
    Ok(match deployment.group(id.gseq()).map(|group| group.state) {
        // A group that is started again gets a new order.
        Some(GroupState::Paused) if is_new => Verdict::Close("group_paused"),
        Some(GroupState::InsufficientFunds) if is_new => Verdict::Close("group_closed"),
        Some(GroupState::Closed) => Verdict::Close("group_closed"),
        Some(GroupState::Paused | GroupState::InsufficientFunds) => Verdict::Leave,
        Some(GroupState::Open | GroupState::Unknown(_)) | None => Verdict::Alive,
    })
}

/// Proposals on orders that are not open any more are given up. That costs nothing: they were never sent.
fn drop_gone(
    truth: &Truth,
    moment: Moment<'_>,
    book: &Book,
    stamp: Option<Stamp>,
    report: &mut BidRun,
) -> Result<(), Error> {
    let (Some(listed), Some(stamp)) = (&book.listed, stamp) else { return Ok(()) };
    for row in truth.own.proposals.iter().filter(|row| !listed.contains(&row.order)) {
        moment.store.write("drop a proposal", |change| drop_proposal(change, row.id, "order_not_open", stamp))?;
        report.ended.push((row.order.clone(), State::Dropped));
    }
    Ok(())
}

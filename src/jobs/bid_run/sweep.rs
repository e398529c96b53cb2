//! The sweep: own open bids that can win nothing any more are closed, so that their deposits come back.
//!
//! Some nodes leave losing bids open, and bids on orders whose deployment is gone. Closing is final: the order takes no
//! other bid of ours. So an order that is missing from a listing is asked for by itself, and only the word of a node in
//! step with the chain counts.

use std::time::Duration;

use super::book::Book;
use super::own;
use super::truth::{Moment, Truth};
use super::{BidRun, Error, Request, act};
use crate::chain::client::CallError;
use crate::domain::deployment::{DeploymentState, GroupState};
use crate::domain::fault::in_one_line;
use crate::domain::id::OrderId;
use crate::domain::order::OrderState;
use crate::store::bids::{self, rows};
use crate::store::outbox::Stamp;

/// A deployment that was seen alive is not asked for again before so long.
const CHECK_AGAIN: Duration = Duration::from_mins(1);

/// Puts into the outbox what is to be closed.
pub(super) async fn sweep(
    truth: &Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    book: &Book,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), Error> {
    let client = request.sending.client;
    let prefix = client.network().address_prefix;
    let mut left = request.closings;
    for row in &truth.own.open {
        if (moment.should_stop)() {
            return Ok(());
        }
        let Some(id) = own::order_of(row, prefix) else { continue };
        let why = match why_close(truth, request, book, row, &id).await {
            Ok(Verdict::Close(why)) => why,
            Ok(Verdict::Alive) => {
                moment.store.write("write down that a deployment is alive", |change| {
                    rows::seen_alive(change, row.id, stamp.at)
                })?;
                continue;
            }
            Ok(Verdict::Leave) => continue,
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        if left == 0 {
            let most = request.closings;
            report.trouble(format!(
                "more than {most} bids are to be closed; the rest waits (bidding.max_closings_per_run)"
            ));
            return Ok(());
        }
        left -= 1;
        act::enqueue_close(moment, request, (&truth.chain, &id), stamp)?;
        tracing::info!(order = row.order, why, "an open bid is closed");
        report.closing.push((row.order.clone(), why));
    }
    Ok(())
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
            Some(OrderState::Open | OrderState::Unknown(_)) => Verdict::Leave,
            Some(OrderState::Active) => Verdict::Close("order_taken"),
            Some(OrderState::Closed) | None => Verdict::Close("order_closed"),
        });
    }
    if row.checked_at.is_some_and(|since| !over(since, CHECK_AGAIN)) {
        return Ok(Verdict::Leave);
    }
    let deployment = client.deployment(id.deployment()).await?.believed()?.into_value();
    let Some(deployment) = deployment else { return Ok(Verdict::Close("deployment_gone")) };
    if deployment.state == DeploymentState::Closed {
        return Ok(Verdict::Close("deployment_closed"));
    }
    Ok(match deployment.group(id.gseq()).map(|group| group.state) {
        // A group that is started again gets a new order.
        Some(GroupState::Paused) => Verdict::Close("group_paused"),
        Some(GroupState::Closed | GroupState::InsufficientFunds) => Verdict::Close("group_closed"),
        Some(GroupState::Open | GroupState::Unknown(_)) | None => Verdict::Alive,
    })
}

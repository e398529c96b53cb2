//! How bids ended that the chain lists no more.

use jiff::Timestamp;

use super::BidRun;
use super::Error;
use super::truth::Moment;
use crate::chain::client::{CallError, Client, Reading};
use crate::domain::bid::{Event, State};
use crate::domain::fault::in_one_line;
use crate::domain::height::Height;
use crate::domain::id::{BidId, LeaseId};
use crate::domain::lease::Lease;
use crate::domain::order::BidState;
use crate::store::bids::{self, leases, reservations, rows};
use crate::store::outbox::{Because, Stamp};

/// So many ends are learned in one run; the next goes on.
const ENDS_PER_RUN: usize = 100;

/// How a bid ended, as the chain says.
enum End {
    Lost,
    Closed(Option<Box<Lease>>),
    /// The chain has no such bid, at exactly the height of our listing.
    NotThere,
    /// It is not over, or nobody can say.
    Open,
}

/// Asks the chain how bids ended that it lists no more.
pub(super) async fn learn_ends(
    moment: Moment<'_>,
    client: &Client,
    missing: Vec<bids::Bid>,
    height: Height,
    stamp: Stamp,
    report: &mut BidRun,
) -> Result<(), Error> {
    let prefix = client.network().address_prefix;
    for row in missing.into_iter().take(ENDS_PER_RUN) {
        let Ok(id) = BidId::parse(&row.chain_id(), prefix) else { continue };
        let end = match end_of(client, &id, &row, height, stamp.at).await {
            Ok(end) => end,
            Err(error) => {
                report.trouble(in_one_line(&error));
                continue;
            }
        };
        let state = moment.store.write("write down how a bid ended", |change| {
            let (event, because) = match &end {
                End::Open => return Ok(None),
                End::Lost => (Event::Lost, None),
                End::Closed(lease) => {
                    if let Some(lease) = lease {
                        // It was taken and ended between two looks: it won all the same.
                        if row.state != State::Active {
                            rows::apply(change, row.id, Event::Won, stamp, None)?;
                        }
                        // Nobody may have looked while it ran.
                        if leases::of(change, &row.chain_id())?.is_none() {
                            see(change, lease, &row, stamp.at)?;
                        }
                    }
                    (Event::Closed, None)
                }
                End::NotThere => (Event::Closed, Some(Because { reason: "not_on_chain", detail: None })),
            };
            let state = rows::apply(change, row.id, event, stamp, because)?;
            rows::seen_at(change, row.id, height.0)?;
            reservations::free(change, row.id)?;
            Ok::<_, bids::Error>(Some(state))
        })?;
        if let Some(state) = state {
            tracing::info!(bid = %row.id, order = row.order, state = state.word(), "a bid ended");
            report.ended.push((row.order, state));
        }
    }
    Ok(())
}

async fn end_of(
    client: &Client,
    id: &BidId,
    row: &bids::Bid,
    height: Height,
    now: Timestamp,
) -> Result<End, CallError> {
    let found = client.bid(id).await.and_then(Reading::believed)?.into_value();
    Ok(match found.map(|bid| bid.state) {
        Some(BidState::Lost) => End::Lost,
        Some(BidState::Closed) => {
            let lease = client.lease(&LeaseId::of(id.clone())).await.and_then(Reading::believed)?.into_value();
            End::Closed(lease.map(Box::new))
        }
        // It changed between the listings and now, or is in a state that we do not know: the next run sees.
        Some(BidState::Open | BidState::Active | BidState::Unknown(_)) => End::Open,
        // A chain forgets no bid. A node that is a little behind does not have it yet, and says so where it is asked for the
        // state of exactly a height.
        None if row.opened_at.is_some_and(|since| is_young(since, now)) => End::Open,
        None if row.seen_height.is_some_and(|seen| height.0 < seen) => End::Open,
        None => match client.bid_at(id, height).await.and_then(Reading::believed)?.into_value() {
            None => End::NotThere,
            Some(_) => End::Open,
        },
    })
}

/// Whether a node that answers may not have what was made then.
fn is_young(since: Timestamp, now: Timestamp) -> bool {
    since.checked_add(super::AGAIN).is_ok_and(|end| end > now)
}

/// Writes down a lease that nobody saw while it ran; `lease monitor` learns how it ended.
fn see(
    change: &crate::store::Change<'_>,
    lease: &Lease,
    row: &bids::Bid,
    now: Timestamp,
) -> Result<(), crate::store::Error> {
    leases::see(
        change,
        &leases::Lease {
            id: row.chain_id(),
            chain: row.chain.clone(),
            state: "active".to_owned(),
            price: lease.price.clone(),
            back_end: Some(row.back_end.clone()),
            created_at: lease.created_at.0,
            closed_height: None,
            reason: None,
            first_seen: now,
            last_seen: now,
            withdrawn_at: None,
            funded_until: None,
            warned_at: None,
        },
    )
}

//! What closes because something else does.

use super::{bid, id, lease, order, state};
use crate::chain::wire::deployment::{DeploymentId, DeploymentState, GroupId, GroupState};
use crate::chain::wire::escrow::{Account, Payment, Scope, State};
use crate::chain::wire::market::{Bid, BidState, LeaseClosedReason, LeaseState, Order, OrderState};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{deployment, escrow, shrug};
use crate::domain::network::OverdrawnLease;

/// Closes the orders of a group that was paused, closed or ran out of funds, with their bids and leases.
///
/// Defect of VirtEngine's node: orders without a lease stay `open`, with their bids.
pub fn close_orders(context: &mut Context<'_>, group: &GroupId, became: GroupState) -> Result<(), Refusal> {
    let mut orders = state::orders_of(context, group, OrderState::Active)?;
    if !context.network.behaviour.order_outlives_its_group {
        orders.extend(state::orders_of(context, group, OrderState::Open)?);
    }
    for order in orders {
        close_order(context, order, became)?;
    }
    Ok(())
}

fn close_order(context: &mut Context<'_>, order: Order, became: GroupState) -> Result<(), Refusal> {
    let order_id = order.id.clone();
    let had_lease = order.state() == OrderState::Active;
    order::end(context, order)?;
    for open in state::bids_on(context, &order_id, BidState::Open)? {
        bid::end(context, open)?;
    }
    if had_lease {
        for active in state::bids_on(context, &order_id, BidState::Active)? {
            close_bid_with_lease(context, active, became)?;
        }
    }
    Ok(())
}

fn close_bid_with_lease(context: &mut Context<'_>, bid: Bid, became: GroupState) -> Result<(), Refusal> {
    let lease_id = id::lease_of(&bid.id);
    bid::end(context, bid)?;
    let Some(lease) = state::find_lease(context, &lease_id)? else { return Ok(()) };
    let shown = context.network.behaviour.overdrawn_lease;
    let (state, reason) = match (became, shown) {
        (GroupState::InsufficientFunds, OverdrawnLease::InsufficientFunds) => {
            (LeaseState::InsufficientFunds, LeaseClosedReason::InsufficientFunds)
        }
        // Defect of VirtEngine's node: it does not ask why the group ended, so that an overdrawn lease ends as `closed`
        // by its owner.
        _ => (LeaseState::Closed, LeaseClosedReason::Owner),
    };
    lease::end(context, lease, state, reason)?;
    shrug(escrow::close_payment(context, &id::payment_of(&lease_id)))
}

/// Escrow's account has ended: so does its deployment, with all in it.
///
/// Defect of both nodes: the account of a bid is refused, which ends what the caller was about, though nothing is
/// wrong.
pub fn account_closed(context: &mut Context<'_>, account: &Account) -> Result<(), Refusal> {
    if account.id.scope() != Scope::Deployment {
        return Err(deployment::refusals::invalid_escrow_id());
    }
    let id = account
        .id
        .xid
        .split_once('/')
        .and_then(|(owner, dseq)| Some(DeploymentId { owner: owner.to_owned(), dseq: dseq.parse().ok()? }));
    let id = id.ok_or_else(deployment::refusals::invalid_escrow_id)?;
    let Some(found) = deployment::find(context, &id)? else { return Ok(()) };
    if found.state() != DeploymentState::Active {
        return Ok(());
    }
    let groups = deployment::groups(context, &id)?;
    deployment::end(context, found)?;
    let became = match account.state.state() {
        State::Overdrawn => GroupState::InsufficientFunds,
        State::Invalid | State::Open | State::Closed => GroupState::Closed,
    };
    for group in groups.into_iter().filter(|group| group.state() != GroupState::Closed) {
        let group_id = group.id.clone();
        deployment::end_group(context, group, became)?;
        shrug(close_orders(context, &group_id, became))?;
    }
    Ok(())
}

/// Escrow's payment has ended: so do its lease, bid and order, where they have not.
pub fn payment_closed(context: &mut Context<'_>, payment: &Payment) -> Result<(), Refusal> {
    let Some(lease_id) = id::lease_of_payment(&payment.id) else { return Ok(()) };
    let bid_id = id::bid_of(&lease_id);
    let Some(bid) = state::find_bid(context, &bid_id)?.filter(|bid| bid.state() == BidState::Active) else {
        return Ok(());
    };
    let order = state::find_order(context, &id::order_of(&bid_id))?;
    let (Some(order), Some(lease)) = (order, state::find_lease(context, &lease_id)?) else { return Ok(()) };
    order::end(context, order)?;
    bid::end(context, bid)?;
    let (state, reason) = if payment.state.state() == State::Overdrawn {
        (LeaseState::InsufficientFunds, LeaseClosedReason::InsufficientFunds)
    } else {
        (LeaseState::Closed, LeaseClosedReason::Unspecified)
    };
    lease::end(context, lease, state, reason)?;
    Ok(())
}

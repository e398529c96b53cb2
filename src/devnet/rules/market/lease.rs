//! Leases.

use super::{bid, id, order, refusals, state};
use crate::chain::wire::deployment::GroupState;
use crate::chain::wire::market::{
    BidState, EventLeaseClosed, EventLeaseCreated, Lease, LeaseClosedReason, LeaseState, MsgCloseLease,
    MsgCloseLeaseResponse, MsgCreateLease, MsgCreateLeaseResponse, MsgWithdrawLease, MsgWithdrawLeaseResponse, OrderId,
    OrderState, Reclamation,
};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{deployment, escrow, shrug};
use crate::domain::amount::DecCoin;

/// `MsgCreateLease`: the tenant takes a bid, and its payment begins.
pub fn create_lease(context: &mut Context<'_>, message: &MsgCreateLease) -> Result<MsgCreateLeaseResponse, Refusal> {
    let mut bid = state::find_bid(context, &message.bid_id)?.ok_or_else(refusals::bid_not_found)?;
    if bid.state() != BidState::Open {
        return Err(refusals::bid_not_open());
    }
    let mut order = state::find_order(context, &id::order_of(&bid.id))?.ok_or_else(refusals::order_not_found)?;
    if order.state() != OrderState::Open {
        return Err(refusals::order_not_open());
    }
    let group = deployment::find_group(context, &id::group_of(&order.id))?.ok_or_else(refusals::group_not_found)?;
    if group.state() != GroupState::Open {
        return Err(refusals::group_not_open());
    }
    let id = id::lease_of(&bid.id);
    let rate = DecCoin::try_from(&bid.price)
        .map_err(|error| Broken::Inconsistent { what: format!("the price of a bid: {error}") })?;
    escrow::create_payment(context, id::payment_of(&id), &id.provider, &rate)?;
    let notice = |window| Reclamation { window: Some(window), started_at: 0, deadline: 0, reason: 0 };
    let lease = Lease {
        id: id.clone(),
        state: LeaseState::Active as i32,
        price: bid.price.clone(),
        created_at: context.height,
        closed_on: 0,
        reason: 0,
        reclamation: bid.reclamation_window.map(notice),
    };
    state::put_lease(context, &lease)?;
    context.emit(&EventLeaseCreated { id, price: bid.price.clone() });
    order.state = OrderState::Active as i32;
    state::put_order(context, &order)?;
    bid.state = BidState::Active as i32;
    state::put_bid(context, &bid)?;
    first_loser(context, &order.id)?;
    Ok(MsgCreateLeaseResponse {})
}

/// The first of the other bids becomes `lost` and gets its deposit back.
///
/// Defect of both nodes: the refund's hook fails on the account of a bid, and that ends the loop over the others. They
/// stay `open` until their providers close them.
fn first_loser(context: &mut Context<'_>, order: &OrderId) -> Result<(), Refusal> {
    let Some(mut loser) = state::bids_on(context, order, BidState::Open)?.into_iter().next() else { return Ok(()) };
    loser.state = BidState::Lost as i32;
    state::put_bid(context, &loser)?;
    shrug(escrow::close_account(context, &id::account_of(&loser.id)))
}

/// `MsgCloseLease`: the tenant ends a lease; a group that is open gets a new order.
pub fn close_lease(context: &mut Context<'_>, message: &MsgCloseLease) -> Result<MsgCloseLeaseResponse, Refusal> {
    let bid_id = id::bid_of(&message.id);
    let order = state::find_order(context, &id::order_of(&bid_id))?.ok_or_else(refusals::order_not_found)?;
    if order.state() != OrderState::Active {
        return Err(refusals::order_closed());
    }
    let bid = state::find_bid(context, &bid_id)?.ok_or_else(refusals::bid_not_found)?;
    if bid.state() != BidState::Active {
        return Err(refusals::bid_not_active());
    }
    let lease = state::find_lease(context, &message.id)?.ok_or_else(refusals::lease_not_found)?;
    if !is_running(&lease) {
        return Err(refusals::order_closed());
    }
    let (group_id, reclamation) = (id::group_of(&order.id), order.reclamation.clone());
    end(context, lease, LeaseState::Closed, LeaseClosedReason::Owner)?;
    bid::end(context, bid)?;
    order::end(context, order)?;
    escrow::close_payment(context, &id::payment_of(&message.id))?;
    let group = deployment::find_group(context, &group_id)?.ok_or_else(refusals::group_not_found)?;
    if group.state() == GroupState::Open {
        order::create_order(context, &group, reclamation)?;
    }
    Ok(MsgCloseLeaseResponse {})
}

/// Whether the provider still works for it.
pub(super) fn is_running(lease: &Lease) -> bool {
    matches!(lease.state(), LeaseState::Active | LeaseState::Reclaiming)
}

/// Closes a lease, and tells of it. One that has ended is left alone.
pub(super) fn end(
    context: &mut Context<'_>,
    mut lease: Lease,
    state: LeaseState,
    reason: LeaseClosedReason,
) -> Result<(), Broken> {
    if !is_running(&lease) {
        return Ok(());
    }
    lease.state = state as i32;
    lease.closed_on = context.height;
    // Defect of VirtEngine's node: the reason stands in the event only, in the store it stays 0.
    if context.network.behaviour.lease_reason_is_stored {
        lease.reason = reason as i32;
    }
    state::put_lease(context, &lease)?;
    context.emit(&EventLeaseClosed { id: lease.id, reason: reason as i32 });
    Ok(())
}

/// `MsgWithdrawLease`: pays out what the lease has earned.
pub fn withdraw_lease(
    context: &mut Context<'_>,
    message: &MsgWithdrawLease,
) -> Result<MsgWithdrawLeaseResponse, Refusal> {
    let lease = state::find_lease(context, &message.id)?.ok_or_else(refusals::unknown_lease)?;
    escrow::withdraw_payment(context, &id::payment_of(&lease.id))?;
    Ok(MsgWithdrawLeaseResponse {})
}

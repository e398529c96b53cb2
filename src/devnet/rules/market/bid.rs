//! Bids.

use super::{id, lease, order, params, reclaim, refusals, state};
use crate::chain::wire::deployment::ResourceUnit;
use crate::chain::wire::escrow::Scope;
use crate::chain::wire::market::{
    Bid, BidState, EventBidClosed, EventBidCreated, LeaseClosedReason, LeaseState, MsgCloseBid, MsgCloseBidResponse,
    MsgCreateBid, MsgCreateBidResponse, Order, OrderState, ResourceOffer,
};
use crate::chain::wire::provider::Provider;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{attributes, audit, auth, deployment, escrow, provider, shrug};
use crate::domain::amount::DecCoin;
use std::collections::BTreeMap;

/// `MsgCreateBid`: a provider offers to serve an order, and deposits money on it.
pub fn create_bid(context: &mut Context<'_>, message: &MsgCreateBid) -> Result<MsgCreateBidResponse, Refusal> {
    let params = params::parameters(context)?;
    let deposit = escrow::basic::deposit(context.network, &message.deposit)?;
    params::check_deposit(&params, &deposit)?;
    let order_id = id::order_of(&message.id);
    // Defects of both nodes: the comparison lets one bid more than the parameter in (21 of 20; lost ones are not
    // counted), and the refusal has no code of the market. semantics.md says `market` 31, but the nodes' code makes
    // this error as it makes the one of a deposit that is too small, `fmt.Errorf("%w: …")` without the SDK's wrapping,
    // and that one is recorded on both nodes as `undefined` 1. No recording has this one.
    if state::count_bids(context, &order_id)? > u64::from(params.order_max_bids) {
        let text = format!("invalid bid: too many existing bids ({})", params.order_max_bids);
        return Err(Refusal::undefined(text));
    }
    let order = state::find_order(context, &order_id)?.ok_or_else(refusals::order_not_found)?;
    match order.state() {
        OrderState::Open => {}
        OrderState::Active => return Err(refusals::order_active()),
        OrderState::Invalid | OrderState::Closed => return Err(refusals::order_closed()),
    }
    check_price(context, message, &order)?;
    check_offer(&order.spec.resources, &message.resources_offer)?;
    let provider = provider::find(context, &message.id.provider)?.ok_or_else(refusals::unknown_provider)?;
    check_attributes(context, &order, &provider)?;
    reclaim::check_bid(context, message, &order)?;
    let deposits = escrow::authorize(context, &message.id.provider, &message.deposit, Scope::Bid)?;
    if state::find_bid(context, &message.id)?.is_some() {
        return Err(refusals::bid_exists());
    }
    let bid = Bid {
        id: message.id.clone(),
        state: BidState::Open as i32,
        price: message.price.clone(),
        created_at: context.height,
        resources_offer: message.resources_offer.clone(),
        reclamation_window: message.reclamation_window.filter(|_| context.network.has_reclamation()),
    };
    state::put_bid(context, &bid)?;
    context.emit(&EventBidCreated { id: bid.id, price: bid.price });
    escrow::create_account(context, id::account_of(&message.id), &message.id.provider, deposits)?;
    Ok(MsgCreateBidResponse {})
}

fn check_price(context: &Context<'_>, message: &MsgCreateBid, order: &Order) -> Result<(), Refusal> {
    let price = DecCoin::try_from(&message.price).map_err(|_| refusals::invalid_price())?;
    if price.amount.is_negative() {
        return Err(refusals::invalid_price());
    }
    let most = deployment::price(&order.spec)?;
    // Defect of both nodes: prices of different denominations are compared without asking, which panics.
    if most.denom != price.denom {
        return Err(Refusal::panic(&format!("invalid coin denominations; {}, {}", most.denom, price.denom)));
    }
    if price.amount > most.amount {
        let code = context.network.behaviour.price_over_order.code;
        return Err(refusals::with_code(code).unwrap_or_else(refusals::over_order));
    }
    Ok(())
}

/// An offer, where there is one, has each unit of the order, as often as it is wanted.
fn check_offer(wanted: &[ResourceUnit], offered: &[ResourceOffer]) -> Result<(), Refusal> {
    if offered.is_empty() {
        return Ok(());
    }
    let mut units: BTreeMap<u32, Option<u32>> =
        wanted.iter().map(|unit| (unit.resource.id, Some(unit.count))).collect();
    if offered.len() != wanted.len() {
        return Err(refusals::capabilities_mismatch());
    }
    for offer in offered {
        match units.get_mut(&offer.resources.id).map(Option::take) {
            None => return Err(refusals::capabilities_mismatch()),
            // Defect of both nodes: a unit that is offered twice.
            Some(None) => {
                return Err(Refusal::panic("runtime error: invalid memory address or nil pointer dereference"));
            }
            Some(Some(count)) if count != offer.count => return Err(refusals::capabilities_mismatch()),
            Some(Some(_)) => {}
        }
    }
    Ok(())
}

/// The provider declares what the order asks for, and the auditors whom it names have vouched for that.
fn check_attributes(context: &Context<'_>, order: &Order, provider: &Provider) -> Result<(), Refusal> {
    let requirements = &order.spec.requirements;
    let address = auth::bytes_of(context.network, &provider.owner)?;
    let audited = audit::audited(&*context.kv, &address)?;
    let audited = audited.into_iter().map(|row| (row.auditor, row.attributes)).collect();
    let declared = attributes::all_in(&requirements.attributes, &provider.attributes);
    if !declared || !attributes::signed(&requirements.attributes, &requirements.signed_by, &audited) {
        return Err(refusals::attribute_mismatch());
    }
    let capable = |unit: &ResourceUnit| attributes::capable(&unit.resource, &provider.attributes);
    if !order.spec.resources.iter().all(capable) {
        return Err(refusals::capabilities_mismatch());
    }
    Ok(())
}

/// `MsgCloseBid`: a provider takes back a bid, or ends its lease; then the group is paused.
pub fn close_bid(context: &mut Context<'_>, message: &MsgCloseBid) -> Result<MsgCloseBidResponse, Refusal> {
    let bid = state::find_bid(context, &message.id)?.ok_or_else(refusals::unknown_bid)?;
    let order = state::find_order(context, &id::order_of(&bid.id))?.ok_or_else(refusals::unknown_order_for_bid)?;
    if bid.state() == BidState::Open {
        end(context, bid)?;
        return Ok(MsgCloseBidResponse {});
    }
    let lease_id = id::lease_of(&bid.id);
    let lease = state::find_lease(context, &lease_id)?.ok_or_else(refusals::unknown_lease_for_bid)?;
    reclaim::check_close(context, &lease)?;
    if bid.state() != BidState::Active {
        return Err(refusals::bid_not_active());
    }
    let group = deployment::find_group(context, &id::group_of(&order.id))?.ok_or_else(refusals::group_not_found)?;
    deployment::pause(context, group)?;
    let reason = LeaseClosedReason::try_from(message.reason).unwrap_or(LeaseClosedReason::Unspecified);
    lease::end(context, lease, LeaseState::Closed, reason)?;
    end(context, bid)?;
    order::end(context, order)?;
    shrug(escrow::close_payment(context, &id::payment_of(&lease_id)))?;
    Ok(MsgCloseBidResponse {})
}

/// Closes a bid, gives its deposit back and tells of it. One that was lost or closed is left alone.
pub(super) fn end(context: &mut Context<'_>, mut bid: Bid) -> Result<(), Refusal> {
    if !matches!(bid.state(), BidState::Open | BidState::Active) {
        return Ok(());
    }
    bid.state = BidState::Closed as i32;
    state::put_bid(context, &bid)?;
    shrug(escrow::close_account(context, &id::account_of(&bid.id)))?;
    context.emit(&EventBidClosed { id: bid.id });
    Ok(())
}

//! What is refused of a message before the state is looked at.

use super::{id, refusals};
use crate::chain::wire::market::{
    MsgCloseBid, MsgCloseLease, MsgCreateBid, MsgCreateLease, MsgLeaseStartReclaim, MsgUpdateParams, MsgWithdrawLease,
};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, escrow};
use crate::domain::amount::Dec18;
use crate::domain::network::Network;

/// The reasons that a provider may give, by their numbers.
const REASONS: std::ops::RangeInclusive<i32> = 10_000..=19_999;

/// `MsgCreateBid`.
pub fn create_bid(network: &Network, message: &MsgCreateBid) -> Result<(), Refusal> {
    id::check_bid(network, &message.id)?;
    escrow::basic::deposit(network, &message.deposit)?;
    // A number that is left out is a nil pointer, and `IsZero` looks behind it.
    if message.price.amount.is_empty() {
        return Err(Refusal::panic("runtime error: invalid memory address or nil pointer dereference"));
    }
    if Dec18::from_wire(&message.price.amount).is_ok_and(Dec18::is_zero) {
        return Err(refusals::zero_price());
    }
    Ok(())
}

/// `MsgCloseBid`.
pub fn close_bid(network: &Network, message: &MsgCloseBid) -> Result<(), Refusal> {
    id::check_bid(network, &message.id)?;
    check_reason(message.reason)
}

/// `MsgCreateLease`.
pub fn create_lease(network: &Network, message: &MsgCreateLease) -> Result<(), Refusal> {
    id::check_bid(network, &message.bid_id)
}

/// `MsgWithdrawLease`.
pub fn withdraw_lease(network: &Network, message: &MsgWithdrawLease) -> Result<(), Refusal> {
    id::check_lease(network, &message.id)
}

/// `MsgCloseLease`. The tenant's reason is not looked at.
pub fn close_lease(network: &Network, message: &MsgCloseLease) -> Result<(), Refusal> {
    id::check_lease(network, &message.id)
}

/// `MsgLeaseStartReclaim`.
pub fn lease_start_reclaim(network: &Network, message: &MsgLeaseStartReclaim) -> Result<(), Refusal> {
    id::check_lease(network, &message.id)?;
    check_reason(message.reason)
}

/// `MsgUpdateParams`.
pub fn update_params(network: &Network, message: &MsgUpdateParams) -> Result<(), Refusal> {
    auth::bytes_of(network, &message.authority).map(drop).map_err(|refusal| refusal.wrap("invalid authority address"))
}

fn check_reason(reason: i32) -> Result<(), Refusal> {
    if REASONS.contains(&reason) {
        return Ok(());
    }
    let (first, last) = (REASONS.start(), REASONS.end());
    Err(refusals::invalid_reason().wrap(format!("value \"{reason}\" range {first}..{last}")))
}

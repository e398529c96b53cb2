//! What is refused of a message before the state is looked at.

use super::{check_deployment, check_group, price, refusals, spec};
use crate::chain::wire::deployment::{
    MsgCloseDeployment, MsgCloseGroup, MsgCreateDeployment, MsgPauseGroup, MsgStartGroup, MsgUpdateDeployment,
    MsgUpdateParams,
};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, escrow};
use crate::domain::network::Network;

const HASH_LENGTH: usize = 32;

fn check_hash(hash: &[u8]) -> Result<(), Refusal> {
    match hash.len() {
        0 => Err(refusals::empty_hash()),
        HASH_LENGTH => Ok(()),
        _ => Err(refusals::invalid_hash()),
    }
}

/// `MsgCreateDeployment`.
pub fn create_deployment(network: &Network, message: &MsgCreateDeployment) -> Result<(), Refusal> {
    check_deployment(network, &message.id)?;
    let deposit = escrow::basic::deposit(network, &message.deposit)?;
    if message.groups.is_empty() {
        return Err(refusals::invalid_groups());
    }
    check_hash(&message.hash)?;
    for group in &message.groups {
        spec::check(network, group)?;
        let price = price(group)?;
        if !deposit.amount.is_zero() && price.denom != deposit.denom {
            let text = format!("Mismatched denominations ({} != {})", deposit.denom, price.denom);
            return Err(refusals::invalid_deposit().wrap(text));
        }
    }
    Ok(())
}

/// `MsgUpdateDeployment`.
pub fn update_deployment(network: &Network, message: &MsgUpdateDeployment) -> Result<(), Refusal> {
    check_deployment(network, &message.id)?;
    check_hash(&message.hash)
}

/// `MsgCloseDeployment`.
pub fn close_deployment(network: &Network, message: &MsgCloseDeployment) -> Result<(), Refusal> {
    check_deployment(network, &message.id)
}

/// `MsgCloseGroup`.
pub fn close_group(network: &Network, message: &MsgCloseGroup) -> Result<(), Refusal> {
    check_group(network, &message.id)
}

/// `MsgPauseGroup`.
pub fn pause_group(network: &Network, message: &MsgPauseGroup) -> Result<(), Refusal> {
    check_group(network, &message.id)
}

/// `MsgStartGroup`.
pub fn start_group(network: &Network, message: &MsgStartGroup) -> Result<(), Refusal> {
    check_group(network, &message.id)
}

/// `MsgUpdateParams`.
pub fn update_params(network: &Network, message: &MsgUpdateParams) -> Result<(), Refusal> {
    auth::bytes_of(network, &message.authority).map(drop).map_err(|refusal| refusal.wrap("invalid authority address"))
}

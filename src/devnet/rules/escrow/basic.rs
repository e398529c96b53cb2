//! What is refused of a deposit before the state is looked at.

use super::{id, refusals};
use crate::chain::wire::base::{Deposit, Source};
use crate::chain::wire::escrow::MsgAccountDeposit;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::{Coin, Denom};
use crate::domain::network::Network;
use std::collections::BTreeSet;

/// The coin of a deposit, where nothing is wrong with it and its sources.
pub fn deposit(network: &Network, deposit: &Deposit) -> Result<Coin, Refusal> {
    let coin = coin(deposit)?;
    check_sources(network, &deposit.sources)?;
    Ok(coin)
}

fn coin(deposit: &Deposit) -> Result<Coin, Refusal> {
    let text = &deposit.amount;
    Coin::try_from(text).map_err(|_| {
        Refusal::undefined(if text.denom.parse::<Denom>().is_err() {
            format!("invalid denom: {}", text.denom)
        } else if text.amount.starts_with('-') {
            format!("negative coin amount: {}", text.amount)
        } else {
            "amount is nil".to_owned()
        })
    })
}

/// The codespace is the network's own name.
fn check_sources(network: &Network, sources: &[i32]) -> Result<(), Refusal> {
    let invalid = |text: String| Refusal::new(network.package_prefix, 4, "invalid deposit source").wrap(text);
    if sources.is_empty() {
        return Err(invalid("empty deposit sources".to_owned()));
    }
    let mut seen = BTreeSet::new();
    for source in sources {
        if !matches!(Source::try_from(*source), Ok(Source::Balance | Source::Grant)) {
            return Err(invalid(format!("empty deposit source type {source}")));
        }
        if !seen.insert(source) {
            return Err(invalid(format!("duplicate deposit source type {source}")));
        }
    }
    Ok(())
}

/// `MsgAccountDeposit`.
pub fn account_deposit(network: &Network, message: &MsgAccountDeposit) -> Result<(), Refusal> {
    auth::bytes_of(network, &message.signer)?;
    id::check_account(network, &message.id)?;
    if coin(&message.deposit)?.amount.is_zero() {
        return Err(refusals::invalid_deposit());
    }
    check_sources(network, &message.deposit.sources)
}

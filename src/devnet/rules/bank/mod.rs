//! Module `bank`: balances, and moving money.
//!
//! Coins are neither made nor lost but by [`mint`], which genesis, `devnet fund` and each block's provisions use.

mod query;
mod send;

pub use query::{all_balances, balance as query_balance, spendable_balances};
pub use send::{msg_send, send, send_from_module, send_to_module, validate_basic};

use super::auth;
use crate::chain::wire::cosmos::coin;
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::domain::amount::{Coin, Int};

/// Balances by the bytes of the address, then by denomination. None is zero.
const BALANCES: Collection<coin::Coin> = Collection::new("bank/balance");

/// How much of each denomination there is.
const SUPPLY: Collection<coin::Coin> = Collection::new("bank/supply");

/// How much of a denomination there is.
pub fn supply(kv: &dyn Kv, denom: &str) -> Result<Int, Broken> {
    match SUPPLY.get(kv, &(denom,))? {
        Some(coin) => amount(&coin),
        None => Ok(Int::ZERO),
    }
}

/// What the address has of a denomination.
pub fn balance(kv: &dyn Kv, address: &[u8], denom: &str) -> Result<Int, Broken> {
    match BALANCES.get(kv, &(address, denom))? {
        Some(coin) => amount(&coin),
        None => Ok(Int::ZERO),
    }
}

/// What the address has, by denomination.
pub fn balances(kv: &dyn Kv, address: &[u8]) -> Result<Vec<coin::Coin>, Broken> {
    BALANCES.all(kv, &(address,))
}

/// Everything that anybody has: for checking that nothing is made or lost.
pub fn everything(kv: &dyn Kv) -> Result<Vec<coin::Coin>, Broken> {
    BALANCES.all(kv, &())
}

/// Makes money: for genesis, `devnet fund` and each block's new coins.
pub fn mint(context: &mut Context<'_>, to: &[u8], coins: &[Coin]) -> Result<(), Broken> {
    auth::ensure(context, to)?;
    for coin in coins {
        let sum = balance(&*context.kv, to, coin.denom.as_str())?
            .checked_add(coin.amount)
            .map_err(|error| overflow(&error))?;
        set(context.kv, to, coin.denom.as_str(), sum)?;
        let supply =
            supply(&*context.kv, coin.denom.as_str())?.checked_add(coin.amount).map_err(|error| overflow(&error))?;
        let denom = coin.denom.to_string();
        SUPPLY.set(context.kv, &(&denom,), &coin::Coin { denom: denom.clone(), amount: supply.to_wire() })?;
    }
    Ok(())
}

/// Refuses coins that, with all there are, would be more than 2¹²⁸−1: what is reckoned with them (provisions, rates)
/// must not leave 256 bits with 18 decimals.
pub fn check_mint(kv: &dyn Kv, coins: &[Coin]) -> Result<(), Refusal> {
    for coin in coins {
        let sum = supply(kv, coin.denom.as_str())?.checked_add(coin.amount);
        if sum.is_ok_and(|sum| sum <= Int::from(u128::MAX)) {
            continue;
        }
        return Err(Refusal::sdk(10, format!("{coin}: more than there can be: invalid coins")));
    }
    Ok(())
}

fn set(kv: &mut dyn Kv, address: &[u8], denom: &str, amount: Int) -> Result<(), Broken> {
    if amount.is_zero() {
        return BALANCES.remove(kv, &(address, denom));
    }
    BALANCES.set(kv, &(address, denom), &coin::Coin { denom: denom.to_owned(), amount: amount.to_wire() })
}

fn amount(coin: &coin::Coin) -> Result<Int, Broken> {
    Int::from_wire(&coin.amount).map_err(|error| Broken::Inconsistent { what: format!("a balance: {error}") })
}

fn overflow(error: &crate::domain::amount::Error) -> Broken {
    Broken::Inconsistent { what: format!("a balance: {error}") }
}

/// The coins as the SDK prints them: `1uact,2uve`.
fn text(coins: &[Coin]) -> String {
    coins.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// Coins in the order of their denominations, none of them zero or twice; anything else is `sdk` 10, as
/// `Coins.Validate` says.
fn validated(coins: &[coin::Coin]) -> Result<Vec<Coin>, Refusal> {
    let invalid = || {
        let shown: Vec<_> = coins.iter().map(|coin| format!("{}{}", coin.amount, coin.denom)).collect();
        Refusal::sdk(10, format!("{}: invalid coins", shown.join(",")))
    };
    let read: Vec<Coin> = coins.iter().map(Coin::try_from).collect::<Result<_, _>>().map_err(|_| invalid())?;
    let ordered = read.windows(2).all(|pair| matches!(pair, [left, right] if left.denom < right.denom));
    if read.is_empty() || !ordered || read.iter().any(|coin| coin.amount.is_zero()) {
        return Err(invalid());
    }
    Ok(read)
}

#[cfg(test)]
mod tests;

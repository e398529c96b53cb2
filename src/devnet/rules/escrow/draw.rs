//! Paying out of an account without a payment: what module `settlement` does with its own.

use super::book::{self, decimal_of, put_account};
use super::settle::deduct;
use super::{account, refusals};
use crate::chain::wire::escrow::{AccountId, State};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::bank;
use crate::domain::amount::Coin;

/// Moves coins out of the account's deposits to `to`; with `last`, the account ends with it and what may be left goes
/// back to the depositors. Nothing is settled.
pub fn draw(context: &mut Context<'_>, id: &AccountId, to: &[u8], coins: &[Coin], last: bool) -> Result<(), Refusal> {
    let mut account = book::account(context, id)?.ok_or_else(refusals::account_not_found)?;
    for coin in coins {
        let due = decimal_of(coin.amount)?;
        if deduct(&mut account, coin.denom.as_str(), due)? != due {
            return Err(Refusal::new("settlement", 1504, "insufficient escrow balance: insufficient funds"));
        }
    }
    if !coins.is_empty() {
        bank::send_from_module(context, "escrow", to, coins)?;
    }
    account.state.settled_at = context.height;
    if last {
        account.state.state = State::Closed as i32;
        return account::save(context, account, Vec::new());
    }
    put_account(context, &account)?;
    Ok(())
}

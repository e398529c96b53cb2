//! Booking payments for the blocks that went by.

use super::book::{add, decimal, payments_of};
use super::{payment, refusals};
use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::escrow::{Account, Payment, State};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::domain::amount::{Dec18, Rounding};

/// What settling an account found.
pub(super) struct Settled {
    /// The payments that were booked: none when there was nothing to book.
    pub(super) payments: Vec<Payment>,
    /// The money did not last.
    pub(super) overdrawn: bool,
}

/// Books the account's payments up to now. Nothing is stored yet but what is paid out when the money does not last.
///
/// A second time in one block books nothing and finds no payments, not even open ones. An overdrawn account owes only
/// what it owed when it ran out.
pub(super) fn settle(context: &mut Context<'_>, account: &mut Account) -> Result<Settled, Refusal> {
    if account.state.state() == State::Closed {
        return Err(refusals::account_closed());
    }
    if first_funds(account)?.is_negative() {
        return Ok(Settled { payments: Vec::new(), overdrawn: true });
    }
    let mut blocks = 0;
    if account.state.state() != State::Overdrawn {
        blocks = context.height.saturating_sub(account.state.settled_at);
        account.state.settled_at = context.height;
    }
    let mut payments = payments_of(context, &account.id, State::Overdrawn)?;
    if blocks != 0 {
        payments.extend(payments_of(context, &account.id, State::Open)?);
    }
    let overdrawn = book(account, &mut payments, blocks)?;
    if overdrawn {
        account.state.state = State::Overdrawn as i32;
        for one in &mut payments {
            one.state.state = State::Overdrawn as i32;
            payment::pay_out(context, one)?;
        }
    }
    Ok(Settled { payments, overdrawn })
}

/// What is left in the account's first denomination.
fn first_funds(account: &Account) -> Result<Dec18, Broken> {
    account.state.funds.first().map_or(Ok(Dec18::ZERO), |funds| decimal(&funds.amount))
}

/// Books what each payment is due; tells whether the money did not last.
fn book(account: &mut Account, payments: &mut [Payment], blocks: i64) -> Result<bool, Refusal> {
    let mut overdrawn = false;
    for payment in payments {
        let state = &mut payment.state;
        let due = if state.state() == State::Overdrawn {
            decimal(&std::mem::replace(&mut state.unsettled.amount, Dec18::ZERO.to_wire()))?
        } else {
            due(&state.rate, blocks)?
        };
        let paid = deduct(account, &state.rate.denom, due)?;
        add(&mut state.balance.amount, paid)?;
        let owed = due.checked_sub(paid).map_err(|error| Refusal::panic(&error.to_string()))?;
        if owed.is_zero() {
            state.state = State::Open as i32;
        } else {
            overdrawn = true;
            state.state = State::Overdrawn as i32;
            add(&mut state.unsettled.amount, owed)?;
        }
    }
    Ok(overdrawn)
}

/// The rate times the blocks, without fractions.
fn due(rate: &DecCoin, blocks: i64) -> Result<Dec18, Refusal> {
    let blocks = Dec18::from(u64::try_from(blocks).unwrap_or_default());
    decimal(&rate.amount)?
        .checked_mul(blocks, Rounding::HalfEven)
        .and_then(|due| due.round(0, Rounding::Down))
        .map_err(|error| Refusal::panic(&error.to_string()))
}

/// Takes money out of the deposits, oldest first; gives how much there was. Funds fall below zero by what was missing.
pub(super) fn deduct(account: &mut Account, denom: &str, due: Dec18) -> Result<Dec18, Refusal> {
    let state = &mut account.state;
    let minus = |left: Dec18, right: Dec18| left.checked_sub(right).map_err(|error| Refusal::panic(&error.to_string()));
    let mut left = due;
    for deposit in state.deposits.iter_mut().filter(|deposit| deposit.balance.denom == denom) {
        let taken = decimal(&deposit.balance.amount)?.min(left);
        add(&mut deposit.balance.amount, -taken)?;
        left = minus(left, taken)?;
    }
    let mut kept = Vec::new();
    for deposit in state.deposits.drain(..) {
        if !decimal(&deposit.balance.amount)?.is_zero() {
            kept.push(deposit);
        }
    }
    state.deposits = kept;
    let paid = minus(due, left)?;
    let unknown = || Refusal::panic(&format!("unknown denom \"{denom}\""));
    let funds = state.funds.iter_mut().find(|funds| funds.denom == denom).ok_or_else(unknown)?;
    add(&mut funds.amount, -due)?;
    let transferred = state.transferred.iter_mut().find(|coin| coin.denom == denom).ok_or_else(unknown)?;
    add(&mut transferred.amount, paid)?;
    Ok(paid)
}

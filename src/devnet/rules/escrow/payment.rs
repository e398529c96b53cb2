//! Payments: made, paid out, closed.

use super::account::save;
use super::book::{self, add, address, decimal_of, put_account, put_payment, whole_units};
use super::refusals;
use super::settle::{Settled, settle};
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::escrow::{Payment, PaymentId, PaymentState, State};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{bank, take};
use crate::domain::amount::{Coin, Dec18, DecCoin, Int};

/// Makes a payment to `owner`: `rate` by the block, from now on.
pub fn create_payment(context: &mut Context<'_>, id: PaymentId, owner: &str, rate: &DecCoin) -> Result<(), Refusal> {
    let mut account = book::account(context, &id.aid)?.ok_or_else(refusals::account_not_found)?;
    let Settled { payments, overdrawn } = settle(context, &mut account)?;
    if overdrawn {
        return Err(refusals::account_overdrawn());
    }
    if !account.state.funds.iter().any(|funds| rate.denom == funds.denom.as_str()) {
        return Err(refusals::invalid_denomination());
    }
    if rate.amount.is_zero() {
        return Err(refusals::payment_rate_zero());
    }
    if book::payment(context, &id)?.is_some() {
        return Err(refusals::payment_exists());
    }
    put_account(context, &account)?;
    // Not repeated: both nodes forget what they have just booked for the account's other payments, and that money stays
    // with the module for ever. (Read in their code.)
    for other in payments {
        put_payment(context, &other)?;
    }
    let denom = rate.denom.to_string();
    let nothing = || coin::DecCoin { denom: denom.clone(), amount: Dec18::ZERO.to_wire() };
    let state = PaymentState {
        owner: owner.to_owned(),
        state: State::Open as i32,
        rate: coin::DecCoin::from(rate),
        balance: nothing(),
        unsettled: nothing(),
        withdrawn: coin::Coin { denom: denom.clone(), amount: Int::ZERO.to_wire() },
    };
    put_payment(context, &Payment { id, state })?;
    Ok(())
}

/// Settles the account and pays out what the payment has earned.
///
/// Defect of both nodes (read in their code): a second time in one block is a panic.
pub fn withdraw_payment(context: &mut Context<'_>, id: &PaymentId) -> Result<(), Refusal> {
    let mut account = book::account(context, &id.aid)?.ok_or_else(refusals::account_not_found)?;
    let payment = book::payment(context, id)?.ok_or_else(refusals::payment_not_found)?;
    if payment.state.state() != State::Open {
        return Err(refusals::payment_closed());
    }
    let mut settled = settle(context, &mut account)?;
    if !settled.overdrawn {
        let Some(payment) = settled.payments.iter_mut().find(|payment| payment.id == *id) else {
            return Err(Refusal::panic(&format!("couldn't find payment {}", super::id::payment_key(id))));
        };
        pay_out(context, payment)?;
    }
    save(context, account, settled.payments)
}

/// Settles the account, pays the payment out and closes it.
///
/// Defect of both nodes (read in their code): in a block in which the account was settled already, the payment stays
/// `open`.
pub fn close_payment(context: &mut Context<'_>, id: &PaymentId) -> Result<(), Refusal> {
    let mut account = book::account(context, &id.aid)?.ok_or_else(refusals::account_not_found)?;
    let payment = book::payment(context, id)?.ok_or_else(refusals::payment_not_found)?;
    if payment.state.state() == State::Closed {
        return Err(refusals::payment_closed());
    }
    let mut settled = settle(context, &mut account)?;
    if let Some(payment) = settled.payments.iter_mut().find(|payment| payment.id == *id) {
        if payment.state.state() == State::Open {
            payment.state.state = State::Closed as i32;
        }
        pay_out(context, payment)?;
    }
    save(context, account, settled.payments)
}

/// Gas of a payout, besides its transfers. A simulation between two payouts of one height does not see it: that is why
/// a simulation shows too little for messages that settle.
const PAYOUT: u64 = 20_000;

/// Pays the whole units that a payment has earned to its owner, less the chain's share.
pub(super) fn pay_out(context: &mut Context<'_>, payment: &mut Payment) -> Result<(), Refusal> {
    let state = &mut payment.state;
    let total = whole_units(&state.balance.amount)?;
    if total.is_zero() {
        return Ok(());
    }
    context.gas.consume(PAYOUT, "WriteFlat")?;
    let denom = state.balance.denom.parse().map_err(|_| refusals::invalid_denomination())?;
    let (earnings, fee) = take::subtract(context, &Coin { amount: total, denom })?;
    if !fee.amount.is_zero() {
        bank::send_from_module(context, "escrow", &super::super::auth::module_address("distribution"), &[fee])?;
    }
    if !earnings.amount.is_zero() {
        let owner = address(context, &state.owner)?;
        bank::send_from_module(context, "escrow", &owner, &[earnings])?;
    }
    let withdrawn = Int::from_wire(&state.withdrawn.amount).and_then(|withdrawn| withdrawn.checked_add(total));
    let withdrawn = withdrawn.map_err(|error| Broken::Inconsistent { what: format!("a payment's books: {error}") })?;
    state.withdrawn.amount = withdrawn.to_wire();
    add(&mut state.balance.amount, -decimal_of(total)?)?;
    Ok(())
}

//! Making, topping up and closing accounts.

use super::book::{self, add, address, decimal, decimal_of, put_account, put_payment, whole_units};
use super::settle::settle;
use super::{payment, refusals};
use crate::chain::wire::base::Source;
use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::escrow::{Account, AccountId, AccountState, Balance, Depositor, Payment, State};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{authz, bank, market};
use crate::domain::amount::{Coin, Dec18};

/// Makes an account with its first deposits.
pub fn create_account(
    context: &mut Context<'_>,
    id: AccountId,
    owner: &str,
    deposits: Vec<Depositor>,
) -> Result<(), Refusal> {
    if book::account(context, &id)?.is_some() {
        return Err(refusals::account_exists());
    }
    let state = AccountState {
        owner: owner.to_owned(),
        state: State::Open as i32,
        transferred: Vec::new(),
        settled_at: context.height,
        funds: Vec::new(),
        deposits: Vec::new(),
    };
    let mut account = Account { id, state };
    for deposit in &deposits {
        open_denomination(&mut account, &deposit.balance.denom);
    }
    fetch(context, &mut account, deposits)?;
    put_account(context, &account)?;
    Ok(())
}

/// Begins the books of a denomination, unless they are there.
fn open_denomination(account: &mut Account, denom: &str) {
    let state = &mut account.state;
    if !state.funds.iter().any(|funds| funds.denom == denom) {
        state.funds.push(Balance { denom: denom.to_owned(), amount: Dec18::ZERO.to_wire() });
    }
    if !state.transferred.iter().any(|coin| coin.denom == denom) {
        state.transferred.push(DecCoin { denom: denom.to_owned(), amount: Dec18::ZERO.to_wire() });
    }
}

/// Takes the deposits from their owners. Funds below zero begin anew at zero: settling finds what is owed.
fn fetch(context: &mut Context<'_>, account: &mut Account, deposits: Vec<Depositor>) -> Result<(), Refusal> {
    for deposit in deposits {
        let denom = deposit.balance.denom.as_str();
        if context.network.behaviour.accounts_take_any_denomination {
            open_denomination(account, denom);
        }
        let funds = account.state.funds.iter_mut().find(|funds| funds.denom == denom);
        let funds = funds.ok_or_else(refusals::invalid_denomination)?;
        if decimal(&funds.amount)?.is_negative() {
            funds.amount = Dec18::ZERO.to_wire();
        }
        add(&mut funds.amount, decimal(&deposit.balance.amount)?)?;
        let owner = address(context, &deposit.owner)?;
        let coins = coins(&deposit.balance)?;
        bank::send_to_module(context, &owner, "escrow", &coins)?;
        account.state.deposits.push(deposit);
    }
    Ok(())
}

/// The whole units, as a list of coins.
fn coins(balance: &DecCoin) -> Result<Vec<Coin>, Refusal> {
    let denom = balance.denom.parse().map_err(|_| refusals::invalid_denomination())?;
    Ok(vec![Coin { amount: whole_units(&balance.amount)?, denom }])
}

/// Adds to an account. An open one is not settled by it; an overdrawn one pays what it owes and, if the money is
/// enough for that, is closed.
pub(super) fn deposit_to(context: &mut Context<'_>, id: &AccountId, deposits: Vec<Depositor>) -> Result<(), Refusal> {
    let mut account = book::account(context, id)?.ok_or_else(refusals::account_not_found)?;
    if account.state.state() == State::Closed {
        return Err(refusals::account_closed());
    }
    fetch(context, &mut account, deposits)?;
    if account.state.state() != State::Overdrawn {
        put_account(context, &account)?;
        return Ok(());
    }
    let mut settled = settle(context, &mut account)?;
    end_payments(context, &mut settled.payments)?;
    if !settled.overdrawn {
        account.state.state = State::Closed as i32;
    }
    save(context, account, settled.payments)
}

/// Closes an account: settles it, pays everything out and gives the rest back.
///
/// Defect of both nodes (read in their code): an account that was settled in the same block already has no open
/// payments to close; they stay `open` for ever.
pub fn close_account(context: &mut Context<'_>, id: &AccountId) -> Result<(), Refusal> {
    let mut account = book::account(context, id)?.ok_or_else(refusals::account_not_found)?;
    if account.state.state() == State::Closed {
        return Err(refusals::account_closed());
    }
    let mut settled = settle(context, &mut account)?;
    if account.state.state() == State::Open {
        account.state.state = State::Closed as i32;
    }
    end_payments(context, &mut settled.payments)?;
    save(context, account, settled.payments)
}

/// Closes payments that are open, and pays all of them out.
fn end_payments(context: &mut Context<'_>, payments: &mut [Payment]) -> Result<(), Refusal> {
    for one in payments {
        if one.state.state() == State::Open {
            one.state.state = State::Closed as i32;
        }
        payment::pay_out(context, one)?;
    }
    Ok(())
}

/// Stores the account, then its payments. What has ended is refunded, and the market is told.
pub(super) fn save(context: &mut Context<'_>, mut account: Account, payments: Vec<Payment>) -> Result<(), Refusal> {
    let ended = account.state.state() != State::Open;
    if ended {
        refund(context, &mut account)?;
    }
    put_account(context, &account)?;
    if ended {
        market::account_closed(context, &account)?;
    }
    for payment in payments {
        put_payment(context, &payment)?;
        if payment.state.state() != State::Open {
            market::payment_closed(context, &payment)?;
        }
    }
    Ok(())
}

/// Gives each deposit's rest back to its owner; a grant may be used again to that extent.
fn refund(context: &mut Context<'_>, account: &mut Account) -> Result<(), Refusal> {
    for rest in std::mem::take(&mut account.state.deposits) {
        if !decimal(&rest.balance.amount)?.is_positive() {
            continue;
        }
        let owner = address(context, &rest.owner)?;
        let coins = coins(&rest.balance)?;
        bank::send_from_module(context, "escrow", &owner, &coins)?;
        if rest.source() == Source::Grant {
            authz::restore(context, &account.state.owner, &rest.owner, &coins)?;
        }
        // Defect of VirtEngine's node: it is the first denomination's funds that shrink. There is but one there.
        let funds = account.state.funds.iter_mut().find(|funds| funds.denom == rest.balance.denom);
        if let (Some(funds), [coin]) = (funds, coins.as_slice()) {
            add(&mut funds.amount, -decimal_of(coin.amount)?)?;
        }
    }
    Ok(())
}

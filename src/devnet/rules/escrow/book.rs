//! What the module keeps, and exact arithmetic on it.

use super::id::{account_key, payment_key};
use crate::chain::wire::escrow::{Account, AccountId, Payment, PaymentId, State};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::listing::RowKey;
use crate::domain::amount::{self, Dec18, Int, Rounding};

const ACCOUNTS: Collection<Account> = Collection::new("escrow/account");
const PAYMENTS: Collection<Payment> = Collection::new("escrow/payment");

/// Every account, by its key as text.
pub fn all_accounts(kv: &dyn Kv) -> Result<Vec<Account>, Broken> {
    ACCOUNTS.all(kv, &())
}

/// Every payment, by its key as text.
pub fn all_payments(kv: &dyn Kv) -> Result<Vec<Payment>, Broken> {
    PAYMENTS.all(kv, &())
}

/// The account with this id.
pub(super) fn account(context: &Context<'_>, id: &AccountId) -> Result<Option<Account>, Broken> {
    ACCOUNTS.get(&*context.kv, &row(&account_key(id)))
}

/// The payment with this id.
pub(super) fn payment(context: &Context<'_>, id: &PaymentId) -> Result<Option<Payment>, Broken> {
    PAYMENTS.get(&*context.kv, &row(&payment_key(id)))
}

/// The payments out of an account in this state.
///
/// Not repeated: both nodes look for what begins with the account's key, so that settling `…/7` books the payments of
/// `…/70` to `…/79` of the same owner as well. (Read in their code.)
pub(super) fn payments_of(context: &Context<'_>, id: &AccountId, state: State) -> Result<Vec<Payment>, Broken> {
    let mut payments = PAYMENTS.all(&*context.kv, &row(&format!("{}/", account_key(id))))?;
    payments.retain(|payment| payment.state.state() == state);
    Ok(payments)
}

/// The accounts in this state whose keys begin with this text.
pub(super) fn accounts_in(kv: &dyn Kv, within: &str, state: State) -> Result<Vec<Account>, Broken> {
    let mut accounts = ACCOUNTS.all(kv, &row(within))?;
    accounts.retain(|account| account.state.state() == state);
    Ok(accounts)
}

/// The payments in this state whose keys begin with this text.
pub(super) fn payments_in(kv: &dyn Kv, within: &str, state: State) -> Result<Vec<Payment>, Broken> {
    let mut payments = PAYMENTS.all(kv, &row(within))?;
    payments.retain(|payment| payment.state.state() == state);
    Ok(payments)
}

/// A key as text: the node's keys are, too, and what a filter names is the beginning of one.
fn row(key: &str) -> RowKey {
    RowKey::raw(key.as_bytes())
}

pub(super) fn put_account(context: &mut Context<'_>, account: &Account) -> Result<(), Broken> {
    ACCOUNTS.set(context.kv, &row(&account_key(&account.id)), account)
}

pub(super) fn put_payment(context: &mut Context<'_>, payment: &Payment) -> Result<(), Broken> {
    PAYMENTS.set(context.kv, &row(&payment_key(&payment.id)), payment)
}

/// The decimal in a field of the books.
pub(super) fn decimal(field: &str) -> Result<Dec18, Broken> {
    Dec18::from_wire(field).map_err(|error| broken(&error))
}

/// The whole units in a field of the books.
pub(super) fn whole_units(field: &str) -> Result<Int, Broken> {
    decimal(field)?.to_int(Rounding::Down).map_err(|error| broken(&error))
}

/// Adds to a field of the books.
pub(super) fn add(field: &mut String, change: Dec18) -> Result<(), Broken> {
    *field = decimal(field)?.checked_add(change).map_err(|error| broken(&error))?.to_wire();
    Ok(())
}

/// Whole units as a decimal.
pub(super) fn decimal_of(whole: Int) -> Result<Dec18, Broken> {
    // The wire form is the value × 10¹⁸.
    Dec18::from_wire(format!("{whole}000000000000000000")).map_err(|error| broken(&error))
}

fn broken(error: &amount::Error) -> Broken {
    Broken::Inconsistent { what: format!("an amount in the books of escrow: {error}") }
}

/// The bytes of an address in the books.
pub(super) fn address(context: &Context<'_>, text: &str) -> Result<Vec<u8>, Refusal> {
    crate::devnet::rules::auth::bytes_of(context.network, text)
}

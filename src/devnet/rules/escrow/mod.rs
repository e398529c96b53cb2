//! Module `escrow`: accounts that hold deposits, and payments that draw on them block by block.
//!
//! Nothing happens from block to block: an account is settled (its payments are booked for the blocks since the last
//! time) when a message touches it. What was booked stays in the module's bank account until it is paid out.
//!
//! - Deposits are used up first in, first out; what is left goes back to their owners when the account ends.
//! - Each payment gets its rate times the blocks, without fractions. When the money does not last, the account and all
//!   its payments become `overdrawn` at once and what was booked is paid out.
//! - When an account or a payment ends, the market is told ([`market::account_closed`], [`market::payment_closed`]).
//!
//! Books balance at all times: the module's bank account holds the deposits of all accounts and the balances of all
//! payments, and nothing else.
//!
//! [`market::account_closed`]: super::market::account_closed
//! [`market::payment_closed`]: super::market::payment_closed

mod account;
pub mod basic;
mod book;
mod deposit;
mod draw;
mod id;
mod payment;
mod query;
pub mod refusals;
mod settle;

pub use account::{close_account, create_account};
pub use book::{all_accounts, all_payments};
pub use deposit::{account_deposit, authorize};
pub use draw::draw;
pub use payment::{close_payment, create_payment, withdraw_payment};
pub use query::{account_for_query, accounts, payment_for_query, payments};

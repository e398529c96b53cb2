//! `escrow.types.v1`: accounts that hold deposits, and payments that draw on them block by block.

use super::{AccountId, PaymentId};
use crate::chain::wire::base::Source;
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;

/// A deposit that is not used up.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Depositor {
    /// Whose money it is.
    #[prost(string, tag = 1)]
    pub owner: String,
    /// When it came.
    #[prost(int64, tag = 2)]
    pub height: i64,
    /// A [`Source`].
    #[prost(enumeration = "Source", tag = 3)]
    pub source: i32,
    #[prost(message, required, tag = 4)]
    pub balance: DecCoin,
    /// VirtEngine only.
    #[prost(bool, tag = 5)]
    pub direct: bool,
}

/// How a payment stands.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PaymentState {
    /// The provider.
    #[prost(string, tag = 1)]
    pub owner: String,
    /// A [`State`].
    #[prost(enumeration = "State", tag = 2)]
    pub state: i32,
    /// By the block.
    #[prost(message, required, tag = 3)]
    pub rate: DecCoin,
    /// Earned and not paid out: less than one unit after a withdrawal.
    #[prost(message, required, tag = 4)]
    pub balance: DecCoin,
    /// Earned and not covered: the account is overdrawn.
    #[prost(message, required, tag = 5)]
    pub unsettled: DecCoin,
    /// Paid out, the chain's share included.
    #[prost(message, required, tag = 6)]
    pub withdrawn: Coin,
}

/// A payment: money that flows to a provider block by block.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Payment {
    #[prost(message, required, tag = 1)]
    pub id: PaymentId,
    #[prost(message, required, tag = 2)]
    pub state: PaymentState,
}

/// Funds of an account in one denomination; negative when overdrawn.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Balance {
    #[prost(string, tag = 1)]
    pub denom: String,
    /// A `LegacyDec`.
    #[prost(string, tag = 2)]
    pub amount: String,
}

/// How an account stands.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AccountState {
    #[prost(string, tag = 1)]
    pub owner: String,
    /// A [`State`].
    #[prost(enumeration = "State", tag = 2)]
    pub state: i32,
    /// Paid out to payments so far.
    #[prost(message, repeated, tag = 3)]
    pub transferred: Vec<DecCoin>,
    /// The height up to which everything is booked.
    #[prost(int64, tag = 4)]
    pub settled_at: i64,
    /// What is left.
    #[prost(message, repeated, tag = 5)]
    pub funds: Vec<Balance>,
    /// Where it came from, used first in, first out.
    #[prost(message, repeated, tag = 6)]
    pub deposits: Vec<Depositor>,
}

/// An account that holds the deposits for a deployment or a bid.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Account {
    #[prost(message, required, tag = 1)]
    pub id: AccountId,
    #[prost(message, required, tag = 2)]
    pub state: AccountState,
}

wire_enum! {
    /// The state of an account or payment.
    pub enum State {
        Invalid = 0 => "invalid",
        Open = 1 => "open",
        Closed = 2 => "closed",
        Overdrawn = 3 => "overdrawn",
    }
}

package! {
    OfNetwork("escrow.types.v1");
    messages {
        Depositor, PaymentState, Payment, Balance, AccountState, Account,
    }
}

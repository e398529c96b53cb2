//! `base.deposit.v1`: money that is put into an escrow account.

use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;

/// A deposit and where it may come from.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Deposit {
    #[prost(message, required, tag = 1)]
    pub amount: Coin,
    /// [`Source`]s in the order in which they are tried; unique and not empty. Nodes read them packed or not; written
    /// as the chain's TypeScript SDK does.
    #[prost(enumeration = "Source", repeated, packed = "false", tag = 5)]
    pub sources: Vec<i32>,
}

wire_enum! {
    /// Where deposited money comes from.
    pub enum Source {
        Invalid = 0 => "invalid",
        Balance = 1 => "balance",
        Grant = 2 => "grant",
    }
}

package! {
    OfNetwork("base.deposit.v1");
    messages {
        Deposit,
    }
}

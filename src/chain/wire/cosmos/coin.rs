//! `cosmos.base.v1beta1`: amounts of a denomination.

use crate::chain::wire::macros::package;
use prost::Message;

/// A whole amount.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Coin {
    #[prost(string, tag = 1)]
    pub denom: String,
    /// An `Int`: ASCII digits.
    #[prost(string, tag = 2)]
    pub amount: String,
}

/// A decimal amount.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DecCoin {
    #[prost(string, tag = 1)]
    pub denom: String,
    /// A `LegacyDec`: the value × 10¹⁸ as ASCII integer.
    #[prost(string, tag = 2)]
    pub amount: String,
}

package! {
    Common("cosmos.base.v1beta1");
    messages {
        Coin, DecCoin,
    }
}

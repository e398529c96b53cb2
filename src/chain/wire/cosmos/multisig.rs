//! `cosmos.crypto.multisig`: accounts of several keys.

use crate::chain::wire::macros::package;
use prost::Message;
use prost_types::Any;

/// The key of an account of several keys.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct LegacyAminoPubKey {
    /// How many of them must sign.
    #[prost(uint32, tag = 1)]
    pub threshold: u32,
    /// Their order counts.
    #[prost(message, repeated, tag = 2)]
    pub public_keys: Vec<Any>,
}

package! {
    Common("cosmos.crypto.multisig");
    messages {
        LegacyAminoPubKey,
    }
}

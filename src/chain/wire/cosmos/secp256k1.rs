//! `cosmos.crypto.secp256k1`: keys of accounts.

use crate::chain::wire::macros::package;
use prost::Message;

/// A compressed point: 33 bytes.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PubKey {
    #[prost(bytes = "vec", tag = 1)]
    pub key: Vec<u8>,
}

package! {
    Common("cosmos.crypto.secp256k1");
    messages {
        PubKey,
    }
}

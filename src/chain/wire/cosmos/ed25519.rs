//! `cosmos.crypto.ed25519`: keys of validators; as account keys the chain refuses them.

use crate::chain::wire::macros::package;
use prost::Message;

/// 32 bytes.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PubKey {
    #[prost(bytes = "vec", tag = 1)]
    pub key: Vec<u8>,
}

package! {
    Common("cosmos.crypto.ed25519");
    messages {
        PubKey,
    }
}

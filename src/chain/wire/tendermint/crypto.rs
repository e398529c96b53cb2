//! `tendermint.crypto`: keys of validators.

use crate::chain::wire::macros::package;
use prost::{Message, Oneof};

/// A validator's key.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PublicKey {
    #[prost(oneof = "PublicKeySum", tags = "1, 2")]
    pub sum: Option<PublicKeySum>,
}

/// Its kind.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum PublicKeySum {
    #[prost(bytes = "vec", tag = 1)]
    Ed25519(Vec<u8>),
    #[prost(bytes = "vec", tag = 2)]
    Secp256k1(Vec<u8>),
}

package! {
    Common("tendermint.crypto");
    messages {
        PublicKey,
    }
}

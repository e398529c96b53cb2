//! `cosmos.crypto.multisig.v1beta1`: signatures by several keys.

use crate::chain::wire::macros::package;
use prost::Message;

/// Which of the keys signed: one bit each, the first is the highest.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct CompactBitArray {
    /// Bits used in the last byte; 0: all eight.
    #[prost(uint32, tag = 1)]
    pub extra_bits_stored: u32,
    #[prost(bytes = "vec", tag = 2)]
    pub elems: Vec<u8>,
}

/// The signatures of those who signed, in the order of the keys.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MultiSignature {
    #[prost(bytes = "vec", repeated, tag = 1)]
    pub signatures: Vec<Vec<u8>>,
}

package! {
    Common("cosmos.crypto.multisig.v1beta1");
    messages {
        CompactBitArray, MultiSignature,
    }
}

//! The keys of accounts: one, or several of which some must sign.

use crate::chain::wire::cosmos::multisig::LegacyAminoPubKey;
use crate::chain::wire::cosmos::{ed25519, secp256k1};
use crate::chain::wire::{Named, Package};
use crate::devnet::refusal::Refusal;
use crate::domain::address::Address;
use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{Signature, VerifyingKey};
use prost::Message;
use prost_types::Any;
use sha2::{Digest, Sha256};

/// The key of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Key {
    /// A compressed point.
    Secp256k1([u8; 33]),
    /// A validator's kind; as an account's the chain refuses it when its signature is paid for.
    Ed25519([u8; 32]),
    /// Several, of which `threshold` must sign.
    Several {
        /// How many must sign.
        threshold: u32,
        /// Their order counts.
        keys: Vec<Key>,
    },
}

/// Keys within keys within keys.
const DEEPEST: usize = 8;

fn malformed() -> Refusal {
    Refusal::sdk(8, "malformed key: invalid pubkey")
}

/// The prefixes of amino's binary form, by which the address of several keys is made.
const SECP256K1: &[u8] = &[0xeb, 0x5a, 0xe9, 0x87, 33];
const ED25519: &[u8] = &[0x16, 0x24, 0xde, 0x64, 32];
const SEVERAL: &[u8] = &[0x22, 0xc1, 0xf7, 0xe2];

impl Key {
    /// Reads a key; none for one of a kind that this chain does not know.
    pub(super) fn read(key: &Any) -> Result<Option<Self>, Refusal> {
        Self::read_at(key, 0)
    }

    fn read_at(key: &Any, depth: usize) -> Result<Option<Self>, Refusal> {
        let value = key.value.as_slice();
        if is_a::<secp256k1::PubKey>(key) {
            let key = secp256k1::PubKey::decode(value).map_err(|_| malformed())?;
            return key.key.try_into().map(|point| Some(Self::Secp256k1(point))).map_err(|_| malformed());
        }
        if is_a::<ed25519::PubKey>(key) {
            let key = ed25519::PubKey::decode(value).map_err(|_| malformed())?;
            return key.key.try_into().map(|point| Some(Self::Ed25519(point))).map_err(|_| malformed());
        }
        if !is_a::<LegacyAminoPubKey>(key) {
            return Ok(None);
        }
        let several = LegacyAminoPubKey::decode(value).map_err(|_| malformed())?;
        let count = several.public_keys.len();
        // More keys than signatures may be are refused before their signatures are looked at.
        if several.threshold == 0 || several.threshold as usize > count || depth == DEEPEST {
            return Err(malformed());
        }
        let keys = several.public_keys.iter().map(|key| Self::read_at(key, depth + 1)?.ok_or_else(malformed));
        Ok(Some(Self::Several { threshold: several.threshold, keys: keys.collect::<Result<_, _>>()? }))
    }

    /// The bytes of the address that it signs for.
    pub(super) fn address(&self) -> Result<Vec<u8>, Refusal> {
        match self {
            Self::Secp256k1(point) => Ok(Address::of_secp256k1(point, "any").map_err(|_| malformed())?.bytes()),
            Self::Ed25519(point) => Ok(first_twenty(point)),
            Self::Several { .. } => Ok(first_twenty(&self.amino())),
        }
    }

    /// The key in amino's binary form.
    fn amino(&self) -> Vec<u8> {
        match self {
            Self::Secp256k1(point) => [SECP256K1, point].concat(),
            Self::Ed25519(point) => [ED25519, point].concat(),
            Self::Several { threshold, keys } => {
                /// The fields that amino writes, as protobuf does.
                #[derive(Clone, PartialEq, Message)]
                struct Fields {
                    #[prost(uint32, tag = 1)]
                    threshold: u32,
                    #[prost(bytes = "vec", repeated, tag = 2)]
                    keys: Vec<Vec<u8>>,
                }
                let fields = Fields { threshold: *threshold, keys: keys.iter().map(Self::amino).collect() };
                [SEVERAL, &fields.encode_to_vec()].concat()
            }
        }
    }

    /// How many single keys it is made of.
    pub(super) fn count(&self) -> u64 {
        match self {
            Self::Secp256k1(_) | Self::Ed25519(_) => 1,
            Self::Several { keys, .. } => keys.iter().map(Self::count).sum(),
        }
    }

    /// Whether a single key made this signature of the document.
    pub(super) fn signed(&self, document: &[u8], signature: &[u8]) -> bool {
        let Self::Secp256k1(point) = self else { return false };
        // A signature with a high S is refused: otherwise anybody could change the hash of somebody's transaction.
        let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(point), Signature::from_slice(signature)) else {
            return false;
        };
        key.verify(document, &signature).is_ok()
    }
}

/// The types of keys have the same name on every network.
fn is_a<M: Named>(key: &Any) -> bool {
    let Package::Common(package) = M::PACKAGE else { return false };
    let name = key.type_url.strip_prefix('/').and_then(|name| name.strip_prefix(package));
    name.and_then(|name| name.strip_prefix('.')) == Some(M::NAME)
}

fn first_twenty(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).iter().copied().take(20).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::network::Name;

    fn single(byte: u8) -> Any {
        secp256k1::PubKey { key: vec![byte; 33] }.pack(Name::Virtengine.facts())
    }

    fn several(threshold: u32, public_keys: Vec<Any>) -> Any {
        LegacyAminoPubKey { threshold, public_keys }.pack(Name::Virtengine.facts())
    }

    #[test]
    fn keys_are_read_by_their_type() {
        assert_eq!(Key::read(&single(2)).unwrap(), Some(Key::Secp256k1([2; 33])));
        assert!(Key::read(&secp256k1::PubKey { key: vec![2; 32] }.pack(Name::Akash.facts())).is_err());
        assert_eq!(
            Key::read(&Any { type_url: "/cosmos.crypto.secp256k1x.PubKey".into(), value: vec![] }).unwrap(),
            None
        );
        let key = Key::read(&several(2, vec![single(2), single(3), several(1, vec![single(4)])])).unwrap().unwrap();
        assert_eq!(key.count(), 3);
    }

    #[test]
    fn a_threshold_that_cannot_be_is_refused() {
        assert!(Key::read(&several(0, vec![single(2)])).is_err());
        assert!(Key::read(&several(2, vec![single(2)])).is_err());
        let mut key = single(2);
        for _ in 0..=DEEPEST {
            key = several(1, vec![key]);
        }
        assert!(Key::read(&key).is_err());
    }

    #[test]
    fn the_address_of_several_keys_is_cosmjs_own() {
        // CosmJS 0.39: pubkeyToAddress(createMultisigThresholdPubkey([02 02…, 02 03…], 2, true), "ve") of two points.
        let point =
            |byte: u8| secp256k1::PubKey { key: [vec![2], vec![byte; 32]].concat() }.pack(Name::Virtengine.facts());
        let key = Key::read(&several(2, vec![point(2), point(3)])).unwrap().unwrap();
        assert_eq!(
            Address::of_bytes(&key.address().unwrap(), "ve").unwrap().as_str(),
            "ve1vd9rvgytjez5mk70jwzr769ufyue6809d4wk8c"
        );
    }
}

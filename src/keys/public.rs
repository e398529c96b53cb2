//! What the world may know of a key.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use k256::ecdsa::signature::Verifier as _;
use sha2::{Digest as _, Sha256};

use super::KeyType;
use crate::domain::address::{self, Address};
use crate::domain::hex;

/// A signature: 64 bytes, `r` and `s` for ECDSA, as Cosmos has it.
pub type Signature = [u8; 64];

/// A public key, checked to be one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum PublicKey {
    /// A compressed point.
    Secp256k1([u8; 33]),
    /// A compressed Edwards point.
    Ed25519([u8; 32]),
    /// A Montgomery point.
    X25519([u8; 32]),
    /// A compressed point.
    P256([u8; 33]),
}

/// Bytes that are no public key of this kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{length} bytes that are no public key of {key_type}")]
pub struct NotAPublicKey {
    /// The kind.
    pub key_type: KeyType,
    /// How many bytes.
    pub length: usize,
}

/// The coordinates of points of low order on the curve and its twist, in every form below 2^255: whatever is multiplied
/// with them, the shared secret is a constant that everybody knows (RFC 7748, section 6.1). The list is libsodium's.
const LOW_ORDER: [[u8; 32]; 7] = {
    const fn last(first: u8) -> [u8; 32] {
        let mut bytes = [0xff; 32];
        (bytes[0], bytes[31]) = (first, 0x7f);
        bytes
    }
    let mut one = [0; 32];
    one[0] = 1;
    [
        [0; 32],
        one,
        [
            0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
            0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
        ],
        [
            0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
            0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
        ],
        // -1, 0 and 1 again, as numbers that were not reduced.
        last(0xec),
        last(0xed),
        last(0xee),
    ]
};

/// Whether sealing for this X25519 key is sealing for everybody. The highest bit does not count.
fn gives_no_secret(bytes: &[u8; 32]) -> bool {
    let mut key = *bytes;
    key[31] &= 0x7f;
    LOW_ORDER.contains(&key)
}

impl PublicKey {
    /// A public key from its bytes.
    pub fn from_bytes(key_type: KeyType, bytes: &[u8]) -> Result<Self, NotAPublicKey> {
        let key = match key_type {
            KeyType::Secp256k1 => bytes.try_into().ok().map(Self::Secp256k1),
            KeyType::Ed25519 => bytes.try_into().ok().map(Self::Ed25519),
            KeyType::X25519 => bytes.try_into().ok().map(Self::X25519),
            KeyType::P256 => bytes.try_into().ok().map(Self::P256),
        };
        key.filter(Self::is_point).ok_or(NotAPublicKey { key_type, length: bytes.len() })
    }

    fn is_point(&self) -> bool {
        match self {
            Self::Secp256k1(bytes) => k256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).is_ok(),
            Self::Ed25519(bytes) => ed25519_dalek::VerifyingKey::from_bytes(bytes).is_ok_and(|key| !key.is_weak()),
            Self::X25519(bytes) => !gives_no_secret(bytes),
            Self::P256(bytes) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).is_ok(),
        }
    }

    /// Its kind.
    pub const fn key_type(&self) -> KeyType {
        match self {
            Self::Secp256k1(_) => KeyType::Secp256k1,
            Self::Ed25519(_) => KeyType::Ed25519,
            Self::X25519(_) => KeyType::X25519,
            Self::P256(_) => KeyType::P256,
        }
    }

    /// Its bytes: 33 for ECDSA, else 32.
    pub const fn bytes(&self) -> &[u8] {
        match self {
            Self::Secp256k1(bytes) | Self::P256(bytes) => bytes,
            Self::Ed25519(bytes) | Self::X25519(bytes) => bytes,
        }
    }

    /// Its bytes in base64, as Cosmos tools take and show them.
    pub fn base64(&self) -> String {
        STANDARD.encode(self.bytes())
    }

    /// The chain's fingerprint of a key: the first 20 bytes of its SHA-256, in 40 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        hex::encode(Sha256::digest(self.bytes()).get(..20).unwrap_or_default())
    }

    /// The address of the account that it signs for, on the network with this prefix; only secp256k1 keys have accounts.
    pub fn address(&self, prefix: &str) -> Option<Result<Address, address::Error>> {
        match self {
            Self::Secp256k1(bytes) => Some(Address::of_secp256k1(bytes, prefix)),
            Self::Ed25519(_) | Self::X25519(_) | Self::P256(_) => None,
        }
    }

    /// A signature of this key in the only form that the chain takes: an ECDSA signature's `s` is made the lower of the
    /// two that are valid. `None` for what is no signature.
    pub fn with_low_s(&self, signature: Signature) -> Option<Signature> {
        match self {
            Self::Secp256k1(_) => {
                let parsed = k256::ecdsa::Signature::from_slice(&signature).ok()?;
                Some(parsed.normalize_s().unwrap_or(parsed).to_bytes().into())
            }
            Self::P256(_) => {
                let parsed = p256::ecdsa::Signature::from_slice(&signature).ok()?;
                Some(parsed.normalize_s().unwrap_or(parsed).to_bytes().into())
            }
            Self::Ed25519(_) => Some(signature),
            Self::X25519(_) => None,
        }
    }

    /// Whether this is the key's signature of the message, in the only form that the chain takes: an ECDSA signature
    /// with a high `s` is none.
    pub fn verifies(&self, message: &[u8], signature: &Signature) -> bool {
        match self {
            Self::Secp256k1(bytes) => k256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).is_ok_and(|key| {
                k256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| signature.normalize_s().is_none() && key.verify(message, &signature).is_ok())
            }),
            Self::Ed25519(bytes) => ed25519_dalek::VerifyingKey::from_bytes(bytes)
                .is_ok_and(|key| key.verify_strict(message, &signature.into()).is_ok()),
            Self::X25519(_) => false,
            Self::P256(bytes) => p256::ecdsa::VerifyingKey::from_sec1_bytes(bytes).is_ok_and(|key| {
                p256::ecdsa::Signature::from_slice(signature)
                    .is_ok_and(|signature| signature.normalize_s().is_none() && key.verify(message, &signature).is_ok())
            }),
        }
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.key_type(), hex::encode(self.bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Multiplied with anything, these give one of few points that everybody knows.
    #[test]
    fn nobody_seals_for_everybody() {
        let key = |text: &str| PublicKey::from_bytes(KeyType::X25519, &hex::decode(text).unwrap());
        let zeros = "0".repeat(62);
        let last = |first: &str| format!("{first}{}7f", "ff".repeat(30));
        let high = |first: &str| format!("{first}{}ff", "ff".repeat(30));
        for text in [
            format!("00{zeros}"),
            format!("01{zeros}"),
            format!("00{}80", "0".repeat(60)),
            format!("01{}80", "0".repeat(60)),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800".to_owned(),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b880".to_owned(),
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157".to_owned(),
            last("ec"),
            last("ed"),
            last("ee"),
            high("ec"),
            high("ed"),
            high("ee"),
        ] {
            assert!(key(&text).is_err(), "{text}");
        }
        assert!(key(&format!("09{zeros}")).is_ok(), "the base point");
    }
}

//! Which kind of key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The kind of a key: its curve, and what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyType {
    /// ECDSA on the chain's curve: accounts and transactions. Made from a mnemonic.
    Secp256k1,
    /// EdDSA: usage records.
    Ed25519,
    /// Key agreement: opens sealed orders; it cannot sign.
    X25519,
    /// ECDSA on the NIST curve (secp256r1).
    P256,
}

/// A word that names no kind of key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of {list}", list = KeyType::WORDS.join(", "))]
pub struct UnknownKeyType(String);

impl KeyType {
    /// Every kind.
    pub const ALL: &'static [Self] = &[Self::Secp256k1, Self::Ed25519, Self::X25519, Self::P256];

    /// The words of [`KeyType::ALL`], in the same order.
    pub const WORDS: &'static [&'static str] = &["secp256k1", "ed25519", "x25519", "p256"];

    /// The word used in files, on the command line and in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Secp256k1 => "secp256k1",
            Self::Ed25519 => "ed25519",
            Self::X25519 => "x25519",
            Self::P256 => "p256",
        }
    }

    /// Whether it is made from a mnemonic, which also recovers it.
    pub const fn has_mnemonic(self) -> bool {
        match self {
            Self::Secp256k1 => true,
            Self::Ed25519 | Self::X25519 | Self::P256 => false,
        }
    }

    /// The length of its secret, in bits: what a policy's minimum strength is compared with.
    pub const fn bits(self) -> u32 {
        match self {
            Self::Secp256k1 | Self::Ed25519 | Self::X25519 | Self::P256 => 256,
        }
    }

    /// Whether it signs.
    pub const fn signs(self) -> bool {
        match self {
            Self::Secp256k1 | Self::Ed25519 | Self::P256 => true,
            Self::X25519 => false,
        }
    }
}

impl FromStr for KeyType {
    type Err = UnknownKeyType;

    fn from_str(word: &str) -> Result<Self, UnknownKeyType> {
        let found = Self::ALL.iter().find(|kind| kind.word() == word);
        found.copied().ok_or_else(|| UnknownKeyType(word.to_owned()))
    }
}

impl fmt::Display for KeyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_a_contract() {
        for (kind, word) in KeyType::ALL.iter().zip(KeyType::WORDS) {
            assert_eq!(kind.word(), *word);
            assert_eq!(word.parse(), Ok(*kind));
            assert_eq!(serde_json::to_value(kind).unwrap(), **word);
        }
        assert_eq!(KeyType::ALL.len(), KeyType::WORDS.len());
        assert!("rsa".parse::<KeyType>().unwrap_err().to_string().ends_with("ed25519, x25519, p256"));
    }
}

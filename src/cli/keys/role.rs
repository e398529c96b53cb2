//! What the configuration says of a key by its name.

use serde::Serialize;

use crate::config::schema;
use crate::keys::{KeyType, Name};

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It signs transactions: keys.signing_key.
    Signing,
    /// It opens sealed orders: keys.encryption_key.
    Encryption,
}

impl Role {
    /// The role of the key with this name.
    pub fn of(name: &Name, keys: &schema::Keys) -> Option<Self> {
        Self::by(keys, |role| name.as_str() == role)
    }

    /// The role that the name of a new key is meant for: a later version of a key has its role (`…-v2`).
    pub fn meant(name: &Name, keys: &schema::Keys) -> Option<Self> {
        Self::by(keys, |role| name.is_version_of(role))
    }

    fn by(keys: &schema::Keys, is: impl Fn(&str) -> bool) -> Option<Self> {
        if is(&keys.signing_key.0) {
            Some(Self::Signing)
        } else if is(&keys.encryption_key.0) {
            Some(Self::Encryption)
        } else {
            None
        }
    }

    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Encryption => "encryption",
        }
    }

    /// The configuration key that gives the role.
    pub const fn setting(self) -> &'static str {
        match self {
            Self::Signing => "keys.signing_key",
            Self::Encryption => "keys.encryption_key",
        }
    }

    /// The type that the role needs.
    pub const fn key_type(self) -> KeyType {
        match self {
            Self::Signing => KeyType::Secp256k1,
            Self::Encryption => KeyType::X25519,
        }
    }
}

/// The type of a new key whose name has no role.
pub const fn default_type(keys: &schema::Keys) -> KeyType {
    match keys.default_algorithm {
        schema::Algorithm::Ed25519 => KeyType::Ed25519,
        schema::Algorithm::Secp256k1 => KeyType::Secp256k1,
        schema::Algorithm::P256 => KeyType::P256,
    }
}

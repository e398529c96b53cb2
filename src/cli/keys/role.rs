//! What the configuration says of a key by its name.

use crate::config::schema::{self, Algorithm};
use crate::domain::key::Role;
use crate::keys::{KeyType, Name};

/// The role of the key with this name.
pub fn of(name: &Name, keys: &schema::Keys) -> Option<Role> {
    by(keys, |role| name.as_str() == role)
}

/// The role that the name of a new key is meant for: a later version of a key has its role (`…-v2`).
pub fn meant(name: &Name, keys: &schema::Keys) -> Option<Role> {
    by(keys, |role| name.is_version_of(role))
}

fn by(keys: &schema::Keys, is: impl Fn(&str) -> bool) -> Option<Role> {
    Role::ALL.iter().copied().find(|role| is(name_in(*role, keys)))
}

/// The name that the configuration gives to the key of a role.
pub fn name_in(role: Role, keys: &schema::Keys) -> &str {
    match role {
        Role::Signing => &keys.signing_key.0,
        Role::Usage => &keys.usage_key.0,
        Role::Encryption => &keys.encryption_key.0,
    }
}

/// The configuration key that gives the role.
pub const fn setting(role: Role) -> &'static str {
    match role {
        Role::Signing => "keys.signing_key",
        Role::Usage => "keys.usage_key",
        Role::Encryption => "keys.encryption_key",
    }
}

/// The type of a new key of the role.
pub const fn key_type(role: Role, keys: &schema::Keys) -> KeyType {
    match role {
        Role::Signing => KeyType::Secp256k1,
        Role::Usage => default_type(keys),
        Role::Encryption => KeyType::X25519,
    }
}

/// The type of a new key whose name has no role.
pub const fn default_type(keys: &schema::Keys) -> KeyType {
    of_algorithm(keys.default_algorithm)
}

/// The type that the configuration calls so.
pub const fn of_algorithm(algorithm: Algorithm) -> KeyType {
    match algorithm {
        Algorithm::Ed25519 => KeyType::Ed25519,
        Algorithm::Secp256k1 => KeyType::Secp256k1,
        Algorithm::P256 => KeyType::P256,
    }
}

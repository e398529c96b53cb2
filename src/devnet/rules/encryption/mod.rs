//! Module `encryption`: the keys for which others seal secrets. VirtEngine only.
//!
//! Nothing is sealed or opened here. The recorded node has code that ends keys after their time and forgets revoked
//! ones, but nothing calls it: `expires_at` and `purge_at` are only told.

mod envelope;
mod events;
mod keys;
mod query;

pub use keys::{register_recipient_key, revoke_recipient_key, rotate_key, update_key_label};
pub use query::{algorithms, key_by_fingerprint, params, recipient_key, validate_envelope};

use crate::chain::wire::encryption::{Params, RecipientKeyRecord};
use crate::devnet::collection::Collection;
use crate::devnet::hex;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::Refusal;
use sha2::{Digest, Sha256};
use std::fmt::Display;

/// Keys by the bytes of the owner's address, then by fingerprint: the order in which they are listed.
const KEYS: Collection<RecipientKeyRecord> = Collection::new("encryption/key");
/// The owner's bytes by fingerprint.
const OWNERS: Collection<Vec<u8>> = Collection::new("encryption/owner");

/// The one algorithm that the chain takes.
const ALGORITHM: &str = "X25519-XSALSA20-POLY1305";
const ALGORITHM_VERSION: u32 = 1;
const KEY_SIZE: usize = 32;
const NONCE_SIZE: usize = 24;
const WEEK: u64 = 604_800;

fn parameters() -> Params {
    Params {
        max_recipients_per_envelope: 10,
        max_keys_per_account: 5,
        allowed_algorithms: vec![ALGORITHM.to_owned()],
        require_signature: true,
        revocation_grace_period_seconds: WEEK,
        key_expiry_warning_seconds: vec![WEEK, 86_400],
        rotation_batch_size: 100,
        default_key_ttl_seconds: 0,
    }
}

/// What the module registers as errors; the numbers are the codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Address = 1300,
    PublicKey = 1301,
    KeyNotFound = 1302,
    KeyExists = 1303,
    KeyRevoked = 1304,
    Envelope = 1305,
    Algorithm = 1306,
    Version = 1307,
    Unauthorized = 1312,
    TooManyRecipients = 1315,
}

const CODESPACE: &str = "encryption";

impl Code {
    /// The registered text.
    const fn text(self) -> &'static str {
        match self {
            Self::Address => "invalid address",
            Self::PublicKey => "invalid public key",
            Self::KeyNotFound => "recipient key not found",
            Self::KeyExists => "key already exists",
            Self::KeyRevoked => "key has been revoked",
            Self::Envelope => "invalid envelope",
            Self::Algorithm => "unsupported encryption algorithm",
            Self::Version => "unsupported envelope version",
            Self::Unauthorized => "unauthorized",
            Self::TooManyRecipients => "maximum recipients exceeded",
        }
    }

    /// The refusal with this code, `words: text`.
    fn refuse(self, words: impl Display) -> Refusal {
        Refusal::new(CODESPACE, self as u32, format!("{words}: {}", self.text()))
    }
}

/// Lower-case hex of the first 20 bytes of the key's SHA-256.
fn fingerprint(public_key: &[u8]) -> String {
    hex::lower(Sha256::digest(public_key).get(..20).unwrap_or_default())
}

/// The key with this fingerprint; a version (`<fingerprint>:v2`) may follow it, and must then be the key's.
fn find(kv: &dyn Kv, id: &str) -> Result<Option<RecipientKeyRecord>, Broken> {
    let (fingerprint, version) = match id.split_once(":v") {
        Some((fingerprint, version)) => (fingerprint, Some(version)),
        None => (id, None),
    };
    let Some(owner) = OWNERS.get(kv, &(fingerprint,))? else { return Ok(None) };
    let key = KEYS.get(kv, &(owner.as_slice(), fingerprint))?;
    Ok(key.filter(|key| version.is_none_or(|version| key.key_version.to_string() == version)))
}

#[cfg(test)]
mod tests;

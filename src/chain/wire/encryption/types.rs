//! `encryption.v1`: recipient keys, sealed envelopes, events.
//!
//! Times are Unix seconds, 0 where the thing has not happened.

use crate::chain::wire::macros::package;
use prost::Message;
use std::collections::BTreeMap;

/// An algorithm that the chain knows.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AlgorithmInfo {
    #[prost(string, tag = 1)]
    pub id: String,
    #[prost(uint32, tag = 2)]
    pub version: u32,
    #[prost(string, tag = 3)]
    pub description: String,
    #[prost(int32, tag = 4)]
    pub key_size: i32,
    #[prost(int32, tag = 5)]
    pub nonce_size: i32,
    #[prost(bool, tag = 6)]
    pub deprecated: bool,
}

/// A key for which others may seal. Usable while not revoked, deprecated or expired.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct RecipientKeyRecord {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(bytes = "vec", tag = 2)]
    pub public_key: Vec<u8>,
    /// Lower-case hex of the first 20 bytes of SHA-256 of the key.
    #[prost(string, tag = 3)]
    pub key_fingerprint: String,
    /// 1, 2, … for each account.
    #[prost(uint32, tag = 4)]
    pub key_version: u32,
    /// `X25519-XSALSA20-POLY1305`.
    #[prost(string, tag = 5)]
    pub algorithm_id: String,
    #[prost(int64, tag = 6)]
    pub registered_at: i64,
    #[prost(int64, tag = 7)]
    pub revoked_at: i64,
    #[prost(int64, tag = 8)]
    pub deprecated_at: i64,
    #[prost(int64, tag = 9)]
    pub expires_at: i64,
    #[prost(int64, tag = 10)]
    pub purge_at: i64,
    #[prost(string, tag = 11)]
    pub label: String,
}

/// The data key, sealed for one recipient.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct WrappedKeyEntry {
    #[prost(string, tag = 1)]
    pub recipient_id: String,
    #[prost(bytes = "vec", tag = 2)]
    pub wrapped_key: Vec<u8>,
    #[prost(string, tag = 3)]
    pub algorithm: String,
    #[prost(bytes = "vec", tag = 4)]
    pub ephemeral_pub_key: Vec<u8>,
}

/// A sealed payload.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EncryptedPayloadEnvelope {
    #[prost(uint32, tag = 1)]
    pub version: u32,
    #[prost(string, tag = 2)]
    pub algorithm_id: String,
    #[prost(uint32, tag = 3)]
    pub algorithm_version: u32,
    #[prost(string, repeated, tag = 4)]
    pub recipient_key_ids: Vec<String>,
    #[prost(bytes = "vec", repeated, tag = 5)]
    pub recipient_public_keys: Vec<Vec<u8>>,
    #[prost(bytes = "vec", repeated, tag = 6)]
    pub encrypted_keys: Vec<Vec<u8>>,
    #[prost(message, repeated, tag = 7)]
    pub wrapped_keys: Vec<WrappedKeyEntry>,
    #[prost(bytes = "vec", tag = 8)]
    pub nonce: Vec<u8>,
    #[prost(bytes = "vec", tag = 9)]
    pub ciphertext: Vec<u8>,
    /// A checksum, not a signature: it authenticates nobody.
    #[prost(bytes = "vec", tag = 10)]
    pub sender_signature: Vec<u8>,
    #[prost(bytes = "vec", tag = 11)]
    pub sender_pub_key: Vec<u8>,
    #[prost(btree_map = "string, string", tag = 12)]
    pub metadata: BTreeMap<String, String>,
}

/// The parameters of recipient keys.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(uint32, tag = 1)]
    pub max_recipients_per_envelope: u32,
    #[prost(uint32, tag = 2)]
    pub max_keys_per_account: u32,
    #[prost(string, repeated, tag = 3)]
    pub allowed_algorithms: Vec<String>,
    #[prost(bool, tag = 4)]
    pub require_signature: bool,
    #[prost(uint64, tag = 5)]
    pub revocation_grace_period_seconds: u64,
    #[prost(uint64, repeated, tag = 6)]
    pub key_expiry_warning_seconds: Vec<u64>,
    #[prost(uint32, tag = 7)]
    pub rotation_batch_size: u32,
    #[prost(uint64, tag = 8)]
    pub default_key_ttl_seconds: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyRegistered {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub fingerprint: String,
    #[prost(string, tag = 3)]
    pub algorithm: String,
    #[prost(string, tag = 4)]
    pub label: String,
    #[prost(int64, tag = 5)]
    pub registered_at: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyRevoked {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub fingerprint: String,
    #[prost(string, tag = 3)]
    pub revoked_by: String,
    #[prost(int64, tag = 4)]
    pub revoked_at: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyUpdated {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub fingerprint: String,
    #[prost(string, tag = 3)]
    pub field: String,
    #[prost(string, tag = 4)]
    pub old_value: String,
    #[prost(string, tag = 5)]
    pub new_value: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyRotated {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub old_fingerprint: String,
    #[prost(string, tag = 3)]
    pub new_fingerprint: String,
    #[prost(int64, tag = 4)]
    pub rotated_at: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyExpiryWarning {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub fingerprint: String,
    #[prost(int64, tag = 3)]
    pub expires_at: i64,
    #[prost(uint64, tag = 4)]
    pub warning_window_seconds: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventKeyExpired {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub fingerprint: String,
    #[prost(int64, tag = 3)]
    pub expired_at: i64,
}

package! {
    OfNetwork("encryption.v1");
    messages {
        AlgorithmInfo, RecipientKeyRecord, WrappedKeyEntry, EncryptedPayloadEnvelope, Params, EventKeyRegistered,
        EventKeyRevoked, EventKeyUpdated, EventKeyRotated, EventKeyExpiryWarning, EventKeyExpired,
    }
}

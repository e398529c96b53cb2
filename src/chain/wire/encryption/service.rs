//! `encryption.v1`: registering, rotating, revoking and finding recipient keys.

use super::{AlgorithmInfo, EncryptedPayloadEnvelope, Params, RecipientKeyRecord};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// Registers a key, which becomes the active one.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRegisterRecipientKey {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(bytes = "vec", tag = 2)]
    pub public_key: Vec<u8>,
    #[prost(string, tag = 3)]
    pub algorithm_id: String,
    #[prost(string, tag = 4)]
    pub label: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRegisterRecipientKeyResponse {
    #[prost(string, tag = 1)]
    pub key_fingerprint: String,
}

/// Revokes a key.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRevokeRecipientKey {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub key_fingerprint: String,
}

/// Renames a key.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateKeyLabel {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub key_fingerprint: String,
    #[prost(string, tag = 3)]
    pub label: String,
}

/// Registers a new key and marks the old one deprecated.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRotateKey {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub old_key_fingerprint: String,
    #[prost(bytes = "vec", tag = 3)]
    pub new_public_key: Vec<u8>,
    /// Empty: as the old key's.
    #[prost(string, tag = 4)]
    pub new_algorithm_id: String,
    #[prost(string, tag = 5)]
    pub new_label: String,
    #[prost(string, tag = 6)]
    pub reason: String,
    /// 0: no end.
    #[prost(uint64, tag = 7)]
    pub new_key_ttl_seconds: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRotateKeyResponse {
    #[prost(string, tag = 1)]
    pub new_key_fingerprint: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryRecipientKeyRequest {
    #[prost(string, tag = 1)]
    pub address: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryRecipientKeyResponse {
    #[prost(message, repeated, tag = 1)]
    pub keys: Vec<RecipientKeyRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryKeyByFingerprintRequest {
    #[prost(string, tag = 1)]
    pub fingerprint: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryKeyByFingerprintResponse {
    #[prost(message, optional, tag = 1)]
    pub key: Option<RecipientKeyRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAlgorithmsResponse {
    #[prost(message, repeated, tag = 1)]
    pub algorithms: Vec<AlgorithmInfo>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryValidateEnvelopeRequest {
    #[prost(message, required, tag = 1)]
    pub envelope: EncryptedPayloadEnvelope,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryValidateEnvelopeResponse {
    #[prost(bool, tag = 1)]
    pub valid: bool,
    #[prost(string, tag = 2)]
    pub error: String,
    #[prost(int32, tag = 3)]
    pub recipient_count: i32,
    #[prost(string, tag = 4)]
    pub algorithm: String,
    #[prost(bool, tag = 5)]
    pub signature_valid: bool,
    #[prost(bool, tag = 6)]
    pub all_keys_registered: bool,
    #[prost(string, repeated, tag = 7)]
    pub missing_keys: Vec<String>,
}

empty_messages! {
    MsgRevokeRecipientKeyResponse,
    MsgUpdateKeyLabelResponse,
    QueryParamsRequest,
    QueryAlgorithmsRequest,
}

package! {
    OfNetwork("encryption.v1");
    messages {
        MsgRegisterRecipientKey, MsgRegisterRecipientKeyResponse, MsgRevokeRecipientKey,
        MsgRevokeRecipientKeyResponse, MsgUpdateKeyLabel, MsgUpdateKeyLabelResponse, MsgRotateKey,
        MsgRotateKeyResponse, QueryRecipientKeyRequest, QueryRecipientKeyResponse, QueryKeyByFingerprintRequest,
        QueryKeyByFingerprintResponse, QueryParamsRequest, QueryParamsResponse, QueryAlgorithmsRequest,
        QueryAlgorithmsResponse, QueryValidateEnvelopeRequest, QueryValidateEnvelopeResponse,
    }
    tx_messages {
        MsgRegisterRecipientKey -> MsgRegisterRecipientKeyResponse, signed by sender;
        MsgRevokeRecipientKey -> MsgRevokeRecipientKeyResponse, signed by sender;
        MsgUpdateKeyLabel -> MsgUpdateKeyLabelResponse, signed by sender;
        MsgRotateKey -> MsgRotateKeyResponse, signed by sender;
    }
    service Query {
        RecipientKey(QueryRecipientKeyRequest) -> QueryRecipientKeyResponse;
        KeyByFingerprint(QueryKeyByFingerprintRequest) -> QueryKeyByFingerprintResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
        Algorithms(QueryAlgorithmsRequest) -> QueryAlgorithmsResponse;
        ValidateEnvelope(QueryValidateEnvelopeRequest) -> QueryValidateEnvelopeResponse;
    }
}

//! `encryption.v1.Query`.

use super::{ALGORITHM, ALGORITHM_VERSION, CODESPACE, Code, KEY_SIZE, KEYS, NONCE_SIZE, envelope, find, parameters};
use crate::chain::wire::encryption::{
    AlgorithmInfo, QueryAlgorithmsRequest, QueryAlgorithmsResponse, QueryKeyByFingerprintRequest,
    QueryKeyByFingerprintResponse, QueryParamsRequest, QueryParamsResponse, QueryRecipientKeyRequest,
    QueryRecipientKeyResponse, QueryValidateEnvelopeRequest, QueryValidateEnvelopeResponse,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::auth;

fn registered(code: Code, words: &str) -> QueryError {
    QueryError::registered(CODESPACE, code as u32, &format!("{}: {words}", code.text()))
}

/// `RecipientKey`: all keys of an account, by fingerprint.
pub fn recipient_key(
    context: &Context<'_>,
    request: &QueryRecipientKeyRequest,
) -> Result<QueryRecipientKeyResponse, QueryError> {
    let address = auth::bytes_of(context.network, &request.address)
        .map_err(|refusal| registered(Code::Address, &refusal.text()))?;
    Ok(QueryRecipientKeyResponse { keys: KEYS.all(&*context.kv, &(address.as_slice(),))? })
}

/// `KeyByFingerprint`.
pub fn key_by_fingerprint(
    context: &Context<'_>,
    request: &QueryKeyByFingerprintRequest,
) -> Result<QueryKeyByFingerprintResponse, QueryError> {
    let key = find(&*context.kv, &request.fingerprint)?;
    let words = format!("key with fingerprint {} not found", request.fingerprint);
    let key = key.ok_or_else(|| registered(Code::KeyNotFound, &words))?;
    Ok(QueryKeyByFingerprintResponse { key: Some(key) })
}

/// `Params`.
pub fn params(_: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters() })
}

/// `Algorithms`.
pub fn algorithms(_: &Context<'_>, _: &QueryAlgorithmsRequest) -> Result<QueryAlgorithmsResponse, QueryError> {
    let size = |bytes: usize| i32::try_from(bytes).unwrap_or(i32::MAX);
    let algorithm = AlgorithmInfo {
        id: ALGORITHM.to_owned(),
        version: ALGORITHM_VERSION,
        description: "X25519 key exchange with XSalsa20-Poly1305 authenticated encryption (NaCl box)".to_owned(),
        key_size: size(KEY_SIZE),
        nonce_size: size(NONCE_SIZE),
        deprecated: false,
    };
    Ok(QueryAlgorithmsResponse { algorithms: vec![algorithm] })
}

/// `ValidateEnvelope`: what is wrong with an envelope is part of the answer.
pub fn validate_envelope(
    context: &Context<'_>,
    request: &QueryValidateEnvelopeRequest,
) -> Result<QueryValidateEnvelopeResponse, QueryError> {
    let envelope = &request.envelope;
    let mut answer = QueryValidateEnvelopeResponse {
        recipient_count: i32::try_from(envelope.recipient_key_ids.len()).unwrap_or(i32::MAX),
        algorithm: envelope.algorithm_id.clone(),
        ..Default::default()
    };
    let wrong = |refusal: Refusal| refusal.text().into_owned();
    if let Err(refusal) = envelope::check(envelope) {
        answer.error = wrong(refusal);
        return Ok(answer);
    }
    for id in &envelope.recipient_key_ids {
        match find(&*context.kv, id)? {
            None => answer.missing_keys.push(id.clone()),
            Some(key) if key.revoked_at != 0 => {
                let words = format!("recipient key {id} has been revoked");
                answer.missing_keys.clear();
                answer.error = wrong(Code::KeyRevoked.refuse(words));
                return Ok(answer);
            }
            Some(_) => {}
        }
    }
    answer.valid = true;
    answer.all_keys_registered = answer.missing_keys.is_empty();
    answer.signature_valid = !envelope.sender_signature.is_empty();
    Ok(answer)
}

//! The shape of an envelope. Whether anyone can open it is not the chain's business.

use super::{ALGORITHM, ALGORITHM_VERSION, Code, KEY_SIZE, NONCE_SIZE, fingerprint, parameters};
use crate::chain::wire::encryption::EncryptedPayloadEnvelope;
use crate::devnet::refusal::Refusal;
use std::collections::BTreeSet;

/// The version of envelopes.
const VERSION: u32 = 1;

/// Why an envelope is not well-formed.
pub(super) fn check(envelope: &EncryptedPayloadEnvelope) -> Result<(), Refusal> {
    let invalid = |words: &str| Err(Code::Envelope.refuse(words));
    match envelope.version {
        0 => return invalid("version cannot be zero"),
        VERSION => {}
        version => {
            let words = format!("envelope version {version} not supported (max: {VERSION})");
            return Err(Code::Version.refuse(words));
        }
    }
    let algorithm = &envelope.algorithm_id;
    if algorithm != ALGORITHM {
        return Err(Code::Algorithm.refuse(format_args!("algorithm {algorithm} is not supported")));
    }
    if envelope.algorithm_version == 0 {
        return invalid("algorithm version cannot be zero");
    }
    for (missing, words) in [
        (envelope.recipient_key_ids.is_empty(), "at least one recipient required"),
        (envelope.nonce.is_empty(), "nonce cannot be empty"),
        (envelope.ciphertext.is_empty(), "ciphertext cannot be empty"),
        (envelope.sender_pub_key.is_empty(), "sender public key required"),
        (envelope.sender_signature.is_empty(), "sender signature required"),
    ] {
        if missing {
            return invalid(words);
        }
    }
    if envelope.algorithm_version != ALGORITHM_VERSION {
        let version = envelope.algorithm_version;
        let words = format!("algorithm version {version} not supported for {algorithm} (expected {ALGORITHM_VERSION})");
        return Err(Code::Version.refuse(words));
    }
    if envelope.nonce.len() != NONCE_SIZE {
        return invalid(&format!("nonce size mismatch: expected {NONCE_SIZE}, got {}", envelope.nonce.len()));
    }
    if envelope.sender_pub_key.len() != KEY_SIZE {
        let found = envelope.sender_pub_key.len();
        return invalid(&format!("sender public key size mismatch: expected {KEY_SIZE}, got {found}"));
    }
    recipients(envelope)?;
    let (count, limit) = (envelope.recipient_key_ids.len(), parameters().max_recipients_per_envelope);
    if count > limit as usize {
        let words = format!("envelope has {count} recipients, max is {limit}");
        return Err(Code::TooManyRecipients.refuse(words));
    }
    Ok(())
}

fn recipients(envelope: &EncryptedPayloadEnvelope) -> Result<(), Refusal> {
    let invalid = |words: &str| Err(Code::Envelope.refuse(words));
    let EncryptedPayloadEnvelope { recipient_key_ids: ids, recipient_public_keys: keys, .. } = envelope;
    if !keys.is_empty() && keys.len() != ids.len() {
        return invalid("recipient public keys must align with recipient key IDs");
    }
    for (index, (key, id)) in keys.iter().zip(ids).enumerate() {
        if key.len() != KEY_SIZE {
            let found = key.len();
            let words =
                format!("recipient public key size mismatch at index {index}: expected {KEY_SIZE}, got {found}");
            return invalid(&words);
        }
        if fingerprint(key) != id.split(":v").next().unwrap_or_default() {
            return invalid(&format!("recipient key id mismatch at index {index}"));
        }
    }
    if !envelope.encrypted_keys.is_empty() && envelope.encrypted_keys.len() != ids.len() {
        return invalid("encrypted keys must align with recipient key IDs");
    }
    let mut seen = BTreeSet::new();
    for (index, entry) in envelope.wrapped_keys.iter().enumerate() {
        let id = &entry.recipient_id;
        if id.is_empty() {
            return invalid(&format!("wrapped key entry {index} has empty recipient ID"));
        }
        if entry.wrapped_key.is_empty() {
            return invalid(&format!("wrapped key entry {index} has empty wrapped key"));
        }
        if !seen.insert(id) {
            return invalid(&format!("duplicate recipient ID: {id}"));
        }
        if !ids.contains(id) {
            return invalid(&format!("wrapped key recipient not in recipient key IDs: {id}"));
        }
    }
    Ok(())
}

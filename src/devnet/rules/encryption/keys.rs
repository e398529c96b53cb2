//! Registering, renaming, rotating and revoking keys.
//!
//! None of the messages has a basic validation: what is wrong with them is found when they run.

use super::{ALGORITHM, Code, KEY_SIZE, KEYS, OWNERS, find, fingerprint, parameters};
use crate::chain::wire::encryption::{
    EventKeyRegistered, EventKeyRevoked, EventKeyRotated, EventKeyUpdated, MsgRegisterRecipientKey,
    MsgRegisterRecipientKeyResponse, MsgRevokeRecipientKey, MsgRevokeRecipientKeyResponse, MsgRotateKey,
    MsgRotateKeyResponse, MsgUpdateKeyLabel, MsgUpdateKeyLabelResponse, RecipientKeyRecord,
};
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;

/// `MsgRegisterRecipientKey`: the key becomes the account's newest.
pub fn register_recipient_key(
    context: &mut Context<'_>,
    message: &MsgRegisterRecipientKey,
) -> Result<MsgRegisterRecipientKeyResponse, Refusal> {
    let sender = sender(context, &message.sender)?;
    let MsgRegisterRecipientKey { public_key, algorithm_id, label, .. } = message;
    let key = register(context, &sender, public_key, algorithm_id, label)?;
    context.emit(&EventKeyRegistered {
        address: message.sender.clone(),
        fingerprint: key.key_fingerprint.clone(),
        algorithm: algorithm_id.clone(),
        label: label.clone(),
        registered_at: key.registered_at,
    });
    Ok(MsgRegisterRecipientKeyResponse { key_fingerprint: key.key_fingerprint })
}

/// `MsgUpdateKeyLabel`: another name for an own key.
pub fn update_key_label(
    context: &mut Context<'_>,
    message: &MsgUpdateKeyLabel,
) -> Result<MsgUpdateKeyLabelResponse, Refusal> {
    let sender = sender(context, &message.sender)?;
    let mut key = own(context, &sender, &message.key_fingerprint)?;
    let old_value = std::mem::replace(&mut key.label, message.label.clone());
    save(context, &sender, &key)?;
    context.emit(&EventKeyUpdated {
        address: message.sender.clone(),
        fingerprint: message.key_fingerprint.clone(),
        field: "label".to_owned(),
        old_value,
        new_value: message.label.clone(),
    });
    Ok(MsgUpdateKeyLabelResponse {})
}

/// `MsgRevokeRecipientKey`: nobody may seal for the key from now on.
pub fn revoke_recipient_key(
    context: &mut Context<'_>,
    message: &MsgRevokeRecipientKey,
) -> Result<MsgRevokeRecipientKeyResponse, Refusal> {
    let sender = sender(context, &message.sender)?;
    let owner = OWNERS.get(&*context.kv, &(&message.key_fingerprint,))?;
    let gov = auth::module_address("gov");
    let owner = match owner {
        Some(owner) if owner == sender || sender == gov => owner,
        Some(_) => return Err(Code::Unauthorized.refuse("sender is not key owner or authority")),
        None => sender,
    };
    let mut key = own(context, &owner, &message.key_fingerprint)?;
    if key.revoked_at != 0 {
        return Err(Code::KeyRevoked.refuse(format_args!("key {} is already revoked", message.key_fingerprint)));
    }
    let now = context.time.as_second();
    key.revoked_at = now;
    key.purge_at = now.saturating_add_unsigned(parameters().revocation_grace_period_seconds);
    save(context, &owner, &key)?;
    context.emit(&EventKeyRevoked {
        address: message.sender.clone(),
        fingerprint: message.key_fingerprint.clone(),
        revoked_by: message.sender.clone(),
        revoked_at: now,
    });
    Ok(MsgRevokeRecipientKeyResponse {})
}

/// `MsgRotateKey`: a new key, and the old one deprecated.
///
/// A defect of the recorded node: whose key the old one is, is not asked. Anyone deprecates anyone's key.
pub fn rotate_key(context: &mut Context<'_>, message: &MsgRotateKey) -> Result<MsgRotateKeyResponse, Refusal> {
    let sender = sender(context, &message.sender)?;
    let fingerprint = &message.old_key_fingerprint;
    let Some(old) = find(&*context.kv, fingerprint)? else {
        return Err(Code::KeyNotFound.refuse(format_args!("key fingerprint {fingerprint} not found")));
    };
    if old.revoked_at != 0 {
        return Err(Code::KeyRevoked.refuse(format_args!("key {fingerprint} is revoked")));
    }
    let algorithm = if message.new_algorithm_id.is_empty() { &old.algorithm_id } else { &message.new_algorithm_id };
    let mut new = register(context, &sender, &message.new_public_key, algorithm, &message.new_label)?;
    let now = context.time.as_second();
    if message.new_key_ttl_seconds > 0 {
        new.expires_at = now.saturating_add_unsigned(message.new_key_ttl_seconds);
        save(context, &sender, &new)?;
    }
    if old.deprecated_at == 0 {
        let owner = auth::bytes_of(context.network, &old.address)?;
        save(context, &owner, &RecipientKeyRecord { deprecated_at: now, ..old })?;
    }
    context.emit(&EventKeyRotated {
        address: message.sender.clone(),
        old_fingerprint: fingerprint.clone(),
        new_fingerprint: new.key_fingerprint.clone(),
        rotated_at: now,
    });
    Ok(MsgRotateKeyResponse { new_key_fingerprint: new.key_fingerprint })
}

fn sender(context: &Context<'_>, address: &str) -> Result<Vec<u8>, Refusal> {
    auth::bytes_of(context.network, address).map_err(|_| Code::Address.refuse("invalid sender address"))
}

fn own(context: &Context<'_>, owner: &[u8], fingerprint: &str) -> Result<RecipientKeyRecord, Refusal> {
    let key = KEYS.get(&*context.kv, &(owner, fingerprint))?;
    let address = auth::of_bytes(context.network, owner);
    key.ok_or_else(|| Code::KeyNotFound.refuse(format_args!("no key found for address {address}")))
}

fn save(context: &mut Context<'_>, owner: &[u8], key: &RecipientKeyRecord) -> Result<(), Broken> {
    KEYS.set(context.kv, &(owner, &key.key_fingerprint), key)?;
    OWNERS.set(context.kv, &(&key.key_fingerprint,), &owner.to_vec())
}

fn register(
    context: &mut Context<'_>,
    owner: &[u8],
    public_key: &[u8],
    algorithm: &str,
    label: &str,
) -> Result<RecipientKeyRecord, Refusal> {
    if algorithm != ALGORITHM {
        return Err(Code::Algorithm.refuse(format_args!("algorithm {algorithm} is not allowed")));
    }
    if public_key.len() != KEY_SIZE {
        return Err(Code::PublicKey.refuse(format_args!("expected {KEY_SIZE} bytes, got {}", public_key.len())));
    }
    let fingerprint = fingerprint(public_key);
    if OWNERS.has(&*context.kv, &(&fingerprint,))? {
        return Err(Code::KeyExists.refuse(format_args!("key with fingerprint {fingerprint} already registered")));
    }
    // Revoked and deprecated keys count: after five an account can register none, ever.
    let keys = KEYS.all(&*context.kv, &(owner,))?;
    let limit = parameters().max_keys_per_account;
    if keys.len() >= limit as usize {
        return Err(Code::PublicKey.refuse(format_args!("account has reached max keys limit: {limit}")));
    }
    let newest = keys.iter().map(|key| key.key_version).max().unwrap_or(0);
    let key = RecipientKeyRecord {
        address: auth::of_bytes(context.network, owner),
        public_key: public_key.to_vec(),
        key_fingerprint: fingerprint,
        key_version: newest + 1,
        algorithm_id: algorithm.to_owned(),
        registered_at: context.time.as_second(),
        label: label.to_owned(),
        ..Default::default()
    };
    save(context, owner, &key)?;
    Ok(key)
}

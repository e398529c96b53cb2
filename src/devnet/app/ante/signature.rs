//! Keys, signatures and sequences.

use super::Purpose;
use crate::chain::wire::cosmos::secp256k1::PubKey;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::{ModeInfoSum, SignDoc, SignerInfo};
use crate::devnet::app::tx::Tx;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::address::Address;
use base64::Engine;
use k256::ecdsa::signature::Verifier;
use k256::ecdsa::{Signature, VerifyingKey};
use prost::Message;
use prost_types::Any;

/// Gives accounts the keys that sign for them, where they have none yet, and tells of sequences and signatures.
pub(super) fn set_keys(context: &mut Context<'_>, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    let network = context.network;
    for (index, signer) in tx.signers.iter().enumerate() {
        let shown = auth::of_bytes(network, signer);
        let key = tx.auth_info.signer_infos.get(index).and_then(|info| info.public_key.clone());
        if let Some(key) = &key
            && purpose != Purpose::Simulate
            && address_of(key)?.as_ref() != Some(signer)
        {
            return Err(Refusal::sdk(
                8,
                format!("pubKey does not match signer address {shown} with signer index: {index}: invalid pubkey"),
            ));
        }
        let mut account = account_of(context, signer)?;
        if account.pub_key.is_none()
            && let Some(key) = key
        {
            account.pub_key = Some(key);
            auth::store(context.kv, signer, &account)?;
        }
    }
    for (index, signer) in tx.signers.iter().enumerate() {
        let sequence = tx.auth_info.signer_infos.get(index).map_or(0, |info| info.sequence);
        let text = format!("{}/{sequence}", auth::of_bytes(network, signer));
        context.emit_plain("tx", &[("acc_seq", &text)]);
    }
    for signature in &tx.raw.signatures {
        let text = base64::engine::general_purpose::STANDARD.encode(signature);
        context.emit_plain("tx", &[("signature", &text)]);
    }
    Ok(())
}

fn account_of(context: &Context<'_>, signer: &[u8]) -> Result<crate::chain::wire::cosmos::auth::BaseAccount, Refusal> {
    auth::find(&*context.kv, signer)?.ok_or_else(|| {
        let shown = auth::of_bytes(context.network, signer);
        Refusal::sdk(9, format!("account {shown} does not exist: unknown address"))
    })
}

/// The bytes of the address that a key signs for.
fn address_of(key: &Any) -> Result<Option<Vec<u8>>, Refusal> {
    let Some(point) = secp256k1(key)? else { return Ok(None) };
    let invalid = |_| Refusal::sdk(8, "malformed key: invalid pubkey");
    let address = Address::of_secp256k1(&point, "any").map_err(invalid)?;
    Ok(Some(address.bytes()))
}

/// The point of a secp256k1 key; none for a key of another kind.
fn secp256k1(key: &Any) -> Result<Option<[u8; 33]>, Refusal> {
    // The type is the same on every network.
    if key.type_url.strip_prefix('/') != Some("cosmos.crypto.secp256k1.PubKey") {
        return Ok(None);
    }
    let malformed = || Refusal::sdk(8, "malformed key: invalid pubkey");
    let key = PubKey::decode(key.value.as_slice()).map_err(|_| malformed())?;
    key.key.try_into().map(Some).map_err(|_| malformed())
}

/// At most seven signatures, each for its gas.
pub(super) fn limit_and_charge(context: &mut Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    let parameters = auth::parameters();
    let count = tx.raw.signatures.len() as u64;
    if count > parameters.tx_sig_limit {
        let limit = parameters.tx_sig_limit;
        return Err(Refusal::sdk(
            14,
            format!("signatures: {count}, limit: {limit}: maximum number of signatures exceeded"),
        ));
    }
    for _ in 0..count {
        context.gas.consume(parameters.sig_verify_cost_secp256k1, "ante verify: secp256k1")?;
    }
    Ok(())
}

/// The sequence must be the account's next, and the signature its key's, over this chain and account number.
pub(super) fn verify(context: &Context<'_>, chain_id: &str, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    if tx.auth_info.signer_infos.len() != tx.signers.len() {
        let (want, got) = (tx.signers.len(), tx.auth_info.signer_infos.len());
        return Err(Refusal::sdk(4, format!("invalid number of signer;  expected: {want}, got {got}: unauthorized")));
    }
    let parts = tx.signers.iter().zip(&tx.auth_info.signer_infos).zip(&tx.raw.signatures);
    for ((signer, info), signature) in parts {
        let account = account_of(context, signer)?;
        if !tx.body.unordered && info.sequence != account.sequence {
            let (want, got) = (account.sequence, info.sequence);
            return Err(Refusal::sdk(
                32,
                format!("account sequence mismatch, expected {want}, got {got}: incorrect account sequence"),
            ));
        }
        // What was checked on the way in is not checked again on the way out; a simulation may be unsigned.
        if matches!(purpose, Purpose::Simulate | Purpose::Recheck) {
            continue;
        }
        let Some(key) = &account.pub_key else {
            return Err(Refusal::sdk(8, "pubkey on account is not set: invalid pubkey"));
        };
        let signed = document(chain_id, account.account_number, tx, info)?;
        if !is_signature_of(key, &signed, signature)? {
            return Err(Refusal::sdk(
                4,
                format!(
                    "signature verification failed; please verify account number ({}) and chain-id ({chain_id}): \
                     (unable to verify single signer signature): unauthorized",
                    account.account_number
                ),
            ));
        }
    }
    Ok(())
}

/// The bytes that a signer signs.
fn document(chain_id: &str, account_number: u64, tx: &Tx, info: &SignerInfo) -> Result<Vec<u8>, Refusal> {
    let mode = match info.mode_info.as_ref().and_then(|mode| mode.sum.as_ref()) {
        Some(ModeInfoSum::Single(single)) => single.mode,
        Some(ModeInfoSum::Multi(_)) | None => SignMode::Unspecified.into(),
    };
    match SignMode::try_from(mode) {
        Ok(SignMode::Direct) => Ok(SignDoc {
            body_bytes: tx.raw.body_bytes.clone(),
            auth_info_bytes: tx.raw.auth_info_bytes.clone(),
            chain_id: chain_id.to_owned(),
            account_number,
        }
        .encode_to_vec()),
        _ => Err(Refusal::sdk(4, format!("sign mode {mode} is not supported: unauthorized"))),
    }
}

fn is_signature_of(key: &Any, document: &[u8], signature: &[u8]) -> Result<bool, Refusal> {
    let Some(point) = secp256k1(key)? else {
        return Err(Refusal::sdk(8, format!("unrecognized public key type: {}: invalid pubkey", key.type_url)));
    };
    // A signature with a high S is refused: otherwise anybody could change the hash of somebody's transaction.
    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(&point), Signature::from_slice(signature)) else {
        return Ok(false);
    };
    Ok(key.verify(document, &signature).is_ok())
}

/// Raises the sequences of all signers.
pub(super) fn raise_sequences(context: &mut Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    if tx.body.unordered {
        return Ok(());
    }
    for signer in &tx.signers {
        let mut account = account_of(context, signer)?;
        account.sequence += 1;
        auth::store(context.kv, signer, &account)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::wire::Named;
    use crate::domain::network::Name;

    #[test]
    fn the_type_of_keys_is_the_tables() {
        let network = Name::Virtengine.facts();
        let key = PubKey { key: vec![2; 33] }.pack(network);
        assert_eq!(secp256k1(&key).unwrap(), Some([2; 33]));
        assert!(secp256k1(&PubKey { key: vec![2; 32] }.pack(network)).is_err());
    }
}

//! Keys, signatures and sequences.

use super::Purpose;
use super::key::Key;
use super::proof::Proof;
use crate::chain::amino;
use crate::chain::wire::cosmos::auth::BaseAccount;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::cosmos::tx::SignDoc;
use crate::devnet::app::tx::Tx;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use base64::Engine;
use prost::Message;

/// Gives accounts the keys that sign for them, where they have none yet, and tells of sequences and signatures.
pub(super) fn set_keys(context: &mut Context<'_>, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    let network = context.network;
    for (index, signer) in tx.signers.iter().enumerate() {
        let shown = auth::of_bytes(network, signer);
        let key = tx.auth_info.signer_infos.get(index).and_then(|info| info.public_key.clone());
        if let Some(key) = &key
            && purpose != Purpose::Simulate
            && Key::read(key)?.map(|key| key.address()).transpose()?.as_ref() != Some(signer)
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
    for signature in proofs(tx)?.iter().flat_map(Proof::told) {
        let text = base64::engine::general_purpose::STANDARD.encode(signature);
        context.emit_plain("tx", &[("signature", &text)]);
    }
    Ok(())
}

fn account_of(context: &Context<'_>, signer: &[u8]) -> Result<BaseAccount, Refusal> {
    auth::find(&*context.kv, signer)?.ok_or_else(|| {
        let shown = auth::of_bytes(context.network, signer);
        Refusal::sdk(9, format!("account {shown} does not exist: unknown address"))
    })
}

/// At most seven keys, each signature for its gas.
pub(super) fn limit_and_charge(context: &mut Context<'_>, tx: &Tx) -> Result<(), Refusal> {
    let parameters = auth::parameters();
    let keys = tx.signers.iter().map(|signer| key_of(context, signer)).collect::<Result<Vec<_>, _>>()?;
    let count = keys.iter().map(|key| key.as_ref().map_or(1, Key::count)).sum::<u64>();
    let limit = parameters.tx_sig_limit;
    if count > limit {
        let log = format!("signatures: {count}, limit: {limit}: maximum number of signatures exceeded");
        return Err(Refusal::sdk(14, log));
    }
    for (proof, key) in proofs(tx)?.iter().zip(&keys) {
        for _ in 0..proof.cost(key.as_ref())? {
            context.gas.consume(parameters.sig_verify_cost_secp256k1, "ante verify: secp256k1")?;
        }
    }
    Ok(())
}

/// What stands for each signature.
fn proofs(tx: &Tx) -> Result<Vec<Proof>, Refusal> {
    let modes = tx.auth_info.signer_infos.iter().map(|info| info.mode_info.as_ref()).chain(std::iter::repeat(None));
    tx.raw.signatures.iter().zip(modes).map(|(signature, mode)| Proof::read(mode, signature)).collect()
}

/// The key of an account, if it has one that this chain knows.
fn key_of(context: &Context<'_>, signer: &[u8]) -> Result<Option<Key>, Refusal> {
    account_of(context, signer)?.pub_key.as_ref().map_or(Ok(None), Key::read)
}

/// The sequence must be the account's next, and the signature its key's, over this chain and account number.
pub(super) fn verify(context: &Context<'_>, chain_id: &str, tx: &Tx, purpose: Purpose) -> Result<(), Refusal> {
    if tx.auth_info.signer_infos.len() != tx.signers.len() {
        let (want, got) = (tx.signers.len(), tx.auth_info.signer_infos.len());
        return Err(Refusal::sdk(4, format!("invalid number of signer;  expected: {want}, got {got}: unauthorized")));
    }
    let proofs = proofs(tx)?;
    for ((signer, info), proof) in tx.signers.iter().zip(&tx.auth_info.signer_infos).zip(&proofs) {
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
        let Some(known) = Key::read(key)? else {
            return Err(Refusal::sdk(8, format!("unrecognized public key type: {}: invalid pubkey", key.type_url)));
        };
        let (number, sequence) = (account.account_number, account.sequence);
        let document = |mode| document(context, chain_id, number, sequence, tx, mode);
        if let Err(why) = proof.verify(&known, &document) {
            // Who signs JSON signs the sequence too.
            let log = if proof.is_amino() {
                format!("account number ({number}), sequence ({sequence}) and chain-id ({chain_id}): ({why})")
            } else {
                format!("account number ({number}) and chain-id ({chain_id}): ({why})")
            };
            return Err(Refusal::sdk(4, format!("signature verification failed; please verify {log}: unauthorized")));
        }
    }
    Ok(())
}

/// The bytes that a signer signs in a mode; else a node's text.
fn document(
    context: &Context<'_>,
    chain_id: &str,
    account_number: u64,
    sequence: u64,
    tx: &Tx,
    mode: i32,
) -> Result<Vec<u8>, String> {
    match SignMode::try_from(mode) {
        Ok(SignMode::Direct) => Ok(SignDoc {
            body_bytes: tx.raw.body_bytes.clone(),
            auth_info_bytes: tx.raw.auth_info_bytes.clone(),
            chain_id: chain_id.to_owned(),
            account_number,
        }
        .encode_to_vec()),
        Ok(SignMode::LegacyAminoJson) if tx.auth_info.tip.is_some() => Err("tips are not signed as JSON".to_owned()),
        Ok(SignMode::LegacyAminoJson) => {
            let signer = amino::Signer { chain_id, account_number, sequence };
            amino::sign_bytes(context.network, &signer, &tx.body, &tx.fee).map_err(|error| error.to_string())
        }
        _ => Err(format!("unsupported sign mode {mode}")),
    }
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

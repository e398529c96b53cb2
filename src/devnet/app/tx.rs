//! A transaction, taken apart.

use super::messages::{self, Kind};
use super::numbers;
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::tx::{AuthInfo, Fee, TxBody, TxRaw};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::network::Network;
use prost::Message;
use prost_types::Any;
use sha2::{Digest, Sha256};

/// A transaction whose parts could be read and whose messages this chain knows.
pub struct Tx {
    /// How many bytes it has.
    pub size: usize,
    /// The bytes that were signed.
    pub raw: TxRaw,
    /// What is to be done.
    pub body: TxBody,
    /// Who signs and who pays.
    pub auth_info: AuthInfo,
    /// The fee; empty where there is none.
    pub fee: Fee,
    /// Its messages, each with what the chain does with it.
    pub messages: Vec<(&'static Kind, Any)>,
    /// Who must sign, by the bytes of their addresses: each message's signer, then the payer of the fee.
    pub signers: Vec<Vec<u8>>,
}

/// SHA-256 of the bytes.
pub fn hash_of(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

fn parse_error(what: impl std::fmt::Display) -> Refusal {
    Refusal::sdk(2, format!("{what}: tx parse error"))
}

impl Tx {
    /// Reads a transaction. Refused (`sdk` 2) where that fails.
    pub fn decode(network: &'static Network, bytes: &[u8]) -> Result<Self, Refusal> {
        let raw = TxRaw::decode(bytes).map_err(|error| parse_error(format!("{error}: tx parse error")))?;
        // ADR-027: what is hashed and what is signed must be the same, so the outer message has one encoding only.
        if raw.encoded_len() != bytes.len() {
            return Err(parse_error("the bytes are not canonical: unknown or repeated fields"));
        }
        let body = TxBody::decode(raw.body_bytes.as_slice()).map_err(parse_error)?;
        let auth_info = AuthInfo::decode(raw.auth_info_bytes.as_slice()).map_err(parse_error)?;
        if let Some(option) = body.extension_options.first() {
            return Err(Refusal::sdk(31, format!("unknown extension options: {}", option.type_url)));
        }
        let messages = body
            .messages
            .iter()
            .map(|any| match messages::kind_of(network, &any.type_url) {
                Some(kind) => Ok((kind, any.clone())),
                None => Err(parse_error(format!("unable to resolve type URL {}", any.type_url))),
            })
            .collect::<Result<Vec<_>, _>>()?;
        let authorized = AuthInfo::full_name(network);
        let parts = messages.iter().map(|(_, any)| (any.type_url.trim_start_matches('/'), any.value.as_slice()));
        for (name, bytes) in parts.chain([(authorized.as_str(), raw.auth_info_bytes.as_slice())]) {
            numbers::check(network, name, bytes).map_err(|error| parse_error(format!("{error}: tx parse error")))?;
        }
        let fee = auth_info.fee.clone().unwrap_or_default();
        let mut tx = Self { size: bytes.len(), raw, body, auth_info, fee, messages, signers: Vec::new() };
        tx.signers = tx.find_signers(network)?;
        Ok(tx)
    }

    fn find_signers(&self, network: &Network) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut signers = Vec::new();
        let mut add = |address: &str| {
            let bytes = auth::bytes_of(network, address)?;
            if !signers.contains(&bytes) {
                signers.push(bytes);
            }
            Ok::<_, Refusal>(())
        };
        for (kind, any) in &self.messages {
            let signer = (kind.signer)(&any.value).map_err(parse_error)?;
            // A signer that is no address is noticed by the message's own check, which comes later and says more.
            if !signer.is_empty() {
                add(&signer).map_err(|refusal| Refusal { codespace: "sdk".into(), code: 2, ..refusal })?;
            }
        }
        if !self.fee.payer.is_empty() {
            add(&self.fee.payer)?;
        }
        Ok(signers)
    }

    /// Who pays: who is named, else who signs first.
    pub fn payer(&self, network: &Network) -> Result<Vec<u8>, Refusal> {
        if self.fee.payer.is_empty() {
            let first = self.signers.first().cloned();
            return first.ok_or_else(|| Refusal::sdk(15, "no signers: no signatures supplied"));
        }
        auth::bytes_of(network, &self.fee.payer)
    }
}

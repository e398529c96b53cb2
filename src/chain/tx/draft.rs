//! From messages to bytes.

use prost::Message;
use prost_types::Any;

use super::{Mode, auth_info};
use crate::chain::amino;
use crate::chain::wire::cosmos::tx::{SignDoc, TxBody, TxRaw};
use crate::domain::amount::Coin;
use crate::domain::network::Network;
use crate::domain::tx_hash::TxHash;

/// A transaction before it is signed.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// The network's facts.
    pub network: &'static Network,
    /// The chain's id, which the signature is for.
    pub chain_id: &'a str,
    /// The account's number, which the signature is for.
    pub account_number: u64,
    /// Its place among the account's transactions.
    pub sequence: u64,
    /// The key that signs and pays.
    pub public_key: [u8; 33],
    /// The messages, in the order in which they are executed: all of them or none.
    pub messages: &'a [Any],
    /// A remark; seldom needed.
    pub memo: &'a str,
    /// No block above this height executes it; 0: it has no end.
    pub timeout_height: u64,
    /// What it pays; none for a simulation.
    pub fee: Option<&'a Coin>,
    /// How much gas it may use.
    pub gas_limit: u64,
}

/// A transaction that only lacks its signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub(super) body_bytes: Vec<u8>,
    pub(super) auth_info_bytes: Vec<u8>,
    document: Vec<u8>,
}

/// Bytes for a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// A `TxRaw`.
    pub bytes: Vec<u8>,
    /// Their SHA-256, by which they are found.
    pub hash: TxHash,
}

impl Draft<'_> {
    fn body(&self) -> TxBody {
        TxBody {
            messages: self.messages.to_vec(),
            memo: self.memo.to_owned(),
            timeout_height: self.timeout_height,
            ..TxBody::default()
        }
    }

    /// The document to sign. Signing directly cannot fail here; as JSON it can, for messages that have no such form.
    pub fn prepare(&self, mode: Mode) -> Result<Prepared, amino::Error> {
        let (body, auth_info) = (self.body(), auth_info::auth_info(self, mode));
        let (body_bytes, auth_info_bytes) = (body.encode_to_vec(), auth_info.encode_to_vec());
        let document = match mode {
            Mode::Direct => SignDoc {
                body_bytes: body_bytes.clone(),
                auth_info_bytes: auth_info_bytes.clone(),
                chain_id: self.chain_id.to_owned(),
                account_number: self.account_number,
            }
            .encode_to_vec(),
            Mode::LegacyAminoJson => {
                let Self { chain_id, account_number, sequence, .. } = *self;
                let signer = amino::Signer { chain_id, account_number, sequence };
                amino::sign_bytes(self.network, &signer, &body, &auth_info.fee.unwrap_or_default())?
            }
        };
        Ok(Prepared { body_bytes, auth_info_bytes, document })
    }

    /// The bytes for a simulation, whose signature is not looked at.
    pub fn simulation(&self) -> Vec<u8> {
        let body_bytes = self.body().encode_to_vec();
        let auth_info_bytes = auth_info::auth_info(self, Mode::Direct).encode_to_vec();
        TxRaw { body_bytes, auth_info_bytes, signatures: vec![Vec::new()] }.encode_to_vec()
    }
}

impl Prepared {
    /// What the key signs.
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// The transaction with its signature.
    pub fn signed(self, signature: &[u8; 64]) -> Signed {
        let Self { body_bytes, auth_info_bytes, .. } = self;
        let bytes = TxRaw { body_bytes, auth_info_bytes, signatures: vec![signature.to_vec()] }.encode_to_vec();
        Signed { hash: TxHash::of(&bytes), bytes }
    }
}

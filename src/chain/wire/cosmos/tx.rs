//! `cosmos.tx.v1beta1`: transactions, and what is signed of them.

use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::multisignature::CompactBitArray;
use crate::chain::wire::cosmos::signing::SignMode;
use crate::chain::wire::macros::package;
use prost::{Message, Oneof};
use prost_types::{Any, Timestamp};

/// Who signs and who pays.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AuthInfo {
    #[prost(message, repeated, tag = 1)]
    pub signer_infos: Vec<SignerInfo>,
    #[prost(message, optional, tag = 2)]
    pub fee: Option<Fee>,
    #[prost(message, optional, tag = 3)]
    pub tip: Option<Tip>,
}

/// What a transaction may cost.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Fee {
    #[prost(message, repeated, tag = 1)]
    pub amount: Vec<Coin>,
    #[prost(uint64, tag = 2)]
    pub gas_limit: u64,
    /// Empty: the first signer.
    #[prost(string, tag = 3)]
    pub payer: String,
    /// Whose fee grant pays; empty: nobody's.
    #[prost(string, tag = 4)]
    pub granter: String,
}

/// How a signer signs.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ModeInfo {
    /// Always one of the two.
    #[prost(oneof = "ModeInfoSum", tags = "1, 2")]
    pub sum: Option<ModeInfoSum>,
}

/// By one key or several.
#[derive(Clone, PartialEq, Eq, Oneof)]
pub enum ModeInfoSum {
    #[prost(message, tag = 1)]
    Single(ModeInfoSingle),
    #[prost(message, tag = 2)]
    Multi(ModeInfoMulti),
}

/// By several keys.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ModeInfoMulti {
    #[prost(message, optional, tag = 1)]
    pub bitarray: Option<CompactBitArray>,
    #[prost(message, repeated, tag = 2)]
    pub mode_infos: Vec<ModeInfo>,
}

/// By one key.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ModeInfoSingle {
    /// A [`SignMode`].
    #[prost(enumeration = "SignMode", tag = 1)]
    pub mode: i32,
}

/// What is signed: SHA-256 of its bytes.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SignDoc {
    #[prost(bytes = "vec", tag = 1)]
    pub body_bytes: Vec<u8>,
    #[prost(bytes = "vec", tag = 2)]
    pub auth_info_bytes: Vec<u8>,
    #[prost(string, tag = 3)]
    pub chain_id: String,
    #[prost(uint64, tag = 4)]
    pub account_number: u64,
}

/// One signer.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SignerInfo {
    #[prost(message, optional, tag = 1)]
    pub public_key: Option<Any>,
    #[prost(message, optional, tag = 2)]
    pub mode_info: Option<ModeInfo>,
    #[prost(uint64, tag = 3)]
    pub sequence: u64,
}

/// Given up by the SDK.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Tip {
    #[prost(message, repeated, tag = 1)]
    pub amount: Vec<Coin>,
    #[prost(string, tag = 2)]
    pub tipper: String,
}

/// A transaction, taken apart. Signatures are over the bytes in [`TxRaw`], which may differ from what this encodes to.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Tx {
    #[prost(message, optional, tag = 1)]
    pub body: Option<TxBody>,
    #[prost(message, optional, tag = 2)]
    pub auth_info: Option<AuthInfo>,
    #[prost(bytes = "vec", repeated, tag = 3)]
    pub signatures: Vec<Vec<u8>>,
}

/// What is to be done.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct TxBody {
    #[prost(message, repeated, tag = 1)]
    pub messages: Vec<Any>,
    #[prost(string, tag = 2)]
    pub memo: String,
    /// Not after this height; 0: no end.
    #[prost(uint64, tag = 3)]
    pub timeout_height: u64,
    #[prost(bool, tag = 4)]
    pub unordered: bool,
    /// Not after this time.
    #[prost(message, optional, tag = 5)]
    pub timeout_timestamp: Option<Timestamp>,
    #[prost(message, repeated, tag = 1023)]
    pub extension_options: Vec<Any>,
    #[prost(message, repeated, tag = 2047)]
    pub non_critical_extension_options: Vec<Any>,
}

/// A transaction as it is signed and sent. Its SHA-256 is its hash.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct TxRaw {
    #[prost(bytes = "vec", tag = 1)]
    pub body_bytes: Vec<u8>,
    #[prost(bytes = "vec", tag = 2)]
    pub auth_info_bytes: Vec<u8>,
    #[prost(bytes = "vec", repeated, tag = 3)]
    pub signatures: Vec<Vec<u8>>,
}

package! {
    Common("cosmos.tx.v1beta1");
    messages {
        AuthInfo, Fee, ModeInfo, ModeInfoMulti as "ModeInfo.Multi", ModeInfoSingle as "ModeInfo.Single", SignDoc,
        SignerInfo, Tip, Tx, TxBody, TxRaw,
    }
}

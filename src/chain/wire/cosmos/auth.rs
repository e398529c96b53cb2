//! `cosmos.auth.v1beta1`: accounts, their numbers and sequences.

use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;
use prost_types::Any;

/// An account.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BaseAccount {
    #[prost(string, tag = 1)]
    pub address: String,
    /// Known once the account has signed.
    #[prost(message, optional, tag = 2)]
    pub pub_key: Option<Any>,
    #[prost(uint64, tag = 3)]
    pub account_number: u64,
    #[prost(uint64, tag = 4)]
    pub sequence: u64,
}

/// The prefix that the node believes in; it is not always that of its addresses.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Bech32PrefixResponse {
    #[prost(string, tag = 1)]
    pub bech32_prefix: String,
}

/// An account that belongs to a module of the chain.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ModuleAccount {
    #[prost(message, optional, tag = 1)]
    pub base_account: Option<BaseAccount>,
    #[prost(string, tag = 2)]
    pub name: String,
    #[prost(string, repeated, tag = 3)]
    pub permissions: Vec<String>,
}

/// Limits and gas costs of signatures.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(uint64, tag = 1)]
    pub max_memo_characters: u64,
    #[prost(uint64, tag = 2)]
    pub tx_sig_limit: u64,
    #[prost(uint64, tag = 3)]
    pub tx_size_cost_per_byte: u64,
    #[prost(uint64, tag = 4)]
    pub sig_verify_cost_ed25519: u64,
    #[prost(uint64, tag = 5)]
    pub sig_verify_cost_secp256k1: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAccountRequest {
    #[prost(string, tag = 1)]
    pub address: String,
}

/// The account: a [`BaseAccount`] or [`ModuleAccount`].
#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAccountResponse {
    #[prost(message, optional, tag = 1)]
    pub account: Option<Any>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

empty_messages! {
    Bech32PrefixRequest,
    QueryParamsRequest,
}

package! {
    Common("cosmos.auth.v1beta1");
    messages {
        BaseAccount, Bech32PrefixRequest, Bech32PrefixResponse, ModuleAccount, Params, QueryAccountRequest,
        QueryAccountResponse, QueryParamsRequest, QueryParamsResponse,
    }
    service Query {
        Account(QueryAccountRequest) -> QueryAccountResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
        Bech32Prefix(Bech32PrefixRequest) -> Bech32PrefixResponse;
    }
}

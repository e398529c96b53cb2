//! `cosmos.bank.v1beta1`: sending, and asking for balances.

use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// Sends money.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgSend {
    #[prost(string, tag = 1)]
    pub from_address: String,
    #[prost(string, tag = 2)]
    pub to_address: String,
    #[prost(message, repeated, tag = 3)]
    pub amount: Vec<Coin>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllBalancesRequest {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
    #[prost(bool, tag = 3)]
    pub resolve_denom: bool,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllBalancesResponse {
    #[prost(message, repeated, tag = 1)]
    pub balances: Vec<Coin>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBalanceRequest {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(string, tag = 2)]
    pub denom: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBalanceResponse {
    #[prost(message, optional, tag = 1)]
    pub balance: Option<Coin>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySpendableBalancesRequest {
    #[prost(string, tag = 1)]
    pub address: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySpendableBalancesResponse {
    #[prost(message, repeated, tag = 1)]
    pub balances: Vec<Coin>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

empty_messages! {
    MsgSendResponse,
}

package! {
    Common("cosmos.bank.v1beta1");
    messages {
        MsgSend, MsgSendResponse, QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest,
        QueryBalanceResponse, QuerySpendableBalancesRequest, QuerySpendableBalancesResponse,
    }
    tx_messages {
        MsgSend -> MsgSendResponse, signed by from_address;
    }
    service Query {
        Balance(QueryBalanceRequest) -> QueryBalanceResponse;
        AllBalances(QueryAllBalancesRequest) -> QueryAllBalancesResponse;
        SpendableBalances(QuerySpendableBalancesRequest) -> QuerySpendableBalancesResponse;
    }
}

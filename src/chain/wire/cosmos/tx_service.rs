//! `cosmos.tx.v1beta1.Service`: simulating, broadcasting and finding transactions.

use crate::chain::wire::cosmos::abci::{GasInfo, Result, TxResponse};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::cosmos::tx::Tx;
use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;

/// Sends a transaction.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BroadcastTxRequest {
    #[prost(bytes = "vec", tag = 1)]
    pub tx_bytes: Vec<u8>,
    /// A [`BroadcastMode`].
    #[prost(enumeration = "BroadcastMode", tag = 2)]
    pub mode: i32,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct BroadcastTxResponse {
    #[prost(message, optional, tag = 1)]
    pub tx_response: Option<TxResponse>,
}

/// Finds an included transaction.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetTxRequest {
    /// Hex.
    #[prost(string, tag = 1)]
    pub hash: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetTxResponse {
    #[prost(message, optional, tag = 1)]
    pub tx: Option<Tx>,
    #[prost(message, optional, tag = 2)]
    pub tx_response: Option<TxResponse>,
}

/// Finds transactions by event.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetTxsEventRequest {
    /// Given up: use `query`.
    #[prost(string, repeated, tag = 1)]
    pub events: Vec<String>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
    /// An [`OrderBy`].
    #[prost(enumeration = "OrderBy", tag = 3)]
    pub order_by: i32,
    #[prost(uint64, tag = 4)]
    pub page: u64,
    #[prost(uint64, tag = 5)]
    pub limit: u64,
    /// `message.action='/…' AND …`; no OR, no parentheses.
    #[prost(string, tag = 6)]
    pub query: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct GetTxsEventResponse {
    #[prost(message, repeated, tag = 1)]
    pub txs: Vec<Tx>,
    #[prost(message, repeated, tag = 2)]
    pub tx_responses: Vec<TxResponse>,
    /// Given up: use `total`.
    #[prost(message, optional, tag = 3)]
    pub pagination: Option<PageResponse>,
    #[prost(uint64, tag = 4)]
    pub total: u64,
}

/// Runs a transaction without keeping the result.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SimulateRequest {
    /// Given up: use `tx_bytes`.
    #[prost(message, optional, tag = 1)]
    pub tx: Option<Tx>,
    #[prost(bytes = "vec", tag = 2)]
    pub tx_bytes: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct SimulateResponse {
    #[prost(message, optional, tag = 1)]
    pub gas_info: Option<GasInfo>,
    #[prost(message, optional, tag = 2)]
    pub result: Option<Result>,
}

wire_enum! {
    /// How long to wait: `Sync` until the node has checked it.
    pub enum BroadcastMode {
        Unspecified = 0 => "BROADCAST_MODE_UNSPECIFIED",
        Block = 1 => "BROADCAST_MODE_BLOCK",
        Sync = 2 => "BROADCAST_MODE_SYNC",
        Async = 3 => "BROADCAST_MODE_ASYNC",
    }
}

wire_enum! {
    /// The order of a listing.
    pub enum OrderBy {
        Unspecified = 0 => "ORDER_BY_UNSPECIFIED",
        Asc = 1 => "ORDER_BY_ASC",
        Desc = 2 => "ORDER_BY_DESC",
    }
}

package! {
    Common("cosmos.tx.v1beta1");
    messages {
        BroadcastTxRequest, BroadcastTxResponse, GetTxRequest, GetTxResponse, GetTxsEventRequest, GetTxsEventResponse,
        SimulateRequest, SimulateResponse,
    }
    service Service {
        Simulate(SimulateRequest) -> SimulateResponse;
        GetTx(GetTxRequest) -> GetTxResponse;
        BroadcastTx(BroadcastTxRequest) -> BroadcastTxResponse;
        GetTxsEvent(GetTxsEventRequest) -> GetTxsEventResponse;
    }
}

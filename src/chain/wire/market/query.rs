//! `market.v1beta5.Query`: orders, bids, leases and parameters.

use super::{Bid, BidId, Lease, LeaseFilters, LeaseId, Order, OrderId, Params};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::escrow::{Account, Payment};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// Exact matches; empty or 0 matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BidFilters {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
    #[prost(string, tag = 5)]
    pub provider: String,
    /// A word of [`BidState`](super::BidState).
    #[prost(string, tag = 6)]
    pub state: String,
    #[prost(uint32, tag = 7)]
    pub bseq: u32,
}

/// Exact matches; empty or 0 matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct OrderFilters {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
    /// A word of [`OrderState`](super::OrderState).
    #[prost(string, tag = 5)]
    pub state: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryOrdersRequest {
    #[prost(message, required, tag = 1)]
    pub filters: OrderFilters,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryOrdersResponse {
    #[prost(message, repeated, tag = 1)]
    pub orders: Vec<Order>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryOrderRequest {
    #[prost(message, required, tag = 1)]
    pub id: OrderId,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryOrderResponse {
    #[prost(message, required, tag = 1)]
    pub order: Order,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBidsRequest {
    #[prost(message, required, tag = 1)]
    pub filters: BidFilters,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBidsResponse {
    #[prost(message, repeated, tag = 1)]
    pub bids: Vec<QueryBidResponse>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBidRequest {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
}

/// A bid with the account that holds its deposit.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryBidResponse {
    #[prost(message, required, tag = 1)]
    pub bid: Bid,
    #[prost(message, required, tag = 2)]
    pub escrow_account: Account,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryLeasesRequest {
    #[prost(message, required, tag = 1)]
    pub filters: LeaseFilters,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryLeasesResponse {
    #[prost(message, repeated, tag = 1)]
    pub leases: Vec<QueryLeaseResponse>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryLeaseRequest {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
}

/// A lease with its payment.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryLeaseResponse {
    #[prost(message, required, tag = 1)]
    pub lease: Lease,
    #[prost(message, required, tag = 2)]
    pub escrow_payment: Payment,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

empty_messages! {
    QueryParamsRequest,
}

package! {
    OfNetwork("market.v1beta5");
    messages {
        BidFilters, OrderFilters, QueryOrdersRequest, QueryOrdersResponse, QueryOrderRequest, QueryOrderResponse,
        QueryBidsRequest, QueryBidsResponse, QueryBidRequest, QueryBidResponse, QueryLeasesRequest,
        QueryLeasesResponse, QueryLeaseRequest, QueryLeaseResponse, QueryParamsRequest, QueryParamsResponse,
    }
    service Query {
        Orders(QueryOrdersRequest) -> QueryOrdersResponse;
        Order(QueryOrderRequest) -> QueryOrderResponse;
        Bids(QueryBidsRequest) -> QueryBidsResponse;
        Bid(QueryBidRequest) -> QueryBidResponse;
        Leases(QueryLeasesRequest) -> QueryLeasesResponse;
        Lease(QueryLeaseRequest) -> QueryLeaseResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}

//! `settlement.v1.Query`: none of it is paged. Rewards and fiat conversion are left out.

use super::{EscrowAccount, Params, PayoutRecord, SettlementRecord, UsageRecord, UsageSummary};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowRequest {
    #[prost(string, tag = 1)]
    pub escrow_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowResponse {
    #[prost(message, optional, tag = 1)]
    pub escrow: Option<EscrowAccount>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowsByOrderRequest {
    #[prost(string, tag = 1)]
    pub order_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowsByOrderResponse {
    #[prost(message, repeated, tag = 1)]
    pub escrows: Vec<EscrowAccount>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowsByStateRequest {
    #[prost(string, tag = 1)]
    pub state: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryEscrowsByStateResponse {
    #[prost(message, repeated, tag = 1)]
    pub escrows: Vec<EscrowAccount>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySettlementRequest {
    #[prost(string, tag = 1)]
    pub settlement_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySettlementResponse {
    #[prost(message, optional, tag = 1)]
    pub settlement: Option<SettlementRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySettlementsByOrderRequest {
    #[prost(string, tag = 1)]
    pub order_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QuerySettlementsByOrderResponse {
    #[prost(message, repeated, tag = 1)]
    pub settlements: Vec<SettlementRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageRecordRequest {
    #[prost(string, tag = 1)]
    pub usage_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageRecordResponse {
    #[prost(message, optional, tag = 1)]
    pub usage_record: Option<UsageRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageRecordsByOrderRequest {
    #[prost(string, tag = 1)]
    pub order_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageRecordsByOrderResponse {
    #[prost(message, repeated, tag = 1)]
    pub usage_records: Vec<UsageRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageSummaryRequest {
    #[prost(string, tag = 1)]
    pub order_id: String,
    #[prost(string, tag = 2)]
    pub provider: String,
    #[prost(int64, tag = 3)]
    pub period_start: i64,
    #[prost(int64, tag = 4)]
    pub period_end: i64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryUsageSummaryResponse {
    #[prost(message, required, tag = 1)]
    pub summary: UsageSummary,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPayoutRequest {
    #[prost(string, tag = 1)]
    pub payout_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPayoutResponse {
    #[prost(message, optional, tag = 1)]
    pub payout: Option<PayoutRecord>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPayoutsByProviderRequest {
    #[prost(string, tag = 1)]
    pub provider: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryPayoutsByProviderResponse {
    #[prost(message, repeated, tag = 1)]
    pub payouts: Vec<PayoutRecord>,
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
    OfNetwork("settlement.v1");
    messages {
        QueryEscrowRequest, QueryEscrowResponse, QueryEscrowsByOrderRequest, QueryEscrowsByOrderResponse,
        QueryEscrowsByStateRequest, QueryEscrowsByStateResponse, QuerySettlementRequest, QuerySettlementResponse,
        QuerySettlementsByOrderRequest, QuerySettlementsByOrderResponse, QueryUsageRecordRequest,
        QueryUsageRecordResponse, QueryUsageRecordsByOrderRequest, QueryUsageRecordsByOrderResponse,
        QueryUsageSummaryRequest, QueryUsageSummaryResponse, QueryPayoutRequest, QueryPayoutResponse,
        QueryPayoutsByProviderRequest, QueryPayoutsByProviderResponse, QueryParamsRequest, QueryParamsResponse,
    }
    service Query {
        Escrow(QueryEscrowRequest) -> QueryEscrowResponse;
        EscrowsByOrder(QueryEscrowsByOrderRequest) -> QueryEscrowsByOrderResponse;
        EscrowsByState(QueryEscrowsByStateRequest) -> QueryEscrowsByStateResponse;
        Settlement(QuerySettlementRequest) -> QuerySettlementResponse;
        SettlementsByOrder(QuerySettlementsByOrderRequest) -> QuerySettlementsByOrderResponse;
        UsageRecord(QueryUsageRecordRequest) -> QueryUsageRecordResponse;
        UsageRecordsByOrder(QueryUsageRecordsByOrderRequest) -> QueryUsageRecordsByOrderResponse;
        UsageSummary(QueryUsageSummaryRequest) -> QueryUsageSummaryResponse;
        Payout(QueryPayoutRequest) -> QueryPayoutResponse;
        PayoutsByProvider(QueryPayoutsByProviderRequest) -> QueryPayoutsByProviderResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}

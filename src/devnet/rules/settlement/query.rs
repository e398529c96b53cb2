//! The module's queries. Nothing is paged; an id that nobody has gives an empty answer.

use super::coins::Coins;
use super::escrow::{ACTIVE, DISPUTED, EXPIRED, PENDING, REFUNDED, RELEASED, of_order};
use super::{ESCROWS, PAYOUTS, SETTLEMENTS, USAGE, now, parameters};
use crate::chain::wire::settlement::{
    QueryEscrowRequest, QueryEscrowResponse, QueryEscrowsByOrderRequest, QueryEscrowsByOrderResponse,
    QueryEscrowsByStateRequest, QueryEscrowsByStateResponse, QueryParamsRequest, QueryParamsResponse,
    QueryPayoutRequest, QueryPayoutResponse, QueryPayoutsByProviderRequest, QueryPayoutsByProviderResponse,
    QuerySettlementRequest, QuerySettlementResponse, QuerySettlementsByOrderRequest, QuerySettlementsByOrderResponse,
    QueryUsageRecordRequest, QueryUsageRecordResponse, QueryUsageRecordsByOrderRequest,
    QueryUsageRecordsByOrderResponse, QueryUsageSummaryRequest, QueryUsageSummaryResponse, UsageRecord, UsageSummary,
    UsageTypeSummary,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::auth;
use std::collections::BTreeMap;

fn given(name: &str, text: &str) -> Result<(), QueryError> {
    if text.is_empty() { Err(QueryError::invalid(format!("{name} cannot be empty"))) } else { Ok(()) }
}

/// `Escrow`.
pub fn escrow(context: &Context<'_>, request: &QueryEscrowRequest) -> Result<QueryEscrowResponse, QueryError> {
    given("escrow_id", &request.escrow_id)?;
    Ok(QueryEscrowResponse { escrow: ESCROWS.get(&*context.kv, &(request.escrow_id.as_str(),))? })
}

/// `EscrowsByOrder`: one, or none.
pub fn escrows_by_order(
    context: &Context<'_>,
    request: &QueryEscrowsByOrderRequest,
) -> Result<QueryEscrowsByOrderResponse, QueryError> {
    given("order_id", &request.order_id)?;
    Ok(QueryEscrowsByOrderResponse { escrows: of_order(&*context.kv, &request.order_id)?.into_iter().collect() })
}

/// `EscrowsByState`.
pub fn escrows_by_state(
    context: &Context<'_>,
    request: &QueryEscrowsByStateRequest,
) -> Result<QueryEscrowsByStateResponse, QueryError> {
    if ![PENDING, ACTIVE, RELEASED, REFUNDED, DISPUTED, EXPIRED].contains(&request.state.as_str()) {
        return Err(QueryError::invalid("invalid escrow state"));
    }
    let mut escrows = ESCROWS.all(&*context.kv, &())?;
    escrows.retain(|escrow| escrow.state == request.state);
    Ok(QueryEscrowsByStateResponse { escrows })
}

/// `Settlement`.
pub fn settlement(
    context: &Context<'_>,
    request: &QuerySettlementRequest,
) -> Result<QuerySettlementResponse, QueryError> {
    given("settlement_id", &request.settlement_id)?;
    Ok(QuerySettlementResponse { settlement: SETTLEMENTS.get(&*context.kv, &request.settlement_id)? })
}

/// `SettlementsByOrder`.
pub fn settlements_by_order(
    context: &Context<'_>,
    request: &QuerySettlementsByOrderRequest,
) -> Result<QuerySettlementsByOrderResponse, QueryError> {
    given("order_id", &request.order_id)?;
    Ok(QuerySettlementsByOrderResponse { settlements: SETTLEMENTS.of(&*context.kv, &request.order_id)? })
}

/// `UsageRecord`.
pub fn usage_record(
    context: &Context<'_>,
    request: &QueryUsageRecordRequest,
) -> Result<QueryUsageRecordResponse, QueryError> {
    given("usage_id", &request.usage_id)?;
    Ok(QueryUsageRecordResponse { usage_record: USAGE.get(&*context.kv, &request.usage_id)? })
}

/// `UsageRecordsByOrder`.
pub fn usage_records_by_order(
    context: &Context<'_>,
    request: &QueryUsageRecordsByOrderRequest,
) -> Result<QueryUsageRecordsByOrderResponse, QueryError> {
    given("order_id", &request.order_id)?;
    Ok(QueryUsageRecordsByOrderResponse { usage_records: USAGE.of(&*context.kv, &request.order_id)? })
}

/// `UsageSummary`: of an order, a provider and a period, each where it is given.
pub fn usage_summary(
    context: &Context<'_>,
    request: &QueryUsageSummaryRequest,
) -> Result<QueryUsageSummaryResponse, QueryError> {
    let QueryUsageSummaryRequest { order_id, provider, period_start, period_end } = request;
    if !provider.is_empty() && auth::bytes_of(context.network, provider).is_err() {
        return Err(QueryError::invalid("invalid provider address: invalid address"));
    }
    let mut records = if order_id.is_empty() { USAGE.all(&*context.kv)? } else { USAGE.of(&*context.kv, order_id)? };
    // The node lists by id, not by order.
    records.sort_by(|one, other| one.usage_id.cmp(&other.usage_id));
    records.retain(|record| {
        (provider.is_empty() || record.provider == *provider)
            && (*period_start == 0 || record.period_end >= *period_start)
            && (*period_end == 0 || record.period_start <= *period_end)
    });
    let first = records.iter().map(|record| record.period_start).min().unwrap_or_default();
    let last = records.iter().map(|record| record.period_end).max().unwrap_or_default();
    let mut by_type: BTreeMap<&str, Vec<&UsageRecord>> = BTreeMap::new();
    for record in &records {
        by_type.entry(&record.usage_type).or_default().push(record);
    }
    let by_usage_type = by_type.into_iter().map(|(usage_type, records)| {
        let (usage_units, total) = sums(&records)?;
        Ok(UsageTypeSummary { usage_type: usage_type.to_owned(), usage_units, total_cost: total.to_wire() })
    });
    let by_usage_type = by_usage_type.collect::<Result<_, QueryError>>()?;
    let (total_usage_units, total) = sums(&records.iter().collect::<Vec<_>>())?;
    let summary = UsageSummary {
        provider: provider.clone(),
        order_id: order_id.clone(),
        period_start: if *period_start == 0 { first } else { *period_start },
        period_end: if *period_end == 0 { last } else { *period_end },
        total_usage_units,
        total_cost: total.to_wire(),
        by_usage_type,
        generated_at: now(context),
        block_height: context.height,
        usage_record_ids: records.iter().map(|record| record.usage_id.clone()).collect(),
    };
    Ok(QueryUsageSummaryResponse { summary })
}

/// All units, which may be of several kinds, and what they cost.
fn sums(records: &[&UsageRecord]) -> Result<(u64, Coins), QueryError> {
    let failed = |refusal: Refusal| QueryError::internal(refusal.text());
    let mut total = Coins::default();
    for record in records {
        total = total.plus(&Coins::of(&record.total_cost).map_err(failed)?).map_err(failed)?;
    }
    Ok((records.iter().fold(0, |sum: u64, record| sum.wrapping_add(record.usage_units)), total))
}

/// `Payout`.
pub fn payout(context: &Context<'_>, request: &QueryPayoutRequest) -> Result<QueryPayoutResponse, QueryError> {
    given("payout_id", &request.payout_id)?;
    Ok(QueryPayoutResponse { payout: PAYOUTS.get(&*context.kv, &request.payout_id)? })
}

/// `PayoutsByProvider`.
pub fn payouts_by_provider(
    context: &Context<'_>,
    request: &QueryPayoutsByProviderRequest,
) -> Result<QueryPayoutsByProviderResponse, QueryError> {
    given("provider", &request.provider)?;
    Ok(QueryPayoutsByProviderResponse { payouts: PAYOUTS.of(&*context.kv, &request.provider)? })
}

/// `Params`.
#[allow(clippy::unnecessary_wraps, reason = "the shape of every query")]
pub fn params(_: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters() })
}

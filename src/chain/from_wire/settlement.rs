//! Settlement escrows, usage and settlements.

use super::{Malformed, Of};
use crate::chain::wire::settlement as wire;
use crate::domain::settlement::{Escrow, EscrowState, Settlement, UsageOfType, UsageRecord, UsageSummary};

/// Reads a settlement escrow.
pub(in crate::chain) fn escrow(found: wire::EscrowAccount, prefix: &str) -> Result<Escrow, Malformed> {
    let of = Of { message: "a settlement EscrowAccount", prefix };
    Ok(Escrow {
        depositor: of.address("depositor", &found.depositor)?,
        recipient: of.optional_address("recipient", &found.recipient)?,
        amount: of.coins("amount", &found.amount)?,
        balance: of.coins("balance", &found.balance)?,
        state: EscrowState::of(&found.state),
        created_at: of.optional_time("created_at", found.created_at)?,
        expires_at: of.optional_time("expires_at", found.expires_at)?,
        activated_at: of.optional_time("activated_at", found.activated_at)?,
        closed_at: of.optional_time("closed_at", found.closed_at)?,
        settled: of.coins("total_settled", &found.total_settled)?,
        settlements: found.settlement_count,
        id: found.escrow_id,
        order_id: found.order_id,
        lease_id: found.lease_id,
        closure_reason: found.closure_reason,
    })
}

/// Reads a record of usage.
pub(in crate::chain) fn usage_record(found: wire::UsageRecord, prefix: &str) -> Result<UsageRecord, Malformed> {
    let of = Of { message: "a UsageRecord", prefix };
    Ok(UsageRecord {
        provider: of.address("provider", &found.provider)?,
        customer: of.address("customer", &found.customer)?,
        units: found.usage_units,
        period_start: of.time("period_start", found.period_start)?,
        period_end: of.time("period_end", found.period_end)?,
        unit_price: of.dec_coin("unit_price", &found.unit_price)?,
        total_cost: of.coins("total_cost", &found.total_cost)?,
        acknowledged: found.customer_acknowledged,
        settlement_id: found.settled.then_some(found.settlement_id),
        submitted_at: of.optional_time("submitted_at", found.submitted_at)?,
        height: of.height("block_height", found.block_height)?,
        id: found.usage_id,
        order_id: found.order_id,
        lease_id: found.lease_id,
        usage_type: found.usage_type,
        metadata: found.metadata,
    })
}

/// Reads the usage of a period.
pub(in crate::chain) fn usage_summary(found: wire::UsageSummary) -> Result<UsageSummary, Malformed> {
    let of = Of { message: "a UsageSummary", prefix: "" };
    let of_type = |found: wire::UsageTypeSummary| {
        let total_cost = of.coins("total_cost", &found.total_cost)?;
        Ok(UsageOfType { usage_type: found.usage_type, units: found.usage_units, total_cost })
    };
    Ok(UsageSummary {
        units: found.total_usage_units,
        total_cost: of.coins("total_cost", &found.total_cost)?,
        by_type: found.by_usage_type.into_iter().map(of_type).collect::<Result<_, _>>()?,
        record_ids: found.usage_record_ids,
    })
}

/// Reads a settlement.
pub(in crate::chain) fn settlement(found: wire::SettlementRecord, prefix: &str) -> Result<Settlement, Malformed> {
    let of = Of { message: "a SettlementRecord", prefix };
    Ok(Settlement {
        provider: of.address("provider", &found.provider)?,
        customer: of.address("customer", &found.customer)?,
        total: of.coins("total_amount", &found.total_amount)?,
        provider_share: of.coins("provider_share", &found.provider_share)?,
        platform_fee: of.coins("platform_fee", &found.platform_fee)?,
        validator_fee: of.coins("validator_fee", &found.validator_fee)?,
        settled_at: of.optional_time("settled_at", found.settled_at)?,
        height: of.height("block_height", found.block_height)?,
        id: found.settlement_id,
        escrow_id: found.escrow_id,
        order_id: found.order_id,
        lease_id: found.lease_id,
        usage_record_ids: found.usage_record_ids,
        is_final: found.is_final,
    })
}

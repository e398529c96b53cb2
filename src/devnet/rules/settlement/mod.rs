//! Module `settlement`: usage of leases, and paying for it out of escrows of its own. VirtEngine only.
//!
//! A tenant makes an escrow for an order (`pending`), anybody starts it and names who is paid (`active`), the provider
//! records usage, and either side settles: the platform's and the validators' parts stay in the module's account, the
//! rest is the provider's. The money of an escrow is in an account of module [`escrow`](super::escrow).
//!
//! Nothing of it knows of leases or deployments: orders and leases are free text here.
//!
//! Defects of the recorded node that are repeated here, each named where it is: usage is not deduplicated, its
//! signature is not looked at, a final settlement pays the whole escrow whatever was used, and the events have neither
//! a type nor attributes.

pub mod basic;
mod blocks;
mod coins;
mod escrow;
mod invoice;
mod payout;
mod query;
mod refusals;
mod register;
mod rewards;
mod settle;
mod usage;

pub use blocks::{begin_block, end_block};
pub use escrow::{activate_escrow, create_escrow, dispute_escrow, refund_escrow, release_escrow};
pub use invoice::{invoice, invoice_ledger, invoices_by_customer, invoices_by_provider};
pub use query::{
    escrow as query_escrow, escrows_by_order, escrows_by_state, params, payout as query_payout, payouts_by_provider,
    settlement, settlements_by_order, usage_record, usage_records_by_order, usage_summary,
};
pub use rewards::claim_rewards;
pub use settle::settle_order;
pub use usage::{acknowledge_usage, record_usage};

use crate::chain::wire::settlement::{EscrowAccount, Params, PayoutRecord, SettlementRecord, UsageRecord};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::Broken;
use register::Register;

/// Escrows by their ids as text: `escrow-10` is before `escrow-2`.
const ESCROWS: Collection<EscrowAccount> = Collection::new("settlement/escrow");
/// The id of an order's one escrow.
const ESCROW_OF: Collection<String> = Collection::new("settlement/escrow-of-order");
/// Usage by order.
const USAGE: Register<UsageRecord> = Register::new("settlement/usage", "settlement/usage-order");
/// Settlements by order.
const SETTLEMENTS: Register<SettlementRecord> = Register::new("settlement/settlement", "settlement/settlement-order");
/// Payouts by provider.
const PAYOUTS: Register<PayoutRecord> = Register::new("settlement/payout", "settlement/payout-provider");
/// The next numbers, by kind of thing; each begins at 1.
const NUMBERS: Collection<u64> = Collection::new("settlement/number");

/// The parameters, which nobody can change.
pub fn parameters() -> Params {
    let text = str::to_owned;
    Params {
        platform_fee_rate: text("0.05"),
        validator_fee_rate: text("0.01"),
        min_escrow_duration: 3_600,
        max_escrow_duration: 31_536_000,
        settlement_period: 86_400,
        reward_claim_expiry: 2_592_000,
        min_settlement_amount: text("1000"),
        usage_grace_period: 86_400,
        staking_reward_epoch_length: 100,
        verification_reward_amount: text("100"),
        payout_holdback_rate: text("0.0"),
        max_payout_retries: 3,
        dispute_window_duration: 604_800,
        usage_reward_rate_bps: 1_000,
        usage_reward_cpu_multiplier_bps: 10_000,
        usage_reward_memory_multiplier_bps: 10_000,
        usage_reward_storage_multiplier_bps: 10_000,
        usage_reward_gpu_multiplier_bps: 12_000,
        usage_reward_network_multiplier_bps: 9_000,
        usage_reward_sla_ontime_multiplier_bps: 10_000,
        usage_reward_sla_late_multiplier_bps: 8_000,
        usage_reward_ack_multiplier_bps: 10_000,
        usage_reward_unack_multiplier_bps: 9_000,
        fiat_conversion_enabled: false,
        fiat_conversion_min_amount: text("1000"),
        fiat_conversion_max_amount: text("100000000"),
        fiat_conversion_daily_limit: text("1000000000"),
        fiat_conversion_stable_denom: text("uusdc"),
        fiat_conversion_stable_symbol: text("USDC"),
        fiat_conversion_stable_decimals: 6,
        fiat_conversion_default_fiat: text("USD"),
        fiat_conversion_default_method: text("bank_transfer"),
        fiat_conversion_max_slippage: text("0.02"),
        fiat_conversion_risk_score_threshold: 75,
        fiat_conversion_min_compliance_status: text("CLEARED"),
    }
}

/// The next number for things of a kind.
fn next_number(context: &mut Context<'_>, kind: &str) -> Result<u64, Broken> {
    NUMBERS.next(context.kv, &(kind,), 1)
}

/// An id with the time and the next number: `usage-1795261484-1`.
fn next_id(context: &mut Context<'_>, kind: &str) -> Result<String, Broken> {
    let number = next_number(context, kind)?;
    Ok(format!("{kind}-{}-{number}", now(context)))
}

/// The block's time in whole seconds.
fn now(context: &Context<'_>) -> i64 {
    context.time.as_second()
}

/// Tells that something happened.
///
/// Defect of the recorded node: the module's events are no protobuf messages, so that all that is told is an event
/// without a type.
fn tell(context: &mut Context<'_>) {
    context.emit_plain("", &[]);
}

#[cfg(test)]
mod tests;

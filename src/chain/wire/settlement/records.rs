//! `settlement.v1`: what the chain keeps about usage and its settlement.
//!
//! Times are Unix seconds; states are words, not enums.

use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::macros::package;
use prost::Message;
use std::collections::BTreeMap;

/// A condition of an escrow.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ReleaseCondition {
    #[prost(string, tag = 1)]
    pub r#type: String,
    #[prost(int64, tag = 2)]
    pub unlock_after: i64,
    #[prost(string, repeated, tag = 3)]
    pub required_signers: Vec<String>,
    #[prost(uint32, tag = 4)]
    pub signature_threshold: u32,
    #[prost(uint64, tag = 5)]
    pub min_usage_units: u64,
    #[prost(uint32, tag = 6)]
    pub required_verification_score: u32,
    #[prost(bool, tag = 7)]
    pub satisfied: bool,
    #[prost(int64, tag = 8)]
    pub satisfied_at: i64,
}

/// Money set aside for an order's usage. This book is not that of `escrow.v1`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EscrowAccount {
    #[prost(string, tag = 1)]
    pub escrow_id: String,
    #[prost(string, tag = 2)]
    pub order_id: String,
    #[prost(string, tag = 3)]
    pub lease_id: String,
    #[prost(string, tag = 4)]
    pub depositor: String,
    #[prost(string, tag = 5)]
    pub recipient: String,
    #[prost(message, repeated, tag = 6)]
    pub amount: Vec<Coin>,
    #[prost(message, repeated, tag = 7)]
    pub balance: Vec<Coin>,
    /// `pending`, `active`, `released`, `refunded`, `disputed` or `expired`.
    #[prost(string, tag = 8)]
    pub state: String,
    #[prost(message, repeated, tag = 9)]
    pub conditions: Vec<ReleaseCondition>,
    #[prost(int64, tag = 10)]
    pub created_at: i64,
    #[prost(int64, tag = 11)]
    pub expires_at: i64,
    #[prost(int64, tag = 12)]
    pub activated_at: i64,
    #[prost(int64, tag = 13)]
    pub closed_at: i64,
    #[prost(string, tag = 14)]
    pub closure_reason: String,
    #[prost(message, repeated, tag = 15)]
    pub total_settled: Vec<Coin>,
    #[prost(uint32, tag = 16)]
    pub settlement_count: u32,
    #[prost(int64, tag = 17)]
    pub block_height: i64,
}

/// A settlement: who got how much for which records.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SettlementRecord {
    #[prost(string, tag = 1)]
    pub settlement_id: String,
    #[prost(string, tag = 2)]
    pub escrow_id: String,
    #[prost(string, tag = 3)]
    pub order_id: String,
    #[prost(string, tag = 4)]
    pub lease_id: String,
    #[prost(string, tag = 5)]
    pub provider: String,
    #[prost(string, tag = 6)]
    pub customer: String,
    #[prost(message, repeated, tag = 7)]
    pub total_amount: Vec<Coin>,
    #[prost(message, repeated, tag = 8)]
    pub provider_share: Vec<Coin>,
    #[prost(message, repeated, tag = 9)]
    pub platform_fee: Vec<Coin>,
    #[prost(message, repeated, tag = 10)]
    pub validator_fee: Vec<Coin>,
    #[prost(int64, tag = 11)]
    pub settled_at: i64,
    #[prost(string, repeated, tag = 12)]
    pub usage_record_ids: Vec<String>,
    #[prost(uint64, tag = 13)]
    pub total_usage_units: u64,
    #[prost(int64, tag = 14)]
    pub period_start: i64,
    #[prost(int64, tag = 15)]
    pub period_end: i64,
    #[prost(int64, tag = 16)]
    pub block_height: i64,
    #[prost(string, tag = 17)]
    pub settlement_type: String,
    #[prost(bool, tag = 18)]
    pub is_final: bool,
}

/// A record of usage.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct UsageRecord {
    #[prost(string, tag = 1)]
    pub usage_id: String,
    #[prost(string, tag = 2)]
    pub order_id: String,
    #[prost(string, tag = 3)]
    pub lease_id: String,
    #[prost(string, tag = 4)]
    pub provider: String,
    #[prost(string, tag = 5)]
    pub customer: String,
    #[prost(uint64, tag = 6)]
    pub usage_units: u64,
    #[prost(string, tag = 7)]
    pub usage_type: String,
    #[prost(int64, tag = 8)]
    pub period_start: i64,
    #[prost(int64, tag = 9)]
    pub period_end: i64,
    #[prost(message, required, tag = 10)]
    pub unit_price: DecCoin,
    #[prost(message, repeated, tag = 11)]
    pub total_cost: Vec<Coin>,
    #[prost(bytes = "vec", tag = 12)]
    pub provider_signature: Vec<u8>,
    #[prost(bool, tag = 13)]
    pub customer_acknowledged: bool,
    #[prost(bytes = "vec", tag = 14)]
    pub customer_signature: Vec<u8>,
    #[prost(bool, tag = 15)]
    pub settled: bool,
    #[prost(string, tag = 16)]
    pub settlement_id: String,
    #[prost(int64, tag = 17)]
    pub submitted_at: i64,
    #[prost(int64, tag = 18)]
    pub block_height: i64,
    #[prost(btree_map = "string, string", tag = 19)]
    pub metadata: BTreeMap<String, String>,
}

/// The usage of one type.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct UsageTypeSummary {
    #[prost(string, tag = 1)]
    pub usage_type: String,
    #[prost(uint64, tag = 2)]
    pub usage_units: u64,
    #[prost(message, repeated, tag = 3)]
    pub total_cost: Vec<Coin>,
}

/// The usage of an order or provider in a period.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct UsageSummary {
    #[prost(string, tag = 1)]
    pub provider: String,
    #[prost(string, tag = 2)]
    pub order_id: String,
    #[prost(int64, tag = 3)]
    pub period_start: i64,
    #[prost(int64, tag = 4)]
    pub period_end: i64,
    #[prost(uint64, tag = 5)]
    pub total_usage_units: u64,
    #[prost(message, repeated, tag = 6)]
    pub total_cost: Vec<Coin>,
    #[prost(message, repeated, tag = 7)]
    pub by_usage_type: Vec<UsageTypeSummary>,
    #[prost(int64, tag = 8)]
    pub generated_at: i64,
    #[prost(int64, tag = 9)]
    pub block_height: i64,
    #[prost(string, repeated, tag = 10)]
    pub usage_record_ids: Vec<String>,
}

/// A payout.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PayoutRecord {
    #[prost(string, tag = 1)]
    pub payout_id: String,
    #[prost(string, tag = 2)]
    pub fiat_conversion_id: String,
    #[prost(string, tag = 3)]
    pub invoice_id: String,
    #[prost(string, tag = 4)]
    pub settlement_id: String,
    #[prost(string, tag = 5)]
    pub escrow_id: String,
    #[prost(string, tag = 6)]
    pub order_id: String,
    #[prost(string, tag = 7)]
    pub lease_id: String,
    #[prost(string, tag = 8)]
    pub provider: String,
    #[prost(string, tag = 9)]
    pub customer: String,
    #[prost(message, repeated, tag = 10)]
    pub gross_amount: Vec<Coin>,
    #[prost(message, repeated, tag = 11)]
    pub platform_fee: Vec<Coin>,
    #[prost(message, repeated, tag = 12)]
    pub validator_fee: Vec<Coin>,
    #[prost(message, repeated, tag = 13)]
    pub holdback_amount: Vec<Coin>,
    #[prost(message, repeated, tag = 14)]
    pub net_amount: Vec<Coin>,
    #[prost(string, tag = 15)]
    pub state: String,
    #[prost(string, tag = 16)]
    pub dispute_id: String,
    #[prost(string, tag = 17)]
    pub hold_reason: String,
    #[prost(string, tag = 18)]
    pub idempotency_key: String,
    #[prost(uint32, tag = 19)]
    pub execution_attempts: u32,
    #[prost(int64, tag = 20)]
    pub last_attempt_at: i64,
    #[prost(string, tag = 21)]
    pub last_error: String,
    #[prost(string, tag = 22)]
    pub tx_hash: String,
    #[prost(int64, tag = 23)]
    pub created_at: i64,
    #[prost(int64, tag = 24)]
    pub processed_at: i64,
    #[prost(int64, tag = 25)]
    pub completed_at: i64,
    #[prost(int64, tag = 26)]
    pub block_height: i64,
}

/// The parameters of settlement. Rates are decimal text, durations seconds, `_bps` hundredths of a percent.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(string, tag = 1)]
    pub platform_fee_rate: String,
    #[prost(string, tag = 2)]
    pub validator_fee_rate: String,
    #[prost(uint64, tag = 3)]
    pub min_escrow_duration: u64,
    #[prost(uint64, tag = 4)]
    pub max_escrow_duration: u64,
    #[prost(uint64, tag = 5)]
    pub settlement_period: u64,
    #[prost(uint64, tag = 6)]
    pub reward_claim_expiry: u64,
    #[prost(string, tag = 7)]
    pub min_settlement_amount: String,
    #[prost(uint64, tag = 8)]
    pub usage_grace_period: u64,
    #[prost(uint64, tag = 9)]
    pub staking_reward_epoch_length: u64,
    #[prost(string, tag = 10)]
    pub verification_reward_amount: String,
    #[prost(string, tag = 11)]
    pub payout_holdback_rate: String,
    #[prost(uint32, tag = 12)]
    pub max_payout_retries: u32,
    #[prost(uint64, tag = 13)]
    pub dispute_window_duration: u64,
    #[prost(uint32, tag = 14)]
    pub usage_reward_rate_bps: u32,
    #[prost(uint32, tag = 15)]
    pub usage_reward_cpu_multiplier_bps: u32,
    #[prost(uint32, tag = 16)]
    pub usage_reward_memory_multiplier_bps: u32,
    #[prost(uint32, tag = 17)]
    pub usage_reward_storage_multiplier_bps: u32,
    #[prost(uint32, tag = 18)]
    pub usage_reward_gpu_multiplier_bps: u32,
    #[prost(uint32, tag = 19)]
    pub usage_reward_network_multiplier_bps: u32,
    #[prost(uint32, tag = 20)]
    pub usage_reward_sla_ontime_multiplier_bps: u32,
    #[prost(uint32, tag = 21)]
    pub usage_reward_sla_late_multiplier_bps: u32,
    #[prost(uint32, tag = 22)]
    pub usage_reward_ack_multiplier_bps: u32,
    #[prost(uint32, tag = 23)]
    pub usage_reward_unack_multiplier_bps: u32,
    #[prost(bool, tag = 24)]
    pub fiat_conversion_enabled: bool,
    #[prost(string, tag = 25)]
    pub fiat_conversion_min_amount: String,
    #[prost(string, tag = 26)]
    pub fiat_conversion_max_amount: String,
    #[prost(string, tag = 27)]
    pub fiat_conversion_daily_limit: String,
    #[prost(string, tag = 28)]
    pub fiat_conversion_stable_denom: String,
    #[prost(string, tag = 29)]
    pub fiat_conversion_stable_symbol: String,
    #[prost(uint32, tag = 30)]
    pub fiat_conversion_stable_decimals: u32,
    #[prost(string, tag = 31)]
    pub fiat_conversion_default_fiat: String,
    #[prost(string, tag = 32)]
    pub fiat_conversion_default_method: String,
    #[prost(string, tag = 33)]
    pub fiat_conversion_max_slippage: String,
    #[prost(int32, tag = 34)]
    pub fiat_conversion_risk_score_threshold: i32,
    #[prost(string, tag = 35)]
    pub fiat_conversion_min_compliance_status: String,
}

package! {
    OfNetwork("settlement.v1");
    messages {
        ReleaseCondition, EscrowAccount, SettlementRecord, UsageRecord, UsageTypeSummary, UsageSummary, PayoutRecord,
        Params,
    }
}

//! `settlement.v1.Msg`: escrow for usage, usage records, settlement.

use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::macros::package;
use prost::Message;

/// A tenant sets money aside for the usage of one order.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateEscrow {
    #[prost(string, tag = 1)]
    pub sender: String,
    /// Free text on chain; `owner/dseq/gseq/oseq` by custom.
    #[prost(string, tag = 2)]
    pub order_id: String,
    #[prost(message, repeated, tag = 3)]
    pub amount: Vec<Coin>,
    /// Seconds, 3600 … 31536000.
    #[prost(uint64, tag = 4)]
    pub expires_in: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateEscrowResponse {
    #[prost(string, tag = 1)]
    pub escrow_id: String,
    #[prost(int64, tag = 2)]
    pub created_at: i64,
}

/// Anyone starts an escrow and names who is paid from it.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgActivateEscrow {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub escrow_id: String,
    #[prost(string, tag = 3)]
    pub lease_id: String,
    /// The provider.
    #[prost(string, tag = 4)]
    pub recipient: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgActivateEscrowResponse {
    #[prost(int64, tag = 1)]
    pub activated_at: i64,
}

/// The tenant pays out.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgReleaseEscrow {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub escrow_id: String,
    #[prost(message, repeated, tag = 3)]
    pub amount: Vec<Coin>,
    #[prost(string, tag = 4)]
    pub reason: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgReleaseEscrowResponse {
    #[prost(string, tag = 1)]
    pub released_amount: String,
    #[prost(int64, tag = 2)]
    pub released_at: i64,
}

/// Either side sends the rest back to the tenant.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRefundEscrow {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub escrow_id: String,
    #[prost(string, tag = 3)]
    pub reason: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRefundEscrowResponse {
    #[prost(string, tag = 1)]
    pub refunded_amount: String,
    #[prost(int64, tag = 2)]
    pub refunded_at: i64,
}

/// Either side freezes the escrow.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgDisputeEscrow {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub escrow_id: String,
    #[prost(string, tag = 3)]
    pub reason: String,
    #[prost(string, tag = 4)]
    pub evidence: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgDisputeEscrowResponse {
    #[prost(int64, tag = 1)]
    pub disputed_at: i64,
}

/// Either side settles an order's usage.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgSettleOrder {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub order_id: String,
    /// Which records; empty: all that are open.
    #[prost(string, repeated, tag = 3)]
    pub usage_record_ids: Vec<String>,
    /// Pays the whole rest to the provider, whatever was used, and ends the escrow.
    #[prost(bool, tag = 4)]
    pub is_final: bool,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgSettleOrderResponse {
    #[prost(string, tag = 1)]
    pub settlement_id: String,
    #[prost(string, tag = 2)]
    pub total_amount: String,
    #[prost(string, tag = 3)]
    pub provider_share: String,
    #[prost(string, tag = 4)]
    pub platform_fee: String,
    #[prost(int64, tag = 5)]
    pub settled_at: i64,
}

/// The provider records usage. The chain does not notice a record that comes twice: it charges twice.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRecordUsage {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub order_id: String,
    #[prost(string, tag = 3)]
    pub lease_id: String,
    /// Of the type; above 0.
    #[prost(uint64, tag = 4)]
    pub usage_units: u64,
    /// Free text: `cpu`, `memory`, `storage`, `network`, `gpu`, `fixed` …
    #[prost(string, tag = 5)]
    pub usage_type: String,
    /// Unix seconds.
    #[prost(int64, tag = 6)]
    pub period_start: i64,
    /// Unix seconds, after the start.
    #[prost(int64, tag = 7)]
    pub period_end: i64,
    /// For one unit; an empty denomination makes the node panic.
    #[prost(message, required, tag = 8)]
    pub unit_price: DecCoin,
    /// Not empty; the chain does not verify it.
    #[prost(bytes = "vec", tag = 9)]
    pub signature: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgRecordUsageResponse {
    #[prost(string, tag = 1)]
    pub usage_id: String,
    #[prost(string, tag = 2)]
    pub total_cost: String,
    #[prost(int64, tag = 3)]
    pub recorded_at: i64,
}

/// The tenant agrees with a record.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgAcknowledgeUsage {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub usage_id: String,
    /// Not empty; the chain does not verify it.
    #[prost(bytes = "vec", tag = 3)]
    pub signature: Vec<u8>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgAcknowledgeUsageResponse {
    #[prost(int64, tag = 1)]
    pub acknowledged_at: i64,
}

/// Takes out rewards.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgClaimRewards {
    #[prost(string, tag = 1)]
    pub sender: String,
    #[prost(string, tag = 2)]
    pub source: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgClaimRewardsResponse {
    #[prost(string, tag = 1)]
    pub claimed_amount: String,
    #[prost(int64, tag = 2)]
    pub claimed_at: i64,
}

package! {
    OfNetwork("settlement.v1");
    messages {
        MsgCreateEscrow, MsgCreateEscrowResponse, MsgActivateEscrow, MsgActivateEscrowResponse, MsgReleaseEscrow,
        MsgReleaseEscrowResponse, MsgRefundEscrow, MsgRefundEscrowResponse, MsgDisputeEscrow,
        MsgDisputeEscrowResponse, MsgSettleOrder, MsgSettleOrderResponse, MsgRecordUsage, MsgRecordUsageResponse,
        MsgAcknowledgeUsage, MsgAcknowledgeUsageResponse, MsgClaimRewards, MsgClaimRewardsResponse,
    }
    tx_messages {
        MsgCreateEscrow -> MsgCreateEscrowResponse, signed by sender;
        MsgActivateEscrow -> MsgActivateEscrowResponse, signed by sender;
        MsgReleaseEscrow -> MsgReleaseEscrowResponse, signed by sender;
        MsgRefundEscrow -> MsgRefundEscrowResponse, signed by sender;
        MsgDisputeEscrow -> MsgDisputeEscrowResponse, signed by sender;
        MsgSettleOrder -> MsgSettleOrderResponse, signed by sender;
        MsgRecordUsage -> MsgRecordUsageResponse, signed by sender;
        MsgAcknowledgeUsage -> MsgAcknowledgeUsageResponse, signed by sender;
        MsgClaimRewards -> MsgClaimRewardsResponse, signed by sender;
    }
}

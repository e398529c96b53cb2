//! What is refused of a message before the state is looked at.

use super::refusals::Code;
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::settlement::{
    MsgAcknowledgeUsage, MsgActivateEscrow, MsgClaimRewards, MsgCreateEscrow, MsgDisputeEscrow, MsgRecordUsage,
    MsgRefundEscrow, MsgReleaseEscrow, MsgSettleOrder,
};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::Coin;
use crate::domain::network::Network;

fn address(network: &Network, address: &str, who: &str) -> Result<(), Refusal> {
    auth::bytes_of(network, address)
        .map(drop)
        .map_err(|_| Code::MessageAddress.refuse(format!("invalid {who} address")))
}

fn given(code: Code, name: &str, text: &str) -> Result<(), Refusal> {
    if text.is_empty() { Err(code.refuse(format!("{name} cannot be empty"))) } else { Ok(()) }
}

fn signed(signature: &[u8]) -> Result<(), Refusal> {
    if signature.is_empty() { Err(Code::MessageSignature.refuse("signature cannot be empty")) } else { Ok(()) }
}

/// In the order of their denominations, none zero or twice.
fn are_valid(coins: &[coin::Coin]) -> bool {
    let read: Result<Vec<Coin>, _> = coins.iter().map(Coin::try_from).collect();
    read.is_ok_and(|read| {
        let ordered = read.windows(2).all(|pair| matches!(pair, [left, right] if left.denom < right.denom));
        ordered && read.iter().all(|coin| !coin.amount.is_zero())
    })
}

/// `MsgCreateEscrow`.
pub fn create_escrow(network: &Network, message: &MsgCreateEscrow) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageEscrow, "order_id", &message.order_id)?;
    if message.amount.is_empty() || !are_valid(&message.amount) {
        return Err(Code::MessageAmount.refuse("amount must be valid and non-zero"));
    }
    if message.expires_in == 0 {
        return Err(Code::MessageEscrow.refuse("expires_in must be greater than zero"));
    }
    Ok(())
}

/// `MsgActivateEscrow`.
pub fn activate_escrow(network: &Network, message: &MsgActivateEscrow) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageEscrow, "escrow_id", &message.escrow_id)?;
    given(Code::MessageEscrow, "lease_id", &message.lease_id)?;
    address(network, &message.recipient, "recipient")
}

/// `MsgReleaseEscrow`.
pub fn release_escrow(network: &Network, message: &MsgReleaseEscrow) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageEscrow, "escrow_id", &message.escrow_id)?;
    if are_valid(&message.amount) { Ok(()) } else { Err(Code::MessageAmount.refuse("amount must be valid")) }
}

/// `MsgRefundEscrow`.
pub fn refund_escrow(network: &Network, message: &MsgRefundEscrow) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageEscrow, "escrow_id", &message.escrow_id)?;
    given(Code::MessageEscrow, "reason", &message.reason)
}

/// `MsgDisputeEscrow`.
pub fn dispute_escrow(network: &Network, message: &MsgDisputeEscrow) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageEscrow, "escrow_id", &message.escrow_id)?;
    given(Code::MessageEscrow, "reason", &message.reason)
}

/// `MsgSettleOrder`.
pub fn settle_order(network: &Network, message: &MsgSettleOrder) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageSettlement, "order_id", &message.order_id)
}

/// `MsgRecordUsage`.
pub fn record_usage(network: &Network, message: &MsgRecordUsage) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageUsage, "order_id", &message.order_id)?;
    given(Code::MessageUsage, "lease_id", &message.lease_id)?;
    if message.usage_units == 0 {
        return Err(Code::MessageUsage.refuse("usage_units must be greater than zero"));
    }
    given(Code::MessageUsage, "usage_type", &message.usage_type)?;
    if message.period_end <= message.period_start {
        return Err(Code::MessageUsage.refuse("period_end must be after period_start"));
    }
    // Defect of the recorded node: any signature will do, here and when usage is acknowledged.
    signed(&message.signature)
}

/// `MsgAcknowledgeUsage`.
pub fn acknowledge_usage(network: &Network, message: &MsgAcknowledgeUsage) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    given(Code::MessageUsage, "usage_id", &message.usage_id)?;
    signed(&message.signature)
}

/// `MsgClaimRewards`.
pub fn claim_rewards(network: &Network, message: &MsgClaimRewards) -> Result<(), Refusal> {
    address(network, &message.sender, "sender")?;
    match message.source.as_str() {
        "" | "staking" | "usage" | "verification" | "provider" => Ok(()),
        other => Err(Code::MessageReward.refuse(format!("invalid reward source: {other}"))),
    }
}

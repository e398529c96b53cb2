//! Records of usage.

use super::coins::Coins;
use super::escrow::{ACTIVE, must_find_of_order};
use super::refusals::Code;
use super::{USAGE, next_id, now, tell};
use crate::chain::wire::settlement::{
    MsgAcknowledgeUsage, MsgAcknowledgeUsageResponse, MsgRecordUsage, MsgRecordUsageResponse, UsageRecord,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::{Coin, Dec18, Denom, Rounding};

fn sender(context: &Context<'_>, sender: &str) -> Result<(), Refusal> {
    auth::bytes_of(context.network, sender).map(drop).map_err(|_| Code::Address.refuse("invalid sender address"))
}

/// `MsgRecordUsage`: the provider says what was used.
///
/// Defect of the recorded node: nothing notices a record that is there already, it is charged again.
pub fn record_usage(context: &mut Context<'_>, message: &MsgRecordUsage) -> Result<MsgRecordUsageResponse, Refusal> {
    sender(context, &message.sender)?;
    let order_id = &message.order_id;
    let escrow = must_find_of_order(&*context.kv, order_id)?;
    if message.sender != escrow.recipient {
        return Err(Code::Unauthorized.refuse("only the provider can record usage"));
    }
    let cost = cost(message)?;
    if escrow.state != ACTIVE {
        return Err(Code::NotActive.refuse(format!("escrow for order {order_id} is not active")));
    }
    let record = UsageRecord {
        usage_id: next_id(context, "usage")?,
        order_id: order_id.clone(),
        lease_id: message.lease_id.clone(),
        provider: message.sender.clone(),
        customer: escrow.depositor,
        usage_units: message.usage_units,
        usage_type: message.usage_type.clone(),
        period_start: message.period_start,
        period_end: message.period_end,
        unit_price: message.unit_price.clone(),
        total_cost: cost.to_wire(),
        provider_signature: message.signature.clone(),
        submitted_at: now(context),
        block_height: context.height,
        ..UsageRecord::default()
    };
    save(context, &record)?;
    tell(context);
    Ok(MsgRecordUsageResponse {
        usage_id: record.usage_id,
        total_cost: cost.to_string(),
        recorded_at: record.submitted_at,
    })
}

/// Keeps what became of a record.
pub(super) fn save(context: &mut Context<'_>, record: &UsageRecord) -> Result<(), Refusal> {
    Ok(USAGE.put(context.kv, &record.order_id, &record.usage_id, record)?)
}

/// The price of all units, without fractions. What is no price makes the real node panic.
fn cost(message: &MsgRecordUsage) -> Result<Coins, Refusal> {
    let denom: Denom = message
        .unit_price
        .denom
        .parse()
        .map_err(|_| Refusal::panic(&format!("invalid denom: {}", message.unit_price.denom)))?;
    let price = Dec18::from_wire(&message.unit_price.amount);
    let amount = price
        .and_then(|price| price.checked_mul(Dec18::from(message.usage_units), Rounding::Down))
        .and_then(|cost| cost.to_int(Rounding::Down));
    let amount = amount.map_err(|error| Refusal::panic(&error.to_string()))?;
    let mut cost = Coins::default();
    cost.add_coin(&Coin { amount, denom })?;
    Ok(cost)
}

/// `MsgAcknowledgeUsage`: the customer agrees. Tells nothing.
pub fn acknowledge_usage(
    context: &mut Context<'_>,
    message: &MsgAcknowledgeUsage,
) -> Result<MsgAcknowledgeUsageResponse, Refusal> {
    sender(context, &message.sender)?;
    let mut record = find(context, &message.usage_id)?;
    if message.sender != record.customer {
        return Err(Code::Unauthorized.refuse("only the customer can acknowledge usage"));
    }
    check_unsettled(&record)?;
    record.customer_acknowledged = true;
    record.customer_signature.clone_from(&message.signature);
    save(context, &record)?;
    Ok(MsgAcknowledgeUsageResponse { acknowledged_at: now(context) })
}

/// The record with this id.
pub(super) fn find(context: &Context<'_>, usage_id: &str) -> Result<UsageRecord, Refusal> {
    let missing = || Code::UsageNotFound.refuse(format!("usage record {usage_id} not found"));
    USAGE.get(&*context.kv, usage_id)?.ok_or_else(missing)
}

/// Refuses a record that was settled.
pub(super) fn check_unsettled(record: &UsageRecord) -> Result<(), Refusal> {
    if record.settled {
        return Err(Code::UsageSettled.refuse(format!("usage record {} already settled", record.usage_id)));
    }
    Ok(())
}

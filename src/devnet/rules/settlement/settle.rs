//! Paying for usage.

use super::coins::Coins;
use super::escrow::{self, ACTIVE, RELEASED, must_find_of_order};
use super::refusals::Code;
use super::{SETTLEMENTS, USAGE, next_id, now, parameters, payout, rewards, tell, usage};
use crate::chain::wire::settlement::{
    EscrowAccount, MsgSettleOrder, MsgSettleOrderResponse, SettlementRecord, UsageRecord,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::Dec18;

/// `MsgSettleOrder`: either side settles the usage of an order.
pub fn settle_order(context: &mut Context<'_>, message: &MsgSettleOrder) -> Result<MsgSettleOrderResponse, Refusal> {
    auth::bytes_of(context.network, &message.sender).map_err(|_| Code::Address.refuse("invalid sender address"))?;
    let escrow = must_find_of_order(&*context.kv, &message.order_id)?;
    if !escrow::is_party(&escrow, &message.sender) && !escrow::is_governance(context, &message.sender) {
        return Err(Code::Unauthorized.refuse("not authorized to settle order"));
    }
    let record = settle(context, escrow, &message.usage_record_ids, message.is_final)?;
    Ok(MsgSettleOrderResponse {
        settlement_id: record.settlement_id,
        total_amount: Coins::of(&record.total_amount)?.to_string(),
        provider_share: Coins::of(&record.provider_share)?.to_string(),
        platform_fee: Coins::of(&record.platform_fee)?.to_string(),
        settled_at: record.settled_at,
    })
}

/// Settles records of an order: those named, or all that are open. Whatever is refused is refused before anything is
/// changed.
pub(super) fn settle(
    context: &mut Context<'_>,
    mut escrow: EscrowAccount,
    usage_ids: &[String],
    is_final: bool,
) -> Result<SettlementRecord, Refusal> {
    let order_id = escrow.order_id.clone();
    if escrow.state != ACTIVE {
        return Err(Code::NotActive.refuse(format!("escrow for order {order_id} is not active")));
    }
    if escrow::is_over(context, &escrow) {
        return Err(Code::Expired.refuse(format!("escrow for order {order_id} has expired")));
    }
    let records = records(context, &order_id, usage_ids)?;
    let total = amount(&escrow, &records, is_final)?;
    let mut record = record(context, &escrow, &records, &total, is_final)?;
    escrow::draw(context, &escrow, &auth::module_address("settlement"), &total, false)?;
    record.settlement_id = next_id(context, "settle")?;
    SETTLEMENTS.put(context.kv, &order_id, &record.settlement_id, &record)?;
    escrow::deduct(&mut escrow, &total)?;
    for settled in &records {
        let settlement_id = record.settlement_id.clone();
        usage::save(context, &UsageRecord { settled: true, settlement_id, ..settled.clone() })?;
    }
    if is_final && escrow.balance.is_empty() {
        escrow::end(context, &mut escrow, RELEASED, "release", "final settlement")?;
        escrow::draw(context, &escrow, &[], &Coins::default(), true)?;
    }
    escrow::save(context.kv, &escrow)?;
    payout::execute(context, &record, &records)?;
    if rewards::distribute(context, &records)? {
        tell(context);
    }
    tell(context);
    Ok(record)
}

/// The records that a settlement is about.
fn records(context: &Context<'_>, order_id: &str, usage_ids: &[String]) -> Result<Vec<UsageRecord>, Refusal> {
    if usage_ids.is_empty() {
        return unsettled(context, order_id);
    }
    let named = usage_ids.iter().map(|id| {
        let record = usage::find(context, id)?;
        usage::check_unsettled(&record)?;
        if record.order_id != order_id {
            return Err(Code::Usage.refuse(format!("usage record {id} belongs to different order")));
        }
        Ok(record)
    });
    named.collect()
}

/// The records of an order that were not settled yet.
pub(super) fn unsettled(context: &Context<'_>, order_id: &str) -> Result<Vec<UsageRecord>, Refusal> {
    let mut records = USAGE.of(&*context.kv, order_id)?;
    records.retain(|record| !record.settled);
    Ok(records)
}

/// How much is settled: what the records cost, as far as there is money.
///
/// Defect of the recorded node: a final settlement takes the whole rest, whatever was used.
fn amount(escrow: &EscrowAccount, records: &[UsageRecord], is_final: bool) -> Result<Coins, Refusal> {
    let balance = Coins::of(&escrow.balance)?;
    let mut cost = Coins::default();
    for record in records {
        cost = cost.plus(&Coins::of(&record.total_cost)?)?;
    }
    if cost.is_zero() && !is_final {
        return Err(Code::Settlement.refuse("no usage to settle"));
    }
    let mut amount = if is_final { balance.clone() } else { cost.clone() };
    if !is_final {
        // Defect of the recorded node (read in its code): where one coin does not suffice, the others are forgotten.
        for mut coin in cost.list() {
            let there_is = balance.amount_of(&coin.denom);
            if coin.amount > there_is {
                coin.amount = there_is;
                amount = Coins::default();
                amount.add_coin(&coin)?;
            }
        }
    }
    if amount.is_zero() {
        return Err(Code::Settlement.refuse("no funds available for settlement"));
    }
    Ok(amount)
}

/// The record of a settlement, but for its id.
fn record(
    context: &Context<'_>,
    escrow: &EscrowAccount,
    records: &[UsageRecord],
    total: &Coins,
    is_final: bool,
) -> Result<SettlementRecord, Refusal> {
    let part = |rate: &str| {
        let rate: Dec18 = rate.parse().map_err(|_| Refusal::panic("fee rate"))?;
        total.part(rate)
    };
    let params = parameters();
    let (platform_fee, validator_fee) = (part(&params.platform_fee_rate)?, part(&params.validator_fee_rate)?);
    let share = total.minus(&platform_fee).and_then(|rest| rest.minus(&validator_fee)).unwrap_or_default();
    let units = records.iter().try_fold(0_u64, |sum, record| sum.checked_add(record.usage_units));
    let total_usage_units = units.ok_or_else(|| Code::Settlement.refuse("total usage units overflow"))?;
    let settlement_type = match (is_final, records.is_empty()) {
        (true, _) => "final",
        (false, true) => "periodic",
        (false, false) => "usage_based",
    };
    Ok(SettlementRecord {
        settlement_id: String::new(),
        escrow_id: escrow.escrow_id.clone(),
        order_id: escrow.order_id.clone(),
        lease_id: escrow.lease_id.clone(),
        provider: escrow.recipient.clone(),
        customer: escrow.depositor.clone(),
        total_amount: total.to_wire(),
        provider_share: share.to_wire(),
        platform_fee: platform_fee.to_wire(),
        validator_fee: validator_fee.to_wire(),
        settled_at: now(context),
        usage_record_ids: records.iter().map(|record| record.usage_id.clone()).collect(),
        total_usage_units,
        period_start: records.iter().map(|record| record.period_start).min().unwrap_or_default(),
        period_end: records.iter().map(|record| record.period_end).max().unwrap_or_default(),
        block_height: context.height,
        settlement_type: settlement_type.to_owned(),
        is_final,
    })
}

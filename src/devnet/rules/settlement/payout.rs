//! Paying the provider's share.

use super::coins::Coins;
use super::refusals::of_money;
use super::{PAYOUTS, invoice, next_id, now, tell};
use crate::chain::wire::settlement::{PayoutRecord, SettlementRecord, UsageRecord};
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, bank};

/// Makes an invoice of a settlement and pays the provider; keeps a record of it. Nothing is held back: the rate for
/// that is zero.
pub(super) fn execute(
    context: &mut Context<'_>,
    settlement: &SettlementRecord,
    records: &[UsageRecord],
) -> Result<(), Refusal> {
    let invoice_id = invoice::issue(context, settlement, records)?;
    let payout_id = next_id(context, "payout")?;
    let net = Coins::of(&settlement.provider_share)?;
    if !net.is_zero() {
        let provider = auth::bytes_of(context.network, &settlement.provider)?;
        bank::send_from_module(context, "settlement", &provider, &net.list()).map_err(of_money)?;
    }
    let now = now(context);
    let payout = PayoutRecord {
        payout_id: payout_id.clone(),
        idempotency_key: format!("payout-{invoice_id}-{}", settlement.settlement_id),
        invoice_id,
        settlement_id: settlement.settlement_id.clone(),
        escrow_id: settlement.escrow_id.clone(),
        order_id: settlement.order_id.clone(),
        lease_id: settlement.lease_id.clone(),
        provider: settlement.provider.clone(),
        customer: settlement.customer.clone(),
        gross_amount: settlement.total_amount.clone(),
        platform_fee: settlement.platform_fee.clone(),
        validator_fee: settlement.validator_fee.clone(),
        net_amount: settlement.provider_share.clone(),
        state: "completed".to_owned(),
        execution_attempts: 1,
        last_attempt_at: now,
        tx_hash: format!("payout-{payout_id}-{}", context.height),
        created_at: now,
        processed_at: now,
        completed_at: now,
        block_height: context.height,
        ..PayoutRecord::default()
    };
    PAYOUTS.put(context.kv, &payout.provider, &payout_id, &payout)?;
    tell(context);
    Ok(())
}

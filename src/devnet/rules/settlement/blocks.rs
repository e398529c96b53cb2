//! What happens by itself.

use super::coins::Coins;
use super::escrow::{self, ACTIVE, EXPIRED, PENDING};
use super::{ESCROWS, SETTLEMENTS, now, parameters, settle, tell};
use crate::chain::wire::settlement::EscrowAccount;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{auth, shrug};

/// Before the messages of a block: escrows whose time is over give the rest back, the pending ones first. Those in
/// dispute wait.
pub fn begin_block(context: &mut Context<'_>) -> Result<(), Refusal> {
    let all = ESCROWS.all(&*context.kv, &())?;
    for state in [PENDING, ACTIVE] {
        for escrow in all.iter().filter(|escrow| escrow.state == state) {
            if escrow::is_over(context, escrow) {
                expire(context, escrow.clone())?;
            }
        }
    }
    Ok(())
}

fn expire(context: &mut Context<'_>, mut escrow: EscrowAccount) -> Result<(), Refusal> {
    escrow::end(context, &mut escrow, EXPIRED, "expire", "expired")?;
    let depositor = auth::bytes_of(context.network, &escrow.depositor)?;
    let rest = Coins::of(&escrow.balance)?;
    shrug(escrow::draw(context, &escrow, &depositor, &rest, true))?;
    escrow.balance = Vec::new();
    escrow::save(context.kv, &escrow)?;
    tell(context);
    Ok(())
}

/// After the messages of a block: usage that waits for a day is settled. What is refused is left for the next block.
pub fn end_block(context: &mut Context<'_>) -> Result<(), Refusal> {
    let all = ESCROWS.all(&*context.kv, &())?;
    for escrow in all.into_iter().filter(|escrow| escrow.state == ACTIVE) {
        let settlements = SETTLEMENTS.of(&*context.kv, &escrow.order_id)?;
        let last = settlements.last().map_or(escrow.activated_at, |settlement| settlement.settled_at);
        if now(context) < last.saturating_add_unsigned(parameters().settlement_period) {
            continue;
        }
        if !settle::unsettled(context, &escrow.order_id)?.is_empty() {
            shrug(settle::settle(context, escrow, &[], false).map(drop))?;
        }
    }
    // Every so many blocks the node notes a reward of one for its own fee collector: all that shows is the event.
    let epoch = i64::try_from(parameters().staking_reward_epoch_length).unwrap_or(i64::MAX);
    if context.height > 0 && context.height % epoch == 0 {
        tell(context);
    }
    Ok(())
}

//! Rewards for usage that was settled: a number that can be claimed. No money moves, not even then.

use super::coins::Coins;
use super::refusals::Code;
use super::{now, parameters, tell};
use crate::chain::wire::cosmos::coin;
use crate::chain::wire::settlement::{MsgClaimRewards, MsgClaimRewardsResponse, UsageRecord};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::domain::amount::{Coin, Int, Rounding};
use prost::Message;

/// What an account can claim.
#[derive(Clone, PartialEq, Eq, Message)]
struct Claimable {
    #[prost(message, repeated, tag = 1)]
    usage: Vec<coin::Coin>,
}

/// By address.
const CLAIMABLE: Collection<Claimable> = Collection::new("settlement/claimable");

/// Hundredths of a percent in the whole.
const WHOLE: u32 = 10_000;

/// Gives each provider its rewards; whether there were any.
pub(super) fn distribute(context: &mut Context<'_>, records: &[UsageRecord]) -> Result<bool, Refusal> {
    let mut any = false;
    for record in records {
        let reward = reward(record)?;
        if reward.is_zero() {
            continue;
        }
        any = true;
        let key = (record.provider.as_str(),);
        let earlier = CLAIMABLE.get(&*context.kv, &key)?.unwrap_or_default();
        let usage = Coins::of(&earlier.usage)?.plus(&reward)?.to_wire();
        CLAIMABLE.set(context.kv, &key, &Claimable { usage })?;
    }
    Ok(any)
}

/// A tenth of the cost, more or less by what was used, whether it was told in time and whether the customer agreed.
fn reward(record: &UsageRecord) -> Result<Coins, Refusal> {
    let params = parameters();
    let late = record.submitted_at > record.period_end.saturating_add_unsigned(params.usage_grace_period);
    let factors = [
        params.usage_reward_rate_bps,
        of_type(&record.usage_type),
        if late { params.usage_reward_sla_late_multiplier_bps } else { params.usage_reward_sla_ontime_multiplier_bps },
        if record.customer_acknowledged {
            params.usage_reward_ack_multiplier_bps
        } else {
            params.usage_reward_unack_multiplier_bps
        },
    ];
    let mut rewards = Coins::default();
    for cost in Coins::of(&record.total_cost)?.list() {
        let product = factors.iter().try_fold(cost.amount, |sum, factor| sum.checked_mul(Int::from(*factor)));
        let divisor = factors.iter().try_fold(Int::from(1_u32), |sum, _| sum.checked_mul(Int::from(WHOLE)));
        let amount = product.and_then(|product| product.checked_div(divisor?, Rounding::Down));
        let amount = amount.map_err(|error| Refusal::panic(&error.to_string()))?;
        rewards.add_coin(&Coin { amount, denom: cost.denom })?;
    }
    Ok(rewards)
}

/// What kinds of usage weigh; one that is not known weighs as CPU does.
fn of_type(usage_type: &str) -> u32 {
    let params = parameters();
    match usage_type.trim().to_lowercase().as_str() {
        "memory" | "ram" | "mem" | "memory_gb_hours" | "gb-hour" | "gb_hours" => {
            params.usage_reward_memory_multiplier_bps
        }
        "storage" | "disk" | "storage_gb_hours" => params.usage_reward_storage_multiplier_bps,
        "gpu" | "gpu_hours" | "gpu-hour" => params.usage_reward_gpu_multiplier_bps,
        "network" | "bandwidth" | "network_gb" => params.usage_reward_network_multiplier_bps,
        _ => params.usage_reward_cpu_multiplier_bps,
    }
}

/// `MsgClaimRewards`.
///
/// Defect of the recorded node (read in its code): what is claimed is only crossed out, nothing is paid.
pub fn claim_rewards(context: &mut Context<'_>, message: &MsgClaimRewards) -> Result<MsgClaimRewardsResponse, Refusal> {
    let MsgClaimRewards { sender, source } = message;
    auth::bytes_of(context.network, sender).map_err(|_| Code::Address.refuse("invalid sender address"))?;
    let key = (sender.as_str(),);
    let Some(claimable) = CLAIMABLE.get(&*context.kv, &key)? else {
        return Err(Code::NoRewards.refuse(format!("no claimable rewards for {sender}")));
    };
    // All rewards are for usage here.
    if !matches!(source.as_str(), "" | "usage") {
        return Err(Code::NoRewards.refuse(format!("no rewards to claim from source {source}")));
    }
    CLAIMABLE.remove(context.kv, &key)?;
    tell(context);
    Ok(MsgClaimRewardsResponse { claimed_amount: Coins::of(&claimable.usage)?.to_string(), claimed_at: now(context) })
}

//! The chain's parameters.

use std::time::Duration;

use super::{Malformed, Of};
use crate::chain::wire::{cosmos::auth, deployment, encryption, market, settlement, take};
use crate::domain::amount::Dec18;
use crate::domain::params;

/// Reads the market's. Akash has a list of deposits, and a single one that is given up but still there.
pub(in crate::chain) fn market(found: &market::Params) -> Result<params::Market, Malformed> {
    let of = Of { message: "market Params", prefix: "" };
    let minimum_bid_deposits = if found.bid_min_deposits.is_empty() {
        vec![of.coin("bid_min_deposit", &found.bid_min_deposit)?]
    } else {
        of.coins("bid_min_deposits", &found.bid_min_deposits)?
    };
    Ok(params::Market { minimum_bid_deposits, bids_per_order: found.order_max_bids })
}

/// Reads those of deployments.
pub(in crate::chain) fn deployment(found: &deployment::Params) -> Result<params::Deployment, Malformed> {
    let of = Of { message: "deployment Params", prefix: "" };
    Ok(params::Deployment { minimum_deposits: of.coins("min_deposits", &found.min_deposits)? })
}

/// Reads those of settlement.
pub(in crate::chain) fn settlement(found: &settlement::Params) -> Result<params::Settlement, Malformed> {
    let of = Of { message: "settlement Params", prefix: "" };
    let rate = |field, text: &str| text.parse::<Dec18>().map_err(|error| of.malformed(field, error));
    Ok(params::Settlement {
        platform_fee_rate: rate("platform_fee_rate", &found.platform_fee_rate)?,
        validator_fee_rate: rate("validator_fee_rate", &found.validator_fee_rate)?,
        shortest_escrow: Duration::from_secs(found.min_escrow_duration),
        longest_escrow: Duration::from_secs(found.max_escrow_duration),
        period: Duration::from_secs(found.settlement_period),
    })
}

/// Reads those of recipient keys.
pub(in crate::chain) fn encryption(found: encryption::Params) -> params::Encryption {
    params::Encryption { keys_per_account: found.max_keys_per_account, algorithms: found.allowed_algorithms }
}

/// Reads what the chain keeps of payouts.
pub(in crate::chain) fn take_rates(found: take::Params) -> Result<params::TakeRates, Malformed> {
    let of = Of { message: "take Params", prefix: "" };
    let by_denomination = found.denom_take_rates.into_iter().map(|rate| {
        let denom = rate.denom.parse().map_err(|error: crate::domain::amount::Error| of.malformed("denom", error))?;
        Ok((denom, rate.rate))
    });
    Ok(params::TakeRates {
        by_denomination: by_denomination.collect::<Result<_, _>>()?,
        otherwise: found.default_take_rate,
    })
}

/// Reads those of transactions.
pub(in crate::chain) const fn transactions(found: &auth::Params) -> params::Transactions {
    params::Transactions { longest_memo: found.max_memo_characters, gas_per_byte: found.tx_size_cost_per_byte }
}

//! The second look: whether there is anybody to pay.
//!
//! Orders carry no duration. How long one can run is what its deployment's escrow pays for: what is left of the funds,
//! divided by our price and what other leases of the deployment take.

use std::time::Duration;

use super::demand::Asked;
use super::price::{BlockTime, Pricing, Quote};
use super::reason::Reason;
use super::terms::Filters;
use crate::domain::amount::{Dec18, DecCoin, Rounding};
use crate::domain::deployment::{Deployment, DeploymentState, GroupState};
use crate::domain::escrow::EscrowState;
use crate::domain::height::Height;

/// What is behind an order, as the second look sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Behind<'a> {
    /// The order's deployment, with its groups and its escrow account.
    pub deployment: &'a Deployment,
    /// The number of the order's group.
    pub gseq: u32,
    /// What other leases of the deployment take for a block, in the order's denomination.
    pub others: Dec18,
}

/// How long and how much an order pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Funding {
    /// What is left of the escrow's funds now, in the order's denomination.
    pub left: Dec18,
    /// What other leases of the deployment take for a block.
    pub others: Dec18,
    /// For how many blocks that pays for them and for us.
    pub blocks: u64,
    /// How long these take.
    pub time: Duration,
    /// What we get for them: price × blocks.
    pub value: Dec18,
}

/// Looks at what is behind an order.
pub fn funding(
    asked: &Asked<'_>,
    quote: &Quote,
    behind: Behind<'_>,
    height: Height,
    block: BlockTime,
) -> Result<Funding, Reason> {
    alive(behind)?;
    let Behind { deployment, others, .. } = behind;
    let escrow = &deployment.escrow;
    let unreadable = |_| Reason::Unreadable { what: "its escrow does not fit into 256 bits".into() };
    let held = escrow.funds.iter().filter(|coin| coin.denom == *asked.denomination);
    let held = held.map(|coin| coin.amount).try_fold(Dec18::ZERO, Dec18::checked_add).map_err(unreadable)?;
    // Money moves only when somebody touches the account; what other leases have earned since is gone all the same.
    let since = u128::from(height.blocks_since(escrow.settled_at));
    let left = others.checked_times(since).and_then(|gone| held.checked_sub(gone)).map_err(unreadable)?;
    if !left.is_positive() {
        return Err(Reason::EscrowState { state: "empty".into() });
    }
    let burn = others.checked_add(quote.price).map_err(unreadable)?;
    let blocks = left.checked_div(burn, Rounding::Down).map_err(unreadable)?;
    let blocks = blocks.to_int(Rounding::Down).map_err(unreadable)?;
    let blocks = u64::try_from(blocks).unwrap_or(u64::MAX);
    let value = quote.price.checked_times(u128::from(blocks)).map_err(unreadable)?;
    Ok(Funding { left, others, blocks, time: block.times(blocks), value })
}

/// Whether what is behind an order is there and pays at all.
pub fn alive(Behind { deployment, gseq, .. }: Behind<'_>) -> Result<(), Reason> {
    let unknown = |what: &str| Reason::StateUnknown { what: what.into() };
    match deployment.state {
        DeploymentState::Active => {}
        DeploymentState::Closed => return Err(Reason::DeploymentState { state: "closed".into() }),
        DeploymentState::Unknown(_) => return Err(unknown("deployment")),
    }
    match deployment.group(gseq).map(|group| group.state) {
        Some(GroupState::Open) => {}
        Some(GroupState::Paused) => return Err(Reason::GroupPaused {}),
        Some(over @ (GroupState::InsufficientFunds | GroupState::Closed)) => {
            return Err(Reason::GroupState { state: over.word().into() });
        }
        Some(GroupState::Unknown(_)) | None => return Err(unknown("group")),
    }
    match deployment.escrow.state {
        EscrowState::Open => {}
        over @ (EscrowState::Closed | EscrowState::Overdrawn) => {
            return Err(Reason::EscrowState { state: over.word().into() });
        }
        EscrowState::Unknown(_) => return Err(unknown("escrow account")),
    }
    Ok(())
}

/// `min_duration`, `max_duration` and `min_value`.
pub(super) fn worthwhile(
    asked: &Asked<'_>,
    funding: &Funding,
    filters: &Filters,
    pricing: &Pricing,
) -> Result<(), Reason> {
    let funded = funding.time;
    if funded < filters.min_duration {
        return Err(Reason::TooShort { funded, least: filters.min_duration });
    }
    if let Some(most) = filters.max_duration.filter(|most| funded > *most) {
        return Err(Reason::TooLong { funded, most });
    }
    let Some(least) = &filters.min_value else { return Ok(()) };
    let value = pricing.convert(funding.value, asked.denomination, &least.denom);
    let Some(value) = value else {
        return Err(Reason::ValueUnknown { denomination: asked.denomination.clone(), least: least.clone() });
    };
    if Dec18::try_from(least.amount).is_ok_and(|least| value >= least) {
        return Ok(());
    }
    let value = DecCoin { amount: value, denom: least.denom.clone() };
    Err(Reason::LowValue { value, least: least.clone() })
}

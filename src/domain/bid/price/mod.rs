//! What an order costs.
//!
//! ```text
//! components   quantity × price of the list, for each kind of thing           (per hour or per block, as the list is)
//! cost         their sum
//! asked        cost × (1 + margin of the list) × factors of the strategy, in the order of [`Factors`]
//! floor        the greater of the list's minimum and, where there is a least margin, cost × (1 + least margin)
//! listed       the greater of asked and floor, for a block: hours are blocks by the measured block time
//! price        listed, in the order's denomination: by its own list, or by a rate
//! ```
//! Decimals are exact; where a result has more than 18 places it is rounded once, to the nearest (the rate: up, so that
//! no price is below its floor).

mod factors;
mod list;
mod quote;

use std::collections::BTreeMap;

use super::reason::Reason;
use crate::domain::amount::{Dec18, DecCoin, Denom, Error, Rounding};

pub use factors::{Factor, Factors, Multipliers, PeakHours, Threshold};
pub use list::{Component, GpuNeed, Period, PriceList};
pub use quote::{BlockTime, Quote};

/// How prices are found.
#[derive(Debug, Clone)]
pub struct Pricing {
    /// The strategy.
    pub strategy: Strategy,
    /// The lists, one for each denomination; the first is the main one.
    pub lists: Vec<PriceList>,
    /// What one unit of a denomination without a list costs in one with a list.
    pub rates: BTreeMap<Denom, DecCoin>,
    /// The least profit margin, whatever the strategy; zero: none is asked for.
    pub min_margin: Dec18,
    /// What an instance with a way in from outside is expected to send and receive in an hour, in bytes.
    pub expected_traffic: u64,
}

/// How the price of a bid is found.
#[derive(Debug, Clone)]
pub enum Strategy {
    /// The list alone.
    Fixed,
    /// The list times factors.
    Dynamic(Box<Multipliers>),
    /// A program of the operator's; lists, where there are any, still give the floor.
    Custom,
}

impl Pricing {
    /// Whether orders in a denomination can be priced.
    pub fn serves(&self, denomination: &Denom) -> bool {
        matches!(self.strategy, Strategy::Custom) || self.list_for(denomination).is_some()
    }

    /// The list for a denomination, and the rate where it is not the list's own: what one unit of the order's
    /// denomination costs in the list's.
    pub fn list_for(&self, denomination: &Denom) -> Option<(&PriceList, Option<Dec18>)> {
        if let Some(list) = self.lists.iter().find(|list| list.denomination == *denomination) {
            return Some((list, None));
        }
        let rate = self.rates.get(denomination).filter(|rate| rate.amount.is_positive())?;
        let list = self.lists.iter().find(|list| list.denomination == rate.denom)?;
        Some((list, Some(rate.amount)))
    }

    /// What an amount is worth in another denomination. `None` without a rate between the two.
    pub fn convert(&self, amount: Dec18, from: &Denom, to: &Denom) -> Option<Dec18> {
        if from == to {
            return Some(amount);
        }
        if let Some(rate) = self.rates.get(from).filter(|rate| rate.denom == *to) {
            return amount.checked_mul(rate.amount, Rounding::Down).ok();
        }
        let rate = self.rates.get(to).filter(|rate| rate.denom == *from)?;
        amount.checked_div(rate.amount, Rounding::Down).ok()
    }

    /// What an amount is worth in the denomination of the main list, to compare orders of several denominations. An
    /// amount without a rate counts as it is.
    pub fn worth(&self, amount: Dec18, denomination: &Denom) -> Dec18 {
        let main = self.lists.first().map(|list| &list.denomination);
        main.and_then(|main| self.convert(amount, denomination, main)).unwrap_or(amount)
    }
}

/// Arithmetic that does not fit is an order that makes no sense.
fn overflow(_: Error) -> Reason {
    Reason::Unreadable { what: "its price does not fit into 256 bits".into() }
}

#[cfg(test)]
mod tests;

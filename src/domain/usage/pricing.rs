//! What is charged for usage, and what the lease pays for already.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::UsageType;
use crate::domain::amount::DecCoin;

/// The pricing inputs of a record.
///
/// The price of the lease pays, block by block, for what it reserves: processor, memory, storage, GPUs. That is not charged
/// again. A usage type without a price here costs nothing beyond the lease.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pricing {
    /// What the lease earns by the block, where it is known.
    pub lease_price: Option<DecCoin>,
    /// What a unit costs beyond that.
    pub usage_prices: BTreeMap<UsageType, DecCoin>,
}

impl Pricing {
    /// The prices of usage: what the operator sets for usage, and for traffic else the price list's `bandwidth_gb`.
    /// A price of 0 charges nothing.
    pub fn usage_prices(
        set: impl IntoIterator<Item = (UsageType, DecCoin)>,
        bandwidth: Option<&DecCoin>,
    ) -> BTreeMap<UsageType, DecCoin> {
        let traffic = [UsageType::Ingress, UsageType::Egress].into_iter();
        let mut prices: BTreeMap<_, _> =
            traffic.filter_map(|kind| bandwidth.map(|price| (kind, price.clone()))).collect();
        prices.extend(set);
        prices.retain(|_, price| price.amount.is_positive());
        prices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn price(text: &str) -> DecCoin {
        text.parse().unwrap()
    }

    #[test]
    fn the_lease_is_not_charged_again() {
        assert_eq!(Pricing::usage_prices([], None), BTreeMap::new());
        let traffic = Pricing::usage_prices([], Some(&price("0.5uve")));
        assert_eq!(traffic.keys().copied().collect::<Vec<_>>(), [UsageType::Egress, UsageType::Ingress]);
    }

    #[test]
    fn what_the_operator_sets_for_usage_comes_first() {
        let set =
            [(UsageType::Egress, price("2uve")), (UsageType::Ingress, price("0uve")), (UsageType::Cpu, price("1uve"))];
        let prices = Pricing::usage_prices(set, Some(&price("0.5uve")));
        let shown: Vec<_> = prices.iter().map(|(kind, price)| format!("{kind} {price}")).collect();
        assert_eq!(shown, ["cpu_core_hours 1uve", "egress 2uve"]);
    }
}

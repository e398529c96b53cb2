//! What an operator sets instead of a network's facts.

use super::{Denomination, Network};
use crate::domain::amount::Denom;

/// What a configuration says of a chain that is like a network but not quite: a private one, or one after a vote.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// The prefix of its addresses.
    pub address_prefix: Option<String>,
    /// The denomination of its fees.
    pub fee_denomination: Option<Denom>,
    /// The denominations that its orders and deposits may use; empty: the network's.
    pub denominations: Vec<Denom>,
}

impl Network {
    /// The network's facts with these instead.
    ///
    /// A process reads its configuration once; what that changes of the facts stays in memory until its end, as the
    /// facts themselves do.
    pub fn with(&'static self, overrides: &Overrides) -> &'static Self {
        if *overrides == Overrides::default() {
            return self;
        }
        let Overrides { address_prefix, fee_denomination, denominations } = overrides;
        let mut facts = *self;
        if let Some(prefix) = address_prefix {
            facts.address_prefix = kept(prefix);
        }
        if let Some(denom) = fee_denomination {
            facts.fee_denomination = kept(denom.as_str());
        }
        if !denominations.is_empty() {
            let known: Vec<Denomination> = denominations.iter().map(|denom| self.denomination(denom)).collect();
            facts.denominations = known.leak();
            let is_left = |denom: &str| facts.denominations.iter().any(|known| known.base == denom);
            let left = |amounts: &'static [super::Amount]| -> &'static [super::Amount] {
                let left: Vec<_> = amounts.iter().filter(|amount| is_left(amount.denomination)).copied().collect();
                left.leak()
            };
            facts.minimum_bid_deposits = left(self.minimum_bid_deposits);
            facts.minimum_deployment_deposits = left(self.minimum_deployment_deposits);
        }
        Box::leak(Box::new(facts))
    }

    /// A denomination with the units that it is known to have, or with itself alone.
    fn denomination(&self, denom: &Denom) -> Denomination {
        let known = self.denominations.iter().find(|known| known.base == denom.as_str());
        known.copied().unwrap_or_else(|| {
            let base = kept(denom.as_str());
            Denomination { base, units: vec![(base, 0)].leak(), aliases: &[] }
        })
    }
}

fn kept(text: &str) -> &'static str {
    String::from(text).leak()
}

#[cfg(test)]
mod tests {
    use super::super::Name;
    use super::*;

    #[test]
    fn what_is_not_set_stays() {
        let facts = Name::Akash.facts();
        assert_eq!(facts.with(&Overrides::default()), facts);
        let overrides = Overrides { address_prefix: Some("priv".to_owned()), ..Overrides::default() };
        let changed = facts.with(&overrides);
        assert_eq!(*changed, Network { address_prefix: "priv", ..*facts });
    }

    #[test]
    fn denominations_are_replaced_with_all_that_hangs_on_them() {
        let facts = Name::Akash.facts();
        let denom = |text: &str| text.parse::<Denom>().unwrap();
        let overrides = Overrides {
            fee_denomination: Some(denom("ufee")),
            denominations: vec![denom("ufoo"), denom("uakt")],
            ..Overrides::default()
        };
        let changed = facts.with(&overrides);
        assert_eq!((changed.fee_denomination, changed.address_prefix), ("ufee", "akash"));
        assert_eq!(changed.unit("akt").map(|unit| (unit.base, unit.places)), Some(("uakt", 6)));
        assert_eq!(changed.unit("ufoo").map(|unit| (unit.base, unit.places)), Some(("ufoo", 0)));
        assert_eq!(changed.unit("uact"), None);
        let deposits: Vec<_> = changed.minimum_bid_deposits.iter().map(|amount| amount.denomination).collect();
        assert_eq!(deposits, ["uakt"]);
    }
}

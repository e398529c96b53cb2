//! Orders, and the bids on them, as the chain holds them.

use std::time::Duration;

use super::amount::{self, Dec18, DecCoin};
use super::chain_state::chain_state;
use super::escrow;
use super::height::Height;
use super::id::{BidId, OrderId};
use super::manifest::{GroupSpec, ResourceUnit, Resources};

/// A group's request for bids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Where it stands.
    pub state: OrderState,
    /// What is asked for.
    pub spec: GroupSpec,
    /// When it was made.
    pub created_at: Height,
    /// Akash: the notice that the tenant wants before a lease is taken back.
    pub reclamation: Option<Duration>,
}

chain_state! {
    /// Where an order stands.
    pub enum OrderState {
        /// It takes bids. On VirtEngine also when its deployment is closed or its group paused: look there.
        Open => "open",
        /// It has a lease.
        Active => "active",
        /// It is over.
        Closed => "closed",
    }
}

/// A provider's bid on an order, and the account that holds its deposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// Its id.
    pub id: BidId,
    /// Where it stands.
    pub state: BidState,
    /// What is asked, by the block.
    pub price: DecCoin,
    /// When it was made.
    pub created_at: Height,
    /// What is offered for each unit; empty stands for what was ordered.
    pub offers: Vec<ResourceOffer>,
    /// Akash: the notice that the provider gives before it takes the lease back.
    pub reclamation: Option<Duration>,
    /// Where its deposit lies.
    pub escrow: escrow::Account,
}

/// What a bid offers for one unit of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceOffer {
    /// One of it.
    pub resources: Resources,
    /// How many.
    pub count: u32,
}

chain_state! {
    /// Where a bid stands.
    pub enum BidState {
        /// The tenant may take it. On VirtEngine some losing bids stay so: look at the order.
        Open => "open",
        /// It won: there is a lease.
        Active => "active",
        /// Another won; the deposit came back.
        Lost => "lost",
        /// It is over.
        Closed => "closed",
    }
}

impl Order {
    /// The most that a bid may ask by the block: the sum over the units of price × count. `None` for an order
    /// without units, which the chain does not make.
    pub fn price(&self) -> Result<Option<DecCoin>, amount::Error> {
        self.spec.units.iter().try_fold(None, |sum: Option<DecCoin>, unit| {
            let all = unit.total()?;
            sum.map_or(Ok(all.clone()), |sum| sum.checked_add(&all)).map(Some)
        })
    }
}

impl ResourceUnit {
    /// The most that all of the unit may cost by the block: price × count.
    pub fn total(&self) -> Result<DecCoin, amount::Error> {
        // Whole numbers times 18 places: exact, whatever the rounding.
        let amount = self.price.amount.checked_mul(Dec18::from(self.count), amount::Rounding::Down)?;
        Ok(DecCoin::new(amount, self.price.denom.clone()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::manifest::read_groups;

    fn order(prices: &[(u32, &str)]) -> Order {
        let units = prices.iter().map(|(count, price)| ResourceUnit {
            resources: Resources::default(),
            count: *count,
            price: price.parse().unwrap(),
        });
        let mut spec = read_groups(
            r#"[{"name": "a", "resources": [{"count": 1, "price": {"denom": "uve", "amount": "1"}, "resource": {"id": 1,
                "cpu": {"units": {"val": "500"}}, "memory": {"size": {"val": "1048576"}},
                "storage": [{"name": "default", "size": {"val": "5242880"}}]}}]}]"#,
        )
        .unwrap()
        .remove(0);
        spec.units = units.collect();
        let id = OrderId::parse("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/1/1/1", "ve").unwrap();
        Order { id, state: OrderState::Open, spec, created_at: Height(1), reclamation: None }
    }

    #[test]
    fn the_price_of_an_order_is_that_of_all_its_units() {
        let price = order(&[(3, "1.000000000000000001uve"), (20, "0.05uve")]).price().unwrap().unwrap();
        assert_eq!(price.to_string(), "4.000000000000000003uve");
        assert_eq!(order(&[]).price(), Ok(None));
        assert!(matches!(order(&[(1, "1uve"), (1, "1uakt")]).price(), Err(amount::Error::DenominationsDiffer { .. })));
    }
}

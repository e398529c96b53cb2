//! The price of one order, with everything it was made of.

use std::time::Duration;

use super::{Component, Factors, GpuNeed, PriceList, Pricing, Strategy, overflow};
use crate::domain::amount::{Dec18, DecCoin, Rounding};
use crate::domain::bid::demand::Asked;
use crate::domain::bid::reason::Reason;

/// How long a block takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockTime(Duration);

impl BlockTime {
    /// Block times within which hours can be counted in blocks.
    const RANGE: std::ops::RangeInclusive<Duration> = Duration::from_millis(10)..=Duration::from_hours(1);
    /// A measurement that differs by less than so many parts in a hundred is the same.
    const TOLERANCE: u128 = 2;

    /// A measured block time; `None` where it is none: below 10 ms or above an hour.
    pub fn new(measured: Duration) -> Option<Self> {
        Self::RANGE.contains(&measured).then_some(Self(measured))
    }

    /// What both networks take, about, where nobody could measure it yet.
    pub const USUAL: Self = Self(Duration::from_secs(5));

    /// The time itself.
    pub const fn duration(self) -> Duration {
        self.0
    }

    pub(super) fn nanos(self) -> u64 {
        // At most an hour.
        u64::try_from(self.0.as_nanos()).unwrap_or(u64::MAX)
    }

    /// The block time to use after another measurement: the old one unless they differ by more than two parts in a
    /// hundred, so that prices do not change with every run.
    #[must_use]
    pub fn or_newer(self, measured: Self) -> Self {
        let difference = self.0.abs_diff(measured.0).as_nanos();
        if difference.saturating_mul(100) > self.0.as_nanos().saturating_mul(Self::TOLERANCE) { measured } else { self }
    }

    /// How long so many blocks take; the longest span where it is longer.
    pub fn times(self, blocks: u64) -> Duration {
        let nanos = u128::from(self.nanos()).saturating_mul(u128::from(blocks));
        Duration::from_secs(u64::try_from(nanos / 1_000_000_000).unwrap_or(u64::MAX))
    }
}

/// The price of one order, with everything it was made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// What each component costs, for the list's period.
    pub components: [Dec18; 8],
    /// Their sum.
    pub cost: Dec18,
    /// The factors that applied.
    pub factors: Factors,
    /// The cost with margin and factors, for the list's period.
    pub asked: Dec18,
    /// The least that we may take, for the list's period.
    pub floor: Dec18,
    /// What one unit of the order's denomination costs in the list's, where it is another.
    pub rate: Option<Dec18>,
    /// The price of a block, in the order's denomination.
    pub price: Dec18,
    /// The least price of a block, in the order's denomination.
    pub floor_price: Dec18,
}

impl Quote {
    /// A component of the cost, for the list's period.
    pub fn component(&self, component: Component) -> Dec18 {
        Component::ALL
            .iter()
            .position(|known| *known == component)
            .and_then(|at| self.components.get(at))
            .copied()
            .unwrap_or_default()
    }
}

impl Pricing {
    /// The price of an order by its list. Whether the order pays so much is not looked at.
    pub fn quote(
        &self,
        asked: &Asked<'_>,
        gpus: &[GpuNeed<'_>],
        factors: Factors,
        block: BlockTime,
    ) -> Result<Quote, Reason> {
        let unsupported = || Reason::Denomination { denomination: asked.denomination.clone() };
        let (list, rate) = self.list_for(asked.denomination).ok_or_else(unsupported)?;
        let components = list.components(&asked.demand, gpus, self.expected_traffic)?;
        let cost = components.into_iter().try_fold(Dec18::ZERO, Dec18::checked_add).map_err(overflow)?;
        let with_margin = add_share(cost, list.margin)?;
        let price = factors.apply(with_margin, asked.demand.gpus > 0).map_err(overflow)?;
        // A discount may go below the cost where nobody asks for a margin, as the documents' own does.
        let least = if self.min_margin.is_zero() { Dec18::ZERO } else { add_share(cost, self.min_margin)? };
        let floor = least.max(list.minimum);
        let (asks, floor_price) = (price.max(floor), in_order_denomination(list, floor, rate, block)?);
        // At the floor it is the floor, to the last digit.
        let price_of_block = if asks == floor { floor_price } else { in_order_denomination(list, asks, rate, block)? };
        Ok(Quote { components, cost, factors, asked: price, floor, rate, price: price_of_block, floor_price })
    }

    /// The price that a program gave. A list that can price the order still gives the floor.
    pub fn quote_of_program(
        &self,
        asked: &Asked<'_>,
        gpus: &[GpuNeed<'_>],
        price: Dec18,
        block: BlockTime,
    ) -> Result<Quote, Reason> {
        let by_list = self.quote(asked, gpus, Factors::default(), block).ok();
        let nothing = Quote {
            components: [Dec18::ZERO; 8],
            cost: Dec18::ZERO,
            factors: Factors::default(),
            asked: Dec18::ZERO,
            floor: Dec18::ZERO,
            rate: None,
            price,
            floor_price: Dec18::ZERO,
        };
        Ok(Quote { price, ..by_list.unwrap_or(nothing) })
    }

    /// Whether prices come from a program.
    pub const fn by_program(&self) -> bool {
        matches!(self.strategy, Strategy::Custom)
    }

    /// Whether an order pays a price. The chain takes no bid of zero, and none above the order's maximum.
    pub fn affordable(&self, asked: &Asked<'_>, quote: &Quote) -> Result<(), Reason> {
        let coin = |amount: Dec18| -> DecCoin { asked.in_its_denomination(amount) };
        if quote.floor_price > asked.maximum {
            return Err(Reason::FloorOverMaximum { floor: coin(quote.floor_price), maximum: asked.maximum() });
        }
        if self.by_program() && quote.price < quote.floor_price {
            let why = format!("{} is below the floor of {}", quote.price, quote.floor_price);
            return Err(Reason::Program { why: why.into() });
        }
        if quote.price > asked.maximum {
            return Err(Reason::OverMaximum { price: coin(quote.price), maximum: asked.maximum() });
        }
        if quote.price.is_positive() { Ok(()) } else { Err(Reason::Zero {}) }
    }
}

/// An amount and a share of it.
fn add_share(amount: Dec18, share: Dec18) -> Result<Dec18, Reason> {
    if share.is_zero() {
        return Ok(amount);
    }
    Dec18::ONE.checked_add(share).and_then(|factor| amount.checked_mul(factor, Rounding::HalfEven)).map_err(overflow)
}

fn in_order_denomination(
    list: &PriceList,
    amount: Dec18,
    rate: Option<Dec18>,
    block: BlockTime,
) -> Result<Dec18, Reason> {
    let listed = list.by_the_block(amount, block)?;
    match rate {
        None => Ok(listed),
        Some(rate) => listed.checked_div(rate, Rounding::Up).map_err(overflow),
    }
}

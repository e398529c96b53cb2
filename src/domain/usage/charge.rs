//! From what was metered to what is charged, exactly.
//!
//! For each lease and usage type there is an account of what was metered and not charged yet: the *carry*, in the
//! metric's own units. A record adds to it; a charge takes whole units ([`UsageType::unit`]) from it:
//!
//! ```text
//! carried in + metered = units × unit + carried out
//! ```
//!
//! So nothing is lost or charged twice by rounding. How many units a charge takes:
//!
//! 1. At most the whole units that are there: rounded down.
//! 2. The chain cuts `price × units` down to whole coins. Where some of the units can wait so that nothing is cut off
//!    (at 0.5uve a unit an odd one waits for the next), they wait, up to the worth of [`MOST_WAITING`] coins.
//! 3. Else as few as cost the same whole coins. Nothing is sent that costs no coin.
//! 4. With the last window of the lease nothing waits: all whole units are charged if they cost a coin.
//!
//! What the chain cuts off in case 3 and 4, less than a coin for each charge and always in the tenant's favour, is
//! [`Charge::cut_off`]. A carry below zero comes from a correction of what was charged already; later usage makes it up.

use super::UsageType;
use crate::domain::amount::{self, Coin, Dec18, DecCoin, Int, Rounding};

/// Units may wait for the next window as long as they are worth no more coins than this.
pub const MOST_WAITING: u64 = 10;

/// What one record charges of one usage type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Of what.
    pub usage_type: UsageType,
    /// Metered before and not charged yet, in the metric's units.
    pub carried_in: i128,
    /// Metered by this record.
    pub metered: i128,
    /// Charged now; nothing is sent for 0.
    pub units: u64,
    /// The price of a unit.
    pub unit_price: DecCoin,
    /// What the chain charges: `unit_price × units` without the fraction of a coin.
    pub cost: Coin,
    /// Metered and not charged yet.
    pub carried_out: i128,
}

impl Charge {
    /// Charges what a record adds to an account.
    pub fn new(
        usage_type: UsageType,
        carried_in: i128,
        metered: i128,
        unit_price: &DecCoin,
        last: bool,
    ) -> Result<Self, amount::Error> {
        let account = carried_in.saturating_add(metered);
        let there_are = u64::try_from(account.div_euclid(usage_type.unit()).max(0)).unwrap_or(u64::MAX);
        let units = units(there_are, unit_price.amount, last)?;
        let cost = whole_coins(unit_price.amount, units)?;
        Ok(Self {
            usage_type,
            carried_in,
            metered,
            units,
            unit_price: unit_price.clone(),
            cost: Coin { amount: cost, denom: unit_price.denom.clone() },
            carried_out: account.saturating_sub(i128::from(units).saturating_mul(usage_type.unit())),
        })
    }

    /// The fraction of a coin that the chain cuts off.
    pub fn cut_off(&self) -> Result<Dec18, amount::Error> {
        let exact = self.unit_price.amount.checked_mul(Dec18::from(self.units), Rounding::Down)?;
        exact.checked_sub(Dec18::try_from(self.cost.amount)?)
    }
}

fn units(there_are: u64, price: Dec18, last: bool) -> Result<u64, amount::Error> {
    let cost = whole_coins(price, there_are)?;
    if cost.is_zero() {
        return Ok(0);
    }
    if last {
        return Ok(there_are);
    }
    let step = units_to_whole_coins(price);
    let rest = there_are % step;
    let waiting = price.checked_mul(Dec18::from(rest), Rounding::Up)?;
    if waiting <= Dec18::from(MOST_WAITING) && there_are >= step {
        return Ok(there_are - rest);
    }
    let fewest = Dec18::try_from(cost)?.checked_div(price, Rounding::Up)?.to_int(Rounding::Up)?;
    Ok(u64::try_from(fewest).unwrap_or(there_are).min(there_are))
}

/// What the chain makes of a price and units: `truncate(price × units)`.
fn whole_coins(price: Dec18, units: u64) -> Result<Int, amount::Error> {
    price.checked_mul(Dec18::from(units), Rounding::Down)?.to_int(Rounding::Down)
}

/// The least number of units that costs whole coins: 1 for whole prices, 2 for 0.5, 40 for 0.025.
fn units_to_whole_coins(price: Dec18) -> u64 {
    const COIN: u64 = 1_000_000_000_000_000_000;
    let digits = price.fixed().to_string();
    let fraction = digits.rsplit('.').next().and_then(|fraction| fraction.parse().ok()).unwrap_or(0);
    let (mut divisor, mut rest): (u64, u64) = (COIN, fraction);
    while rest != 0 {
        (divisor, rest) = (rest, divisor % rest);
    }
    COIN / divisor
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GIB: i128 = 1 << 30;

    fn charge(carried: i128, metered: i128, price: &str, last: bool) -> Charge {
        Charge::new(UsageType::Egress, carried, metered, &price.parse().unwrap(), last).unwrap()
    }

    #[test]
    fn units_are_whole_and_the_rest_is_carried() {
        let first = charge(0, 2 * GIB + 7, "3uve", false);
        assert_eq!((first.units, first.carried_out, first.cost.to_string()), (2, 7, "6uve".to_owned()));
        let second = charge(first.carried_out, GIB - 7, "3uve", false);
        assert_eq!((second.units, second.carried_out), (1, 0));
    }

    #[test]
    fn a_fraction_of_a_coin_waits_where_waiting_helps() {
        // price, units that are there, charged, cost
        for (price, there_are, units, cost) in [
            ("0.5uve", 3, 2, "1uve"),
            ("0.5uve", 1, 0, "0uve"),
            ("1.5uve", 3, 2, "3uve"),
            ("0.025uve", 99, 80, "2uve"),
            // Ten whole units of this price take 1000: the fewest that cost the same coins.
            ("0.333uve", 10, 10, "3uve"),
            ("0.333uve", 12, 10, "3uve"),
            ("1.000001uve", 12, 12, "12uve"),
            // Not worth a coin.
            ("0.000001uve", 999_999, 0, "0uve"),
            ("0uve", 12, 0, "0uve"),
        ] {
            let charge = charge(0, there_are * GIB, price, false);
            assert_eq!((charge.units, charge.cost.to_string().as_str()), (units, cost), "{price} × {there_are}");
        }
        assert_eq!(charge(0, 3 * GIB, "0.5uve", false).cut_off(), Ok(Dec18::ZERO));
    }

    #[test]
    fn nothing_waits_at_the_end() {
        let last = charge(GIB, 2 * GIB + 5, "0.5uve", true);
        assert_eq!((last.units, last.cost.to_string(), last.carried_out), (3, "1uve".to_owned(), 5));
        assert_eq!(last.cut_off().unwrap().to_string(), "0.5");
        assert_eq!(charge(0, GIB, "0.5uve", true).units, 0, "half a coin cannot be paid");
    }

    #[test]
    fn a_correction_downward_is_made_up_by_later_usage() {
        let corrected = charge(0, -3 * GIB, "1uve", false);
        assert_eq!((corrected.units, corrected.carried_out), (0, -3 * GIB));
        let later = charge(corrected.carried_out, 5 * GIB, "1uve", false);
        assert_eq!((later.units, later.carried_out), (2, 0));
    }

    #[test]
    fn whole_coins_take_so_many_units() {
        for (price, units) in [
            ("7", 1),
            ("0.5", 2),
            ("0.025", 40),
            ("1.25", 4),
            ("0.3", 10),
            ("0.000000000000000001", 1_000_000_000_000_000_000),
        ] {
            assert_eq!(units_to_whole_coins(price.parse().unwrap()), units, "{price}");
        }
    }

    fn price() -> impl Strategy<Value = String> {
        (0u64..50, 0u64..1_000_000).prop_map(|(whole, fraction)| format!("{whole}.{fraction:06}uve"))
    }

    proptest! {
        /// Over any number of windows, what was metered is what was charged and what is carried, to the byte; never more
        /// is charged than was used, and never much is kept waiting.
        #[test]
        fn nothing_is_lost_or_charged_twice(
            metered in proptest::collection::vec(0i128..20 * GIB, 1..40), price in price(),
        ) {
            let (mut carried, mut units) = (0, 0_u64);
            for (place, used) in metered.iter().enumerate() {
                let charge = charge(carried, *used, &price, place + 1 == metered.len());
                prop_assert!(charge.carried_out >= 0);
                prop_assert!(charge.cut_off().unwrap() < Dec18::ONE);
                let worth = charge.unit_price.amount.checked_mul(Dec18::from(u64::try_from(charge.carried_out / GIB).unwrap()), Rounding::Down).unwrap();
                prop_assert!(worth <= Dec18::from(MOST_WAITING));
                prop_assert!(charge.units == 0 || !charge.cost.amount.is_zero());
                carried = charge.carried_out;
                units += charge.units;
            }
            prop_assert_eq!(metered.iter().sum::<i128>(), i128::from(units) * GIB + carried);
        }

        #[test]
        fn no_account_panics(carried in any::<i128>(), metered in any::<i128>(), price in price(), last in any::<bool>()) {
            let _ = Charge::new(UsageType::Gpu, carried, metered, &price.parse().unwrap(), last);
        }
    }
}

//! What was earned, by day, lease or tenant.

use std::collections::BTreeMap;

use crate::domain::amount::{Dec18, DecCoin, Rounding};

/// What is summed together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Each day, in UTC.
    Day,
    /// Each lease.
    Lease,
    /// Each tenant.
    Tenant,
}

/// A sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sum {
    /// From the price of leases.
    pub lease: Dec18,
    /// From settled usage.
    pub usage: Dec18,
}

/// Sums of one denomination each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Earned(BTreeMap<(String, String), Sum>);

impl Earned {
    /// Adds something earned to what it is summed with. Sums beyond 256 bits stay where they are: no chain has so much.
    pub fn add(&mut self, with: &str, from_usage: bool, amount: &DecCoin) {
        let key = (with.to_owned(), amount.denom.to_string());
        let sum = self.0.entry(key).or_insert(Sum { lease: Dec18::ZERO, usage: Dec18::ZERO });
        let part = if from_usage { &mut sum.usage } else { &mut sum.lease };
        *part = part.checked_add(amount.amount).unwrap_or(*part);
    }

    /// The sums: of what, in which denomination.
    pub fn sums(&self) -> impl Iterator<Item = (&str, &str, &Sum)> {
        self.0.iter().map(|((with, denom), sum)| (with.as_str(), denom.as_str(), sum))
    }
}

impl Sum {
    /// Both together.
    pub fn total(&self) -> Dec18 {
        self.lease.checked_add(self.usage).unwrap_or(self.lease)
    }
}

/// By how many percent more than before; `None` where there was nothing before.
pub fn growth(now: Dec18, before: Dec18) -> Option<Dec18> {
    let more = now.checked_sub(before).ok()?.checked_mul(Dec18::from(100_u64), Rounding::HalfEven).ok()?;
    more.checked_div(before, Rounding::HalfEven).ok()?.round(0, Rounding::HalfEven).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_denomination_has_its_own_sum() {
        let mut earned = Earned::default();
        earned.add("2026-01-30", false, &"1.5uve".parse().unwrap());
        earned.add("2026-01-30", true, &"2uve".parse().unwrap());
        earned.add("2026-01-30", true, &"7uakt".parse().unwrap());
        let sums: Vec<_> = earned.sums().map(|(with, denom, sum)| format!("{with} {}{denom}", sum.total())).collect();
        assert_eq!(sums, ["2026-01-30 7uakt", "2026-01-30 3.5uve"]);
    }

    #[test]
    fn growth_is_in_percent_of_before() {
        let growth = |now: u64, before: u64| growth(now.into(), before.into()).map(|percent| percent.to_string());
        assert_eq!(growth(112, 100).as_deref(), Some("12"));
        assert_eq!(growth(50, 100).as_deref(), Some("-50"));
        assert_eq!(growth(50, 0), None);
    }
}

//! What became of every unit of one usage type of one lease.

use std::collections::BTreeMap;

use crate::domain::usage::UsageType;

/// How far a charge has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Not given to the outbox.
    Pending,
    /// In the outbox, or on its way.
    Submitted,
    /// The chain has it.
    Recorded,
    /// Paid.
    Settled,
}

/// One charge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Of what.
    pub usage_type: UsageType,
    /// What it added to the account.
    pub metered: i128,
    /// What it took from it.
    pub units: u64,
    /// How far it has come.
    pub stage: Stage,
}

/// An account: units of a usage type of a lease.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// What was metered, in the metric's own units.
    pub metered: i128,
    /// Charged and not given to the outbox.
    pub pending: u128,
    /// Charged and on its way.
    pub submitted: u128,
    /// Charged, and the chain has it.
    pub recorded: u128,
    /// Paid.
    pub settled: u128,
    /// Metered and not charged yet, in the metric's own units.
    pub carried: i128,
}

/// An account that does not add up: a defect, or a state file that was changed by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{usage_type}: {metered} were metered, and {accounted} are accounted for")]
pub struct Unbalanced {
    /// Of what.
    pub usage_type: UsageType,
    /// What was metered.
    pub metered: i128,
    /// What is charged and carried.
    pub accounted: i128,
}

impl Account {
    /// All units that were charged.
    pub const fn charged(&self) -> u128 {
        self.pending.saturating_add(self.submitted).saturating_add(self.recorded).saturating_add(self.settled)
    }

    /// Whether every unit is accounted for.
    pub fn check(&self, usage_type: UsageType) -> Result<(), Unbalanced> {
        let charged = i128::try_from(self.charged()).unwrap_or(i128::MAX).saturating_mul(usage_type.unit());
        let accounted = charged.saturating_add(self.carried);
        if accounted == self.metered {
            Ok(())
        } else {
            Err(Unbalanced { usage_type, metered: self.metered, accounted })
        }
    }
}

/// The accounts of a lease, from its charges and what it carries.
pub fn accounts(
    entries: impl IntoIterator<Item = Entry>,
    carried: impl IntoIterator<Item = (UsageType, i128)>,
) -> BTreeMap<UsageType, Account> {
    let mut accounts: BTreeMap<UsageType, Account> = BTreeMap::new();
    for entry in entries {
        let account = accounts.entry(entry.usage_type).or_default();
        account.metered = account.metered.saturating_add(entry.metered);
        let units = match entry.stage {
            Stage::Pending => &mut account.pending,
            Stage::Submitted => &mut account.submitted,
            Stage::Recorded => &mut account.recorded,
            Stage::Settled => &mut account.settled,
        };
        *units = units.saturating_add(u128::from(entry.units));
    }
    for (usage_type, carried) in carried {
        accounts.entry(usage_type).or_default().carried = carried;
    }
    accounts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::usage::Charge;
    use proptest::prelude::*;

    #[test]
    fn an_account_that_does_not_add_up_says_by_how_much() {
        let entry = Entry { usage_type: UsageType::Gpu, metered: 7300, units: 2, stage: Stage::Recorded };
        let accounts = |carried| accounts([entry], [(UsageType::Gpu, carried)]);
        assert_eq!(accounts(100)[&UsageType::Gpu].check(UsageType::Gpu), Ok(()));
        let wrong = accounts(99)[&UsageType::Gpu].check(UsageType::Gpu).unwrap_err();
        assert_eq!(wrong.to_string(), "gpu_hours: 7300 were metered, and 7299 are accounted for");
    }

    proptest! {
        #[test]
        fn charges_always_add_up(
            metered in proptest::collection::vec((-5_000i128..50_000, 0usize..4), 0..40), last in any::<bool>(),
        ) {
            let stages = [Stage::Pending, Stage::Submitted, Stage::Recorded, Stage::Settled];
            let (mut carried, mut entries) = (0, Vec::new());
            for (metered, stage) in metered {
                let charge = Charge::new(UsageType::Gpu, carried, metered, &"0.3uve".parse().unwrap(), last).unwrap();
                carried = charge.carried_out;
                entries.push(Entry { usage_type: UsageType::Gpu, metered, units: charge.units, stage: stages[stage] });
            }
            let accounts = accounts(entries, [(UsageType::Gpu, carried)]);
            prop_assert_eq!(accounts[&UsageType::Gpu].check(UsageType::Gpu), Ok(()));
        }
    }
}

//! Our charges and the chain's records, one to one.
//!
//! The chain gives its records ids of its own and does not notice when one comes twice. So ours are found again by what
//! they say: lease, usage type, period, units and price. Two charges that say the same are two records; each record on
//! chain answers for one charge at most.

use std::collections::{BTreeMap, BTreeSet};

use super::Discrepancy;
use crate::domain::amount::DecCoin;
use crate::domain::settlement::UsageRecord;
use crate::domain::usage::{Moment, UsageType, Window};

/// A charge that was sent, or may have been: after a state file was restored, that is every one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    /// Its number in the state file.
    pub id: i64,
    /// The lease.
    pub lease_id: String,
    /// Of what.
    pub usage_type: UsageType,
    /// How much.
    pub units: u64,
    /// For each unit.
    pub unit_price: DecCoin,
    /// Over which time.
    pub window: Window,
    /// The chain's id, if it is known.
    pub usage_id: Option<String>,
}

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// Charges that are on chain and were not known to be: their numbers, and the chain's ids.
    pub found: Vec<(i64, String)>,
    /// Charges that are not on chain.
    pub missing: Vec<i64>,
    /// Charges that are not on chain, and a record there that is none of ours and charges a part of their time: which.
    pub contested: Vec<(i64, String)>,
    /// What does not fit.
    pub discrepancies: Vec<Discrepancy>,
}

/// Whether a record charges the same kind of usage in a part of the same time.
fn overlaps(charge: &Ours, record: &UsageRecord) -> bool {
    record.lease_id == charge.lease_id
        && record.usage_type == charge.usage_type.word()
        && Moment::of(record.period_start) < charge.window.end()
        && Moment::of(record.period_end) > charge.window.start()
}

/// Compares our charges of one order with all that the chain has of it.
pub fn compare(ours: &[Ours], theirs: &[UsageRecord]) -> Matched {
    let mut matched = Matched::default();
    let by_id: BTreeMap<&str, &UsageRecord> = theirs.iter().map(|record| (record.id.as_str(), record)).collect();
    let mut taken: BTreeSet<&str> = BTreeSet::new();
    for charge in ours {
        let Some(id) = charge.usage_id.as_deref() else { continue };
        match by_id.get(id) {
            None => matched.discrepancies.push(Discrepancy::Lost { usage_id: id.to_owned() }),
            Some(record) => {
                taken.insert(record.id.as_str());
                if let Some(what) = difference(charge, record) {
                    matched.discrepancies.push(Discrepancy::Differs { usage_id: id.to_owned(), what });
                }
            }
        }
    }
    for charge in ours.iter().filter(|charge| charge.usage_id.is_none()) {
        let same = |record: &&UsageRecord| !taken.contains(record.id.as_str()) && difference(charge, record).is_none();
        match theirs.iter().find(same) {
            Some(record) => {
                taken.insert(&record.id);
                matched.found.push((charge.id, record.id.clone()));
            }
            None => matched.missing.push(charge.id),
        }
    }
    for record in theirs.iter().filter(|record| !taken.contains(record.id.as_str())) {
        let first = theirs.iter().find(|other| taken.contains(other.id.as_str()) && says_the_same(other, record));
        matched.discrepancies.push(match first {
            Some(first) => Discrepancy::Duplicate { usage_id: record.id.clone(), of: first.id.clone() },
            None => Discrepancy::Foreign { usage_id: record.id.clone() },
        });
    }
    let missing = ours.iter().filter(|charge| matched.missing.contains(&charge.id));
    let contested = missing.filter_map(|charge| {
        let mut foreign = theirs.iter().filter(|record| !taken.contains(record.id.as_str()));
        foreign.find(|record| overlaps(charge, record)).map(|record| (charge.id, record.id.clone()))
    });
    matched.contested = contested.collect();
    matched
}

/// What the chain's record says otherwise.
fn difference(charge: &Ours, record: &UsageRecord) -> Option<String> {
    let of_chain = (Moment::of(record.period_start), Moment::of(record.period_end));
    if record.lease_id != charge.lease_id {
        Some(format!("it is for the lease {}", record.lease_id))
    } else if record.usage_type != charge.usage_type.word() {
        Some(format!("it is of {}, not of {}", record.usage_type, charge.usage_type))
    } else if of_chain != (charge.window.start(), charge.window.end()) {
        Some(format!("it is of {}/{}, not of {}", of_chain.0, of_chain.1, charge.window))
    } else if record.units != charge.units {
        Some(format!("it has {} units, not {}", record.units, charge.units))
    } else if record.unit_price != charge.unit_price {
        Some(format!("its price is {}, not {}", record.unit_price, charge.unit_price))
    } else {
        None
    }
}

fn says_the_same(one: &UsageRecord, other: &UsageRecord) -> bool {
    (&one.lease_id, &one.usage_type, one.period_start, one.period_end, one.units, &one.unit_price)
        == (&other.lease_id, &other.usage_type, other.period_start, other.period_end, other.units, &other.unit_price)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::address::Address;
    use crate::domain::height::Height;

    fn ours(id: i64, hour: i64, units: u64, usage_id: Option<&str>) -> Ours {
        Ours {
            id,
            lease_id: "lease".to_owned(),
            usage_type: UsageType::Egress,
            units,
            unit_price: "0.5uve".parse().unwrap(),
            window: Window::new(Moment(hour * 3600), Moment((hour + 1) * 3600)).unwrap(),
            usage_id: usage_id.map(str::to_owned),
        }
    }

    fn theirs(id: &str, hour: i64, units: u64) -> UsageRecord {
        let address = |text| Address::parse(text, "ve").unwrap();
        UsageRecord {
            id: id.to_owned(),
            order_id: "order".to_owned(),
            lease_id: "lease".to_owned(),
            provider: address("ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg"),
            customer: address("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw"),
            units,
            usage_type: "egress".to_owned(),
            period_start: Moment(hour * 3600).timestamp(),
            period_end: Moment((hour + 1) * 3600).timestamp(),
            unit_price: "0.5uve".parse().unwrap(),
            total_cost: Vec::new(),
            acknowledged: false,
            settlement_id: None,
            submitted_at: None,
            height: Height(1),
            metadata: BTreeMap::new(),
        }
    }

    #[test]
    fn what_was_sent_is_found_again_by_what_it_says() {
        let matched = compare(
            &[ours(1, 0, 2, Some("u1")), ours(2, 1, 3, None), ours(3, 2, 3, None)],
            &[theirs("u1", 0, 2), theirs("u2", 1, 3)],
        );
        let found = vec![(2, "u2".to_owned())];
        assert_eq!(matched, Matched { found, missing: vec![3], ..Matched::default() });
    }

    #[test]
    fn a_charge_is_contested_by_a_record_of_its_time_that_nobody_here_knows() {
        let mut longer = theirs("u9", 0, 7);
        longer.period_end = Moment(2 * 3600).timestamp();
        let mut other = theirs("u8", 2, 7);
        other.usage_type = "cpu".to_owned();
        let charges = [ours(1, 0, 2, Some("u1")), ours(2, 1, 3, None), ours(3, 2, 3, None)];
        let matched = compare(&charges, &[theirs("u1", 0, 2), longer, other]);
        assert_eq!((matched.missing, matched.contested), (vec![2, 3], vec![(2, "u9".to_owned())]));
    }

    #[test]
    fn two_that_say_the_same_are_two_records() {
        let both = [ours(1, 0, 2, None), ours(2, 0, 2, None)];
        assert_eq!(compare(&both, &[theirs("u1", 0, 2)]).missing, [2]);
        let matched = compare(&both, &[theirs("u1", 0, 2), theirs("u2", 0, 2)]);
        assert_eq!((matched.found.len(), matched.discrepancies), (2, vec![]));
    }

    #[test]
    fn what_does_not_fit_has_a_name() {
        let matched = compare(
            &[ours(1, 0, 2, Some("u1")), ours(2, 1, 2, Some("gone")), ours(3, 2, 2, Some("u3"))],
            &[theirs("u1", 0, 2), theirs("u2", 0, 2), theirs("u3", 2, 9), theirs("u4", 7, 7)],
        );
        let words: Vec<_> = matched.discrepancies.iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "the chain no longer has gone, which it had recorded",
                "u3 on chain is not what was sent: it has 9 units, not 2",
                "u2 charges the usage of u1 a second time",
                "u4 was recorded on chain, and this state file knows nothing of it",
            ]
        );
    }
}

//! Alerts: what an operator should look at.
//!
//! Level-triggered, as everything here: each evaluation says which conditions hold *now*, for the kinds that could be
//! evaluated. [`changes`] compares them with what is firing: what is new is raised, what holds no more is resolved, and a
//! kind that could not be evaluated changes nothing. So each state change happens once, whatever runs how often.

mod rules;

use std::collections::BTreeSet;
use std::fmt;

pub use rules::{
    bid_success, capacity, capacity_differs, escrow, expiry, held_records, high_cpu, high_memory, lease_closes,
    low_storage,
};

/// What an alert is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A workload uses nearly all of its processor.
    HighCpu,
    /// A workload uses nearly all of its memory.
    HighMemory,
    /// A workload has little storage left.
    LowStorage,
    /// A tenant's money ends soon.
    EscrowLow,
    /// Few bids become leases.
    BidSuccessLow,
    /// Many leases end.
    LeaseCloseRate,
    /// Little is left to sell.
    Capacity,
    /// A back end has less, or more, than the configuration sells of it.
    CapacityDiffers,
    /// A key is due, or ends.
    KeyExpiry,
    /// A certificate ends.
    CertificateExpiry,
    /// Usage records wait for a person.
    UsageHeld,
    /// Our books and the chain's do not fit.
    Settlement,
    /// `alerts test`.
    Test,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Look at it today.
    Warning,
    /// Look at it now.
    Critical,
}

/// Something that holds now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What it is about.
    pub kind: Kind,
    /// Which one: a workload, a lease, a key; empty where there is only one.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// A sentence with the numbers.
    pub summary: String,
}

/// An alert that fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// Its number.
    pub id: i64,
    /// What it is about.
    pub kind: Kind,
    /// Which one.
    pub subject: String,
    /// How bad it was when it was raised, or got worse.
    pub severity: Severity,
    /// What was said of it last.
    pub summary: String,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A condition holds that did not.
    Raise(Condition),
    /// It became worse, or less bad.
    Regrade(i64, Condition),
    /// It holds as before, with other numbers: nobody is told anew, and who looks sees how it stands.
    Renew(i64, String),
    /// It holds no more.
    Resolve(i64),
}

/// What changes if these conditions hold now. Only kinds that were evaluated change.
pub fn changes(firing: &[Firing], conditions: Vec<Condition>, evaluated: &BTreeSet<Kind>) -> Vec<Change> {
    let mut changes = Vec::new();
    let holds = |alert: &Firing| {
        conditions.iter().any(|condition| condition.kind == alert.kind && condition.subject == alert.subject)
    };
    for alert in firing.iter().filter(|alert| evaluated.contains(&alert.kind) && !holds(alert)) {
        changes.push(Change::Resolve(alert.id));
    }
    let mut seen = BTreeSet::new();
    for condition in conditions {
        if !evaluated.contains(&condition.kind) || !seen.insert((condition.kind, condition.subject.clone())) {
            continue;
        }
        let same = firing.iter().find(|alert| alert.kind == condition.kind && alert.subject == condition.subject);
        match same {
            None => changes.push(Change::Raise(condition)),
            Some(alert) if alert.severity != condition.severity => changes.push(Change::Regrade(alert.id, condition)),
            Some(alert) if alert.summary != condition.summary => {
                changes.push(Change::Renew(alert.id, condition.summary));
            }
            Some(_) => {}
        }
    }
    changes
}

macro_rules! words {
    ($type:ident: $($variant:ident = $word:literal),+ $(,)?) => {
        impl $type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// Their words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word),+];

            /// The word in rows, output and labels.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The one of that word.
            pub fn of_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.word() == word)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.word())
            }
        }
    };
}

words!(Kind:
    HighCpu = "high_cpu",
    HighMemory = "high_memory",
    LowStorage = "low_storage",
    EscrowLow = "escrow_low",
    BidSuccessLow = "bid_success_low",
    LeaseCloseRate = "lease_close_rate",
    Capacity = "capacity",
    CapacityDiffers = "capacity_differs",
    KeyExpiry = "key_expiry",
    CertificateExpiry = "certificate_expiry",
    UsageHeld = "usage_held",
    Settlement = "settlement",
    Test = "test",
);

words!(Severity:
    Warning = "warning",
    Critical = "critical",
);

#[cfg(test)]
mod tests {
    use super::*;

    fn condition(kind: Kind, subject: &str, severity: Severity) -> Condition {
        Condition { kind, subject: subject.to_owned(), severity, summary: String::new() }
    }

    fn firing(id: i64, kind: Kind, subject: &str, severity: Severity) -> Firing {
        Firing { id, kind, subject: subject.to_owned(), severity, summary: String::new() }
    }

    #[test]
    fn each_change_happens_once() {
        use Severity::{Critical, Warning};
        let evaluated = BTreeSet::from([Kind::HighCpu, Kind::Capacity]);
        let now = [
            firing(1, Kind::HighCpu, "a", Warning),
            firing(2, Kind::HighCpu, "b", Warning),
            firing(3, Kind::EscrowLow, "c", Warning),
            firing(4, Kind::Capacity, "cpu", Warning),
        ];
        let conditions = vec![
            condition(Kind::HighCpu, "a", Warning),
            condition(Kind::HighCpu, "new", Warning),
            condition(Kind::HighCpu, "new", Warning),
            condition(Kind::Capacity, "cpu", Critical),
            condition(Kind::KeyExpiry, "not evaluated", Warning),
        ];
        assert_eq!(
            changes(&now, conditions, &evaluated),
            [
                Change::Resolve(2),
                Change::Raise(condition(Kind::HighCpu, "new", Warning)),
                Change::Regrade(4, condition(Kind::Capacity, "cpu", Critical)),
            ]
        );
        assert_eq!(changes(&now, Vec::new(), &BTreeSet::new()), []);
        let other = Condition { summary: "with another number".to_owned(), ..condition(Kind::HighCpu, "a", Warning) };
        let renewed = changes(&now[..1], vec![other], &evaluated);
        assert_eq!(renewed, [Change::Renew(1, "with another number".to_owned())]);
    }

    #[test]
    fn words_are_a_contract() {
        for kind in Kind::ALL {
            assert_eq!(Kind::of_word(kind.word()), Some(*kind));
        }
        assert_eq!((Kind::ALL.len(), Kind::of_word("x")), (Kind::WORDS.len(), None));
    }
}

//! How long a decision against an order holds, or why the next run makes it anew.

use std::fmt;

use jiff::Timestamp;

use crate::domain::bid::Digests;
use crate::store::bids::decisions::Holds;

/// How long a decision against an order holds, or why the next run makes it anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// As long as the order is there.
    ForEver,
    /// Until a time.
    Until(Timestamp),
    /// Until this changes, in words.
    While(&'static str),
    /// What it rests on is not any more what it was.
    Changed,
    /// Its time is over since then.
    Over(Timestamp),
    /// It was made for one run.
    OneRun,
}

impl Validity {
    /// That of a decision, among what decisions depend on now.
    pub fn of(holds: Holds, now_is: Digests, now: Timestamp) -> Self {
        let bases = [
            (now_is.terms, "terms, our registration or what back ends have changes"),
            (now_is.capacity, "terms or what is free changes"),
            (now_is.price, "terms, factors on prices or the block time changes"),
            (now_is.all, "terms, prices or what is free changes"),
        ];
        match holds {
            Holds::ForEver => Self::ForEver,
            Holds::UntilOn(_, digest) if bases.iter().all(|(current, _)| *current != digest) => Self::Changed,
            Holds::Until(time) | Holds::UntilOn(time, _) if time > now => Self::Until(time),
            Holds::Until(time) | Holds::UntilOn(time, _) => Self::Over(time),
            Holds::Digest(digest) => {
                let basis = bases.into_iter().find(|(current, _)| *current == digest);
                basis.map_or(Self::Changed, |(_, words)| Self::While(words))
            }
            Holds::Run => Self::OneRun,
        }
    }

    /// Whether a run leaves the order alone because of it.
    pub const fn holds(self) -> bool {
        match self {
            Self::ForEver | Self::Until(_) | Self::While(_) => true,
            Self::Changed | Self::Over(_) | Self::OneRun => false,
        }
    }
}

impl fmt::Display for Validity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForEver => f.write_str("for ever"),
            Self::Until(time) => write!(f, "until {time:.0}"),
            Self::While(basis) => write!(f, "until {basis}"),
            Self::Changed => f.write_str("no more: terms, prices or what is free changed since"),
            Self::Over(time) => write!(f, "no more: it was for a while, up to {time:.0}"),
            Self::OneRun => f.write_str("no more: each run decides it anew"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_holds_or_says_why_not() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let digests = Digests { terms: 1, capacity: 2, price: 3, all: 4 };
        let words = |holds| {
            let validity = Validity::of(holds, digests, now);
            (validity.holds(), validity.to_string())
        };
        assert_eq!(words(Holds::ForEver), (true, "for ever".to_owned()));
        let soon = now + std::time::Duration::from_mins(10);
        assert_eq!(words(Holds::Until(soon)), (true, "until 2026-11-21T12:10:00Z".to_owned()));
        assert_eq!(
            words(Holds::Until(now)),
            (false, "no more: it was for a while, up to 2026-11-21T12:00:00Z".to_owned())
        );
        assert_eq!(words(Holds::UntilOn(soon, 4)), words(Holds::Until(soon)));
        assert_eq!(words(Holds::UntilOn(soon, 5)), words(Holds::Digest(5)));
        assert_eq!(words(Holds::UntilOn(now, 4)), words(Holds::Until(now)));
        for (digest, part) in
            [(1, "registration"), (2, "what is free"), (3, "block time"), (4, "prices or what is free")]
        {
            let (holds, words) = words(Holds::Digest(digest));
            assert!(holds && words.starts_with("until ") && words.contains(part), "{words}");
        }
        assert_eq!(words(Holds::Digest(5)), (false, "no more: terms, prices or what is free changed since".to_owned()));
        assert_eq!(words(Holds::Run), (false, "no more: each run decides it anew".to_owned()));
    }
}

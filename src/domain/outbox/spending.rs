//! What is spent, and the caps on it.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::amount::{Coin, Denom, Int};

/// An amount of coins that leaves the account: fees, which are gone, and deposits, which may come back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spending {
    /// Fees by denomination.
    pub fees: BTreeMap<Denom, Int>,
    /// Deposits by denomination.
    pub deposits: BTreeMap<Denom, Int>,
}

/// What is spent for what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// For a place in a block.
    Fee,
    /// Set aside by a message: of a bid, for example.
    Deposit,
}

/// Over which time a cap counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// This run.
    Run,
    /// The last sixty minutes, over all runs.
    Hour,
}

/// Caps, in the smallest unit, on each denomination by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Fees of one run.
    pub fees_per_run: u64,
    /// Fees of an hour.
    pub fees_per_hour: u64,
    /// Deposits of one run.
    pub deposits_per_run: u64,
    /// Deposits of an hour.
    pub deposits_per_hour: u64,
}

/// A cap that the next transaction would pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapReached {
    /// What is capped.
    pub kind: Kind,
    /// Over which time.
    pub span: Span,
    /// The cap.
    pub cap: Coin,
    /// What it would come to.
    pub would_be: Coin,
}

impl Kind {
    /// The word in rows and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Fee => "fee",
            Self::Deposit => "deposit",
        }
    }

    /// The kind of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Fee, Self::Deposit].into_iter().find(|kind| kind.word() == word)
    }
}

impl Spending {
    /// Adds an amount; at the largest number it stays there, which passes every cap.
    pub fn add(&mut self, kind: Kind, coin: &Coin) {
        let book = match kind {
            Kind::Fee => &mut self.fees,
            Kind::Deposit => &mut self.deposits,
        };
        let sum = book.entry(coin.denom.clone()).or_default();
        *sum = sum.checked_add(coin.amount).unwrap_or(Int::MAX);
    }

    /// The amounts, by kind and denomination.
    pub fn coins(&self) -> impl Iterator<Item = (Kind, Coin)> {
        let of = |kind, book: &BTreeMap<Denom, Int>| {
            book.iter().map(|(denom, amount)| (kind, Coin::new(*amount, denom.clone()))).collect::<Vec<_>>()
        };
        of(Kind::Fee, &self.fees).into_iter().chain(of(Kind::Deposit, &self.deposits))
    }
}

impl Caps {
    /// Whether `next` may be spent after `run` was in this run and `hour` within the last hour (this run included).
    pub fn check(&self, run: &Spending, hour: &Spending, next: &Spending) -> Result<(), CapReached> {
        for (kind, coin) in next.coins() {
            for (span, before) in [(Span::Run, run), (Span::Hour, hour)] {
                let book = match kind {
                    Kind::Fee => &before.fees,
                    Kind::Deposit => &before.deposits,
                };
                let spent = book.get(&coin.denom).copied().unwrap_or_default();
                let sum = spent.checked_add(coin.amount).unwrap_or(Int::MAX);
                let cap = Int::from(self.of(kind, span));
                if !coin.amount.is_zero() && sum > cap {
                    let coins = |amount| Coin { amount, denom: coin.denom.clone() };
                    return Err(CapReached { kind, span, cap: coins(cap), would_be: coins(sum) });
                }
            }
        }
        Ok(())
    }

    const fn of(&self, kind: Kind, span: Span) -> u64 {
        match (kind, span) {
            (Kind::Fee, Span::Run) => self.fees_per_run,
            (Kind::Fee, Span::Hour) => self.fees_per_hour,
            (Kind::Deposit, Span::Run) => self.deposits_per_run,
            (Kind::Deposit, Span::Hour) => self.deposits_per_hour,
        }
    }
}

impl CapReached {
    /// The configuration key of the cap.
    pub const fn setting(&self) -> &'static str {
        match (self.kind, self.span) {
            (Kind::Fee, Span::Run) => "transactions.fees_per_run",
            (Kind::Fee, Span::Hour) => "transactions.fees_per_hour",
            (Kind::Deposit, Span::Run) => "transactions.deposits_per_run",
            (Kind::Deposit, Span::Hour) => "transactions.deposits_per_hour",
        }
    }
}

impl fmt::Display for CapReached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            Kind::Fee => "fees",
            Kind::Deposit => "deposits",
        };
        let span = match self.span {
            Span::Run => "this run",
            Span::Hour => "the last hour",
        };
        write!(f, "the {what} of {span} would come to {} and may come to {}", self.would_be, self.cap)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CAPS: Caps = Caps { fees_per_run: 100, fees_per_hour: 150, deposits_per_run: 10, deposits_per_hour: 20 };

    fn spending(fees: &str, deposits: &str) -> Spending {
        let mut spending = Spending::default();
        for (kind, texts) in [(Kind::Fee, fees), (Kind::Deposit, deposits)] {
            texts.split_whitespace().for_each(|text| spending.add(kind, &text.parse().unwrap()));
        }
        spending
    }

    #[test]
    fn each_cap_holds_by_itself() {
        let reached = |run, hour, next| CAPS.check(&run, &hour, &next).err().map(|reached| reached.setting());
        let none = || spending("", "");
        let fee = |amount: u64| spending(&format!("{amount}uve"), "");
        let deposit = |amount: u64| spending("", &format!("{amount}uve"));
        assert_eq!(reached(none(), none(), fee(100)), None);
        assert_eq!(reached(none(), none(), fee(101)), Some("transactions.fees_per_run"));
        assert_eq!(reached(fee(60), fee(60), fee(41)), Some("transactions.fees_per_run"));
        assert_eq!(reached(none(), fee(100), fee(51)), Some("transactions.fees_per_hour"));
        assert_eq!(reached(deposit(6), deposit(6), deposit(5)), Some("transactions.deposits_per_run"));
        assert_eq!(reached(none(), deposit(16), deposit(5)), Some("transactions.deposits_per_hour"));
        // Deposits do not count as fees, nor one denomination as another.
        assert_eq!(reached(deposit(10), deposit(10), fee(100)), None);
        assert_eq!(reached(spending("", "10uakt"), spending("", "10uakt"), spending("", "10uact")), None);
        // What costs nothing is within every cap.
        assert_eq!(reached(fee(500), fee(500), spending("0uve", "")), None);
    }

    #[test]
    fn a_sum_beyond_all_numbers_passes_the_cap() {
        let most = Coin { amount: Int::MAX, denom: "uve".parse().unwrap() };
        let mut spent = Spending::default();
        spent.add(Kind::Fee, &most);
        spent.add(Kind::Fee, &most);
        let next = spending("1uve", "");
        let reached = CAPS.check(&spent, &spent, &next).unwrap_err();
        assert!(reached.to_string().starts_with("the fees of this run would come to 115792"), "{reached}");
        assert!(reached.to_string().ends_with("may come to 100uve"), "{reached}");
    }

    #[test]
    fn kinds_have_words() {
        for kind in [Kind::Fee, Kind::Deposit] {
            assert_eq!(Kind::of_word(kind.word()), Some(kind));
        }
        assert_eq!(Kind::of_word("tip"), None);
    }
}

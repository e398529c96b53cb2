//! Which candidates get a bid when limits do not allow all.
//!
//! ```text
//! score = price × funded blocks × win rate ÷ share of the scarcest thing that it takes
//! ```
//! Prices of several denominations are compared by their worth in the main list's. Ties go to the older order, then to
//! the lesser id: the same candidates always give the same choice, in whatever order they come.

use std::cmp::Ordering;

use super::capacity::{Footprint, Ledger};
use super::reason::Reason;
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::height::Height;
use crate::domain::id::OrderId;

/// An order that could get a bid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its order.
    pub order: OrderId,
    /// When that was made.
    pub created_at: Height,
    /// The back end that it would go to.
    pub back_end: usize,
    /// What it takes.
    pub footprint: Footprint,
    /// The price of a block, in the denomination in which orders are compared.
    pub worth: Dec18,
    /// For how many blocks it is funded.
    pub blocks: u64,
    /// How often bids on such orders were won.
    pub win_rate: WinRate,
}

/// How often bids were won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WinRate {
    /// Bids that won.
    pub won: u64,
    /// Bids that won or lost.
    pub decided: u64,
}

impl WinRate {
    /// An amount times the rate, both numbers being one and two higher than they are: nothing is known of the first
    /// bids, and nothing is hopeless.
    fn of(self, amount: Dec18) -> Option<Dec18> {
        let (won, decided) = (u128::from(self.won) + 1, u128::from(self.decided) + 2);
        amount.checked_times(won).and_then(|all| all.checked_part(decided, Rounding::HalfEven)).ok()
    }
}

/// How many more bids may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// In this minute.
    pub per_minute: u64,
    /// In this hour.
    pub per_hour: u64,
    /// That are under way at once.
    pub in_flight: u64,
    /// That are open at once.
    pub open: u64,
    /// Workloads at once, should all of them win.
    pub workloads: u64,
    /// Nothing is sent: the chain refused a bid for what our account is.
    pub held: bool,
}

impl Slots {
    /// The limit that is reached, if one is: the one that is reached for the longest.
    pub const fn exhausted(&self) -> Option<&'static str> {
        if self.workloads == 0 {
            Some("workloads")
        } else if self.open == 0 {
            Some("open")
        } else if self.per_hour == 0 {
            Some("per_hour")
        } else if self.per_minute == 0 {
            Some("per_minute")
        } else if self.held {
            Some("held")
        } else if self.in_flight == 0 {
            Some("in_flight")
        } else {
            None
        }
    }

    /// How many more bids may be sent at once.
    pub fn left(&self) -> u64 {
        if self.held {
            return 0;
        }
        self.per_minute.min(self.per_hour).min(self.in_flight).min(self.open).min(self.workloads)
    }

    /// One more is sent.
    pub const fn take(&mut self) {
        self.per_minute = self.per_minute.saturating_sub(1);
        self.per_hour = self.per_hour.saturating_sub(1);
        self.in_flight = self.in_flight.saturating_sub(1);
        self.open = self.open.saturating_sub(1);
        self.workloads = self.workloads.saturating_sub(1);
    }
}

/// A candidate's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ranked {
    /// Which candidate, by its place in what was given.
    pub candidate: usize,
    /// What it is worth for what is scarce.
    pub score: Dec18,
}

/// The candidates, the best first.
pub fn rank(ledger: &Ledger, candidates: &[Candidate]) -> Vec<Ranked> {
    let scored = candidates.iter().enumerate().map(|(place, candidate)| (score(ledger, candidate), place, candidate));
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by(|(one_score, _, one), (other_score, _, other)| {
        let better = other_score.cmp(one_score);
        let older = one.created_at.cmp(&other.created_at);
        better.then(older).then_with(|| one.order.cmp(&other.order)).then(Ordering::Equal)
    });
    scored.into_iter().map(|(score, candidate, _)| Ranked { candidate, score }).collect()
}

/// What does not fit into 256 bits is worth more than anything that does.
fn score(ledger: &Ledger, candidate: &Candidate) -> Dec18 {
    let revenue = candidate.worth.checked_times(u128::from(candidate.blocks)).ok();
    let expected = revenue.and_then(|revenue| candidate.win_rate.of(revenue)).unwrap_or(Dec18::MAX);
    let share = ledger.scarcest_share(candidate.back_end, &candidate.footprint).max(Dec18::STEP);
    expected.checked_div(share, Rounding::HalfEven).unwrap_or(Dec18::MAX)
}

/// What became of each candidate, by its place in what was given: a bid, or the reason why not. What is chosen is
/// promised in the ledger.
pub fn select(
    ledger: &mut Ledger,
    candidates: &[Candidate],
    ranked: &[Ranked],
    slots: &mut Slots,
) -> Vec<Result<(), Reason>> {
    let mut results: Vec<Result<(), Reason>> = vec![Ok(()); candidates.len()];
    for (rank, Ranked { candidate: place, .. }) in (1_u64..).zip(ranked) {
        let (Some(candidate), Some(result)) = (candidates.get(*place), results.get_mut(*place)) else { continue };
        *result = match slots.exhausted() {
            Some(limit) => Err(Reason::NotChosen { rank, limit: limit.into() }),
            None => ledger.reserve(candidate.back_end, &candidate.footprint),
        };
        if result.is_ok() {
            slots.take();
        }
    }
    results
}

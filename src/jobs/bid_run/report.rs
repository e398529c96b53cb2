//! What a bid run did.

use std::collections::BTreeMap;

use crate::domain::amount::{Coin, DecCoin};
use crate::domain::bid::capacity::Difference;
use crate::domain::bid::{Code, State};
use crate::domain::job::{Counts, Outcome};
use crate::jobs::Report;
use crate::jobs::tx_flush::Flushed;
use crate::store::bids::BidNumber;

/// A bid that a run made, or would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bid {
    /// Its number; none in a rehearsal.
    pub id: Option<BidNumber>,
    /// The order.
    pub order: String,
    /// The back end.
    pub back_end: String,
    /// The price of a block.
    pub price: DecCoin,
    /// What it locks.
    pub deposit: Coin,
    /// Where it stands by now.
    pub state: State,
    /// Why, where that is not as it should be.
    pub why: Option<String>,
}

/// An order that passed everything and got no bid now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// The order.
    pub order: String,
    /// Why not now.
    pub why: String,
}

/// What a bid run did.
#[expect(clippy::struct_excessive_bools, reason = "each is a line of the report of its own")]
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BidRun {
    /// Nothing was changed: it is what would be done.
    pub rehearsal: bool,
    /// A person approved proposals.
    pub approved: bool,
    /// Nothing new was bid on, for this reason.
    pub paused: Option<String>,
    /// Open orders that were seen.
    pub orders: u64,
    /// Of these, decided before and unchanged.
    pub unchanged: u64,
    /// Of these, ours already: an order takes one bid.
    pub ours: u64,
    /// Declined in this run, by coarse reason.
    pub declined: BTreeMap<Code, u64>,
    /// Orders that passed everything.
    pub candidates: u64,
    /// Those of them that were not even looked at closer: there was no room for so many.
    pub passed_over: u64,
    /// Bidding is not enabled.
    pub disabled: bool,
    /// Those of them that got no bid now, the best first.
    pub passed: Vec<Passed>,
    /// Bids.
    pub bids: Vec<Bid>,
    /// Own bids whose end was learned, with the state that they ended in.
    pub ended: Vec<(String, State)>,
    /// Own open bids that are to be closed, and why.
    pub closing: Vec<(String, &'static str)>,
    /// Bids that were on chain and not in the state file.
    pub adopted: u64,
    /// What configuration and back ends say differently.
    pub differences: Vec<(String, Difference)>,
    /// What the run could not see, or do, in words.
    pub troubles: Vec<String>,
    /// What a person should know of what was done as it was wanted.
    pub remarks: Vec<String>,
    /// What the outbox did.
    pub flushed: Option<Flushed>,
    /// It was asked to stop.
    pub interrupted: bool,
}

impl BidRun {
    /// The report of a run that begins: what is known before anything is read.
    pub(super) fn begin(request: &super::Request<'_>) -> Self {
        let (differences, troubles) = (request.differences.to_vec(), request.silent.to_vec());
        Self { differences, troubles, disabled: !request.enabled, ..Self::default() }
    }

    /// Adds what another look did.
    pub fn add(&mut self, other: Self) {
        for (code, count) in other.declined {
            let sum = self.declined.entry(code).or_default();
            *sum = sum.saturating_add(count);
        }
        self.orders = self.orders.saturating_add(other.orders);
        self.unchanged = self.unchanged.saturating_add(other.unchanged);
        self.ours = self.ours.saturating_add(other.ours);
        self.candidates = self.candidates.saturating_add(other.candidates);
        self.adopted = self.adopted.saturating_add(other.adopted);
        self.passed_over = other.passed_over;
        self.disabled = other.disabled;
        self.paused = other.paused;
        self.passed = other.passed;
        self.bids.extend(other.bids);
        self.ended.extend(other.ended);
        self.closing.extend(other.closing);
        self.differences = other.differences;
        for trouble in other.troubles {
            if !self.troubles.contains(&trouble) {
                self.troubles.push(trouble);
            }
        }
        self.remarks.extend(other.remarks);
        self.flushed = other.flushed;
    }

    /// Counts an order that is declined.
    pub(super) fn decline(&mut self, code: Code) {
        let count = self.declined.entry(code).or_default();
        *count = count.saturating_add(1);
    }

    /// Notes once what could not be seen or done.
    pub(super) fn trouble(&mut self, words: String) {
        tracing::warn!("{words}");
        if !self.troubles.contains(&words) {
            self.troubles.push(words);
        }
    }

    /// Bids of this run that are in a state.
    pub fn bids_in(&self, state: State) -> usize {
        self.bids.iter().filter(|bid| bid.state == state).count()
    }
}

impl Report for BidRun {
    fn outcome(&self) -> Outcome {
        if self.interrupted {
            return Outcome::Interrupted;
        }
        let unfinished = self.flushed.as_ref().is_some_and(|flushed| flushed.outcome() != Outcome::Done);
        let failed = !self.troubles.is_empty() || self.bids_in(State::Refused) > 0;
        if unfinished || failed { Outcome::PartlyFailed } else { Outcome::Done }
    }

    fn counts(&self) -> Counts {
        let number = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        let mut counts = Counts::default();
        for (name, count) in [
            ("orders_seen", self.orders),
            ("orders_unchanged", self.unchanged),
            ("orders_ours", self.ours),
            ("candidates", self.candidates),
            ("candidates_passed_over", self.passed_over),
            ("bids", number(self.bids.len())),
            ("bids_closing", number(self.closing.len())),
            ("bids_adopted", self.adopted),
            ("bids_ended", number(self.ended.len())),
            ("alerts_capacity", number(self.differences.len())),
        ] {
            counts.add(name, count);
        }
        for (code, count) in &self.declined {
            counts.add(&format!("declined_{}", code.word()), *count);
        }
        counts
    }
}

//! What a flush did.

use crate::domain::amount::Coin;
use crate::domain::job::{Counts, Outcome};
use crate::domain::outbox::intent::State;
use crate::domain::outbox::{CapReached, Spending};
use crate::domain::refusal::Refusal;
use crate::jobs::Report;
use crate::observe::logging::SAID_OTHERWISE;
use crate::store::outbox::{IntentId, TxId};

/// Money that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Short {
    /// What the account has.
    pub has: Coin,
    /// What it needs, or should have.
    pub needs: Coin,
}

/// What a flush did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Transactions that were signed.
    pub signed: Vec<TxId>,
    /// Transactions whose end was found out.
    pub settled: Vec<TxId>,
    /// How often bytes were handed to a node.
    pub handed_out: u64,
    /// Messages whose state was settled, and how.
    pub intents: Vec<(IntentId, State)>,
    /// Why the chain refused messages.
    pub refusals: Vec<(IntentId, Refusal)>,
    /// Messages that went back to the queue because their bytes did nothing.
    pub returned: u64,
    /// Transactions that are still out.
    pub in_flight: u64,
    /// Messages that are still queued.
    pub queued: u64,
    /// Messages that wait for a person.
    pub held: u64,
    /// Open messages of other signers or other chains, which this flush does not see to.
    pub others: u64,
    /// The cap that ended the sending.
    pub cap: Option<CapReached>,
    /// A payment that the balance does not cover.
    pub short: Option<Short>,
    /// The balance is lower than it should be.
    pub low: Option<Short>,
    /// What blocks took for what this run signed. What is out is not spent yet.
    pub spent: Spending,
    /// What went wrong without ending the run, in words: each once, and [`Flushed::MOST_TROUBLES`] at most.
    pub troubles: Vec<String>,
    /// How many more things went wrong.
    pub more_troubles: u64,
    /// What should not have happened, in words: a message that was executed twice, or although it had been given up.
    pub surprises: Vec<String>,
    /// It was asked to stop.
    pub interrupted: bool,
}

impl Flushed {
    /// So many troubles are kept: a node that answers nonsense must not fill a report.
    pub const MOST_TROUBLES: usize = 20;

    /// Messages that ended in a state.
    pub fn ended(&self, state: State) -> usize {
        self.intents.iter().filter(|(_, ended)| *ended == state).count()
    }

    /// Whether the next run has something to go on with.
    pub fn is_unfinished(&self) -> bool {
        self.in_flight > 0 || self.queued > 0 || self.cap.is_some() || self.short.is_some()
    }

    /// Notes a trouble once, however often it is met. The report tells it, so that the log has it in its file only.
    pub(super) fn trouble(&mut self, words: String) {
        if self.troubles.contains(&words) {
            return;
        }
        if self.troubles.len() < Self::MOST_TROUBLES {
            tracing::warn!(target: SAID_OTHERWISE, "{words}");
            self.troubles.push(words);
        } else {
            tracing::debug!("{words}");
            self.more_troubles = self.more_troubles.saturating_add(1);
        }
    }

    /// Notes what should not have happened.
    pub(super) fn surprise(&mut self, words: String) {
        tracing::error!(target: SAID_OTHERWISE, "{words}");
        self.surprises.push(words);
    }

    /// Says what nobody will read in a report, because the run ended before there was one.
    pub(super) fn say_instead(&self) {
        self.surprises.iter().for_each(|words| tracing::error!("{words}"));
        self.troubles.iter().for_each(|words| tracing::warn!("{words}"));
    }
}

impl Report for Flushed {
    fn outcome(&self) -> Outcome {
        if self.interrupted {
            Outcome::Interrupted
        } else if self.is_unfinished()
            || !self.troubles.is_empty()
            || !self.surprises.is_empty()
            || self.ended(State::Refused) > 0
        {
            Outcome::PartlyFailed
        } else {
            Outcome::Done
        }
    }

    fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        let number = |length: usize| u64::try_from(length).unwrap_or(u64::MAX);
        counts.add("transactions_signed", number(self.signed.len()));
        counts.add("transactions_settled", number(self.settled.len()));
        counts.add("handed_out", self.handed_out);
        for state in State::ALL.iter().filter(|state| state.is_settled()) {
            counts.add(&format!("messages_{state}"), number(self.ended(*state)));
        }
        for (name, count) in [
            ("messages_returned", self.returned),
            ("messages_queued", self.queued),
            ("messages_held", self.held),
            ("transactions_in_flight", self.in_flight),
        ] {
            counts.add(name, count);
        }
        counts
    }
}

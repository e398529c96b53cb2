//! Where a record stands on its way to money.
//!
//! ```text
//!            ┌─ approve ─► pending ── submit ──► submitted ── confirm ──► recorded ── settle ──► settled
//!   held ────┤              │ ▲ ▲ │                  │ │ │                    ▲
//!            └─ reject ─►   │ │ │ └─ lack_escrow ►  no_escrow ── submit ──►   │
//!               rejected    │ │ └───── put_off ──────┘ │                      │
//!                           │ └── retry ── failed ◄────┴─ give_up             │
//!                           └─ keep ─► local │ └──────────── confirm ─────────┘
//!                                ▲───────────┴── keep (and from no_escrow)
//! ```
//! `held` waits for a person. `no_escrow` is metered and signed, and no settlement escrow would pay it: it earns through
//! the lease alone, and is submitted if an escrow appears. `local` never goes on chain: nothing of it is charged (a
//! correction may have taken that back), or the network takes no usage. `failed` has used up its retries; the record is also a file, and `--force` takes it up again.

use std::fmt;

use crate::domain::fault::{Classified, Fault};

/// Where a record stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Flagged by the fraud check; a person decides.
    Held,
    /// Refused by a person. Final.
    Rejected,
    /// Signed, to be submitted.
    Pending,
    /// Signed, and no settlement escrow of its order is active.
    NoEscrow,
    /// In the outbox, or on its way.
    Submitted,
    /// The chain has it.
    Recorded,
    /// Paid. Final.
    Settled,
    /// The retries are used up.
    Failed,
    /// Signed, and nothing of it is for the chain. Final.
    Local,
}

/// What happens to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A person says that it is right; it is signed.
    Approve,
    /// A person says that it is wrong.
    Reject,
    /// Its messages are put into the outbox.
    Submit,
    /// No escrow would pay it.
    LackEscrow,
    /// Nothing of it is for the chain.
    Keep,
    /// It is found on the chain.
    Confirm,
    /// The chain did not take it; it is tried again later.
    PutOff,
    /// The chain did not take it, for the last time.
    GiveUp,
    /// A person wants it tried again.
    Retry,
    /// It is paid.
    Settle,
}

/// Something that cannot happen to a record in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a usage record that is {state} cannot {event}")]
pub struct IllegalTransition {
    state: &'static str,
    event: &'static str,
}

impl Classified for IllegalTransition {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<std::borrow::Cow<'static, str>> {
        Some("`provider usage show` says where the record stands".into())
    }
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Held,
        Self::Rejected,
        Self::Pending,
        Self::NoEscrow,
        Self::Submitted,
        Self::Recorded,
        Self::Settled,
        Self::Failed,
        Self::Local,
    ];

    /// The words of [`State::ALL`], in the same order.
    pub const WORDS: &'static [&'static str] =
        &["held", "rejected", "pending", "no_escrow", "submitted", "recorded", "settled", "failed", "local"];

    /// The word in rows, output and labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Rejected => "rejected",
            Self::Pending => "pending",
            Self::NoEscrow => "no_escrow",
            Self::Submitted => "submitted",
            Self::Recorded => "recorded",
            Self::Settled => "settled",
            Self::Failed => "failed",
            Self::Local => "local",
        }
    }

    /// The words for people.
    pub const fn words(self) -> &'static str {
        match self {
            Self::NoEscrow => "no settlement escrow",
            Self::Held
            | Self::Rejected
            | Self::Pending
            | Self::Submitted
            | Self::Recorded
            | Self::Settled
            | Self::Failed
            | Self::Local => self.word(),
        }
    }

    /// The state of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Whether somebody still has to do something with it: what `usage pending` lists.
    pub const fn is_open(self) -> bool {
        match self {
            Self::Held | Self::Pending | Self::NoEscrow | Self::Submitted | Self::Failed => true,
            Self::Rejected | Self::Recorded | Self::Settled | Self::Local => false,
        }
    }

    /// The state after an event.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        use Event as E;
        use State as S;
        Ok(match (self, event) {
            (S::Held, E::Approve) | (S::Submitted | S::Pending, E::PutOff) | (S::Failed, E::Retry) => S::Pending,
            (S::Held, E::Reject) => S::Rejected,
            (S::Pending | S::NoEscrow, E::Submit) => S::Submitted,
            (S::Pending | S::NoEscrow, E::LackEscrow) => S::NoEscrow,
            (S::Pending | S::NoEscrow | S::Failed, E::Keep) => S::Local,
            (S::Pending | S::NoEscrow | S::Submitted | S::Failed, E::Confirm) => S::Recorded,
            (S::Pending | S::Submitted, E::GiveUp) => S::Failed,
            (S::Recorded, E::Settle) => S::Settled,
            (
                S::Held
                | S::Rejected
                | S::Pending
                | S::NoEscrow
                | S::Submitted
                | S::Recorded
                | S::Settled
                | S::Failed
                | S::Local,
                event,
            ) => return Err(IllegalTransition { state: self.word(), event: event.words() }),
        })
    }
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::Approve,
        Self::Reject,
        Self::Submit,
        Self::LackEscrow,
        Self::Keep,
        Self::Confirm,
        Self::PutOff,
        Self::GiveUp,
        Self::Retry,
        Self::Settle,
    ];

    /// What it is said to do: "cannot …".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Approve => "be approved",
            Self::Reject => "be rejected",
            Self::Submit => "be submitted",
            Self::LackEscrow => "wait for an escrow",
            Self::Keep => "be kept off the chain",
            Self::Confirm => "be confirmed",
            Self::PutOff => "be put off",
            Self::GiveUp => "be given up",
            Self::Retry => "be tried again",
            Self::Settle => "be settled",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_matrix() {
        let mut lines = Vec::new();
        for state in State::ALL {
            for event in Event::ALL {
                if let Ok(next) = state.next(*event) {
                    lines.push(format!("{state} + {event:?} = {next}"));
                }
            }
        }
        assert_eq!(
            lines,
            [
                "held + Approve = pending",
                "held + Reject = rejected",
                "pending + Submit = submitted",
                "pending + LackEscrow = no_escrow",
                "pending + Keep = local",
                "pending + Confirm = recorded",
                "pending + PutOff = pending",
                "pending + GiveUp = failed",
                "no_escrow + Submit = submitted",
                "no_escrow + LackEscrow = no_escrow",
                "no_escrow + Keep = local",
                "no_escrow + Confirm = recorded",
                "submitted + Confirm = recorded",
                "submitted + PutOff = pending",
                "submitted + GiveUp = failed",
                "recorded + Settle = settled",
                "failed + Keep = local",
                "failed + Confirm = recorded",
                "failed + Retry = pending",
            ]
        );
        assert_eq!(
            State::Settled.next(Event::Submit).unwrap_err().to_string(),
            "a usage record that is settled cannot be submitted"
        );
    }

    #[test]
    fn words_are_a_contract() {
        for (state, word) in State::ALL.iter().zip(State::WORDS) {
            assert_eq!((state.word(), State::of_word(word)), (*word, Some(*state)));
        }
        assert_eq!(State::ALL.len(), State::WORDS.len());
    }
}

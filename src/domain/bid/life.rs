//! The life of our bid on an order.
//!
//! ```text
//!  proposed ──approved──> queued ──included──> open ──won──> active ──closed──> closed
//!     │                     │ │                 │ └──lost──> lost
//!     └──dropped──> dropped │ └──refused──> refused         └──closed──> closed
//!                           └──(the chain may show any later state at once)
//!                        refused ──retried──> queued
//! ```
//! The chain's truth wins: whatever it shows of a bid that we sent is the state.

use std::fmt;

/// Where our bid on an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// It waits for a person's `bid approve`.
    Proposed,
    /// It is in the outbox: sent, or about to be.
    Queued,
    /// It is on chain, and the tenant may take it.
    Open,
    /// The tenant took it: there is a lease.
    Active,
    /// The tenant took another.
    Lost,
    /// It was closed, or its lease was.
    Closed,
    /// The chain refused it.
    Refused,
    /// It was proposed and never sent.
    Dropped,
}

/// What can happen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// A person approved the proposal.
    Approved,
    /// The proposal was dropped, by a person or by time.
    Dropped,
    /// It is on chain, open.
    Included,
    /// The chain refused it, or the outbox gave it up.
    Refused,
    /// It is tried again.
    Retried,
    /// The chain shows a lease.
    Won,
    /// The chain shows that another bid won.
    Lost,
    /// The chain shows it closed.
    Closed,
}

/// An event that cannot happen in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a bid that is {state} cannot be {event:?}")]
pub struct IllegalTransition {
    /// The state.
    pub state: State,
    /// The event.
    pub event: Event,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Proposed,
        Self::Queued,
        Self::Open,
        Self::Active,
        Self::Lost,
        Self::Closed,
        Self::Refused,
        Self::Dropped,
    ];

    /// The word in stored rows and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Queued => "queued",
            Self::Open => "open",
            Self::Active => "active",
            Self::Lost => "lost",
            Self::Closed => "closed",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
        }
    }

    /// The state of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Whether the deposit is with the chain, or on its way there.
    pub const fn locks_a_deposit(self) -> bool {
        match self {
            Self::Queued | Self::Open | Self::Active => true,
            Self::Proposed | Self::Lost | Self::Closed | Self::Refused | Self::Dropped => false,
        }
    }

    /// Whether capacity is promised to it.
    pub const fn holds_capacity(self) -> bool {
        match self {
            Self::Proposed | Self::Queued | Self::Open | Self::Active => true,
            Self::Lost | Self::Closed | Self::Refused | Self::Dropped => false,
        }
    }

    /// The state after an event.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        let illegal = Err(IllegalTransition { state: self, event });
        match (self, event) {
            (Self::Proposed, Event::Approved) | (Self::Refused | Self::Queued, Event::Retried) => Ok(Self::Queued),
            (Self::Proposed | Self::Dropped, Event::Dropped) => Ok(Self::Dropped),
            (Self::Queued | Self::Open | Self::Refused, Event::Included) => Ok(Self::Open),
            (Self::Queued | Self::Refused, Event::Refused) => Ok(Self::Refused),
            (Self::Queued | Self::Open | Self::Active | Self::Refused, Event::Won) => Ok(Self::Active),
            (Self::Queued | Self::Open | Self::Lost | Self::Refused, Event::Lost) => Ok(Self::Lost),
            (Self::Queued | Self::Open | Self::Active | Self::Closed | Self::Refused, Event::Closed) => {
                Ok(Self::Closed)
            }
            (
                Self::Proposed | Self::Lost | Self::Closed | Self::Dropped,
                Event::Retried | Event::Included | Event::Refused | Event::Won | Event::Lost | Event::Closed,
            )
            | (
                Self::Queued | Self::Open | Self::Active | Self::Lost | Self::Closed | Self::Refused,
                Event::Approved | Event::Dropped,
            )
            | (Self::Dropped, Event::Approved)
            | (Self::Open, Event::Refused | Event::Retried)
            | (Self::Active, Event::Included | Event::Refused | Event::Retried | Event::Lost) => illegal,
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

    const EVENTS: [Event; 8] = [
        Event::Approved,
        Event::Dropped,
        Event::Included,
        Event::Refused,
        Event::Retried,
        Event::Won,
        Event::Lost,
        Event::Closed,
    ];

    #[test]
    fn the_whole_matrix() {
        // approved dropped included refused retried won lost closed; - is illegal.
        let table = [
            (State::Proposed, "queued dropped - - - - - -"),
            (State::Queued, "- - open refused queued active lost closed"),
            (State::Open, "- - open - - active lost closed"),
            (State::Active, "- - - - - active - closed"),
            (State::Lost, "- - - - - - lost -"),
            (State::Closed, "- - - - - - - closed"),
            (State::Refused, "- - open refused queued active lost closed"),
            (State::Dropped, "- dropped - - - - - -"),
        ];
        assert_eq!(table.len(), State::ALL.len());
        for (state, row) in table {
            for (event, wanted) in EVENTS.into_iter().zip(row.split(' ')) {
                let found = state.next(event).map_or("-", State::word);
                assert_eq!(found, wanted, "{state} {event:?}");
            }
        }
    }

    #[test]
    fn every_state_has_its_word() {
        for state in State::ALL {
            assert_eq!(State::of_word(state.word()), Some(*state));
        }
        assert_eq!(State::of_word("won"), None);
    }
}

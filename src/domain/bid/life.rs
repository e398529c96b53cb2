//! The life of our bid on an order.
//!
//! ```text
//!  proposed ──approved──> queued ──included──> open ──won──> active ──closed──> closed
//!   │  ▲                    │ ▲                 └──lost──> lost
//!   │  └──reproposed──┐     │ └──retried── refused, dropped
//!   └──dropped──> dropped   └──refused──> refused ──reproposed──> proposed
//! ```
//! The chain's truth wins: whatever it shows of a bid is the state, also of one that was never sent as far as we know (our
//! key has other hands), or was thought to be over. Only a lease is no open bid again; who shows that is behind.

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
    /// It is proposed again: a person is to approve it anew.
    Reproposed,
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
    #[expect(
        clippy::match_same_arms,
        reason = "what an own lease can no longer become stands before what else the chain shows"
    )]
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        let illegal = Err(IllegalTransition { state: self, event });
        match (event, self) {
            // What we do.
            (Event::Approved, Self::Proposed) | (Event::Retried, Self::Queued | Self::Refused | Self::Dropped) => {
                Ok(Self::Queued)
            }
            (Event::Reproposed, Self::Proposed | Self::Refused | Self::Dropped) => Ok(Self::Proposed),
            (Event::Dropped, Self::Proposed | Self::Dropped) => Ok(Self::Dropped),
            (Event::Refused, Self::Queued | Self::Refused) => Ok(Self::Refused),
            // What the chain shows.
            (Event::Included | Event::Lost, Self::Active) => illegal,
            (Event::Included, _) => Ok(Self::Open),
            (Event::Won, _) => Ok(Self::Active),
            (Event::Lost, _) => Ok(Self::Lost),
            (Event::Closed, _) => Ok(Self::Closed),
            (
                Event::Approved | Event::Retried | Event::Reproposed | Event::Dropped | Event::Refused,
                Self::Proposed
                | Self::Queued
                | Self::Open
                | Self::Active
                | Self::Lost
                | Self::Closed
                | Self::Refused
                | Self::Dropped,
            ) => illegal,
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

    const EVENTS: [Event; 9] = [
        Event::Approved,
        Event::Dropped,
        Event::Refused,
        Event::Retried,
        Event::Reproposed,
        Event::Included,
        Event::Won,
        Event::Lost,
        Event::Closed,
    ];

    #[test]
    fn the_whole_matrix() {
        // approved dropped refused retried reproposed, and what the chain shows: included won lost closed; - is illegal.
        let table = [
            (State::Proposed, "queued dropped - - proposed open active lost closed"),
            (State::Queued, "- - refused queued - open active lost closed"),
            (State::Open, "- - - - - open active lost closed"),
            (State::Active, "- - - - - - active - closed"),
            (State::Lost, "- - - - - open active lost closed"),
            (State::Closed, "- - - - - open active lost closed"),
            (State::Refused, "- - refused queued proposed open active lost closed"),
            (State::Dropped, "- dropped - queued proposed open active lost closed"),
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

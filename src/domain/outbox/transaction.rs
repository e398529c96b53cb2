//! The states of a transaction: bytes that were signed.
//!
//! ```text
//!   (sign, store) → signed ── hand_out ──► handed_out ─┐ hand_out
//!                     │                    │  ▲        │
//!                     │                    │  └────────┘
//!                     ├────────────────────┼── include ──► included    executed in a block
//!                     ├────────────────────┼── fail ─────► failed      in a block, paid for, and nothing done
//!                     ├────────────────────┼── void ─────► void        proved to be in no block, ever
//!                     └────────────────────┴── lose ─────► lost        may be in a block that no node has any more
//!   lost ── include, fail, void ──► as above
//! ```
//! `signed` does not mean that no node has the bytes: the process may have been killed between handing them out and
//! writing that down. Both live states are therefore treated alike wherever it matters.

use std::fmt;

use super::IllegalTransition;

/// Where a transaction stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Stored, and perhaps handed out.
    Signed,
    /// Handed to a node at least once.
    HandedOut,
    /// In a block, and executed. Final.
    Included,
    /// In a block, paid for, and refused there as a whole. Final.
    Failed,
    /// In no block, and never will be. Final.
    Void,
    /// Its sequence was used by a transaction that cannot be read any more: it may be this one.
    Lost,
}

/// What happens to a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// A node was given the bytes, and has them or had them.
    HandOut,
    /// It was found in a block, executed.
    Include,
    /// It was found in a block, paid for, and refused.
    Fail,
    /// It was proved that it is in no block and will be in none.
    Void,
    /// No node can say any more.
    Lose,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] =
        &[Self::Signed, Self::HandedOut, Self::Included, Self::Failed, Self::Void, Self::Lost];

    /// The words of [`State::ALL`], in the same order.
    pub const WORDS: &'static [&'static str] = &["signed", "handed_out", "included", "failed", "void", "lost"];

    /// The word in rows, output and labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Signed => "signed",
            Self::HandedOut => "handed_out",
            Self::Included => "included",
            Self::Failed => "failed",
            Self::Void => "void",
            Self::Lost => "lost",
        }
    }

    /// The state of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Whether its bytes may still come into a block, as far as is known.
    pub const fn is_live(self) -> bool {
        match self {
            Self::Signed | Self::HandedOut => true,
            Self::Included | Self::Failed | Self::Void | Self::Lost => false,
        }
    }

    /// The state after an event.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        use Event as E;
        use State as S;
        Ok(match (self, event) {
            (S::Signed | S::HandedOut, E::HandOut) => S::HandedOut,
            (S::Signed | S::HandedOut | S::Lost, E::Include) => S::Included,
            (S::Signed | S::HandedOut | S::Lost, E::Fail) => S::Failed,
            (S::Signed | S::HandedOut | S::Lost, E::Void) => S::Void,
            (S::Signed | S::HandedOut, E::Lose) => S::Lost,
            (S::Included | S::Failed | S::Void | S::Lost, event) => {
                return Err(IllegalTransition { article: "a transaction", state: self.word(), event: event.words() });
            }
        })
    }
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[Self::HandOut, Self::Include, Self::Fail, Self::Void, Self::Lose];

    /// What it is said to do: "cannot …".
    pub const fn words(self) -> &'static str {
        match self {
            Self::HandOut => "be handed out",
            Self::Include => "be included",
            Self::Fail => "fail",
            Self::Void => "become void",
            Self::Lose => "be lost",
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
    fn every_event_in_every_state_ends_as_the_table_says() {
        use State as S;
        const NO: Option<State> = None;
        // hand out, include, fail, void, lose
        let table: &[(State, [Option<State>; 5])] = &[
            (S::Signed, [Some(S::HandedOut), Some(S::Included), Some(S::Failed), Some(S::Void), Some(S::Lost)]),
            (S::HandedOut, [Some(S::HandedOut), Some(S::Included), Some(S::Failed), Some(S::Void), Some(S::Lost)]),
            (S::Included, [NO; 5]),
            (S::Failed, [NO; 5]),
            (S::Void, [NO; 5]),
            (S::Lost, [NO, Some(S::Included), Some(S::Failed), Some(S::Void), NO]),
        ];
        assert_eq!(table.len(), State::ALL.len());
        for (state, row) in table {
            for (event, expected) in Event::ALL.iter().zip(row) {
                assert_eq!(state.next(*event).ok(), *expected, "{state} {event:?}");
            }
        }
    }

    #[test]
    fn words_are_a_contract() {
        for (state, word) in State::ALL.iter().zip(State::WORDS) {
            assert_eq!((state.word(), State::of_word(word)), (*word, Some(*state)));
        }
        assert_eq!(State::ALL.len(), State::WORDS.len());
        assert_eq!(
            State::Void.next(Event::Include).unwrap_err().to_string(),
            "a transaction that is void cannot be included"
        );
    }
}

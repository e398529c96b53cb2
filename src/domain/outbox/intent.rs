//! The states of an intent: one message that is to be on the chain once.
//!
//! ```text
//!                  ┌────────────── confirm ─────────────┐
//!                  ▼                                    │
//!   (enqueue) → queued ──────────── hold ──────► needs_confirmation ── execute ──► done
//!                │ ▲ │                                  ▲    │
//!           sign │ │ ├─ execute ──► done                │    ├─ lapse ────► expired
//!                ▼ │ ├─ refuse ───► refused             │    └─ abandon ──► abandoned
//!            in_flight, return      lapse ► expired     │
//!                │                  abandon ► abandoned │
//!                ├─ execute ──► done                    │
//!                ├─ refuse ───► refused                 │
//!                └─ hold ───────────────────────────────┘
//!   refused, expired, abandoned ── retry ──► queued
//!   refused, expired, abandoned ── execute ──► done
//! ```
//! `in_flight` means that signed bytes with this message exist and that nothing is known of their end. It is left only
//! by a fact: the message is in a block, or the bytes can be in none any more.

use std::fmt;

use super::IllegalTransition;

/// Where an intent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// To be signed by the next flush.
    Queued,
    /// Waits for a person: a key that is touched, or an outcome that only a person can find out.
    NeedsConfirmation,
    /// In signed bytes whose end is not known.
    InFlight,
    /// Executed in a block. Final.
    Done,
    /// The chain refuses the message, for the reason that is stored.
    Refused,
    /// Its own time was over before it was signed.
    Expired,
    /// Given up by a person before it was signed.
    Abandoned,
}

/// What happens to an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Event {
    /// It must wait for a person.
    Hold,
    /// A person lets it go on.
    Confirm,
    /// Bytes with it were signed, and stored.
    Sign,
    /// It was found executed in a block.
    Execute,
    /// The bytes with it did nothing and can do nothing any more, and it is not at fault.
    Return,
    /// The chain refused it.
    Refuse,
    /// Its own time is over.
    Lapse,
    /// A person gives it up.
    Abandon,
    /// A person wants it tried again.
    Retry,
}

impl State {
    /// Every state.
    pub const ALL: &'static [Self] = &[
        Self::Queued,
        Self::NeedsConfirmation,
        Self::InFlight,
        Self::Done,
        Self::Refused,
        Self::Expired,
        Self::Abandoned,
    ];

    /// The words of [`State::ALL`], in the same order.
    pub const WORDS: &'static [&'static str] =
        &["queued", "needs_confirmation", "in_flight", "done", "refused", "expired", "abandoned"];

    /// The word in rows, output and labels.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::NeedsConfirmation => "needs_confirmation",
            Self::InFlight => "in_flight",
            Self::Done => "done",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
        }
    }

    /// The state of that word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.word() == word)
    }

    /// Whether nothing more happens to it by itself.
    pub const fn is_settled(self) -> bool {
        match self {
            Self::Queued | Self::NeedsConfirmation | Self::InFlight => false,
            Self::Done | Self::Refused | Self::Expired | Self::Abandoned => true,
        }
    }

    /// The state after an event.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        use Event as E;
        use State as S;
        Ok(match (self, event) {
            (S::Queued | S::InFlight, E::Hold) => S::NeedsConfirmation,
            (S::NeedsConfirmation, E::Confirm)
            | (S::InFlight, E::Return)
            | (S::Refused | S::Expired | S::Abandoned, E::Retry) => S::Queued,
            (S::Queued, E::Sign) => S::InFlight,
            // A fact of the chain, whatever anybody had decided meanwhile.
            (S::Queued | S::NeedsConfirmation | S::InFlight | S::Refused | S::Expired | S::Abandoned, E::Execute) => {
                S::Done
            }
            (S::Queued | S::InFlight, E::Refuse) => S::Refused,
            (S::Queued | S::NeedsConfirmation, E::Lapse) => S::Expired,
            (S::Queued | S::NeedsConfirmation, E::Abandon) => S::Abandoned,
            (
                S::Queued | S::NeedsConfirmation | S::InFlight | S::Done | S::Refused | S::Expired | S::Abandoned,
                event,
            ) => {
                return Err(IllegalTransition { article: "an intent", state: self.word(), event: event.words() });
            }
        })
    }
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::Hold,
        Self::Confirm,
        Self::Sign,
        Self::Execute,
        Self::Return,
        Self::Refuse,
        Self::Lapse,
        Self::Abandon,
        Self::Retry,
    ];

    /// What it is said to do: "cannot …".
    pub const fn words(self) -> &'static str {
        match self {
            Self::Hold => "be held for confirmation",
            Self::Confirm => "be confirmed",
            Self::Sign => "be signed",
            Self::Execute => "be executed",
            Self::Return => "go back to the queue",
            Self::Refuse => "be refused",
            Self::Lapse => "lapse",
            Self::Abandon => "be abandoned",
            Self::Retry => "be tried again",
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

    /// One line for each state, one column for each event; a dot is an illegal transition.
    const MATRIX: &str = "
                         hold confirm sign execute return refuse lapse abandon retry
        queued           N    .       F    D       .      R      E     A       .
        needs_confirmation .  Q       .    D       .      .      E     A       .
        in_flight        N    .       .    D       Q      R      .     .       .
        done             .    .       .    .       .      .      .     .       .
        refused          .    .       .    D       .      .      .     .       Q
        expired          .    .       .    D       .      .      .     .       Q
        abandoned        .    .       .    D       .      .      .     .       Q";

    #[test]
    fn every_event_in_every_state_ends_as_the_table_says() {
        let mut seen = 0;
        for line in MATRIX.trim().lines().skip(1) {
            let mut words = line.split_whitespace();
            let state = State::of_word(words.next().unwrap()).unwrap();
            for (event, letter) in Event::ALL.iter().zip(words.by_ref()) {
                let expected = match letter {
                    "Q" => Ok(State::Queued),
                    "N" => Ok(State::NeedsConfirmation),
                    "F" => Ok(State::InFlight),
                    "D" => Ok(State::Done),
                    "R" => Ok(State::Refused),
                    "E" => Ok(State::Expired),
                    "A" => Ok(State::Abandoned),
                    _ => Err(()),
                };
                assert_eq!(state.next(*event).map_err(drop), expected, "{state} {event:?}");
                seen += 1;
            }
            assert_eq!(words.next(), None);
        }
        assert_eq!(seen, State::ALL.len() * Event::ALL.len());
    }

    #[test]
    fn words_are_a_contract() {
        for (state, word) in State::ALL.iter().zip(State::WORDS) {
            assert_eq!((state.word(), State::of_word(word)), (*word, Some(*state)));
        }
        assert_eq!(State::ALL.len(), State::WORDS.len());
        let error = State::Done.next(Event::Sign).unwrap_err();
        assert_eq!(error.to_string(), "an intent that is done cannot be signed");
    }

    #[test]
    fn what_is_in_flight_is_never_signed_and_never_given_up() {
        // The two mistakes that would send a message twice, or forget one that was sent.
        for event in [Event::Sign, Event::Abandon, Event::Lapse, Event::Retry, Event::Confirm] {
            assert!(State::InFlight.next(event).is_err(), "{event:?}");
        }
    }
}

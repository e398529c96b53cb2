//! The life of a key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where a key stands in its life.
///
/// As the training manual draws it:
/// ```text
/// Created ──▶ Pending ──▶ Active ──▶ Rotating
///                            │           │
///                            ▼           ▼
///                        Suspended   Deactivated
///                            │           ▼
///                            └───────▶ Archived
///                                        ▼
///                   Compromised ─────▶ Destroyed
/// ```
/// The drawing has no way into Compromised and none back from Suspended, and `keys compromise` and `keys resume` need
/// them. Ours are therefore [`Event::Compromise`], from every living state, and [`Event::Resume`], from Suspended to
/// Active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It was made, and nobody has decided about it.
    Created,
    /// It waits for an approval, or for its registration on the chain.
    Pending,
    /// It is in use.
    Active,
    /// Another has taken its place; what was sealed to it still opens, what it signed still verifies.
    Rotating,
    /// It is out of use until somebody decides.
    Suspended,
    /// Its grace period is over.
    Deactivated,
    /// It is kept, and used for nothing.
    Archived,
    /// Others may have it.
    Compromised,
    /// It is gone.
    Destroyed,
}

/// What happens to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Event {
    /// It is put forward for use.
    Submit,
    /// It is taken into use.
    Activate,
    /// Another takes its place.
    Rotate,
    /// It is taken out of use for a while.
    Suspend,
    /// It is taken into use again. Ours: the drawing lacks the edge, `keys resume` needs it.
    Resume,
    /// Its grace period ends.
    Deactivate,
    /// It is put away.
    Archive,
    /// Others may have it. Ours: the drawing lacks the edges, `keys compromise` needs them.
    Compromise,
    /// It is deleted.
    Destroy,
}

/// Something that cannot happen to a key in this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key that is {state} cannot {event}")]
pub struct IllegalTransition {
    /// The state it is in.
    pub state: State,
    /// What was to happen.
    pub event: Event,
}

/// A word that names no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no state of a key")]
pub struct UnknownState(String);

impl State {
    /// Every state, in the order of the drawing.
    pub const ALL: &'static [Self] = &[
        Self::Created,
        Self::Pending,
        Self::Active,
        Self::Rotating,
        Self::Suspended,
        Self::Deactivated,
        Self::Archived,
        Self::Compromised,
        Self::Destroyed,
    ];

    /// The word in files and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Rotating => "rotating",
            Self::Suspended => "suspended",
            Self::Deactivated => "deactivated",
            Self::Archived => "archived",
            Self::Compromised => "compromised",
            Self::Destroyed => "destroyed",
        }
    }

    /// The state after an event, or that the event cannot happen in this one.
    pub const fn next(self, event: Event) -> Result<Self, IllegalTransition> {
        use Event as E;
        use State as S;
        let illegal = Err(IllegalTransition { state: self, event });
        match (event, self) {
            (E::Submit, S::Created) => Ok(S::Pending),
            (E::Activate, S::Pending) | (E::Resume, S::Suspended) => Ok(S::Active),
            (E::Rotate, S::Active) => Ok(S::Rotating),
            (E::Suspend, S::Active) => Ok(S::Suspended),
            (E::Deactivate, S::Rotating) => Ok(S::Deactivated),
            (E::Archive, S::Suspended | S::Deactivated) => Ok(S::Archived),
            (E::Destroy, S::Archived | S::Compromised) => Ok(S::Destroyed),
            (E::Compromise, living) if living.is_living() => Ok(S::Compromised),
            (
                E::Submit
                | E::Activate
                | E::Resume
                | E::Rotate
                | E::Suspend
                | E::Deactivate
                | E::Archive
                | E::Destroy
                | E::Compromise,
                S::Created
                | S::Pending
                | S::Active
                | S::Rotating
                | S::Suspended
                | S::Deactivated
                | S::Archived
                | S::Compromised
                | S::Destroyed,
            ) => illegal,
        }
    }

    /// Whether it is neither gone nor given up.
    pub const fn is_living(self) -> bool {
        match self {
            Self::Created
            | Self::Pending
            | Self::Active
            | Self::Rotating
            | Self::Suspended
            | Self::Deactivated
            | Self::Archived => true,
            Self::Compromised | Self::Destroyed => false,
        }
    }

    /// Whether it makes signatures that count.
    pub const fn may_sign(self) -> bool {
        match self {
            Self::Active => true,
            Self::Created
            | Self::Pending
            | Self::Rotating
            | Self::Suspended
            | Self::Deactivated
            | Self::Archived
            | Self::Compromised
            | Self::Destroyed => false,
        }
    }

    /// Whether it opens what was sealed to it. A compromised key does: its owner must learn what others can read. So does
    /// a pending one: the chain shows it before it takes over.
    pub const fn may_open(self) -> bool {
        match self {
            Self::Pending | Self::Active | Self::Rotating | Self::Deactivated | Self::Compromised => true,
            Self::Created | Self::Suspended | Self::Archived | Self::Destroyed => false,
        }
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<Self, UnknownState> {
        let found = Self::ALL.iter().find(|state| state.word() == word);
        found.copied().ok_or_else(|| UnknownState(word.chars().take(40).collect()))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

impl Event {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::Submit,
        Self::Activate,
        Self::Rotate,
        Self::Suspend,
        Self::Resume,
        Self::Deactivate,
        Self::Archive,
        Self::Compromise,
        Self::Destroy,
    ];

    /// Whether the manual's drawing lacks it.
    pub const fn is_ours(self) -> bool {
        match self {
            Self::Resume | Self::Compromise => true,
            Self::Submit
            | Self::Activate
            | Self::Rotate
            | Self::Suspend
            | Self::Deactivate
            | Self::Archive
            | Self::Destroy => false,
        }
    }
}

impl fmt::Display for Event {
    /// Completes "a key that is … cannot …".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Submit => "be submitted",
            Self::Activate => "be activated",
            Self::Rotate => "be rotated",
            Self::Suspend => "be suspended",
            Self::Resume => "be resumed",
            Self::Deactivate => "be deactivated",
            Self::Archive => "be archived",
            Self::Compromise => "be given up as compromised",
            Self::Destroy => "be destroyed",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every edge of the manual's drawing.
    const DRAWN: &[(State, Event, State)] = &[
        (State::Created, Event::Submit, State::Pending),
        (State::Pending, Event::Activate, State::Active),
        (State::Active, Event::Rotate, State::Rotating),
        (State::Active, Event::Suspend, State::Suspended),
        (State::Rotating, Event::Deactivate, State::Deactivated),
        (State::Suspended, Event::Archive, State::Archived),
        (State::Deactivated, Event::Archive, State::Archived),
        (State::Archived, Event::Destroy, State::Destroyed),
        (State::Compromised, Event::Destroy, State::Destroyed),
    ];

    /// Every edge that it lacks and a command needs.
    const OURS: &[(State, Event, State)] = &[
        (State::Suspended, Event::Resume, State::Active),
        (State::Created, Event::Compromise, State::Compromised),
        (State::Pending, Event::Compromise, State::Compromised),
        (State::Active, Event::Compromise, State::Compromised),
        (State::Rotating, Event::Compromise, State::Compromised),
        (State::Suspended, Event::Compromise, State::Compromised),
        (State::Deactivated, Event::Compromise, State::Compromised),
        (State::Archived, Event::Compromise, State::Compromised),
    ];

    #[test]
    fn the_whole_matrix() {
        let mut edges = 0;
        for state in State::ALL.iter().copied() {
            for event in Event::ALL.iter().copied() {
                let edge = DRAWN.iter().chain(OURS).find(|(from, what, _)| (*from, *what) == (state, event));
                let expected = edge.map(|(_, _, to)| *to).ok_or(IllegalTransition { state, event });
                assert_eq!(state.next(event), expected, "{state} {event:?}");
                edges += usize::from(edge.is_some());
            }
        }
        assert_eq!((State::ALL.len(), Event::ALL.len(), edges), (9, 9, DRAWN.len() + OURS.len()));
        assert!(DRAWN.iter().all(|(_, event, _)| !event.is_ours()) && OURS.iter().all(|(_, event, _)| event.is_ours()));
    }

    #[test]
    fn words_are_a_contract() {
        for state in State::ALL.iter().copied() {
            assert_eq!(state.word().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), state.word());
        }
        assert!("Active".parse::<State>().is_err());
        let refused = State::Destroyed.next(Event::Compromise).unwrap_err();
        assert_eq!(refused.to_string(), "a key that is destroyed cannot be given up as compromised");
    }

    #[test]
    fn only_an_active_key_signs_and_every_signing_key_opens() {
        for state in State::ALL.iter().copied() {
            assert_eq!(state.may_sign(), state == State::Active);
            assert!(state.may_open() || !state.may_sign());
        }
    }
}

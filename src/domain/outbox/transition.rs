//! What the two state machines have in common.

use std::borrow::Cow;

use super::intent::State;
use crate::domain::fault::{Classified, Fault};

/// An event that cannot happen in a state. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{article} that is {state} cannot {event}")]
pub struct IllegalTransition {
    /// Of what: `an intent`, `a transaction`.
    pub article: &'static str,
    /// The word of its state.
    pub state: &'static str,
    /// The words of the event: `be signed`.
    pub event: &'static str,
}

impl Classified for IllegalTransition {
    fn fault(&self) -> Fault {
        // What is settled stays as it is: to try later helps nobody.
        let settled = State::of_word(self.state).is_some_and(State::is_settled);
        if settled { Fault::Invalid } else { Fault::Conflict }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some("`provider tx show` says where it stands; it may have moved on meanwhile".into())
    }
}

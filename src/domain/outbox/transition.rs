//! What the two state machines have in common.

use std::borrow::Cow;

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
        Fault::Conflict
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some("`provider tx show` says where it stands; it may have moved on meanwhile".into())
    }
}

//! What a person decides about messages: retry, abandon, confirm.

use super::Error;
use crate::domain::outbox::intent::{Event, State};
use crate::store::Store;
use crate::store::outbox::{Because, IntentId, Stamp, intents};

/// A decision about a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// What was refused, too late or abandoned is wanted again.
    Retry,
    /// What is not signed is not wanted any more.
    Abandon,
    /// What waits for a person may be signed: it is not on the chain, or somebody is there for the key.
    Confirm,
}

impl Decision {
    const fn event(self) -> Event {
        match self {
            Self::Retry => Event::Retry,
            Self::Abandon => Event::Abandon,
            Self::Confirm => Event::Confirm,
        }
    }

    const fn reason(self) -> &'static str {
        match self {
            Self::Retry => "retried",
            Self::Abandon => "abandoned",
            Self::Confirm => "confirmed",
        }
    }
}

/// Carries a decision out. The state of the message afterwards.
pub fn decide(store: &Store, id: IntentId, decision: Decision, stamp: Stamp) -> Result<State, Error> {
    let because = Because { reason: decision.reason(), detail: Some("by a person") };
    Ok(store.write("write down a decision about a message", |change| {
        if decision == Decision::Retry {
            intents::forgive(change, id)?;
        }
        intents::apply(change, id, decision.event(), stamp, Some(because))
    })?)
}

//! What a person decides about messages: retry, abandon, confirm.

use super::Error;
use crate::domain::outbox::intent::{Event, State};
use crate::store::Store;
use crate::store::outbox::{self, Because, IntentId, Stamp, intents, transactions};

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
        // After a restore something can wait for a person and be out as well.
        if let Some(tx) = transactions::live_of(change, id)?
            && intents::state(change, id)? == Some(State::NeedsConfirmation)
        {
            return Err(outbox::Error::StillOut { id, tx });
        }
        intents::apply(change, id, decision.event(), stamp, Some(because))
    })?)
}

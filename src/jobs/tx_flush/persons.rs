//! What a person decides about messages: retry, abandon, confirm.

use super::Error;
use super::stale::BASE_CHANGED;
use crate::domain::outbox::intent::{Event, State};
use crate::store::outbox::{self, Because, Intent, IntentId, Stamp, intents, transactions};
use crate::store::{Snapshot, Store};

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
    let decided = store.write("write down a decision about a message", |change| {
        let (intent, event) = match allowed(change, id, decision)? {
            Allowed::Event(intent, event) => (intent, event),
            Allowed::Again => {
                intents::forgive(change, id)?;
                intents::explain(change, id, because)?;
                return Ok(State::Queued);
            }
        };
        match decision {
            Decision::Retry => intents::forgive(change, id)?,
            // Whatever the register says by now: a person has looked.
            Decision::Confirm if intent.reason.as_deref() == Some(BASE_CHANGED) => intents::rest_on(change, id, None)?,
            Decision::Confirm | Decision::Abandon => {}
        }
        intents::apply(change, id, event, stamp, Some(because))
    });
    decided.map_err(|error| of_decision(error, decision))
}

/// The state that a message would have after a decision. Nothing is written.
pub fn rehearse_decision(store: &Store, id: IntentId, decision: Decision) -> Result<State, Error> {
    let rehearsed =
        store.read("look whether a message can be decided about", |snapshot| match allowed(snapshot, id, decision)? {
            Allowed::Event(intent, event) => {
                intent.state.next(event).map_err(|source| outbox::Error::Intent { id, source })
            }
            Allowed::Again => Ok(State::Queued),
        });
    rehearsed.map_err(|error| of_decision(error, decision))
}

/// What a decision does to a message.
enum Allowed {
    /// This happens to it.
    Event(Box<Intent>, Event),
    /// It waits for another gas price, and is tried with the same.
    Again,
}

fn allowed(snapshot: &Snapshot<'_>, id: IntentId, decision: Decision) -> Result<Allowed, outbox::Error> {
    let intent = intents::by_id(snapshot, id)?.ok_or(outbox::Error::NoIntent { id })?;
    // After a restore something can wait for a person and be out as well.
    if let Some(tx) = transactions::live_of(snapshot, id)?
        && intent.state == State::NeedsConfirmation
    {
        return Err(outbox::Error::StillOut { id, tx });
    }
    Ok(if decision == Decision::Retry && intent.state == State::Queued && intent.refused_price.is_some() {
        Allowed::Again
    } else {
        let event = decision.event();
        intent.state.next(event).map_err(|source| outbox::Error::Intent { id, source })?;
        Allowed::Event(intent.into(), event)
    })
}

/// What waits for a person waits for another decision than another try.
fn of_decision(error: outbox::Error, decision: Decision) -> Error {
    match error {
        outbox::Error::Intent { id, source }
            if decision == Decision::Retry && source.state == State::NeedsConfirmation.word() =>
        {
            Error::NeedsConfirmation { id }
        }
        error => error.into(),
    }
}

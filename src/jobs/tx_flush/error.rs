//! Why a flush ended early.

use std::borrow::Cow;

use crate::chain::amino;
use crate::chain::client::CallError;
use crate::domain::address::Address;
use crate::domain::amount;
use crate::domain::fault::{Classified, Fault};
use crate::domain::height::Height;
use crate::domain::outbox::intent::State;
use crate::keys::{self, KeyType, Name};
use crate::store::outbox::{self, IntentId};
use crate::store::{self, LockError};

/// Why a flush ended early. What it had written is true, and the next flush goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process sends for this signer.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A row of the outbox.
    #[error(transparent)]
    Outbox(outbox::Error),
    /// The chain did not answer, or is not believed.
    #[error("cannot find out where the account {address} stands")]
    Chain {
        /// The signer.
        address: Address,
        /// Why.
        #[source]
        source: CallError,
    },
    /// The chain is lower than it was.
    #[error("the chain is at height {found}, and was at {known} when {address} last signed")]
    Behind {
        /// The signer.
        address: Address,
        /// The height that is known.
        known: Height,
        /// The height that the nodes tell.
        found: Height,
    },
    /// The key cannot have an account.
    #[error("the key `{key}` is of type {key_type}, which signs no transactions")]
    KeyType {
        /// The key.
        key: Name,
        /// Its type.
        key_type: KeyType,
    },
    /// The key is of another account.
    #[error("the key `{key}` signs for {address}, and not for {wanted}")]
    OtherAccount {
        /// The key.
        key: Name,
        /// Its account.
        address: Address,
        /// The account that is wanted.
        wanted: Address,
    },
    /// The key did not sign.
    #[error("cannot sign for {address}")]
    Sign {
        /// The signer.
        address: Address,
        /// Why.
        #[source]
        source: keys::Error,
    },
    /// A message has no form that the key can sign.
    #[error("cannot write a transaction as the key `{key}` signs it")]
    Form {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: amino::Error,
    },
    /// An amount is beyond all numbers.
    #[error("cannot compute {what}")]
    Amount {
        /// What was computed.
        what: &'static str,
        /// Why.
        #[source]
        source: amount::Error,
    },
    /// What was wanted before for the same purpose is not settled yet.
    #[error("intent {id} is {state}, and is another wish for the same purpose ({purpose})")]
    Unsettled {
        /// The purpose.
        purpose: String,
        /// The earlier intent.
        id: IntentId,
        /// Where it stands.
        state: State,
    },
    /// It waits for a person, who cannot have it tried again before.
    #[error("intent {id} waits for a person: it was not refused, and cannot be tried again")]
    NeedsConfirmation {
        /// The intent.
        id: IntentId,
    },
    /// Two different messages are to be known by one key.
    #[error("intent {id} has the key {key:?} already, and holds another message")]
    KeyTaken {
        /// The key.
        key: String,
        /// The intent that has it.
        id: IntentId,
    },
}

impl From<outbox::Error> for Error {
    fn from(error: outbox::Error) -> Self {
        match error {
            outbox::Error::Store(error) => Self::Store(error),
            error => Self::Outbox(error),
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Locked(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Outbox(error) => error.fault(),
            Self::Chain { source, .. } => source.fault(),
            Self::Behind { .. } | Self::Unsettled { .. } => Fault::Conflict,
            Self::KeyType { .. } | Self::OtherAccount { .. } | Self::Amount { .. } | Self::NeedsConfirmation { .. } => {
                Fault::Invalid
            }
            Self::Sign { source, .. } => source.fault(),
            Self::Form { source, .. } => source.fault(),
            Self::KeyTaken { .. } => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Locked(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Outbox(error) => error.hint(),
            Self::Chain { source, .. } => source.hint(),
            Self::Behind { .. } => Some(
                "nothing was signed: the nodes are behind, or their chain began anew; if it did, begin with a new state \
                 file (`provider state path` says where the old one is)"
                    .into(),
            ),
            Self::KeyType { .. } => Some("keys.signing_key names the key; `provider keys list` shows their types".into()),
            Self::OtherAccount { .. } => {
                Some("keys.signing_key and provider.address must belong together; `provider keys list` shows both".into())
            }
            Self::Sign { source, .. } => source.hint(),
            Self::Form { source, .. } => source.hint(),
            Self::Amount { .. } => Some("look at chain.gas_prices and chain.gas_adjustment".into()),
            Self::Unsettled { id, state, .. } => what_next(*id, *state).map(Cow::Owned),
            Self::NeedsConfirmation { id } => what_next(*id, State::NeedsConfirmation).map(Cow::Owned),
            Self::KeyTaken { .. } => None,
        }
    }
}

/// What a person can do about an intent that is not settled.
pub fn what_next(id: IntentId, state: State) -> Option<String> {
    match state {
        State::Queued => {
            Some(format!("message {id} is queued: `provider tx flush` sends it, `provider tx abandon {id}` drops it"))
        }
        State::InFlight => Some(format!(
            "message {id} is signed, and cannot be taken back: `provider tx flush` finds out what becomes of it"
        )),
        State::NeedsConfirmation => Some(format!(
            "message {id} waits for you: `provider tx show {id}` says why, `provider tx confirm {id}` lets it go on, \
             `provider tx abandon {id}` drops it"
        )),
        State::Done | State::Refused | State::Expired | State::Abandoned => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_done_is_what_the_state_allows() {
        use crate::domain::outbox::intent::Event;
        for state in State::ALL {
            let hint = what_next(IntentId(7), *state);
            assert_eq!(hint.is_some(), !state.is_settled(), "{state}");
            let hint = hint.unwrap_or_default();
            assert_eq!(hint.contains("tx abandon 7"), state.next(Event::Abandon).is_ok(), "{state}");
            assert_eq!(hint.contains("tx confirm 7"), state.next(Event::Confirm).is_ok(), "{state}");
        }
    }
}

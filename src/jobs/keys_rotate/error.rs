//! Why keys are not rotated.

use std::borrow::Cow;

use crate::chain::client::CallError;
use crate::domain::fault::{Classified, Fault};
use crate::domain::key::{PolicyRefusal, Role, State};
use crate::jobs::{keys_add, keys_inventory, keys_life, keys_open, tx_flush};
use crate::keys::{self, file};
use crate::store::{self, LockError};

/// Why keys are not rotated. What was done before stays done, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The role has no key.
    #[error("there is no key `{name}` for {role}")]
    NoKey {
        /// The role.
        role: Role,
        /// The name that the configuration gives it.
        name: String,
    },
    /// The key that serves the role was lost.
    #[error("the key `{key}` that serves {role} is lost: {problem}")]
    Lost {
        /// The key.
        key: String,
        /// The role.
        role: Role,
        /// What is wrong with its file.
        problem: String,
    },
    /// The chain binds the account to its key.
    #[error("the key `{key}` signs transactions, and the chain takes no other in its place")]
    Account {
        /// The key.
        key: String,
    },
    /// Only a key in use has a successor.
    #[error("the key `{key}` is {state}, and only an active key is rotated")]
    NotInUse {
        /// The key.
        key: String,
        /// Its state.
        state: State,
    },
    /// Another key serves the role.
    #[error("the key `{key}` does not serve {role}: `{serving}` does")]
    NotServing {
        /// The key that was named.
        key: String,
        /// The role.
        role: Role,
        /// The key that serves it.
        serving: String,
    },
    /// The policy allows no key like it.
    #[error("the key `{key}` gets no successor")]
    Forbidden {
        /// The key.
        key: String,
        /// Why.
        #[source]
        source: PolicyRefusal,
    },
    /// The file of the new key cannot be read.
    #[error("the file of the new key `{key}` cannot be read")]
    NewKey {
        /// The key.
        key: String,
        /// Why.
        #[source]
        source: file::Error,
    },
    /// Nobody can say that the new key is ours.
    #[error(transparent)]
    Prove(#[from] keys_open::Error),
    /// No name is free for the successor.
    #[error("no name is left for the successor of `{name}`")]
    NoName {
        /// The key.
        name: String,
    },
    /// The keys could not be compared.
    #[error(transparent)]
    Inventory(#[from] keys_inventory::Error),
    /// A state could not change.
    #[error(transparent)]
    Life(#[from] keys_life::Error),
    /// The new key could not be made.
    #[error(transparent)]
    Make(#[from] keys_add::Error),
    /// The back end.
    #[error(transparent)]
    Keys(#[from] keys::Error),
    /// The chain did not answer.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The message could not be sent.
    #[error(transparent)]
    Send(#[from] tx_flush::Error),
    /// Another run holds the lock.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    fn cause(&self) -> Option<&dyn Classified> {
        match self {
            Self::Inventory(error) => Some(error),
            Self::Life(error) => Some(error),
            Self::Make(error) => Some(error),
            Self::Keys(error) => Some(error),
            Self::Call(error) => Some(error),
            Self::Send(error) => Some(error),
            Self::Locked(error) => Some(error),
            Self::Store(error) => Some(error),
            Self::NewKey { source, .. } => Some(source),
            Self::Prove(error) => Some(error),
            Self::NoKey { .. }
            | Self::Lost { .. }
            | Self::Account { .. }
            | Self::NotInUse { .. }
            | Self::NotServing { .. }
            | Self::Forbidden { .. }
            | Self::NoName { .. } => None,
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match (self.cause(), self) {
            (Some(cause), _) => cause.fault(),
            (None, Self::NoKey { .. } | Self::Lost { .. }) => Fault::NotFound,
            (None, Self::Forbidden { .. }) => Fault::Denied,
            (None, _) => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match (self.cause(), self) {
            (Some(cause), _) => cause.hint(),
            (None, Self::NoKey { name, .. }) => Some(
                format!("make it with `provider keys add {name}`, or a later version of it where that name is taken")
                    .into(),
            ),
            (None, Self::Lost { role, .. }) => Some(
                format!("`provider keys restore` brings it back from a backup, `provider keys rotate {role}` puts another in its place")
                    .into(),
            ),
            (None, Self::NotServing { role, .. }) => {
                Some(format!("`provider keys rotate {role}` rotates the key that serves").into())
            }
            (None, Self::Forbidden { .. }) => Some("`provider keys set-policy` shows and changes the rules".into()),
            (None, Self::Account { .. }) => Some(
                "another key is another account: `provider keys compromise` explains the move, and prepares it".into(),
            ),
            (None, Self::NotInUse { .. }) => {
                Some("`provider keys status` shows why; `keys resume` takes it back".into())
            }
            (None, _) => Some("destroy keys that have served, or give the role another name".into()),
        }
    }
}

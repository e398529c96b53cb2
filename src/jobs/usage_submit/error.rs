//! Why nothing was submitted.

use std::borrow::Cow;

use crate::domain::fault::{Classified, Fault};
use crate::jobs::{settlement_sync, tx_flush};
use crate::store::usage as rows;
use crate::store::{self, LockError};

/// Why nothing was submitted.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another run has the lock.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The rows of usage.
    #[error(transparent)]
    Rows(#[from] rows::Error),
    /// The books could not be read.
    #[error(transparent)]
    Sync(#[from] settlement_sync::Error),
    /// The outbox.
    #[error(transparent)]
    Send(#[from] tx_flush::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Rows(error) => error.fault(),
            Self::Sync(error) => error.fault(),
            Self::Send(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Rows(error) => error.hint(),
            Self::Sync(error) => error.hint(),
            Self::Send(error) => error.hint(),
        }
    }
}

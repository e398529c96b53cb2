//! Why usage was not collected.

use std::borrow::Cow;
use std::time::Duration;

use crate::domain::duration;
use crate::domain::fault::{Classified, Fault};
use crate::jobs::usage_sign;
use crate::store::usage as rows;
use crate::store::{self, LockError};

/// Why usage was not collected.
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
    /// The usage key.
    #[error(transparent)]
    Sign(#[from] usage_sign::Error),
    /// The clock is not to be trusted.
    #[error("the clock jumped ahead by {} since the last collection; nothing was metered", duration::display(*ahead))]
    Clock {
        /// How far.
        ahead: Duration,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Rows(error) => error.fault(),
            Self::Sign(error) => error.fault(),
            Self::Clock { .. } => Fault::Conflict,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Rows(error) => error.hint(),
            Self::Sign(error) => error.hint(),
            Self::Clock { .. } => Some(
                "set the clock (`timedatectl`), or run `provider usage collect --accept-clock` once if it is right now; \
                 nothing is lost by waiting"
                    .into(),
            ),
        }
    }
}

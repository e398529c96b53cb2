//! Why nothing was read.

use std::borrow::Cow;

use crate::domain::amount;
use crate::domain::fault::{Classified, Fault};
use crate::store::usage as rows;
use crate::store::{self, LockError};

/// Why nothing was read. What a node did not answer is no error of the job: it is in the report.
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
    /// The chain's figures cannot be computed with.
    #[error("cannot compute what the lease {lease} has earned")]
    Amount {
        /// The lease.
        lease: String,
        /// Why.
        #[source]
        source: amount::Error,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Lock(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Rows(error) => error.fault(),
            Self::Amount { source, .. } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Lock(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Rows(error) => error.hint(),
            Self::Amount { source, .. } => source.hint(),
        }
    }
}

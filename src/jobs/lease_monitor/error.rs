//! Why a look at leases ended early.

use std::borrow::Cow;

use crate::chain::client::{CallError, Incomplete};
use crate::domain::fault::{Classified, Fault};
use crate::jobs::tx_flush;
use crate::store::{self, LockError};

/// Why a look at leases ended early. What it had written is true, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another run of the job is under way.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The outbox.
    #[error(transparent)]
    Flush(#[from] tx_flush::Error),
    /// The chain did not answer, or is not believed.
    #[error("cannot find out which leases we have")]
    Chain {
        /// Why.
        #[source]
        source: Box<CallError>,
    },
    /// The listing was not read to its end.
    #[error("cannot find out which leases we have")]
    Listing {
        /// Why.
        #[source]
        source: Box<Incomplete>,
    },
}

impl Error {
    /// The chain did not answer.
    pub fn chain(source: CallError) -> Self {
        Self::Chain { source: Box::new(source) }
    }

    pub(super) fn listing(source: Incomplete) -> Self {
        Self::Listing { source: Box::new(source) }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Locked(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Flush(error) => error.fault(),
            Self::Chain { source } => source.fault(),
            Self::Listing { source } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Locked(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Flush(error) => error.hint(),
            Self::Chain { source } => source.hint(),
            Self::Listing { source } => source.hint(),
        }
    }
}

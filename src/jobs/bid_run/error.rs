//! Why a bid run ended early.

use std::borrow::Cow;

use crate::chain::client::CallError;
use crate::chain::client::Incomplete;
use crate::domain::amount;
use crate::domain::fault::{Classified, Fault};
use crate::domain::height::Height;
use crate::jobs::tx_flush;
use crate::store::{self, LockError, bids};

/// Why a bid run ended early. What it had written is true, and the next run goes on from there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another run of the job is under way.
    #[error(transparent)]
    Locked(#[from] LockError),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A row of a bid.
    #[error(transparent)]
    Bids(bids::Error),
    /// The outbox.
    #[error(transparent)]
    Flush(#[from] tx_flush::Error),
    /// The chain did not answer, or is not believed.
    #[error("cannot find out {what}, so nothing was bid on")]
    Chain {
        /// What was to be found out.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<CallError>,
    },
    /// A listing was not read to its end.
    #[error("cannot find out {what}, so nothing was bid on")]
    Listing {
        /// What was to be found out.
        what: &'static str,
        /// Why.
        #[source]
        source: Box<Incomplete>,
    },
    /// The nodes are behind what we know to have happened.
    #[error("the chain is at height {found}, and something of ours is in block {known}")]
    Behind {
        /// The height that is known.
        known: Height,
        /// The height that the nodes tell.
        found: Height,
    },
    /// What a person asked for cannot be.
    #[error("{0}")]
    Unwanted(String),
    /// What a person named is not there.
    #[error("{0}")]
    Nothing(String),
    /// An amount is beyond all numbers.
    #[error("cannot compute {what}")]
    Amount {
        /// What was computed.
        what: &'static str,
        /// Why.
        #[source]
        source: amount::Error,
    },
}

impl From<bids::Error> for Error {
    fn from(error: bids::Error) -> Self {
        match error {
            bids::Error::Store(error) => Self::Store(error),
            error => Self::Bids(error),
        }
    }
}

impl Error {
    /// The chain did not answer.
    pub(super) fn chain(what: &'static str) -> impl Fn(CallError) -> Self {
        move |source| Self::Chain { what, source: Box::new(source) }
    }

    /// A listing was not read to its end.
    pub(super) fn listing(what: &'static str) -> impl Fn(Incomplete) -> Self {
        move |source| Self::Listing { what, source: Box::new(source) }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Locked(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Bids(error) => error.fault(),
            Self::Flush(error) => error.fault(),
            Self::Chain { source, .. } => source.fault(),
            Self::Listing { source, .. } => source.fault(),
            Self::Behind { .. } => Fault::Conflict,
            Self::Unwanted(_) | Self::Amount { .. } => Fault::Invalid,
            Self::Nothing(_) => Fault::NotFound,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Locked(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Bids(error) => error.hint(),
            Self::Flush(error) => error.hint(),
            Self::Chain { source, .. } => source.hint(),
            Self::Listing { source, .. } => source.hint(),
            Self::Behind { .. } => Some(
                "nothing was decided: the nodes are behind, or their chain began anew; if it did, begin with a new state \
                 file (`provider state path` says where the old one is)"
                    .into(),
            ),
            Self::Unwanted(_) | Self::Amount { .. } => None,
            Self::Nothing(_) => {
                Some("`provider bid list` shows our bids, `provider order list` the open orders".into())
            }
        }
    }
}

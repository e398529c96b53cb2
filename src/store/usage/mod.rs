//! The table family `usage_…`: meters, samples, records and their charges.
//!
//! What is written together stands or falls together: a meter is saved in the transaction of the records that its windows
//! became, and a record with its charges and the carry that they leave. Which change is due is not decided here; that a
//! record changes its state as [`crate::domain::usage::state`] has it, is.

pub mod charges;
pub mod clock;
pub mod export;
pub mod meters;
pub mod records;
pub mod samples;
#[cfg(test)]
mod tests;
mod value;

use std::borrow::Cow;

use crate::domain::amount;
use crate::domain::fault::{Classified, Fault};
use crate::domain::usage::state::IllegalTransition;

pub use charges::ChargeRow;
pub use meters::{MeterId, MeterRow};
pub use records::{Filter, RecordId, RecordRow, Seal};

/// Why a row of the family was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state file.
    #[error(transparent)]
    Store(#[from] super::Error),
    /// The record is in a state in which this cannot happen to it.
    #[error("cannot change usage record {id}")]
    State {
        /// The record.
        id: RecordId,
        /// What cannot happen.
        #[source]
        source: IllegalTransition,
    },
    /// There is no such record.
    #[error("there is no usage record {id}")]
    NoRecord {
        /// The id that was named.
        id: String,
    },
    /// Another record covers a part of the window already.
    #[error("usage record {other} covers {window} of this lease already")]
    Overlaps {
        /// The other record.
        other: RecordId,
        /// Its window.
        window: String,
    },
    /// What a record charges cannot be computed.
    #[error("cannot compute what a record of the lease {lease} charges")]
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
            Self::Store(error) => error.fault(),
            Self::State { source, .. } => source.fault(),
            Self::NoRecord { .. } => Fault::NotFound,
            // Time does not change that.
            Self::Overlaps { .. } => Fault::Invalid,
            Self::Amount { source, .. } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Store(error) => error.hint(),
            Self::State { source, .. } => source.hint(),
            Self::NoRecord { .. } => Some("`provider usage list` shows the ids".into()),
            Self::Overlaps { .. } => Some(
                "windows of a lease never overlap; give the window of that record and `--correct` to make a new \
                 revision of it"
                    .into(),
            ),
            Self::Amount { source, .. } => source.hint(),
        }
    }
}

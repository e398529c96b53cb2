//! The table family `outbox_…`: intents, signed transactions, what they hold, how they changed, and what was spent.
//!
//! Every change of state goes through [`intents::apply`] or [`transactions`], which ask the state machines of
//! [`crate::domain::outbox`] and write the row and its transition together. Which change is due is not decided here.

pub mod check;
pub mod intents;
mod prune;
mod restored;
pub mod spending;
pub mod transactions;
mod value;

use std::borrow::Cow;

use jiff::Timestamp;

use super::job_runs::RunId;
use crate::domain::fault::{Classified, Fault};
use crate::domain::outbox::IllegalTransition;

pub use intents::{Enqueued, Intent, IntentId, NewIntent};
pub(super) use prune::PRUNING;
pub(super) use restored::hold_all;
pub use transactions::{NewTransaction, Transaction, TxId};

/// When a change happens, and in which run.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// The time.
    pub at: Timestamp,
    /// The run; none for a command that is no job.
    pub run: Option<RunId>,
}

/// Why a state changes: a word for programs, a text for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Because<'a> {
    /// A fixed word: `end_passed`.
    pub reason: &'a str,
    /// What was read or said.
    pub detail: Option<&'a str>,
}

/// A change of state as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// When.
    pub at: Timestamp,
    /// In which run.
    pub run: Option<RunId>,
    /// The state before; none for the first.
    pub from: Option<String>,
    /// The state after.
    pub to: String,
    /// Why, as a word.
    pub reason: Option<String>,
    /// Why, as a text.
    pub detail: Option<String>,
}

/// Why a row of the outbox was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state file.
    #[error(transparent)]
    Store(#[from] super::Error),
    /// The row is in a state in which this cannot happen to it.
    #[error("cannot change intent {id}")]
    Intent {
        /// The intent.
        id: IntentId,
        /// What cannot happen.
        #[source]
        source: IllegalTransition,
    },
    /// The same of a transaction.
    #[error("cannot change transaction {id}")]
    Transaction {
        /// The transaction.
        id: TxId,
        /// What cannot happen.
        #[source]
        source: IllegalTransition,
    },
    /// Signed bytes with it may still be executed, so a person cannot decide about it yet.
    #[error("intent {id} is in transaction {tx}, which may still be executed")]
    StillOut {
        /// The intent.
        id: IntentId,
        /// The transaction.
        tx: TxId,
    },
    /// There is no such intent.
    #[error("there is no intent {id}")]
    NoIntent {
        /// The id that was named.
        id: IntentId,
    },
    /// There is no such transaction.
    #[error("there is no transaction {id}")]
    NoTransaction {
        /// The id that was named.
        id: TxId,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Store(error) => error.fault(),
            Self::Intent { source, .. } | Self::Transaction { source, .. } => source.fault(),
            Self::StillOut { .. } => Fault::Conflict,
            Self::NoIntent { .. } | Self::NoTransaction { .. } => Fault::NotFound,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Intent { source, .. } | Self::Transaction { source, .. } => source.hint(),
            Self::StillOut { .. } => {
                Some("`provider tx flush` finds out what becomes of it, at the latest when its end has passed".into())
            }
            Self::NoIntent { .. } | Self::NoTransaction { .. } => Some(
                "`provider tx list` shows the ids; settled ones are pruned after `state.retention.transactions`".into(),
            ),
        }
    }
}

/// The longest text of others that is kept in a row, in bytes.
const LONGEST_TEXT: usize = 2048;

/// A text, cut where it is too long for a row.
fn cut(text: &str) -> &str {
    text.get(..text.floor_char_boundary(LONGEST_TEXT)).unwrap_or_default()
}

#[cfg(test)]
mod tests;

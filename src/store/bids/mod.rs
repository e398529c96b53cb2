//! The table families of bidding: our bids, what they hold, why orders got none, when we pause, and leases.
//!
//! Every change of a bid's state goes through [`rows::apply`], which asks the state machine of
//! [`crate::domain::bid::State`] and writes the row and its transition together. Which change is due is not decided
//! here.

pub mod closings;
pub mod decisions;
pub mod declines;
pub mod leases;
mod numbers;
pub mod occupants;
pub mod pace;
pub mod pauses;
mod prune;
pub mod reservations;
pub mod rows;
mod transitions;
mod value;

use std::borrow::Cow;

use crate::domain::bid::IllegalTransition;
use crate::domain::fault::{Classified, Fault};

pub(super) use prune::{PRUNING_BIDS, PRUNING_DECISIONS, PRUNING_LEASES};
pub use rows::{Bid, BidNumber, NewBid, Origin};

/// Why a row was not changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state file.
    #[error(transparent)]
    Store(#[from] super::Error),
    /// The bid is in a state in which this cannot happen to it.
    #[error("cannot change bid {id}")]
    Bid {
        /// The bid.
        id: BidNumber,
        /// What cannot happen.
        #[source]
        source: IllegalTransition,
    },
    /// The order has a bid of ours already.
    #[error("there is a bid on order {order} already")]
    Taken {
        /// The order.
        order: String,
    },
    /// There is no such bid.
    #[error("there is no bid {id}")]
    NoBid {
        /// The number that was named.
        id: BidNumber,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Store(error) => error.fault(),
            Self::Bid { .. } | Self::Taken { .. } => Fault::Conflict,
            Self::NoBid { .. } => Fault::NotFound,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Bid { .. } => Some("`provider bid list` shows the states".into()),
            Self::Taken { .. } => {
                Some("an order takes one bid of a provider, for ever; `provider bid list` shows it".into())
            }
            Self::NoBid { .. } => Some("`provider bid list` shows the numbers".into()),
        }
    }
}

#[cfg(test)]
mod tests;

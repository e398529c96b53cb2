//! Bidding: which orders get a bid, from which back end, at what price, and why the others do not.
//!
//! ```text
//! order ─> Asked ──────> filters ──> back end ──> price ──> candidate ──> escrow ──> rank ──> bid
//!          (the demand   (terms,     (ledger:     (list,    (worth a      (funded    (worth of
//!           in sums)      standing)   what is      margin,   look at the   time,      what is
//!                                     free)        factors)  deployment)   value)     scarce)
//! ```
//! [`Desk`] holds what is the same for every order of a run and decides one order at a time; [`rank`] and [`select()`]
//! choose among the candidates when rates or capacity do not allow all. Whatever gets no bid gets a [`Reason`]: data with operands,
//! never a text.
//!
//! # Promises
//! - A price is never above the order's maximum, always in the order's denomination, and never below the floor (the
//!   list's minimum, and the cost with the least margin where there is one).
//! - The same order, terms, ledger and time give the same decision; in which order filters run changes neither the set
//!   of bids nor their prices.
//! - What is promised of a back end is never more than it has; arithmetic is checked, and what is free never wraps.
//!
//! # What it does not do
//! It asks nobody: orders, escrow, attributes, capacity and the time come in as data, and an external price program is
//! only spoken to by texts ([`program`]).

pub mod capacity;
mod demand;
mod desk;
mod explain;
pub mod filter;
mod funding;
mod gpu;
mod life;
mod notes;
pub mod price;
pub mod program;
mod reason;
mod select;
mod standing;
mod terms;

#[cfg(test)]
mod tests;

pub use demand::{Asked, Demand};
pub use desk::{Desk, Digests, Fit, World};
pub use explain::{BackEndCheck, Check, Explanation};
pub use funding::{Behind, Funding, alive, funding};
pub use gpu::{GpuModel, GpuWish};
pub use life::{Event, IllegalTransition, State};
pub use notes::{Notes, Operand};
pub use reason::{Code, Lasts, Quantity, Reason, Resource};
pub use select::{Candidate, Ranked, Slots, WinRate, rank, select};
pub use standing::Standing;
pub use terms::{AttributePattern, Filters, Limits, Terms};

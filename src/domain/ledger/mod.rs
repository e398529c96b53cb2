//! The ledger: every unit that was metered is accounted for, and what the chain says is held against it.
//!
//! - [`Account`]: of one usage type of one lease, `metered = unit × (pending + submitted + recorded + settled) + carried`.
//! - [`payment`]: what a lease has earned by now, and how long its tenant's money lasts.
//! - [`compare`]: our charges and the chain's records, one to one; what does not fit is a [`Discrepancy`] with a name.
//!
//! Pure. The chain's own figures decide what was recorded and paid; ours decide what should have been.

mod account;
mod discrepancy;
pub mod earned;
mod matching;
pub mod payment;

pub use account::{Account, Entry, Stage, Unbalanced, accounts};
pub use discrepancy::Discrepancy;
pub use matching::{Matched, Ours, compare};

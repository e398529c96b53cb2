//! What each back end has, what of it is taken, and whether an order fits.
//!
//! ```text
//! free = total − used by leases − promised to open bids            total = configured or observed, the lesser
//! ```
//! - [`Inventory`]: what a back end has, as plain data; [`lesser`] joins what is configured with what is observed.
//! - [`Footprint`]: what a lease or a bid takes of its back end, also as a row of the state file.
//! - [`Ledger`]: the sums of one run. It is built anew in each run out of leases and reservations, so there is nothing
//!   that could drift; a reservation is made or refused as a whole.
//!
//! Sums are wider than their parts and differences are signed, so that nothing wraps: a back end that shrank under its
//! leases has less than nothing free, which is shown as nothing, and takes no more.

mod footprint;
mod inventory;
mod ledger;
mod nodes;
mod pool;
mod shelf;
mod status;

pub use footprint::{Footprint, UnitPrint};
pub use inventory::{Difference, EndpointKinds, Inventory, NodeGroup, lesser};
pub use ledger::{BackEnd, GpuChoice, Ledger, Overall};
pub use pool::Pool;
pub use status::{ResourceStatus, Used};

#[cfg(test)]
mod tests;

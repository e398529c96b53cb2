//! Workloads: what runs for a lease, or for the operator, and what is to be done about it.
//!
//! - [`WorkloadId`], [`Owner`], [`Revision`]: which workload, whose it is, and which manifest.
//! - [`State`]: the life cycle, a total function over state and event; [`Reason`] says why a transition was made.
//! - [`Spec`], [`Capabilities`]: what a back end is asked to run, and what it can do.
//! - [`Observed`], [`Unit`]: what a back end says it runs.
//! - [`Workload`]: what the state file remembers; [`Wish`]: what an operator can want of it.
//! - [`plan`](mod@plan): what is to be done about all of them.
//! - [`health`]: what an observation and the checks of a manifest mean; [`heal`]: when a restart is due.
//! - [`funds`]: how long the money of a lease lasts.
//!
//! Pure: nothing here talks to a back end or to the chain, and nothing is known here that was not read: what could not
//! be read is [`Reading::Unknown`], and nothing is ever stopped because of it.

mod capability;
pub mod funds;
pub mod heal;
pub mod health;
mod id;
pub mod plan;
mod probe;
mod reading;
mod reason;
mod record;
mod spec;
mod state;
mod unit;
mod wish;

pub use capability::{Capabilities, Isolation, Misfit};
pub use id::{NotAWorkload, Owner, Revision, WorkloadId};
pub use probe::Probe;
pub use reading::Reading;
pub use reason::{Actor, EvictionReason, Reason};
pub use record::{Hold, Workload};
pub use spec::Spec;
pub use state::{Event, IllegalTransition, State};
pub use unit::{Endpoint, Handle, Observed, Unit, UnitState};
pub use wish::{Unwilling, Wish};

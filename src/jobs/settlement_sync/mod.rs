//! `settlement-sync`: what the chain says of our leases' money and of the usage that we recorded.
//!
//! ```text
//! lock      one run at a time
//! leases    every lease of ours with its payment, and the accounts that they draw on; what was earned since
//! usage     for each order with usage on its way: its escrows, its records, its settlements
//! compare   our charges with the chain's records, one to one (pure); what does not fit gets a name
//! write     what was read, what was confirmed, what was paid; each order in one transaction
//! report    how many of what, and what could not be read
//! ```
//! Nothing is sent. What could not be read stays as it was: a record is never taken for lost because a node was silent.

mod error;
mod leases;
mod report;
mod usage;

use std::collections::BTreeSet;

use crate::chain::client::Client;
use crate::domain::address::Address;
use crate::domain::id::LeaseId;
use crate::domain::job::JobName;

use super::{Circumstances, Run};
pub use error::Error;
pub use report::{Synced, Unread};
pub use usage::note_escrow;

/// The job's name.
pub const NAME: JobName = JobName::constant("settlement-sync");

/// Of what chain, and for whom.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The chain.
    pub client: &'a Client,
    /// The provider.
    pub provider: &'a Address,
}

/// Runs the job.
pub async fn run(given: Circumstances<'_>, request: &Request<'_>) -> Result<Synced, Error> {
    let run = Run::begin(&NAME, given)?;
    let synced = sync(given, request, &BTreeSet::new()).await;
    run.conclude(synced)
}

/// Reads what the chain says, as part of a job's run. The usage of these leases is read although nothing of it is known to
/// be on its way: it may be on the chain since before the state file was restored from a backup.
pub async fn sync(given: Circumstances<'_>, request: &Request<'_>, also: &BTreeSet<LeaseId>) -> Result<Synced, Error> {
    let mut synced = Synced::default();
    leases::sync(given, request, &mut synced).await?;
    if request.client.network().has_settlement() && !synced.interrupted {
        usage::sync(given, request, also, &mut synced).await?;
    }
    Ok(synced)
}

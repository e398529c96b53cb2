//! What the job needs of the chain.

use std::future::Future;
use std::pin::Pin;

use crate::domain::id::LeaseId;
use crate::domain::lease::ClosedReason;
use crate::domain::workload::plan::{ChainFacts, UndoneClose};
use crate::store::workloads::Stamp;
use crate::store::{self, Change, Snapshot};

/// What was read of the chain; or why it could not be read in full, in one line.
pub type LeasesRead<'a> = Pin<Box<dyn Future<Output = Result<ChainFacts, String>> + 'a>>;

/// Why the close of a lease was not written down.
pub type CloseError = Box<dyn std::error::Error + Send + Sync>;

/// The market as this job sees it: our leases, and how they are closed.
pub trait Market {
    /// Reads every active lease of ours, and each of the given ones that is not among them alone: whoever is said to be
    /// over was missing in the list and over in its own answer, both from nodes in step with the chain.
    /// (`readable_since` is filled in by the job.)
    fn leases(&self, given: Vec<LeaseId>) -> LeasesRead<'_>;

    /// Writes down, in the transaction of the workload's row, that a lease is to be closed on chain. Written down twice it
    /// is closed once.
    fn close(
        &self,
        change: &Change<'_>,
        lease: &LeaseId,
        reason: ClosedReason,
        stamp: &Stamp,
    ) -> Result<(), CloseError>;

    /// How the close of a lease came to nothing that was written down before; none where it is on its way, or done.
    fn undone(&self, snapshot: &Snapshot<'_>, lease: &LeaseId) -> Result<Option<UndoneClose>, store::Error>;
}

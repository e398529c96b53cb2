//! What the chain says of our leases.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::domain::height::Height;
use crate::domain::id::LeaseId;
use crate::domain::workload::Revision;

/// What the chain says, all of it at one height.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChainFacts {
    /// The height.
    pub height: Height,
    /// Since when the chain could be read without a break.
    pub readable_since: Timestamp,
    /// Every active lease of ours, and each that has a workload.
    pub leases: BTreeMap<LeaseId, LeaseFact>,
}

/// What the chain says of a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseFact {
    /// The lease.
    pub id: LeaseId,
    /// Where it stands.
    pub standing: Standing,
    /// The version of the manifest that its deployment wants.
    pub revision: Option<Revision>,
    /// The last height that the tenant's money pays for, at the rates of all leases that draw on it; none where that
    /// could not be computed.
    pub paid_until: Option<Height>,
    /// When the notice ends that was given for it; none where none was given. An order names no duration: this is the only
    /// time that a chain lets both sides agree on.
    pub agreed_until: Option<Timestamp>,
    /// Since when it is known that its deployment wants another manifest than the one that came; none where it does not, or
    /// nobody looked before.
    pub wanted_since: Option<Timestamp>,
}

/// Where a lease stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is active.
    Active,
    /// It is over: it is not in the list of active leases, and asked for alone it is over too.
    Over {
        /// Its state.
        state: String,
        /// The tenant's money ran out: a later top-up pays the debt and brings nothing back.
        overdrawn: bool,
    },
    /// The chain does not know it.
    NotFound,
    /// It could not be read, or one reading contradicts the other.
    Unread,
}

impl ChainFacts {
    /// Where a lease stands; what is not here was not read.
    pub fn standing(&self, lease: &LeaseId) -> Standing {
        self.leases.get(lease).map_or(Standing::Unread, |fact| fact.standing.clone())
    }
}

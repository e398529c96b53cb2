//! Deployments: what a tenant ordered, in groups of which each gets orders of its own.

use std::time::Duration;

use super::chain_state::chain_state;
use super::escrow;
use super::height::Height;
use super::id::{DeploymentId, GroupId};
use super::manifest::GroupSpec;

/// A deployment with its groups and the account that pays for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deployment {
    /// Its id.
    pub id: DeploymentId,
    /// Where it stands.
    pub state: DeploymentState,
    /// SHA-256 of the manifest that its providers must be sent.
    pub hash: [u8; 32],
    /// When it was made.
    pub created_at: Height,
    /// Akash: the notice that the tenant wants before a lease is taken back.
    pub reclamation: Option<Duration>,
    /// Its groups, by number.
    pub groups: Vec<Group>,
    /// The account that pays for it.
    pub escrow: escrow::Account,
}

chain_state! {
    /// Where a deployment stands.
    pub enum DeploymentState {
        /// It is wanted.
        Active => "active",
        /// It is over.
        Closed => "closed",
    }
}

/// A group: what one provider hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its id.
    pub id: GroupId,
    /// Where it stands.
    pub state: GroupState,
    /// What is asked for.
    pub spec: GroupSpec,
    /// When it was made.
    pub created_at: Height,
}

chain_state! {
    /// Where a group stands.
    pub enum GroupState {
        /// It has, or gets, an order.
        Open => "open",
        /// It has none until the tenant starts it again: so after a provider ended its lease.
        Paused => "paused",
        /// The tenant's money ran out.
        InsufficientFunds => "insufficient_funds",
        /// It is over.
        Closed => "closed",
    }
}

impl Deployment {
    /// Its group of this number.
    pub fn group(&self, gseq: u32) -> Option<&Group> {
        self.groups.iter().find(|group| group.id.gseq() == gseq)
    }
}

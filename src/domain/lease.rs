//! Leases: bids that tenants accepted.

use std::time::Duration;

use jiff::Timestamp;

use super::amount::DecCoin;
use super::chain_state::chain_state;
use super::escrow::{EscrowState, Payment};
use super::height::Height;
use super::id::LeaseId;

/// A lease, and the payment that flows for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Its id.
    pub id: LeaseId,
    /// Where it stands.
    pub state: LeaseState,
    /// What it earns by the block.
    pub price: DecCoin,
    /// When it was made.
    pub created_at: Height,
    /// When it ended.
    pub closed_on: Option<Height>,
    /// Why it ended, where the chain stores that: VirtEngine never does, there only the event says it.
    pub reason: Option<ClosedReason>,
    /// Akash: the provider's notice that it takes the lease back.
    pub reclamation: Option<Reclamation>,
    /// What flows.
    pub payment: Payment,
}

chain_state! {
    /// Where a lease stands.
    pub enum LeaseState {
        /// It runs. Also when the tenant's money is long used up: no transaction has touched it since.
        Active => "active",
        /// The tenant's money ran out. (VirtEngine says `closed` instead: see [`Lease::ran_out_of_funds`].)
        InsufficientFunds => "insufficient_funds",
        /// It is over.
        Closed => "closed",
        /// Akash: it runs, and the provider has announced that it takes it back.
        Reclaiming => "reclaiming",
    }
}

chain_state! {
    /// Why a lease ended.
    pub enum ClosedReason {
        /// The tenant ended it.
        Owner => "lease_closed_owner",
        /// The workload was not stable.
        Unstable => "lease_closed_reason_unstable",
        /// The provider takes the machine away.
        Decommission => "lease_closed_reason_decommission",
        /// The provider ended it and does not say why.
        Unspecified => "lease_closed_reason_unspecified",
        /// The tenant never sent a manifest.
        ManifestTimeout => "lease_closed_reason_manifest_timeout",
        /// The tenant's money ran out.
        InsufficientFunds => "lease_closed_reason_insufficient_funds",
    }
}

/// Akash: a provider's notice that it takes a lease back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reclamation {
    /// How long the notice is.
    pub window: Option<Duration>,
    /// When it was given.
    pub started_at: Option<Height>,
    /// Until when the tenant may stay.
    pub deadline: Option<Timestamp>,
    /// Why.
    pub reason: Option<ClosedReason>,
}

impl Lease {
    /// Whether the tenant's money ran out: the payment says so on both networks, the state on Akash alone.
    pub fn ran_out_of_funds(&self) -> bool {
        self.state == LeaseState::InsufficientFunds || self.payment.state == EscrowState::Overdrawn
    }
}

impl LeaseState {
    /// Whether the lease is over for certain. A state that is not known is not over.
    pub const fn is_over(self) -> bool {
        match self {
            Self::InsufficientFunds | Self::Closed => true,
            Self::Active | Self::Reclaiming | Self::Unknown(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_known_is_not_over() {
        let over: Vec<_> = LeaseState::ALL.iter().filter(|state| state.is_over()).collect();
        assert_eq!(over, [&LeaseState::InsufficientFunds, &LeaseState::Closed]);
        assert!(!LeaseState::Unknown(5).is_over());
    }
}

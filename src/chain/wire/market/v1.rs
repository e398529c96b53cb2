//! `market.v1`: ids, leases and events of the market.

use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;
use prost_types::Duration;

/// A bid: `owner/dseq/gseq/oseq/provider`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct BidId {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
    #[prost(string, tag = 5)]
    pub provider: String,
    /// Always 0.
    #[prost(uint32, tag = 6)]
    pub bseq: u32,
}

/// A lease: the id of its bid.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct LeaseId {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
    #[prost(string, tag = 5)]
    pub provider: String,
    /// Always 0.
    #[prost(uint32, tag = 6)]
    pub bseq: u32,
}

/// A lease: a bid that the tenant accepted.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Lease {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    /// A [`LeaseState`]; a number it does not know is unknown, never closed.
    #[prost(enumeration = "LeaseState", tag = 2)]
    pub state: i32,
    /// By the block.
    #[prost(message, required, tag = 3)]
    pub price: DecCoin,
    /// A height.
    #[prost(int64, tag = 4)]
    pub created_at: i64,
    /// A height, 0 while it runs.
    #[prost(int64, tag = 5)]
    pub closed_on: i64,
    /// A [`LeaseClosedReason`]; VirtEngine never stores it.
    #[prost(enumeration = "LeaseClosedReason", tag = 6)]
    pub reason: i32,
    /// Akash only.
    #[prost(message, optional, tag = 7)]
    pub reclamation: Option<Reclamation>,
}

wire_enum! {
    /// The state of a lease.
    pub enum LeaseState {
        Invalid = 0 => "invalid",
        Active = 1 => "active",
        InsufficientFunds = 2 => "insufficient_funds",
        Closed = 3 => "closed",
        /// Akash only: the provider has announced that it takes the lease back.
        Reclaiming = 4 => "reclaiming",
    }
}

/// An order: `owner/dseq/gseq/oseq`. Numbers start at 1.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct OrderId {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    /// Grows by 1 with each new order of the group.
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
}

/// Exact matches; empty or 0 matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct LeaseFilters {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
    #[prost(uint32, tag = 4)]
    pub oseq: u32,
    #[prost(string, tag = 5)]
    pub provider: String,
    /// A word of [`LeaseState`]; without it VirtEngine lists state after state, Akash by key.
    #[prost(string, tag = 6)]
    pub state: String,
    #[prost(uint32, tag = 7)]
    pub bseq: u32,
}

/// An order was made.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventOrderCreated {
    #[prost(message, required, tag = 1)]
    pub id: OrderId,
}

/// An order was closed.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventOrderClosed {
    #[prost(message, required, tag = 1)]
    pub id: OrderId,
}

/// A bid was made.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventBidCreated {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
    #[prost(message, required, tag = 3)]
    pub price: DecCoin,
}

/// A bid was closed by its provider, or with its lease. Losing a bid has no event.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventBidClosed {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
}

/// A lease was made.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventLeaseCreated {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    #[prost(message, required, tag = 3)]
    pub price: DecCoin,
}

/// A lease was closed; on VirtEngine the only place where the reason is told.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventLeaseClosed {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    /// A [`LeaseClosedReason`].
    #[prost(enumeration = "LeaseClosedReason", tag = 2)]
    pub reason: i32,
}

/// Akash only: the notice by which a provider takes a lease back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Reclamation {
    #[prost(message, optional, tag = 1)]
    pub window: Option<Duration>,
    /// A height; 0 until the notice is given.
    #[prost(int64, tag = 2)]
    pub started_at: i64,
    /// Unix seconds.
    #[prost(int64, tag = 3)]
    pub deadline: i64,
    /// A [`LeaseClosedReason`].
    #[prost(enumeration = "LeaseClosedReason", tag = 4)]
    pub reason: i32,
}

/// Akash only: a provider announced that it takes a lease back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventLeaseReclaimStarted {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    /// A [`LeaseClosedReason`].
    #[prost(enumeration = "LeaseClosedReason", tag = 2)]
    pub reason: i32,
    #[prost(int64, tag = 3)]
    pub deadline: i64,
}

wire_enum! {
    /// Why a lease was closed. Below 10000 the tenant's reasons, below 20000 the provider's, above them the chain's.
    pub enum LeaseClosedReason {
        Invalid = 0 => "lease_closed_invalid",
        Owner = 1 => "lease_closed_owner",
        Unstable = 10000 => "lease_closed_reason_unstable",
        Decommission = 10001 => "lease_closed_reason_decommission",
        Unspecified = 10002 => "lease_closed_reason_unspecified",
        ManifestTimeout = 10003 => "lease_closed_reason_manifest_timeout",
        InsufficientFunds = 20000 => "lease_closed_reason_insufficient_funds",
    }
}

package! {
    OfNetwork("market.v1");
    messages {
        BidId as "BidID", LeaseId as "LeaseID", Lease, OrderId as "OrderID", LeaseFilters, EventOrderCreated,
        EventOrderClosed, EventBidCreated, EventBidClosed, EventLeaseCreated, EventLeaseClosed, Reclamation,
        EventLeaseReclaimStarted,
    }
}

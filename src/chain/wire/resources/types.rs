//! `resources.v1`: inventories that providers report, and allocations made from them.

use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;
use prost_types::Timestamp;

/// Where a machine stands.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Locality {
    #[prost(string, tag = 1)]
    pub region: String,
    #[prost(string, tag = 2)]
    pub zone: String,
    #[prost(string, tag = 3)]
    pub datacenter: String,
    #[prost(string, tag = 4)]
    pub country: String,
}

/// An amount of hardware.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceCapacity {
    #[prost(int64, tag = 1)]
    pub cpu_cores: i64,
    #[prost(int64, tag = 2)]
    pub memory_gb: i64,
    #[prost(int64, tag = 3)]
    pub storage_gb: i64,
    #[prost(int64, tag = 4)]
    pub network_mbps: i64,
    #[prost(int64, tag = 5)]
    pub gpus: i64,
    #[prost(string, tag = 6)]
    pub gpu_type: String,
}

/// What a provider has of one class; inactive when its heartbeat stops for 120 s.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceInventory {
    #[prost(string, tag = 1)]
    pub inventory_id: String,
    #[prost(string, tag = 2)]
    pub provider_address: String,
    /// A [`ResourceClass`].
    #[prost(enumeration = "ResourceClass", tag = 3)]
    pub resource_class: i32,
    #[prost(message, required, tag = 4)]
    pub total: ResourceCapacity,
    #[prost(message, required, tag = 5)]
    pub available: ResourceCapacity,
    #[prost(message, required, tag = 6)]
    pub locality: Locality,
    #[prost(bool, tag = 7)]
    pub active: bool,
    #[prost(uint64, tag = 8)]
    pub heartbeat_sequence: u64,
    #[prost(message, required, tag = 9)]
    pub last_heartbeat: Timestamp,
    #[prost(message, required, tag = 10)]
    pub updated_at: Timestamp,
}

/// What somebody looks for.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceRequest {
    #[prost(string, tag = 1)]
    pub request_id: String,
    #[prost(string, tag = 2)]
    pub requester_address: String,
    /// A [`ResourceClass`].
    #[prost(enumeration = "ResourceClass", tag = 3)]
    pub resource_class: i32,
    #[prost(message, required, tag = 4)]
    pub required: ResourceCapacity,
    #[prost(message, required, tag = 5)]
    pub locality: Locality,
    #[prost(string, tag = 6)]
    pub locality_policy: String,
    #[prost(uint64, tag = 7)]
    pub max_candidates: u64,
}

/// A part of an inventory, given to a requester.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceAllocation {
    #[prost(string, tag = 1)]
    pub allocation_id: String,
    #[prost(string, tag = 2)]
    pub request_id: String,
    #[prost(string, tag = 3)]
    pub requester_address: String,
    #[prost(string, tag = 4)]
    pub provider_address: String,
    /// A [`ResourceClass`].
    #[prost(enumeration = "ResourceClass", tag = 5)]
    pub resource_class: i32,
    #[prost(message, required, tag = 6)]
    pub required: ResourceCapacity,
    #[prost(message, required, tag = 7)]
    pub assigned: ResourceCapacity,
    /// An [`AllocationState`].
    #[prost(enumeration = "AllocationState", tag = 8)]
    pub state: i32,
    #[prost(string, tag = 9)]
    pub score: String,
    #[prost(message, required, tag = 10)]
    pub locality: Locality,
    #[prost(message, required, tag = 11)]
    pub created_at: Timestamp,
    #[prost(message, optional, tag = 12)]
    pub expires_at: Option<Timestamp>,
    #[prost(message, optional, tag = 13)]
    pub activated_at: Option<Timestamp>,
    #[prost(message, required, tag = 14)]
    pub updated_at: Timestamp,
    #[prost(int64, tag = 15)]
    pub block_height: i64,
}

/// A change of an allocation.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct AllocationEvent {
    #[prost(string, tag = 1)]
    pub allocation_id: String,
    #[prost(uint64, tag = 2)]
    pub sequence: u64,
    /// An [`AllocationState`].
    #[prost(enumeration = "AllocationState", tag = 3)]
    pub state: i32,
    #[prost(string, tag = 4)]
    pub reason: String,
    #[prost(string, tag = 5)]
    pub provider_address: String,
    #[prost(message, required, tag = 6)]
    pub created_at: Timestamp,
}

/// The parameters of inventories.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(uint64, tag = 1)]
    pub heartbeat_timeout_seconds: u64,
    #[prost(uint64, tag = 2)]
    pub reservation_timeout_seconds: u64,
    #[prost(uint64, tag = 3)]
    pub max_candidates: u64,
    #[prost(string, tag = 4)]
    pub locality_weight: String,
    #[prost(string, tag = 5)]
    pub capacity_weight: String,
    #[prost(uint64, tag = 6)]
    pub slashing_grace_seconds: u64,
    #[prost(string, tag = 7)]
    pub slashing_penalty: String,
}

wire_enum! {
    /// A class of resources.
    pub enum ResourceClass {
        Unspecified = 0 => "RESOURCE_CLASS_UNSPECIFIED",
        Compute = 1 => "RESOURCE_CLASS_COMPUTE",
        Storage = 2 => "RESOURCE_CLASS_STORAGE",
        Network = 3 => "RESOURCE_CLASS_NETWORK",
    }
}

wire_enum! {
    /// The state of an allocation.
    pub enum AllocationState {
        Unspecified = 0 => "ALLOCATION_STATE_UNSPECIFIED",
        Pending = 1 => "ALLOCATION_STATE_PENDING",
        Active = 2 => "ALLOCATION_STATE_ACTIVE",
        Expired = 3 => "ALLOCATION_STATE_EXPIRED",
        Released = 4 => "ALLOCATION_STATE_RELEASED",
    }
}

package! {
    OfNetwork("resources.v1");
    messages {
        Locality, ResourceCapacity, ResourceInventory, ResourceRequest, ResourceAllocation, AllocationEvent, Params,
    }
}

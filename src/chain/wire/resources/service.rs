//! `resources.v1`: the heartbeat of providers, allocations, and the queries for both.

use super::{
    AllocationEvent, Locality, Params, ResourceAllocation, ResourceCapacity, ResourceClass, ResourceInventory,
    ResourceRequest,
};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::macros::{empty_messages, package};
use prost::Message;

/// A provider reports what it has.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgProviderHeartbeat {
    #[prost(string, tag = 1)]
    pub provider_address: String,
    /// Empty: `<address>-<class number>`.
    #[prost(string, tag = 2)]
    pub inventory_id: String,
    /// A [`ResourceClass`].
    #[prost(enumeration = "ResourceClass", tag = 3)]
    pub resource_class: i32,
    #[prost(message, required, tag = 4)]
    pub total: ResourceCapacity,
    #[prost(message, required, tag = 5)]
    pub available: ResourceCapacity,
    #[prost(message, required, tag = 6)]
    pub locality: Locality,
    /// Greater than the last one.
    #[prost(uint64, tag = 7)]
    pub sequence: u64,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgProviderHeartbeatResponse {
    #[prost(bool, tag = 1)]
    pub accepted: bool,
    #[prost(uint64, tag = 2)]
    pub sequence_ack: u64,
}

/// Asks for a part of somebody's inventory.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgAllocateResources {
    #[prost(string, tag = 1)]
    pub requester_address: String,
    #[prost(message, required, tag = 2)]
    pub request: ResourceRequest,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgAllocateResourcesResponse {
    #[prost(string, tag = 1)]
    pub allocation_id: String,
}

/// The provider takes an allocation up.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgActivateAllocation {
    #[prost(string, tag = 1)]
    pub provider_address: String,
    #[prost(string, tag = 2)]
    pub allocation_id: String,
}

/// Gives an allocation back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgReleaseAllocation {
    #[prost(string, tag = 1)]
    pub requester_address: String,
    #[prost(string, tag = 2)]
    pub allocation_id: String,
    #[prost(string, tag = 3)]
    pub reason: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateParams {
    #[prost(string, tag = 1)]
    pub authority: String,
    #[prost(message, required, tag = 2)]
    pub params: Params,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAvailableResourcesRequest {
    #[prost(message, required, tag = 1)]
    pub request: ResourceRequest,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct AvailableResource {
    #[prost(message, required, tag = 1)]
    pub inventory: ResourceInventory,
    #[prost(string, tag = 2)]
    pub score: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAvailableResourcesResponse {
    #[prost(message, repeated, tag = 1)]
    pub candidates: Vec<AvailableResource>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationRequest {
    #[prost(string, tag = 1)]
    pub allocation_id: String,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationResponse {
    #[prost(message, required, tag = 1)]
    pub allocation: ResourceAllocation,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationHistoryRequest {
    #[prost(string, tag = 1)]
    pub allocation_id: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationHistoryResponse {
    #[prost(message, repeated, tag = 1)]
    pub events: Vec<AllocationEvent>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationsByProviderRequest {
    #[prost(string, tag = 1)]
    pub provider_address: String,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryAllocationsByProviderResponse {
    #[prost(message, repeated, tag = 1)]
    pub allocations: Vec<ResourceAllocation>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

empty_messages! {
    MsgActivateAllocationResponse,
    MsgReleaseAllocationResponse,
    MsgUpdateParamsResponse,
    QueryParamsRequest,
}

package! {
    OfNetwork("resources.v1");
    messages {
        MsgProviderHeartbeat, MsgProviderHeartbeatResponse, MsgAllocateResources, MsgAllocateResourcesResponse,
        MsgActivateAllocation, MsgActivateAllocationResponse, MsgReleaseAllocation, MsgReleaseAllocationResponse,
        MsgUpdateParams, MsgUpdateParamsResponse, QueryAvailableResourcesRequest, AvailableResource,
        QueryAvailableResourcesResponse, QueryAllocationRequest, QueryAllocationResponse,
        QueryAllocationHistoryRequest, QueryAllocationHistoryResponse, QueryAllocationsByProviderRequest,
        QueryAllocationsByProviderResponse, QueryParamsRequest, QueryParamsResponse,
    }
    tx_messages {
        MsgProviderHeartbeat -> MsgProviderHeartbeatResponse, signed by provider_address;
        MsgAllocateResources -> MsgAllocateResourcesResponse, signed by requester_address;
        MsgActivateAllocation -> MsgActivateAllocationResponse, signed by provider_address;
        MsgReleaseAllocation -> MsgReleaseAllocationResponse, signed by requester_address;
        MsgUpdateParams -> MsgUpdateParamsResponse, signed by authority;
    }
    service Query {
        AvailableResources(QueryAvailableResourcesRequest) -> QueryAvailableResourcesResponse;
        Allocation(QueryAllocationRequest) -> QueryAllocationResponse;
        AllocationHistory(QueryAllocationHistoryRequest) -> QueryAllocationHistoryResponse;
        AllocationsByProvider(QueryAllocationsByProviderRequest) -> QueryAllocationsByProviderResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}

//! `deployment.v1beta4`: groups, and the messages and queries of deployments.

use super::{Deployment, DeploymentId, DeploymentReclamation, GroupId};
use crate::chain::wire::base::{Deposit, PlacementRequirements, Resources};
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::escrow::Account;
use crate::chain::wire::macros::{empty_messages, package, wire_enum};
use prost::Message;

/// One kind of hardware in a group, and its price.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceUnit {
    #[prost(message, required, tag = 1)]
    pub resource: Resources,
    /// How many of it.
    #[prost(uint32, tag = 2)]
    pub count: u32,
    /// At most this for one of it, by the block.
    #[prost(message, required, tag = 3)]
    pub price: DecCoin,
}

/// What a group asks for.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GroupSpec {
    #[prost(string, tag = 1)]
    pub name: String,
    #[prost(message, required, tag = 2)]
    pub requirements: PlacementRequirements,
    #[prost(message, repeated, tag = 3)]
    pub resources: Vec<ResourceUnit>,
}

/// A tenant orders: one order for each group follows in the same transaction.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateDeployment {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
    #[prost(message, repeated, tag = 2)]
    pub groups: Vec<GroupSpec>,
    /// 32 bytes.
    #[prost(bytes = "vec", tag = 3)]
    pub hash: Vec<u8>,
    #[prost(message, required, tag = 4)]
    pub deposit: Deposit,
    /// Akash only.
    #[prost(message, optional, tag = 5)]
    pub reclamation: Option<DeploymentReclamation>,
}

/// A tenant changes the manifest (its hash).
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateDeployment {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
    #[prost(bytes = "vec", tag = 3)]
    pub hash: Vec<u8>,
}

/// A tenant ends a deployment and all in it.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCloseDeployment {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
}

/// A tenant ends a group.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCloseGroup {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// A tenant pauses a group.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgPauseGroup {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// A tenant starts a paused group: a new order follows.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgStartGroup {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// The parameters of deployments.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    #[prost(message, repeated, tag = 1)]
    pub min_deposits: Vec<Coin>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateParams {
    #[prost(string, tag = 1)]
    pub authority: String,
    #[prost(message, required, tag = 2)]
    pub params: Params,
}

/// Exact matches; empty or 0 matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DeploymentFilters {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    /// A word of [`DeploymentState`](super::DeploymentState).
    #[prost(string, tag = 3)]
    pub state: String,
}

/// Exact matches; empty or 0 matches everything.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GroupFilters {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint64, tag = 3)]
    pub gseq: u64,
    /// A word of [`GroupState`].
    #[prost(string, tag = 4)]
    pub state: String,
}

/// A group of a deployment, placed with one provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Group {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
    /// A [`GroupState`].
    #[prost(enumeration = "GroupState", tag = 2)]
    pub state: i32,
    #[prost(message, required, tag = 3)]
    pub group_spec: GroupSpec,
    /// A height.
    #[prost(int64, tag = 4)]
    pub created_at: i64,
}

wire_enum! {
    /// The state of a group.
    pub enum GroupState {
        Invalid = 0 => "invalid",
        Open = 1 => "open",
        Paused = 2 => "paused",
        InsufficientFunds = 3 => "insufficient_funds",
        Closed = 4 => "closed",
    }
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryDeploymentsRequest {
    #[prost(message, required, tag = 1)]
    pub filters: DeploymentFilters,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageRequest>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryDeploymentsResponse {
    #[prost(message, repeated, tag = 1)]
    pub deployments: Vec<QueryDeploymentResponse>,
    #[prost(message, optional, tag = 2)]
    pub pagination: Option<PageResponse>,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryDeploymentRequest {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryDeploymentResponse {
    #[prost(message, required, tag = 1)]
    pub deployment: Deployment,
    #[prost(message, repeated, tag = 2)]
    pub groups: Vec<Group>,
    #[prost(message, required, tag = 3)]
    pub escrow_account: Account,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryGroupRequest {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryGroupResponse {
    #[prost(message, required, tag = 1)]
    pub group: Group,
}

#[derive(Clone, PartialEq, Eq, Message)]
pub struct QueryParamsResponse {
    #[prost(message, required, tag = 1)]
    pub params: Params,
}

empty_messages! {
    MsgCreateDeploymentResponse,
    MsgUpdateDeploymentResponse,
    MsgCloseDeploymentResponse,
    MsgCloseGroupResponse,
    MsgPauseGroupResponse,
    MsgStartGroupResponse,
    MsgUpdateParamsResponse,
    QueryParamsRequest,
}

package! {
    OfNetwork("deployment.v1beta4");
    messages {
        ResourceUnit, GroupSpec, MsgCreateDeployment, MsgCreateDeploymentResponse, MsgUpdateDeployment,
        MsgUpdateDeploymentResponse, MsgCloseDeployment, MsgCloseDeploymentResponse, MsgCloseGroup,
        MsgCloseGroupResponse, MsgPauseGroup, MsgPauseGroupResponse, MsgStartGroup, MsgStartGroupResponse, Params,
        MsgUpdateParams, MsgUpdateParamsResponse, DeploymentFilters, GroupFilters, Group, QueryDeploymentsRequest,
        QueryDeploymentsResponse, QueryDeploymentRequest, QueryDeploymentResponse, QueryGroupRequest,
        QueryGroupResponse, QueryParamsRequest, QueryParamsResponse,
    }
    tx_messages {
        MsgCreateDeployment -> MsgCreateDeploymentResponse, signed by id.owner;
        MsgUpdateDeployment -> MsgUpdateDeploymentResponse, signed by id.owner;
        MsgCloseDeployment -> MsgCloseDeploymentResponse, signed by id.owner;
        MsgCloseGroup -> MsgCloseGroupResponse, signed by id.owner;
        MsgPauseGroup -> MsgPauseGroupResponse, signed by id.owner;
        MsgStartGroup -> MsgStartGroupResponse, signed by id.owner;
        MsgUpdateParams -> MsgUpdateParamsResponse, signed by authority;
    }
    service Query {
        Deployments(QueryDeploymentsRequest) -> QueryDeploymentsResponse;
        Deployment(QueryDeploymentRequest) -> QueryDeploymentResponse;
        Group(QueryGroupRequest) -> QueryGroupResponse;
        Params(QueryParamsRequest) -> QueryParamsResponse;
    }
}

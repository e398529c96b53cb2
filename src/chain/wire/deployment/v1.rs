//! `deployment.v1`: ids, deployments and their events.

use crate::chain::wire::macros::{package, wire_enum};
use prost::Message;
use prost_types::Duration;

/// A deployment: `owner/dseq`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DeploymentId {
    #[prost(string, tag = 1)]
    pub owner: String,
    /// Chosen by the tenant, by custom the height.
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
}

/// A tenant's deployment.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Deployment {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
    /// A [`DeploymentState`].
    #[prost(enumeration = "DeploymentState", tag = 2)]
    pub state: i32,
    /// SHA-256 of the sorted JSON of the manifest: 32 bytes.
    #[prost(bytes = "vec", tag = 3)]
    pub hash: Vec<u8>,
    /// A height.
    #[prost(int64, tag = 4)]
    pub created_at: i64,
    /// Akash only.
    #[prost(message, optional, tag = 5)]
    pub reclamation: Option<DeploymentReclamation>,
}

wire_enum! {
    /// The state of a deployment.
    pub enum DeploymentState {
        Invalid = 0 => "invalid",
        Active = 1 => "active",
        Closed = 2 => "closed",
    }
}

/// A group: `owner/dseq/gseq`.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct GroupId {
    #[prost(string, tag = 1)]
    pub owner: String,
    #[prost(uint64, tag = 2)]
    pub dseq: u64,
    #[prost(uint32, tag = 3)]
    pub gseq: u32,
}

/// A deployment was made.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventDeploymentCreated {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
    #[prost(bytes = "vec", tag = 2)]
    pub hash: Vec<u8>,
}

/// A deployment's manifest changed.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventDeploymentUpdated {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
    #[prost(bytes = "vec", tag = 2)]
    pub hash: Vec<u8>,
}

/// A deployment was closed.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventDeploymentClosed {
    #[prost(message, required, tag = 1)]
    pub id: DeploymentId,
}

/// A paused group was started: a new order follows.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventGroupStarted {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// A group was paused.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventGroupPaused {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// A group was closed.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EventGroupClosed {
    #[prost(message, required, tag = 1)]
    pub id: GroupId,
}

/// Akash only: the notice that the tenant asks for before a lease is taken back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct DeploymentReclamation {
    #[prost(message, optional, tag = 1)]
    pub min_window: Option<Duration>,
}

package! {
    OfNetwork("deployment.v1");
    messages {
        DeploymentId as "DeploymentID", Deployment, GroupId as "GroupID", EventDeploymentCreated,
        EventDeploymentUpdated, EventDeploymentClosed, EventGroupStarted, EventGroupPaused, EventGroupClosed,
        DeploymentReclamation,
    }
}

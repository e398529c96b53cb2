//! Deployments and groups.

use super::escrow::account;
use super::group::group_spec;
use super::{Malformed, Of};
use crate::chain::wire::deployment as wire;
use crate::domain::deployment::{Deployment, DeploymentState, Group, GroupState};
use crate::domain::id::{DeploymentId, GroupId};

/// Reads a deployment with its groups and its account.
pub(in crate::chain) fn deployment(
    found: wire::QueryDeploymentResponse,
    prefix: &str,
) -> Result<Deployment, Malformed> {
    let of = Of { message: "a Deployment", prefix };
    let wire::QueryDeploymentResponse { deployment, groups, escrow_account } = found;
    let state = match wire::DeploymentState::try_from(deployment.state) {
        Ok(wire::DeploymentState::Active) => DeploymentState::Active,
        Ok(wire::DeploymentState::Closed) => DeploymentState::Closed,
        Ok(wire::DeploymentState::Invalid) | Err(_) => DeploymentState::Unknown(deployment.state),
    };
    let hash = <[u8; 32]>::try_from(deployment.hash.as_slice());
    let notice = deployment.reclamation.and_then(|reclamation| reclamation.min_window);
    Ok(Deployment {
        id: of.deployment_id(&deployment.id.owner, deployment.id.dseq)?,
        state,
        hash: hash.map_err(|error| of.malformed("hash", error))?,
        created_at: of.height("created_at", deployment.created_at)?,
        reclamation: of.optional_duration("reclamation", notice)?,
        groups: groups.into_iter().map(|found| group(found, prefix)).collect::<Result<_, _>>()?,
        escrow: account(escrow_account, prefix)?,
    })
}

/// Reads a group.
pub(in crate::chain) fn group(found: wire::Group, prefix: &str) -> Result<Group, Malformed> {
    let of = Of { message: "a Group", prefix };
    let state = match wire::GroupState::try_from(found.state) {
        Ok(wire::GroupState::Open) => GroupState::Open,
        Ok(wire::GroupState::Paused) => GroupState::Paused,
        Ok(wire::GroupState::InsufficientFunds) => GroupState::InsufficientFunds,
        Ok(wire::GroupState::Closed) => GroupState::Closed,
        Ok(wire::GroupState::Invalid) | Err(_) => GroupState::Unknown(found.state),
    };
    Ok(Group {
        id: of.group_id(&found.id.owner, found.id.dseq, found.id.gseq)?,
        state,
        spec: group_spec(found.group_spec)?,
        created_at: of.height("created_at", found.created_at)?,
    })
}

impl From<&DeploymentId> for wire::DeploymentId {
    fn from(id: &DeploymentId) -> Self {
        Self { owner: id.owner().to_string(), dseq: id.dseq() }
    }
}

impl From<&GroupId> for wire::GroupId {
    fn from(id: &GroupId) -> Self {
        Self { owner: id.owner().to_string(), dseq: id.dseq(), gseq: id.gseq() }
    }
}

//! Ids of deployments and groups.

use crate::chain::wire::deployment::{DeploymentId, GroupId};
use crate::chain::wire::escrow::{AccountId, Scope};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::auth;
use crate::devnet::rules::listing::RowKey;
use crate::domain::network::Network;

/// The deployment of a group.
pub fn deployment_of(group: &GroupId) -> DeploymentId {
    DeploymentId { owner: group.owner.clone(), dseq: group.dseq }
}

/// The group with this number.
pub fn group_of(deployment: &DeploymentId, gseq: u32) -> GroupId {
    GroupId { owner: deployment.owner.clone(), dseq: deployment.dseq, gseq }
}

/// The account that holds a deployment's money.
pub fn account_of(deployment: &DeploymentId) -> AccountId {
    AccountId { scope: Scope::Deployment as i32, xid: format!("{}/{}", deployment.owner, deployment.dseq) }
}

/// A deployment's key.
pub(super) fn deployment_key(network: &Network, id: &DeploymentId) -> RowKey {
    RowKey::new().address(network, &id.owner).long(id.dseq)
}

/// What is refused of a deployment's id.
pub fn check_deployment(network: &Network, id: &DeploymentId) -> Result<(), Refusal> {
    if auth::bytes_of(network, &id.owner).is_err() {
        return Err(Refusal::sdk(7, "DeploymentID: Invalid Owner Address: invalid address"));
    }
    if id.dseq == 0 {
        return Err(Refusal::sdk(3, "DeploymentID: Invalid Deployment Sequence: invalid sequence"));
    }
    Ok(())
}

/// What is refused of a group's id.
pub fn check_group(network: &Network, id: &GroupId) -> Result<(), Refusal> {
    check_deployment(network, &deployment_of(id)).map_err(|refusal| refusal.wrap("GroupID: Invalid DeploymentID"))?;
    if id.gseq == 0 {
        return Err(Refusal::sdk(3, "GroupID: Invalid Group Sequence: invalid sequence"));
    }
    Ok(())
}

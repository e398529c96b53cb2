//! Deployments with their groups.

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::CallError;
use crate::chain::client::page::Pages;
use crate::chain::from_wire::deployment as read;
use crate::chain::wire::deployment as wire;
use crate::domain::address::Address;
use crate::domain::deployment::{Deployment, DeploymentState, Group};
use crate::domain::id::{DeploymentId, GroupId};

/// Which deployments; what is `None` matches all.
#[derive(Debug, Clone, Default)]
pub struct DeploymentFilter {
    /// Of this tenant.
    pub owner: Option<Address>,
    /// In this state.
    pub state: Option<DeploymentState>,
}

impl Client {
    /// Deployments, each with its groups and the account that pays for it.
    pub fn deployments(&self, filter: &DeploymentFilter) -> Pages<wire::QueryDeploymentsRequest, Deployment> {
        let filters = wire::DeploymentFilters {
            owner: filter.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
            dseq: 0,
            state: filter.state.map(DeploymentState::word).unwrap_or_default().to_owned(),
        };
        let prefix = self.prefix();
        let request = wire::QueryDeploymentsRequest { filters, pagination: None };
        self.pages("the list of deployments", request, move |row| read::deployment(row, prefix))
    }

    /// One deployment, with its groups and the account that pays for it.
    pub async fn deployment(&self, id: &DeploymentId) -> Result<Reading<Option<Deployment>>, CallError> {
        let request = wire::QueryDeploymentRequest { id: id.into() };
        let read = |answer: wire::QueryDeploymentResponse| {
            let deployment = read::deployment(answer, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&deployment.id, id)?;
            Ok(deployment)
        };
        self.find(Question::of(format!("deployment {id}")), &request, read).await
    }

    /// One group.
    pub async fn group(&self, id: &GroupId) -> Result<Reading<Option<Group>>, CallError> {
        let request = wire::QueryGroupRequest { id: id.into() };
        let read = |answer: wire::QueryGroupResponse| {
            let group = read::group(answer.group, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&group.id, id)?;
            Ok(group)
        };
        self.find(Question::of(format!("group {id}")), &request, read).await
    }
}

//! Module `deployment`: deployments and their groups.
//!
//! A deployment holds groups; each open group has an order in the market; the money of all of them is in one escrow
//! account. Closing a deployment means closing that account: its hook closes everything else
//! ([`market::account_closed`](super::market::account_closed)).
//!
//! Nothing happens at the begin or end of a block.

pub mod basic;
mod create;
mod event;
mod group;
mod id;
mod params;
mod query;
pub mod refusals;
mod spec;

pub use create::{close_deployment, create_deployment, update_deployment};
pub use group::{close_group, pause_group, start_group};
pub use id::{account_of, check_deployment, check_group, deployment_of, group_of};
pub use params::{parameters, set_parameters, update_params};
pub use query::{deployment, deployments, group, params};
pub use spec::price;

pub(super) use group::{end_group, pause};

use super::listing::{Listed, RowKey, Table};
use crate::chain::wire::deployment::DeploymentState;
use crate::chain::wire::deployment::{Deployment, DeploymentId, EventDeploymentClosed, Group, GroupId, GroupState};
use crate::devnet::collection::Collection;
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::domain::network::Network;

const DEPLOYMENTS: Table<Deployment> =
    Table::new("deployment/deployment", "deployment/deployment-by-state", "deployment/unused");
/// Groups by deployment and number.
const GROUPS: Collection<Group> = Collection::new("deployment/group");

impl Listed for Deployment {
    const STORE: [u8; 2] = [0x11, 0];
    const BY_PROVIDER: bool = false;

    fn key(&self, network: &Network) -> RowKey {
        id::deployment_key(network, &self.id)
    }

    fn state(&self) -> u8 {
        u8::try_from(self.state).unwrap_or_default()
    }

    fn provider_key(&self, _: &Network) -> Option<RowKey> {
        None
    }
}

/// The deployment with this id.
pub fn find(context: &Context<'_>, id: &DeploymentId) -> Result<Option<Deployment>, Broken> {
    DEPLOYMENTS.get(&*context.kv, &id::deployment_key(context.network, id))
}

/// Every deployment.
pub fn all(kv: &dyn Kv) -> Result<Vec<Deployment>, Broken> {
    DEPLOYMENTS.all(kv)
}

/// The group with this id.
pub fn find_group(context: &Context<'_>, id: &GroupId) -> Result<Option<Group>, Broken> {
    GROUPS.get(&*context.kv, &(id.owner.as_str(), id.dseq, id.gseq))
}

/// Every group.
pub fn all_groups(kv: &dyn Kv) -> Result<Vec<Group>, Broken> {
    GROUPS.all(kv, &())
}

/// The groups of a deployment, as the node lists them.
///
/// VirtEngine's node keeps them by state, too: open (a paused one keeps its place there), out of funds, closed.
pub fn groups(context: &Context<'_>, id: &DeploymentId) -> Result<Vec<Group>, Broken> {
    let mut groups = GROUPS.all(&*context.kv, &(id.owner.as_str(), id.dseq))?;
    if context.network.behaviour.unfiltered_rows_by_state {
        groups.sort_by_key(|group| match group.state() {
            GroupState::Invalid | GroupState::Open | GroupState::Paused => 0,
            GroupState::InsufficientFunds => 1,
            GroupState::Closed => 2,
        });
    }
    Ok(groups)
}

fn put(context: &mut Context<'_>, deployment: &Deployment) -> Result<(), Broken> {
    DEPLOYMENTS.put(context.kv, context.network, deployment)
}

fn put_group(context: &mut Context<'_>, group: &Group) -> Result<(), Broken> {
    GROUPS.set(context.kv, &(group.id.owner.as_str(), group.id.dseq, group.id.gseq), group)
}

/// Closes a deployment, and tells of it. Its groups are the caller's.
pub(super) fn end(context: &mut Context<'_>, mut deployment: Deployment) -> Result<(), Broken> {
    deployment.state = DeploymentState::Closed as i32;
    put(context, &deployment)?;
    context.emit(&EventDeploymentClosed { id: deployment.id });
    Ok(())
}

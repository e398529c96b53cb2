//! Making, changing and closing deployments.

use super::{DEPLOYMENTS, account_of, find, group_of, id, params, price, put, put_group, refusals, spec};
use crate::chain::wire::deployment::{
    Deployment, DeploymentState, EventDeploymentCreated, EventDeploymentUpdated, Group, GroupSpec, GroupState,
    MsgCloseDeployment, MsgCloseDeploymentResponse, MsgCreateDeployment, MsgCreateDeploymentResponse,
    MsgUpdateDeployment, MsgUpdateDeploymentResponse,
};
use crate::chain::wire::escrow::Scope;
use crate::devnet::context::Context;
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::{escrow, market};
use crate::domain::network::Network;
use std::collections::BTreeSet;

/// `MsgCreateDeployment`: groups get the numbers 1, 2 …, and an open order each, at once.
pub fn create_deployment(
    context: &mut Context<'_>,
    message: &MsgCreateDeployment,
) -> Result<MsgCreateDeploymentResponse, Refusal> {
    let key = id::deployment_key(context.network, &message.id);
    if DEPLOYMENTS.get(&*context.kv, &key)?.is_some() {
        return Err(refusals::exists());
    }
    let deposit = escrow::basic::deposit(context.network, &message.deposit)?;
    params::check_deposit(context, &deposit)?;
    let reclamation = message.reclamation.clone().filter(|_| context.network.has_reclamation());
    if let Some(notice) = &reclamation {
        market::check_notice(context, notice.min_window.as_ref()).map_err(|_| refusals::invalid_reclamation())?;
    }
    check_groups(context.network, &message.groups)?;
    let deposits = escrow::authorize(context, &message.id.owner, &message.deposit, Scope::Deployment)?;
    let deployment = Deployment {
        id: message.id.clone(),
        state: DeploymentState::Active as i32,
        hash: message.hash.clone(),
        created_at: context.height,
        reclamation: reclamation.clone(),
    };
    put(context, &deployment)?;
    let mut groups = Vec::new();
    for (gseq, spec) in (1..).zip(&message.groups) {
        let id = group_of(&message.id, gseq);
        let state = GroupState::Open as i32;
        let group = Group { id, state, group_spec: spec.clone(), created_at: context.height };
        put_group(context, &group)?;
        groups.push(group);
    }
    context.emit(&EventDeploymentCreated { id: message.id.clone(), hash: message.hash.clone() });
    for group in groups {
        market::create_order(context, &group, reclamation.clone())?;
    }
    escrow::create_account(context, account_of(&message.id), &message.id.owner, deposits)?;
    Ok(MsgCreateDeploymentResponse {})
}

fn check_groups(network: &Network, groups: &[GroupSpec]) -> Result<(), Refusal> {
    let invalid = |text: &str| Refusal::undefined(format!("Invalid groups: {text}"));
    let mut names = BTreeSet::new();
    let mut first = None;
    for group in groups {
        let denom = price(group)?.denom;
        let first = first.get_or_insert_with(|| denom.clone());
        if *first != denom {
            return Err(invalid(&format!("inconsistent denomination: {first} != {denom}")));
        }
        spec::check(network, group).map_err(|refusal| invalid(&refusal.text()))?;
        if !names.insert(group.name.as_str()) {
            return Err(invalid(&format!("duplicate deployment group name {:?}", group.name)));
        }
    }
    Ok(())
}

/// `MsgUpdateDeployment`: only the hash changes.
pub fn update_deployment(
    context: &mut Context<'_>,
    message: &MsgUpdateDeployment,
) -> Result<MsgUpdateDeploymentResponse, Refusal> {
    let mut deployment = find(context, &message.id)?.ok_or_else(refusals::not_found)?;
    if deployment.state() != DeploymentState::Active {
        return Err(refusals::closed());
    }
    if deployment.hash == message.hash {
        return Err(refusals::invalid_hash());
    }
    deployment.hash.clone_from(&message.hash);
    put(context, &deployment)?;
    context.emit(&EventDeploymentUpdated { id: deployment.id, hash: deployment.hash });
    Ok(MsgUpdateDeploymentResponse {})
}

/// `MsgCloseDeployment`: closes its account, whose hook closes the rest.
pub fn close_deployment(
    context: &mut Context<'_>,
    message: &MsgCloseDeployment,
) -> Result<MsgCloseDeploymentResponse, Refusal> {
    let deployment = find(context, &message.id)?.ok_or_else(refusals::not_found)?;
    if deployment.state() != DeploymentState::Active {
        return Err(refusals::closed());
    }
    escrow::close_account(context, &account_of(&message.id))?;
    Ok(MsgCloseDeploymentResponse {})
}

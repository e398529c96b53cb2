//! `deployment.v1beta4.Query`.

use super::{DEPLOYMENTS, account_of, find, find_group, groups, id, parameters, refusals};
use crate::chain::wire::deployment::{
    Deployment, DeploymentState, QueryDeploymentRequest, QueryDeploymentResponse, QueryDeploymentsRequest,
    QueryDeploymentsResponse, QueryGroupRequest, QueryGroupResponse, QueryParamsRequest, QueryParamsResponse,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::QueryError;
use crate::devnet::rules::listing::{Question, RowKey, page_request, state_number};
use crate::devnet::rules::{auth, escrow};

/// `Deployments`.
pub fn deployments(
    context: &Context<'_>,
    request: &QueryDeploymentsRequest,
) -> Result<QueryDeploymentsResponse, QueryError> {
    let filters = &request.filters;
    let page = page_request(request.pagination.as_ref(), &filters.state)?;
    let state = state_number(&filters.state, |word| DeploymentState::from_word(word).map(|state| state as i32))?;
    let whole = id::deployment_key(
        context.network,
        &crate::chain::wire::deployment::DeploymentId { owner: filters.owner.clone(), dseq: filters.dseq },
    );
    let within = match (filters.owner.as_str(), filters.dseq) {
        ("", _) => RowKey::new(),
        (owner, 0) => RowKey::new().address(context.network, owner),
        _ => whole.clone(),
    };
    let accept = |deployment: &Deployment| {
        (filters.owner.is_empty() || deployment.id.owner == filters.owner)
            && (filters.dseq == 0 || deployment.id.dseq == filters.dseq)
    };
    let question = Question {
        all_states: &[DeploymentState::Active as u8, DeploymentState::Closed as u8],
        state,
        owner: &filters.owner,
        provider: "",
        within,
        whole: (filters.dseq != 0).then_some(whole),
        accept: &accept,
        page,
    };
    let (rows, pagination) = DEPLOYMENTS.list(&*context.kv, context.network, &question)?;
    let deployments = rows.into_iter().map(|row| whole_of(context, row)).collect::<Result<_, _>>()?;
    Ok(QueryDeploymentsResponse { deployments, pagination: Some(pagination) })
}

/// A deployment with its groups and its account.
fn whole_of(context: &Context<'_>, deployment: Deployment) -> Result<QueryDeploymentResponse, QueryError> {
    let escrow_account = escrow::account_for_query(context, &account_of(&deployment.id))?;
    let groups = groups(context, &deployment.id)?;
    Ok(QueryDeploymentResponse { deployment, groups, escrow_account })
}

fn check_owner(context: &Context<'_>, owner: &str) -> Result<(), QueryError> {
    auth::bytes_of(context.network, owner).map(drop).map_err(|_| QueryError::invalid("invalid owner address"))
}

/// `Deployment`.
pub fn deployment(
    context: &Context<'_>,
    request: &QueryDeploymentRequest,
) -> Result<QueryDeploymentResponse, QueryError> {
    check_owner(context, &request.id.owner)?;
    let deployment = find(context, &request.id)?.ok_or_else(|| refusals::missing(&refusals::not_found()))?;
    whole_of(context, deployment)
}

/// `Group`.
pub fn group(context: &Context<'_>, request: &QueryGroupRequest) -> Result<QueryGroupResponse, QueryError> {
    check_owner(context, &request.id.owner)?;
    let group = find_group(context, &request.id)?.ok_or_else(|| refusals::missing(&refusals::group_not_found()))?;
    Ok(QueryGroupResponse { group })
}

/// `Params`.
pub fn params(context: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters(context)? })
}

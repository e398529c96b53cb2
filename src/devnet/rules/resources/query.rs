//! `resources.v1.Query`.

use super::allocation::{BY_PROVIDER, EVENTS};
use super::{ALLOCATIONS, inventory, parameters};
use crate::chain::wire::resources::{
    AvailableResource, QueryAllocationHistoryRequest, QueryAllocationHistoryResponse, QueryAllocationRequest,
    QueryAllocationResponse, QueryAllocationsByProviderRequest, QueryAllocationsByProviderResponse,
    QueryAvailableResourcesRequest, QueryAvailableResourcesResponse, QueryParamsRequest, QueryParamsResponse,
};
use crate::devnet::context::Context;
use crate::devnet::page::paginate;
use crate::devnet::refusal::QueryError;

/// `AvailableResources`: who could give what is asked for, the best first.
pub fn available_resources(
    context: &Context<'_>,
    request: &QueryAvailableResourcesRequest,
) -> Result<QueryAvailableResourcesResponse, QueryError> {
    let found = inventory::candidates(context, &request.request, request.request.max_candidates)?;
    let candidates = found
        .into_iter()
        .map(|candidate| AvailableResource { inventory: candidate.inventory, score: candidate.score.to_string() })
        .collect();
    Ok(QueryAvailableResourcesResponse { candidates, pagination: None })
}

/// `Allocation`.
pub fn allocation(
    context: &Context<'_>,
    request: &QueryAllocationRequest,
) -> Result<QueryAllocationResponse, QueryError> {
    asked(&request.allocation_id, "allocation_id required")?;
    let allocation = ALLOCATIONS.get(&*context.kv, &(&request.allocation_id,))?;
    Ok(QueryAllocationResponse { allocation: allocation.ok_or_else(|| QueryError::not_found("allocation not found"))? })
}

/// `AllocationHistory`.
pub fn allocation_history(
    context: &Context<'_>,
    request: &QueryAllocationHistoryRequest,
) -> Result<QueryAllocationHistoryResponse, QueryError> {
    asked(&request.allocation_id, "allocation_id required")?;
    let within = (&request.allocation_id,);
    let (events, page) = paginate(&*context.kv, &EVENTS, &within, request.pagination.as_ref(), |_| true)?;
    Ok(QueryAllocationHistoryResponse { events, pagination: Some(page) })
}

/// `AllocationsByProvider`.
pub fn allocations_by_provider(
    context: &Context<'_>,
    request: &QueryAllocationsByProviderRequest,
) -> Result<QueryAllocationsByProviderResponse, QueryError> {
    asked(&request.provider_address, "provider_address required")?;
    let within = (&request.provider_address,);
    let (ids, page) = paginate(&*context.kv, &BY_PROVIDER, &within, request.pagination.as_ref(), |_| true)?;
    let mut allocations = Vec::new();
    for id in ids {
        allocations.extend(ALLOCATIONS.get(&*context.kv, &(&id,))?);
    }
    Ok(QueryAllocationsByProviderResponse { allocations, pagination: Some(page) })
}

/// `Params`.
pub fn params(context: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters(&*context.kv)? })
}

fn asked(text: &str, words: &str) -> Result<(), QueryError> {
    if text.is_empty() { Err(QueryError::invalid(words)) } else { Ok(()) }
}

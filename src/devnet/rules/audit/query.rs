//! `audit.v1.Query`.

use super::{AUDITED, CODESPACE, NOT_FOUND, audited};
use crate::chain::wire::audit::{
    AuditedProvider, QueryAllProvidersAttributesRequest, QueryAuditorAttributesRequest, QueryProviderAttributesRequest,
    QueryProviderAuditorRequest, QueryProvidersResponse,
};
use crate::chain::wire::cosmos::page::PageRequest;
use crate::devnet::context::Context;
use crate::devnet::page::paginate;
use crate::devnet::refusal::QueryError;
use crate::devnet::rules::auth;

fn address(context: &Context<'_>, text: &str) -> Result<Vec<u8>, QueryError> {
    auth::bytes_of(context.network, text)
        .map_err(|_| QueryError::invalid(format!("codespace {CODESPACE} code 2: invalid address")))
}

fn not_found() -> QueryError {
    QueryError::not_found(format!("codespace {CODESPACE} code 1: {NOT_FOUND}"))
}

fn listed(
    context: &Context<'_>,
    page: Option<&PageRequest>,
    wanted: impl FnMut(&AuditedProvider) -> bool,
) -> Result<QueryProvidersResponse, QueryError> {
    let (providers, page) = paginate(&*context.kv, &AUDITED, &(), page, wanted)?;
    Ok(QueryProvidersResponse { providers, pagination: Some(page) })
}

/// `AllProvidersAttributes`.
pub fn all_providers_attributes(
    context: &Context<'_>,
    request: &QueryAllProvidersAttributesRequest,
) -> Result<QueryProvidersResponse, QueryError> {
    listed(context, request.pagination.as_ref(), |_| true)
}

/// `ProviderAttributes`: by whom anything of a provider is vouched for. Not in pages.
pub fn provider_attributes(
    context: &Context<'_>,
    request: &QueryProviderAttributesRequest,
) -> Result<QueryProvidersResponse, QueryError> {
    let providers = audited(&*context.kv, &address(context, &request.owner)?)?;
    if providers.is_empty() {
        return Err(not_found());
    }
    Ok(QueryProvidersResponse { providers, pagination: None })
}

/// `ProviderAuditorAttributes`: what one auditor vouches for of one provider.
pub fn provider_auditor_attributes(
    context: &Context<'_>,
    request: &QueryProviderAuditorRequest,
) -> Result<QueryProvidersResponse, QueryError> {
    let (owner, auditor) = (address(context, &request.owner)?, address(context, &request.auditor)?);
    let row = AUDITED.get(&*context.kv, &(owner.as_slice(), auditor.as_slice()))?;
    Ok(QueryProvidersResponse { providers: vec![row.ok_or_else(not_found)?], pagination: None })
}

/// `AuditorAttributes`: all that one auditor vouches for.
pub fn auditor_attributes(
    context: &Context<'_>,
    request: &QueryAuditorAttributesRequest,
) -> Result<QueryProvidersResponse, QueryError> {
    listed(context, request.pagination.as_ref(), |row| row.auditor == request.auditor)
}

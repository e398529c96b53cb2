//! `provider.v1beta4.Query`.

use super::register::PROVIDERS;
use super::{find, refusals};
use crate::chain::wire::provider::{
    QueryProviderRequest, QueryProviderResponse, QueryProvidersRequest, QueryProvidersResponse,
};
use crate::devnet::context::Context;
use crate::devnet::page::paginate;
use crate::devnet::refusal::QueryError;

/// `Providers`, by the bytes of their addresses.
pub fn providers(context: &Context<'_>, request: &QueryProvidersRequest) -> Result<QueryProvidersResponse, QueryError> {
    let (providers, pagination) = paginate(&*context.kv, &PROVIDERS, &(), request.pagination.as_ref(), |_| true)?;
    Ok(QueryProvidersResponse { providers, pagination: Some(pagination) })
}

/// `Provider`.
pub fn provider(context: &Context<'_>, request: &QueryProviderRequest) -> Result<QueryProviderResponse, QueryError> {
    let found = find(context, &request.owner).map_err(|refusal| match refusal.broken {
        Some(broken) => QueryError::from(*broken),
        None => QueryError::invalid("codespace provider code 5: invalid address"),
    })?;
    let provider = found.ok_or_else(|| refusals::missing(&refusals::not_found()))?;
    Ok(QueryProviderResponse { provider })
}

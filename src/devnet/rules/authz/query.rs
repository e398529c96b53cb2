//! Listing grants.

use super::{GRANTS, granted_message};
use crate::chain::wire::cosmos::authz::{QueryGrantsRequest, QueryGrantsResponse};
use crate::devnet::context::Context;
use crate::devnet::page;
use crate::devnet::refusal::{QueryError, Status};
use crate::devnet::rules::auth;

/// `Grants`: from one account to another; of one type of message, or all.
pub fn grants(context: &Context<'_>, request: &QueryGrantsRequest) -> Result<QueryGrantsResponse, QueryError> {
    let read = |address: &str| {
        auth::bytes_of(context.network, address)
            .map_err(|refusal| QueryError::new(Status::Unknown, refusal.text().into_owned()))
    };
    let (granter, grantee) = (read(&request.granter)?, read(&request.grantee)?);
    let key = (grantee.as_slice(), granter.as_slice());
    if request.msg_type_url.is_empty() {
        let page = request.pagination.as_ref();
        let (given, pagination) = page::paginate(&*context.kv, &GRANTS, &key, page, |_| true)?;
        let grants = given.into_iter().map(|given| given.grant).collect();
        return Ok(QueryGrantsResponse { grants, pagination: Some(pagination) });
    }
    let found = GRANTS.get(&*context.kv, &key)?.filter(|_| request.msg_type_url == granted_message(context.network));
    let Some(given) = found else {
        let words = format!("authorization not found for {} type", request.msg_type_url);
        return Err(QueryError::registered("authz", 2, &format!("{words}: authorization not found")));
    };
    Ok(QueryGrantsResponse { grants: vec![given.grant], pagination: None })
}

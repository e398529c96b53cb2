//! `cosmos.auth.v1beta1.Query`.

use super::{bytes_of, find, module_of, parameters};
use crate::chain::wire::Named;
use crate::chain::wire::cosmos::auth::{
    Bech32PrefixRequest, Bech32PrefixResponse, ModuleAccount, QueryAccountRequest, QueryAccountResponse,
    QueryParamsRequest, QueryParamsResponse,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::{QueryError, Status};

/// `Account`.
pub fn account(context: &Context<'_>, request: &QueryAccountRequest) -> Result<QueryAccountResponse, QueryError> {
    if request.address.is_empty() {
        return Err(QueryError::invalid("Address cannot be empty"));
    }
    let bytes = bytes_of(context.network, &request.address)
        .map_err(|refusal| QueryError::new(Status::Unknown, refusal.text()))?;
    let account = find(&*context.kv, &bytes)?
        .ok_or_else(|| QueryError::not_found(format!("account {} not found", request.address)))?;
    let packed = match module_of(context.network, &account.address) {
        Some((name, permissions)) => ModuleAccount {
            base_account: Some(account),
            name: name.to_owned(),
            permissions: permissions.iter().map(|word| (*word).to_owned()).collect(),
        }
        .pack(context.network),
        None => account.pack(context.network),
    };
    Ok(QueryAccountResponse { account: Some(packed) })
}

/// `Params`.
pub fn params(_: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters() })
}

/// `Bech32Prefix`. Defect of VirtEngine's node: it answers `virtengine`, though its addresses begin with `ve`.
pub fn bech32_prefix(context: &Context<'_>, _: &Bech32PrefixRequest) -> Result<Bech32PrefixResponse, QueryError> {
    Ok(Bech32PrefixResponse { bech32_prefix: context.network.behaviour.bech32_prefix_answer.to_owned() })
}

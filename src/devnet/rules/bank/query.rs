//! `cosmos.bank.v1beta1.Query`.

use super::{BALANCES, auth};
use crate::chain::wire::cosmos::bank::{
    QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest, QueryBalanceResponse,
    QuerySpendableBalancesRequest, QuerySpendableBalancesResponse,
};
use crate::chain::wire::cosmos::coin::Coin;
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::devnet::context::Context;
use crate::devnet::page::paginate;
use crate::devnet::refusal::QueryError;
use crate::domain::amount::Denom;

fn address(context: &Context<'_>, text: &str) -> Result<Vec<u8>, QueryError> {
    auth::bytes_of(context.network, text)
        .map_err(|refusal| QueryError::invalid(format!("invalid address: {}", refusal.text())))
}

/// `Balance`.
pub fn balance(context: &Context<'_>, request: &QueryBalanceRequest) -> Result<QueryBalanceResponse, QueryError> {
    request.denom.parse::<Denom>().map_err(|_| QueryError::invalid(format!("invalid denom: {}", request.denom)))?;
    let address = address(context, &request.address)?;
    let amount = super::balance(&*context.kv, &address, &request.denom)?;
    Ok(QueryBalanceResponse { balance: Some(Coin { denom: request.denom.clone(), amount: amount.to_wire() }) })
}

/// `AllBalances`.
pub fn all_balances(
    context: &Context<'_>,
    request: &QueryAllBalancesRequest,
) -> Result<QueryAllBalancesResponse, QueryError> {
    let (balances, page) = listed(context, &request.address, request.pagination.as_ref())?;
    Ok(QueryAllBalancesResponse { balances, pagination: Some(page) })
}

/// `SpendableBalances`: nothing vests here, so all of it.
pub fn spendable_balances(
    context: &Context<'_>,
    request: &QuerySpendableBalancesRequest,
) -> Result<QuerySpendableBalancesResponse, QueryError> {
    let (balances, page) = listed(context, &request.address, request.pagination.as_ref())?;
    Ok(QuerySpendableBalancesResponse { balances, pagination: Some(page) })
}

fn listed(
    context: &Context<'_>,
    owner: &str,
    page: Option<&PageRequest>,
) -> Result<(Vec<Coin>, PageResponse), QueryError> {
    let owner = address(context, owner)?;
    paginate(&*context.kv, &BALANCES, &(owner.as_slice(),), page, |_| true)
}

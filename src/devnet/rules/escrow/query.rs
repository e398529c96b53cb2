//! `escrow.v1.Query`: accounts and payments.

use super::{book, refusals};
use crate::chain::wire::cosmos::page::{PageRequest, PageResponse};
use crate::chain::wire::escrow::{
    Account, AccountId, Payment, PaymentId, QueryAccountsRequest, QueryAccountsResponse, QueryPaymentsRequest,
    QueryPaymentsResponse, State,
};
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::page::DEFAULT_LIMIT;
use crate::devnet::refusal::{QueryError, Refusal};
use crate::devnet::rules::listing::{PageKey, state_number};

/// The account with this id, for an answer that shows it with something else.
pub fn account_for_query(context: &Context<'_>, id: &AccountId) -> Result<Account, QueryError> {
    book::account(context, id)?.ok_or_else(|| missing(&refusals::account_not_found()))
}

/// The payment with this id, for an answer that shows it with something else.
pub fn payment_for_query(context: &Context<'_>, id: &PaymentId) -> Result<Payment, QueryError> {
    book::payment(context, id)?.ok_or_else(|| missing(&refusals::payment_not_found()))
}

fn missing(refusal: &Refusal) -> QueryError {
    QueryError::registered("escrow", refusal.code, &refusal.text())
}

/// `Accounts`. The filter `xid` is the beginning of a key as text: `deployment/<owner>`.
pub fn accounts(context: &Context<'_>, request: &QueryAccountsRequest) -> Result<QueryAccountsResponse, QueryError> {
    let page = request.pagination.as_ref();
    let (accounts, pagination) = list(context, &request.state, &request.xid, page, book::accounts_in)?;
    Ok(QueryAccountsResponse { accounts, pagination: Some(pagination) })
}

/// `Payments`. The filter `xid` is the beginning of a key as text: `deployment/<owner>/<dseq>`.
pub fn payments(context: &Context<'_>, request: &QueryPaymentsRequest) -> Result<QueryPaymentsResponse, QueryError> {
    let page = request.pagination.as_ref();
    let (payments, pagination) = list(context, &request.state, &request.xid, page, book::payments_in)?;
    Ok(QueryPaymentsResponse { payments, pagination: Some(pagination) })
}

/// What finds the rows in a state whose keys begin with a text.
type Rows<T> = fn(&dyn Kv, &str, State) -> Result<Vec<T>, Broken>;

/// The rows, state by state: open, closed, overdrawn.
///
/// Defect of both nodes: limit and offset are not heeded, everything is listed and no page key is ever given. (Only
/// when the rows of the states so far are exactly as many as the limit, the next states are left out.)
fn list<T>(
    context: &Context<'_>,
    state: &str,
    within: &str,
    page: Option<&PageRequest>,
    rows: Rows<T>,
) -> Result<(Vec<T>, PageResponse), QueryError> {
    let page = page.cloned().unwrap_or_default();
    let limit = if page.limit == 0 { DEFAULT_LIMIT } else { page.limit };
    let mut states = match state_number(state, |word| State::from_word(word).map(|state| state as i32))? {
        Some(state) => vec![state],
        None => vec![State::Open as u8, State::Closed as u8, State::Overdrawn as u8],
    };
    if !page.key.is_empty() {
        states = PageKey::decode(context.network, &page.key)?.states;
    }
    let mut found = Vec::new();
    for state in states {
        let Ok(state) = State::try_from(i32::from(state)) else { continue };
        let mut rows = rows(&*context.kv, within, state)?;
        if page.reverse {
            rows.reverse();
        }
        found.extend(rows);
        if found.len() as u64 == limit {
            break;
        }
    }
    let total = found.len() as u64;
    Ok((found, PageResponse { next_key: Vec::new(), total }))
}

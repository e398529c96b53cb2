//! `market.v1beta5.Query`.

use super::state::{BIDS, LEASES, ORDERS};
use super::{id, parameters, refusals, state};
use crate::chain::wire::market::{
    Bid, BidId, BidState, Lease, LeaseFilters, LeaseState, Order, OrderId, OrderState, QueryBidRequest,
    QueryBidResponse, QueryBidsRequest, QueryBidsResponse, QueryLeaseRequest, QueryLeaseResponse, QueryLeasesRequest,
    QueryLeasesResponse, QueryOrderRequest, QueryOrderResponse, QueryOrdersRequest, QueryOrdersResponse,
    QueryParamsRequest, QueryParamsResponse,
};
use crate::devnet::context::Context;
use crate::devnet::refusal::QueryError;
use crate::devnet::rules::listing::{Question, RowKey, page_request, state_number};
use crate::devnet::rules::{auth, escrow};
use crate::domain::network::Network;

/// The parts of a key that a filter can name, in the order of the key.
struct Parts<'f> {
    owner: &'f str,
    dseq: u64,
    gseq: u32,
    oseq: u32,
    provider: &'f str,
}

impl Parts<'_> {
    /// The beginning of all keys that have these parts, up to the first that is not given.
    fn within(&self, network: &Network) -> RowKey {
        let mut key = RowKey::new();
        if self.owner.is_empty() {
            return key;
        }
        key = key.address(network, self.owner);
        if self.dseq == 0 {
            return key;
        }
        key = key.long(self.dseq);
        if self.gseq == 0 {
            return key;
        }
        key = key.int(self.gseq);
        if self.oseq == 0 {
            return key;
        }
        key = key.int(self.oseq);
        if self.provider.is_empty() {
            return key;
        }
        key.address(network, self.provider)
    }

    fn is_whole(&self) -> bool {
        !self.owner.is_empty() && self.dseq != 0 && self.gseq != 0 && self.oseq != 0
    }

    fn accepts(&self, id: &BidId) -> bool {
        (self.owner.is_empty() || self.owner == id.owner)
            && (self.dseq == 0 || self.dseq == id.dseq)
            && (self.gseq == 0 || self.gseq == id.gseq)
            && (self.oseq == 0 || self.oseq == id.oseq)
            && (self.provider.is_empty() || self.provider == id.provider)
    }
}

/// `Orders`.
pub fn orders(context: &Context<'_>, request: &QueryOrdersRequest) -> Result<QueryOrdersResponse, QueryError> {
    let filters = &request.filters;
    let page = page_request(request.pagination.as_ref(), &filters.state)?;
    let state = state_number(&filters.state, |word| OrderState::from_word(word).map(|state| state as i32))?;
    let parts =
        Parts { owner: &filters.owner, dseq: filters.dseq, gseq: filters.gseq, oseq: filters.oseq, provider: "" };
    let within = parts.within(context.network);
    let accept = |order: &Order| {
        let OrderId { owner, dseq, gseq, oseq } = order.id.clone();
        parts.accepts(&BidId { owner, dseq, gseq, oseq, ..BidId::default() })
    };
    let question = Question {
        all_states: &[OrderState::Open as u8, OrderState::Active as u8, OrderState::Closed as u8],
        state,
        owner: parts.owner,
        provider: "",
        whole: parts.is_whole().then(|| within.clone()),
        within,
        accept: &accept,
        page,
    };
    let (orders, pagination) = ORDERS.list(&*context.kv, context.network, &question)?;
    Ok(QueryOrdersResponse { orders, pagination: Some(pagination) })
}

/// `Bids`.
pub fn bids(context: &Context<'_>, request: &QueryBidsRequest) -> Result<QueryBidsResponse, QueryError> {
    let filters = &request.filters;
    let page = page_request(request.pagination.as_ref(), &filters.state)?;
    let state = state_number(&filters.state, |word| BidState::from_word(word).map(|state| state as i32))?;
    let parts = Parts {
        owner: &filters.owner,
        dseq: filters.dseq,
        gseq: filters.gseq,
        oseq: filters.oseq,
        provider: &filters.provider,
    };
    let accept = |bid: &Bid| parts.accepts(&bid.id) && (filters.bseq == 0 || filters.bseq == bid.id.bseq);
    let all_states = [BidState::Open, BidState::Active, BidState::Lost, BidState::Closed].map(|state| state as u8);
    let question = Question {
        all_states: &all_states,
        state,
        owner: parts.owner,
        provider: parts.provider,
        within: parts.within(context.network),
        whole: None,
        accept: &accept,
        page,
    };
    let (rows, pagination) = BIDS.list(&*context.kv, context.network, &question)?;
    let bids = rows.into_iter().map(|bid| bid_with_account(context, bid)).collect::<Result<_, _>>()?;
    Ok(QueryBidsResponse { bids, pagination: Some(pagination) })
}

fn bid_with_account(context: &Context<'_>, bid: Bid) -> Result<QueryBidResponse, QueryError> {
    let escrow_account = escrow::account_for_query(context, &id::account_of(&bid.id))?;
    Ok(QueryBidResponse { bid, escrow_account })
}

/// `Leases`.
pub fn leases(context: &Context<'_>, request: &QueryLeasesRequest) -> Result<QueryLeasesResponse, QueryError> {
    let LeaseFilters { owner, dseq, gseq, oseq, provider, state, bseq } = &request.filters;
    let page = page_request(request.pagination.as_ref(), state)?;
    let state = state_number(state, |word| LeaseState::from_word(word).map(|state| state as i32))?;
    let parts = Parts { owner, dseq: *dseq, gseq: *gseq, oseq: *oseq, provider };
    let accept = |lease: &Lease| parts.accepts(&id::bid_of(&lease.id)) && (*bseq == 0 || *bseq == lease.id.bseq);
    let mut all_states =
        [LeaseState::Active, LeaseState::InsufficientFunds, LeaseState::Closed].map(|state| state as u8).to_vec();
    if context.network.has_reclamation() {
        all_states.push(LeaseState::Reclaiming as u8);
    }
    let question = Question {
        all_states: &all_states,
        state,
        owner: parts.owner,
        provider: parts.provider,
        within: parts.within(context.network),
        whole: None,
        accept: &accept,
        page,
    };
    let (rows, pagination) = LEASES.list(&*context.kv, context.network, &question)?;
    let leases = rows.into_iter().map(|lease| lease_with_payment(context, lease)).collect::<Result<_, _>>()?;
    Ok(QueryLeasesResponse { leases, pagination: Some(pagination) })
}

fn lease_with_payment(context: &Context<'_>, lease: Lease) -> Result<QueryLeaseResponse, QueryError> {
    let escrow_payment = escrow::payment_for_query(context, &id::payment_of(&lease.id))?;
    Ok(QueryLeaseResponse { lease, escrow_payment })
}

fn check_address(context: &Context<'_>, address: &str, whose: &str) -> Result<(), QueryError> {
    auth::bytes_of(context.network, address)
        .map(drop)
        .map_err(|_| QueryError::invalid(format!("invalid {whose} address")))
}

/// `Order`.
pub fn order(context: &Context<'_>, request: &QueryOrderRequest) -> Result<QueryOrderResponse, QueryError> {
    check_address(context, &request.id.owner, "owner")?;
    let order =
        state::find_order(context, &request.id)?.ok_or_else(|| refusals::missing(&refusals::order_not_found()))?;
    Ok(QueryOrderResponse { order })
}

/// `Bid`.
pub fn bid(context: &Context<'_>, request: &QueryBidRequest) -> Result<QueryBidResponse, QueryError> {
    check_address(context, &request.id.owner, "owner")?;
    check_address(context, &request.id.provider, "provider")?;
    let bid = state::find_bid(context, &request.id)?.ok_or_else(|| refusals::missing(&refusals::bid_not_found()))?;
    bid_with_account(context, bid)
}

/// `Lease`.
pub fn lease(context: &Context<'_>, request: &QueryLeaseRequest) -> Result<QueryLeaseResponse, QueryError> {
    check_address(context, &request.id.owner, "owner")?;
    check_address(context, &request.id.provider, "provider")?;
    let lease =
        state::find_lease(context, &request.id)?.ok_or_else(|| refusals::missing(&refusals::lease_not_found()))?;
    lease_with_payment(context, lease)
}

/// `Params`.
pub fn params(context: &Context<'_>, _: &QueryParamsRequest) -> Result<QueryParamsResponse, QueryError> {
    Ok(QueryParamsResponse { params: parameters(context)? })
}

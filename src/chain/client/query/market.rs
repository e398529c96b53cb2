//! Orders, bids and leases.

use crate::chain::client::Client;
use crate::chain::client::belief::Reading;
use crate::chain::client::call::Question;
use crate::chain::client::error::CallError;
use crate::chain::client::page::Pages;
use crate::chain::from_wire::market as read;
use crate::chain::wire::market as wire;
use crate::domain::address::Address;
use crate::domain::height::Height;
use crate::domain::id::{BidId, LeaseId, OrderId};
use crate::domain::lease::{Lease, LeaseState};
use crate::domain::order::{Bid, BidState, Order, OrderState};

/// Which orders; what is `None` matches all.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Of this tenant.
    pub owner: Option<Address>,
    /// Of the tenants' deployments of this number.
    pub dseq: Option<u64>,
    /// In this state.
    pub state: Option<OrderState>,
}

/// Which bids; what is `None` matches all.
#[derive(Debug, Clone, Default)]
pub struct BidFilter {
    /// On this order.
    pub order: Option<OrderId>,
    /// Of this provider.
    pub provider: Option<Address>,
    /// In this state.
    pub state: Option<BidState>,
}

/// Which leases; what is `None` matches all.
#[derive(Debug, Clone, Default)]
pub struct LeaseFilter {
    /// Of this tenant.
    pub owner: Option<Address>,
    /// Of the tenants' deployments of this number.
    pub dseq: Option<u64>,
    /// Of this provider.
    pub provider: Option<Address>,
    /// In this state.
    pub state: Option<LeaseState>,
}

impl Client {
    /// Orders.
    pub fn orders(&self, filter: &OrderFilter) -> Pages<wire::QueryOrdersRequest, Order> {
        let filters = wire::OrderFilters {
            owner: text(filter.owner.as_ref()),
            dseq: filter.dseq.unwrap_or_default(),
            state: filter.state.map(OrderState::word).unwrap_or_default().to_owned(),
            ..wire::OrderFilters::default()
        };
        let prefix = self.prefix();
        let request = wire::QueryOrdersRequest { filters, pagination: None };
        self.pages("the list of orders", request, move |row| read::order(row, prefix))
    }

    /// Bids, each with the account that holds its deposit.
    pub fn bids(&self, filter: &BidFilter) -> Pages<wire::QueryBidsRequest, Bid> {
        let order = filter.order.as_ref();
        let filters = wire::BidFilters {
            owner: text(order.map(OrderId::owner)),
            dseq: order.map(OrderId::dseq).unwrap_or_default(),
            gseq: order.map(OrderId::gseq).unwrap_or_default(),
            oseq: order.map(OrderId::oseq).unwrap_or_default(),
            provider: text(filter.provider.as_ref()),
            state: filter.state.map(BidState::word).unwrap_or_default().to_owned(),
            bseq: 0,
        };
        let prefix = self.prefix();
        let request = wire::QueryBidsRequest { filters, pagination: None };
        self.pages("the list of bids", request, move |row| read::bid(row, prefix))
    }

    /// Leases, each with its payment.
    pub fn leases(&self, filter: &LeaseFilter) -> Pages<wire::QueryLeasesRequest, Lease> {
        let filters = wire::LeaseFilters {
            owner: text(filter.owner.as_ref()),
            dseq: filter.dseq.unwrap_or_default(),
            provider: text(filter.provider.as_ref()),
            state: filter.state.map(LeaseState::word).unwrap_or_default().to_owned(),
            ..wire::LeaseFilters::default()
        };
        let prefix = self.prefix();
        let request = wire::QueryLeasesRequest { filters, pagination: None };
        self.pages("the list of leases", request, move |row| read::lease(row, prefix))
    }

    /// One order.
    pub async fn order(&self, id: &OrderId) -> Result<Reading<Option<Order>>, CallError> {
        let request = wire::QueryOrderRequest { id: id.into() };
        let read = |answer: wire::QueryOrderResponse| {
            let order = read::order(answer.order, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&order.id, id)?;
            Ok(order)
        };
        self.find(Question::of(format!("order {id}")), &request, read).await
    }

    /// One bid, with the account that holds its deposit.
    pub async fn bid(&self, id: &BidId) -> Result<Reading<Option<Bid>>, CallError> {
        self.bid_of_height(id, None).await
    }

    /// The same, in the state after a block: a node that does not have that block does not answer.
    pub async fn bid_at(&self, id: &BidId, at: Height) -> Result<Reading<Option<Bid>>, CallError> {
        self.bid_of_height(id, Some(at)).await
    }

    async fn bid_of_height(&self, id: &BidId, at: Option<Height>) -> Result<Reading<Option<Bid>>, CallError> {
        let request = wire::QueryBidRequest { id: id.into() };
        let read = |answer: wire::QueryBidResponse| {
            let bid = read::bid(answer, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&bid.id, id)?;
            Ok(bid)
        };
        self.find(Question::of(format!("bid {id}")).at(at), &request, read).await
    }

    /// One lease, with its payment.
    pub async fn lease(&self, id: &LeaseId) -> Result<Reading<Option<Lease>>, CallError> {
        let request = wire::QueryLeaseRequest { id: id.into() };
        let read = |answer: wire::QueryLeaseResponse| {
            let lease = read::lease(answer, self.prefix()).map_err(|error| super::garbage(&error))?;
            super::same(&lease.id, id)?;
            Ok(lease)
        };
        self.find(Question::of(format!("lease {id}")), &request, read).await
    }
}

fn text(address: Option<&Address>) -> String {
    address.map(ToString::to_string).unwrap_or_default()
}

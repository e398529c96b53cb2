//! `market.v1beta5`: orders, bids, and the messages that change them.

use super::{BidId, LeaseClosedReason, LeaseId, OrderId};
use crate::chain::wire::base::{Deposit, EndpointKind, Resources};
use crate::chain::wire::cosmos::coin::{Coin, DecCoin};
use crate::chain::wire::deployment::{DeploymentReclamation, GroupSpec};
use crate::chain::wire::macros::{empty_messages, package, wire_enum};
use prost::Message;
use prost_types::Duration;

/// What a bid offers for one resource unit of the order.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct ResourceOffer {
    #[prost(message, required, tag = 1)]
    pub resources: Resources,
    /// Must equal the unit's.
    #[prost(uint32, tag = 2)]
    pub count: u32,
    /// Akash only.
    #[prost(message, optional, tag = 3)]
    pub prices: Option<OfferPrices>,
}

/// A provider bids on an open order. A provider can bid on an order once, ever.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateBid {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
    /// By the block, at most the order's price, in its denomination.
    #[prost(message, required, tag = 2)]
    pub price: DecCoin,
    /// Taken from the provider; comes back when the bid is closed or lost.
    #[prost(message, required, tag = 3)]
    pub deposit: Deposit,
    /// May be empty: as ordered.
    #[prost(message, repeated, tag = 4)]
    pub resources_offer: Vec<ResourceOffer>,
    /// Akash only.
    #[prost(message, optional, tag = 5)]
    pub reclamation_window: Option<Duration>,
}

/// A provider takes its bid back, or ends its lease: then the group is paused.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCloseBid {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
    /// A [`LeaseClosedReason`] of the provider, 10000 … 19999.
    #[prost(enumeration = "LeaseClosedReason", tag = 2)]
    pub reason: i32,
}

/// A tenant accepts a bid.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCreateLease {
    #[prost(message, required, tag = 1)]
    pub bid_id: BidId,
}

/// A provider takes out what a lease has earned.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgWithdrawLease {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
}

/// A tenant ends a lease; its group gets a new order.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgCloseLease {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    /// A [`LeaseClosedReason`].
    #[prost(enumeration = "LeaseClosedReason", tag = 2)]
    pub reason: i32,
}

/// The market's parameters.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Params {
    /// The smallest deposit of a bid; on Akash the list below rules.
    #[prost(message, required, tag = 1)]
    pub bid_min_deposit: Coin,
    /// Bids that an order takes; a bid is refused when there are already more (so one above it fits).
    #[prost(uint32, tag = 2)]
    pub order_max_bids: u32,
    /// Akash only.
    #[prost(message, repeated, tag = 3)]
    pub bid_min_deposits: Vec<Coin>,
    /// Akash only.
    #[prost(message, optional, tag = 4)]
    pub min_reclamation_window: Option<Duration>,
    /// Akash only.
    #[prost(message, optional, tag = 5)]
    pub max_reclamation_window: Option<Duration>,
}

/// Governance sets the parameters.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgUpdateParams {
    #[prost(string, tag = 1)]
    pub authority: String,
    #[prost(message, required, tag = 2)]
    pub params: Params,
}

/// A provider's bid on an order.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Bid {
    #[prost(message, required, tag = 1)]
    pub id: BidId,
    /// A [`BidState`].
    #[prost(enumeration = "BidState", tag = 2)]
    pub state: i32,
    /// By the block.
    #[prost(message, required, tag = 3)]
    pub price: DecCoin,
    /// A height.
    #[prost(int64, tag = 4)]
    pub created_at: i64,
    #[prost(message, repeated, tag = 5)]
    pub resources_offer: Vec<ResourceOffer>,
    /// Akash only.
    #[prost(message, optional, tag = 6)]
    pub reclamation_window: Option<Duration>,
}

wire_enum! {
    /// The state of a bid.
    pub enum BidState {
        Invalid = 0 => "invalid",
        Open = 1 => "open",
        Active = 2 => "active",
        Lost = 3 => "lost",
        Closed = 4 => "closed",
    }
}

/// A group's request for bids.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Order {
    #[prost(message, required, tag = 1)]
    pub id: OrderId,
    /// An [`OrderState`].
    #[prost(enumeration = "OrderState", tag = 2)]
    pub state: i32,
    #[prost(message, required, tag = 3)]
    pub spec: GroupSpec,
    /// A height.
    #[prost(int64, tag = 4)]
    pub created_at: i64,
    /// Akash only.
    #[prost(message, optional, tag = 5)]
    pub reclamation: Option<DeploymentReclamation>,
}

wire_enum! {
    /// The state of an order.
    pub enum OrderState {
        Invalid = 0 => "invalid",
        Open = 1 => "open",
        Active = 2 => "active",
        Closed = 3 => "closed",
    }
}

/// Akash only: the price of one volume.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct StorageOfferPrice {
    #[prost(string, tag = 1)]
    pub name: String,
    #[prost(message, optional, tag = 2)]
    pub price: Option<DecCoin>,
}

/// Akash only: the price of one kind of endpoint.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct EndpointOfferPrice {
    #[prost(enumeration = "EndpointKind", tag = 1)]
    pub kind: i32,
    #[prost(message, optional, tag = 2)]
    pub price: Option<DecCoin>,
}

/// Akash only: an offer's price taken apart.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct OfferPrices {
    #[prost(message, optional, tag = 2)]
    pub cpu: Option<DecCoin>,
    #[prost(message, optional, tag = 3)]
    pub memory: Option<DecCoin>,
    #[prost(message, repeated, tag = 4)]
    pub storage: Vec<StorageOfferPrice>,
    #[prost(message, optional, tag = 5)]
    pub gpu: Option<DecCoin>,
    #[prost(message, repeated, tag = 6)]
    pub endpoints: Vec<EndpointOfferPrice>,
}

/// Akash only: a provider announces that it takes a lease back.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct MsgLeaseStartReclaim {
    #[prost(message, required, tag = 1)]
    pub id: LeaseId,
    /// A [`LeaseClosedReason`].
    #[prost(enumeration = "LeaseClosedReason", tag = 2)]
    pub reason: i32,
}

empty_messages! {
    MsgCreateBidResponse,
    MsgCloseBidResponse,
    MsgCreateLeaseResponse,
    MsgWithdrawLeaseResponse,
    MsgCloseLeaseResponse,
    MsgUpdateParamsResponse,
    MsgLeaseStartReclaimResponse,
}

package! {
    OfNetwork("market.v1beta5");
    messages {
        ResourceOffer, MsgCreateBid, MsgCreateBidResponse, MsgCloseBid, MsgCloseBidResponse, MsgCreateLease,
        MsgCreateLeaseResponse, MsgWithdrawLease, MsgWithdrawLeaseResponse, MsgCloseLease, MsgCloseLeaseResponse,
        Params, MsgUpdateParams, MsgUpdateParamsResponse, Bid, Order, StorageOfferPrice, EndpointOfferPrice,
        OfferPrices, MsgLeaseStartReclaim, MsgLeaseStartReclaimResponse,
    }
    tx_messages {
        MsgCreateBid -> MsgCreateBidResponse, signed by id.provider;
        MsgCloseBid -> MsgCloseBidResponse, signed by id.provider;
        MsgWithdrawLease -> MsgWithdrawLeaseResponse, signed by id.provider;
        MsgCreateLease -> MsgCreateLeaseResponse, signed by bid_id.owner;
        MsgCloseLease -> MsgCloseLeaseResponse, signed by id.owner;
        MsgUpdateParams -> MsgUpdateParamsResponse, signed by authority;
        MsgLeaseStartReclaim -> MsgLeaseStartReclaimResponse, signed by id.provider;
    }
}

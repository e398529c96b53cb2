//! What the module keeps.

use super::id;
use crate::chain::wire::deployment::GroupId;
use crate::chain::wire::market::{Bid, BidId, BidState, Lease, LeaseId, LeaseState, Order, OrderId, OrderState};
use crate::devnet::context::Context;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::rules::listing::{Listed, RowKey, Table};
use crate::domain::network::Network;

pub(super) const ORDERS: Table<Order> = Table::new("market/order", "market/order-by-state", "market/unused");
pub(super) const BIDS: Table<Bid> = Table::new("market/bid", "market/bid-by-state", "market/bid-by-provider");
pub(super) const LEASES: Table<Lease> = Table::new("market/lease", "market/lease-by-state", "market/lease-by-provider");

impl Listed for Order {
    const STORE: [u8; 2] = [0x11, 0];
    const BY_PROVIDER: bool = false;

    fn key(&self, network: &Network) -> RowKey {
        id::order_key(network, &self.id)
    }

    fn state(&self) -> u8 {
        u8::try_from(self.state).unwrap_or_default()
    }

    fn provider_key(&self, _: &Network) -> Option<RowKey> {
        None
    }
}

impl Listed for Bid {
    const STORE: [u8; 2] = [0x12, 0];
    const BY_PROVIDER: bool = true;

    fn key(&self, network: &Network) -> RowKey {
        id::bid_key(network, &self.id)
    }

    fn state(&self) -> u8 {
        u8::try_from(self.state).unwrap_or_default()
    }

    fn provider_key(&self, network: &Network) -> Option<RowKey> {
        let listed = matches!(Self::state(self), BidState::Open | BidState::Active);
        id::provider_key(network, &self.id, Listed::state(self), listed)
    }
}

impl Listed for Lease {
    const STORE: [u8; 2] = [0x13, 0];
    const BY_PROVIDER: bool = true;

    fn key(&self, network: &Network) -> RowKey {
        id::bid_key(network, &id::bid_of(&self.id))
    }

    fn state(&self) -> u8 {
        u8::try_from(self.state).unwrap_or_default()
    }

    fn provider_key(&self, network: &Network) -> Option<RowKey> {
        let listed = Self::state(self) == LeaseState::Active;
        id::provider_key(network, &id::bid_of(&self.id), Listed::state(self), listed)
    }
}

/// The order with this id.
pub fn find_order(context: &Context<'_>, id: &OrderId) -> Result<Option<Order>, Broken> {
    ORDERS.get(&*context.kv, &id::order_key(context.network, id))
}

/// The bid with this id.
pub fn find_bid(context: &Context<'_>, id: &BidId) -> Result<Option<Bid>, Broken> {
    BIDS.get(&*context.kv, &id::bid_key(context.network, id))
}

/// The lease with this id.
pub fn find_lease(context: &Context<'_>, id: &LeaseId) -> Result<Option<Lease>, Broken> {
    LEASES.get(&*context.kv, &id::bid_key(context.network, &id::bid_of(id)))
}

/// Every order.
pub fn all_orders(kv: &dyn Kv) -> Result<Vec<Order>, Broken> {
    ORDERS.all(kv)
}

/// Every bid.
pub fn all_bids(kv: &dyn Kv) -> Result<Vec<Bid>, Broken> {
    BIDS.all(kv)
}

/// Every lease.
pub fn all_leases(kv: &dyn Kv) -> Result<Vec<Lease>, Broken> {
    LEASES.all(kv)
}

/// Whether a provider has leases that run.
pub fn has_active_leases(context: &Context<'_>, provider: &str) -> Result<bool, Broken> {
    let leases = LEASES.in_state(&*context.kv, LeaseState::Active as u8, &RowKey::new())?;
    Ok(leases.iter().any(|lease| lease.id.provider == provider))
}

/// The orders of a group in this state.
pub(super) fn orders_of(context: &Context<'_>, group: &GroupId, state: OrderState) -> Result<Vec<Order>, Broken> {
    ORDERS.in_state(&*context.kv, state as u8, &id::group_key(context.network, group))
}

/// The bids on an order in this state.
pub(super) fn bids_on(context: &Context<'_>, order: &OrderId, state: BidState) -> Result<Vec<Bid>, Broken> {
    BIDS.in_state(&*context.kv, state as u8, &id::order_key(context.network, order))
}

pub(super) fn put_order(context: &mut Context<'_>, order: &Order) -> Result<(), Broken> {
    ORDERS.put(context.kv, context.network, order)
}

pub(super) fn put_bid(context: &mut Context<'_>, bid: &Bid) -> Result<(), Broken> {
    BIDS.put(context.kv, context.network, bid)
}

pub(super) fn put_lease(context: &mut Context<'_>, lease: &Lease) -> Result<(), Broken> {
    LEASES.put(context.kv, context.network, lease)
}

/// How many bids there are on an order. Those that were lost do not count.
pub(super) fn count_bids(context: &Context<'_>, order: &OrderId) -> Result<u64, Broken> {
    let within = id::order_key(context.network, order);
    [BidState::Open, BidState::Active, BidState::Closed]
        .into_iter()
        .try_fold(0, |sum, state| Ok(sum + BIDS.count(&*context.kv, state as u8, &within)?))
}

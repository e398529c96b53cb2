//! Ids of orders, bids and leases.

use crate::chain::wire::deployment::{DeploymentId, GroupId};
use crate::chain::wire::escrow::{AccountId, PaymentId, Scope};
use crate::chain::wire::market::{BidId, LeaseId, OrderId};
use crate::devnet::refusal::Refusal;
use crate::devnet::rules::listing::RowKey;
use crate::devnet::rules::{auth, deployment};
use crate::domain::network::Network;

/// The order that a bid is for.
pub fn order_of(bid: &BidId) -> OrderId {
    OrderId { owner: bid.owner.clone(), dseq: bid.dseq, gseq: bid.gseq, oseq: bid.oseq }
}

/// The group that an order is for.
pub fn group_of(order: &OrderId) -> GroupId {
    GroupId { owner: order.owner.clone(), dseq: order.dseq, gseq: order.gseq }
}

/// The deployment that a bid is for.
pub fn deployment_of(bid: &BidId) -> DeploymentId {
    DeploymentId { owner: bid.owner.clone(), dseq: bid.dseq }
}

/// The lease that comes of a bid.
pub fn lease_of(bid: &BidId) -> LeaseId {
    let BidId { owner, dseq, gseq, oseq, provider, bseq } = bid.clone();
    LeaseId { owner, dseq, gseq, oseq, provider, bseq }
}

/// The bid that a lease came of.
pub fn bid_of(lease: &LeaseId) -> BidId {
    let LeaseId { owner, dseq, gseq, oseq, provider, bseq } = lease.clone();
    BidId { owner, dseq, gseq, oseq, provider, bseq }
}

/// The account that holds a bid's deposit.
pub fn account_of(bid: &BidId) -> AccountId {
    let BidId { owner, dseq, gseq, oseq, provider, .. } = bid;
    AccountId { scope: Scope::Bid as i32, xid: format!("{owner}/{dseq}/{gseq}/{oseq}/{provider}") }
}

/// The payment of a lease.
pub fn payment_of(lease: &LeaseId) -> PaymentId {
    let LeaseId { gseq, oseq, provider, .. } = lease;
    PaymentId { aid: deployment::account_of(&deployment_of(&bid_of(lease))), xid: format!("{gseq}/{oseq}/{provider}") }
}

/// The lease that a payment belongs to.
pub(super) fn lease_of_payment(id: &PaymentId) -> Option<LeaseId> {
    let (owner, dseq) = id.aid.xid.split_once('/')?;
    let [gseq, oseq, provider] = *id.xid.split('/').collect::<Vec<_>>() else { return None };
    Some(LeaseId {
        owner: owner.to_owned(),
        dseq: dseq.parse().ok()?,
        gseq: gseq.parse().ok()?,
        oseq: oseq.parse().ok()?,
        provider: provider.to_owned(),
        bseq: 0,
    })
}

/// What the keys of a group's orders begin with.
pub(super) fn group_key(network: &Network, id: &GroupId) -> RowKey {
    RowKey::new().address(network, &id.owner).long(id.dseq).int(id.gseq)
}

/// An order's key; with it begin the keys of its bids.
pub(super) fn order_key(network: &Network, id: &OrderId) -> RowKey {
    group_key(network, &group_of(id)).int(id.oseq)
}

/// A bid's key, and its lease's.
pub(super) fn bid_key(network: &Network, id: &BidId) -> RowKey {
    order_key(network, &order_of(id)).address(network, &id.provider).int(id.bseq)
}

/// The key of a bid or lease in the index by provider. Where rows are kept by state, only `listed` ones stand there.
pub(super) fn provider_key(network: &Network, id: &BidId, state: u8, listed: bool) -> Option<RowKey> {
    if !network.behaviour.unfiltered_rows_by_state {
        return Some(RowKey::new().address(network, &id.provider).then(bid_key(network, id).as_bytes()));
    }
    let key = RowKey::new().byte(state).address(network, &id.provider).int(id.bseq);
    listed.then(|| key.long(id.dseq).int(id.gseq).int(id.oseq).address(network, &id.owner))
}

/// What is refused of an order's id.
fn check_order(network: &Network, id: &OrderId) -> Result<(), Refusal> {
    deployment::check_group(network, &group_of(id)).map_err(|refusal| refusal.wrap("OrderID: Invalid GroupID"))?;
    if id.oseq == 0 {
        return Err(Refusal::sdk(3, "OrderID: Invalid Order Sequence: invalid sequence"));
    }
    Ok(())
}

/// What is refused of a bid's id.
pub(super) fn check_bid(network: &Network, id: &BidId) -> Result<(), Refusal> {
    check_order(network, &order_of(id)).map_err(|refusal| refusal.wrap("BidID: Invalid OrderID"))?;
    if auth::bytes_of(network, &id.provider).is_err() {
        return Err(Refusal::sdk(7, "BidID: Invalid Provider Address: invalid address"));
    }
    if id.owner == id.provider {
        return Err(Refusal::sdk(36, "BidID: self-bid: conflict"));
    }
    if id.bseq != 0 {
        return Err(Refusal::sdk(36, "BidID: invalid bseq: conflict"));
    }
    Ok(())
}

/// What is refused of a lease's id.
pub(super) fn check_lease(network: &Network, id: &LeaseId) -> Result<(), Refusal> {
    check_bid(network, &bid_of(id)).map_err(|refusal| refusal.wrap("LeaseID: Invalid BidID"))
}

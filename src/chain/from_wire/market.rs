//! Orders, bids and leases.

use super::escrow::{account, payment};
use super::group::{group_spec, resources};
use super::{Malformed, Of};
use crate::chain::wire::market as wire;
use crate::domain::id::{BidId, LeaseId, OrderId};
use crate::domain::lease::{ClosedReason, Lease, LeaseState, Reclamation};
use crate::domain::order::{Bid, BidState, Order, OrderState, ResourceOffer};

/// Reads an order.
pub(in crate::chain) fn order(found: wire::Order, prefix: &str) -> Result<Order, Malformed> {
    let of = Of { message: "an Order", prefix };
    let state = match wire::OrderState::try_from(found.state) {
        Ok(wire::OrderState::Open) => OrderState::Open,
        Ok(wire::OrderState::Active) => OrderState::Active,
        Ok(wire::OrderState::Closed) => OrderState::Closed,
        Ok(wire::OrderState::Invalid) | Err(_) => OrderState::Unknown(found.state),
    };
    let notice = found.reclamation.and_then(|reclamation| reclamation.min_window);
    Ok(Order {
        id: order_id(of, &found.id)?,
        state,
        spec: group_spec(found.spec)?,
        created_at: of.height("created_at", found.created_at)?,
        reclamation: of.optional_duration("reclamation", notice)?,
    })
}

/// Reads a bid with the account that holds its deposit.
pub(in crate::chain) fn bid(found: wire::QueryBidResponse, prefix: &str) -> Result<Bid, Malformed> {
    let of = Of { message: "a Bid", prefix };
    let wire::QueryBidResponse { bid, escrow_account } = found;
    let state = match wire::BidState::try_from(bid.state) {
        Ok(wire::BidState::Open) => BidState::Open,
        Ok(wire::BidState::Active) => BidState::Active,
        Ok(wire::BidState::Lost) => BidState::Lost,
        Ok(wire::BidState::Closed) => BidState::Closed,
        Ok(wire::BidState::Invalid) | Err(_) => BidState::Unknown(bid.state),
    };
    let offer =
        |offer: wire::ResourceOffer| Ok(ResourceOffer { resources: resources(offer.resources)?, count: offer.count });
    Ok(Bid {
        id: bid_id(of, &bid.id)?,
        state,
        price: of.dec_coin("price", &bid.price)?,
        created_at: of.height("created_at", bid.created_at)?,
        offers: bid.resources_offer.into_iter().map(offer).collect::<Result<_, _>>()?,
        reclamation: of.optional_duration("reclamation_window", bid.reclamation_window)?,
        escrow: account(escrow_account, prefix)?,
    })
}

/// Reads a lease with its payment.
pub(in crate::chain) fn lease(found: wire::QueryLeaseResponse, prefix: &str) -> Result<Lease, Malformed> {
    let of = Of { message: "a Lease", prefix };
    let wire::QueryLeaseResponse { lease, escrow_payment } = found;
    let state = match wire::LeaseState::try_from(lease.state) {
        Ok(wire::LeaseState::Active) => LeaseState::Active,
        Ok(wire::LeaseState::InsufficientFunds) => LeaseState::InsufficientFunds,
        Ok(wire::LeaseState::Closed) => LeaseState::Closed,
        Ok(wire::LeaseState::Reclaiming) => LeaseState::Reclaiming,
        Ok(wire::LeaseState::Invalid) | Err(_) => LeaseState::Unknown(lease.state),
    };
    let id = lease_id(of, lease.id)?;
    let payment = payment(escrow_payment, prefix)?;
    if payment.lease != id {
        return Err(of.malformed("payment", format!("that of {}", payment.lease)));
    }
    let reclamation = lease.reclamation.map(|found| {
        Ok(Reclamation {
            window: of.optional_duration("reclamation", found.window)?,
            started_at: of.optional_height("reclamation", found.started_at)?,
            deadline: of.optional_time("reclamation", found.deadline)?,
            reason: closed_reason(found.reason),
        })
    });
    Ok(Lease {
        id,
        state,
        price: of.dec_coin("price", &lease.price)?,
        created_at: of.height("created_at", lease.created_at)?,
        closed_on: of.optional_height("closed_on", lease.closed_on)?,
        reason: closed_reason(lease.reason),
        reclamation: reclamation.transpose()?,
        payment,
    })
}

/// 0 is "not told".
fn closed_reason(number: i32) -> Option<ClosedReason> {
    use wire::LeaseClosedReason as Wire;
    Some(match Wire::try_from(number) {
        Ok(Wire::Invalid) => return None,
        Ok(Wire::Owner) => ClosedReason::Owner,
        Ok(Wire::Unstable) => ClosedReason::Unstable,
        Ok(Wire::Decommission) => ClosedReason::Decommission,
        Ok(Wire::Unspecified) => ClosedReason::Unspecified,
        Ok(Wire::ManifestTimeout) => ClosedReason::ManifestTimeout,
        Ok(Wire::InsufficientFunds) => ClosedReason::InsufficientFunds,
        Err(_) => ClosedReason::Unknown(number),
    })
}

fn order_id(of: Of<'_>, id: &wire::OrderId) -> Result<OrderId, Malformed> {
    of.order_id(&id.owner, id.dseq, id.gseq, id.oseq)
}

fn bid_id(of: Of<'_>, id: &wire::BidId) -> Result<BidId, Malformed> {
    of.bid_id(of.order_id(&id.owner, id.dseq, id.gseq, id.oseq)?, &id.provider, id.bseq)
}

fn lease_id(of: Of<'_>, id: wire::LeaseId) -> Result<LeaseId, Malformed> {
    let wire::LeaseId { owner, dseq, gseq, oseq, provider, bseq } = id;
    bid_id(of, &wire::BidId { owner, dseq, gseq, oseq, provider, bseq }).map(LeaseId::of)
}

impl From<&OrderId> for wire::OrderId {
    fn from(id: &OrderId) -> Self {
        Self { owner: id.owner().to_string(), dseq: id.dseq(), gseq: id.gseq(), oseq: id.oseq() }
    }
}

impl From<&BidId> for wire::BidId {
    fn from(id: &BidId) -> Self {
        let wire::OrderId { owner, dseq, gseq, oseq } = id.order().into();
        Self { owner, dseq, gseq, oseq, provider: id.provider().to_string(), bseq: 0 }
    }
}

impl From<&LeaseId> for wire::LeaseId {
    fn from(id: &LeaseId) -> Self {
        let wire::BidId { owner, dseq, gseq, oseq, provider, bseq } = id.bid().into();
        Self { owner, dseq, gseq, oseq, provider, bseq }
    }
}

impl From<ClosedReason> for wire::LeaseClosedReason {
    fn from(reason: ClosedReason) -> Self {
        match reason {
            ClosedReason::Owner => Self::Owner,
            ClosedReason::Unstable => Self::Unstable,
            ClosedReason::Decommission => Self::Decommission,
            ClosedReason::ManifestTimeout => Self::ManifestTimeout,
            ClosedReason::InsufficientFunds => Self::InsufficientFunds,
            ClosedReason::Unspecified | ClosedReason::Unknown(_) => Self::Unspecified,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_that_is_not_known_is_unknown_and_no_error() {
        let id = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/1";
        let id = OrderId::parse(id, "ve").unwrap();
        let found = wire::Order { id: (&id).into(), state: 9, ..wire::Order::default() };
        assert_eq!(order(found, "ve").unwrap().state, OrderState::Unknown(9));
        assert_eq!(closed_reason(0), None);
        assert_eq!(closed_reason(77), Some(ClosedReason::Unknown(77)));
    }

    #[test]
    fn ids_that_the_chain_cannot_have_made_are_refused() {
        let id = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
        let good = wire::BidId::from(&BidId::parse(id, "ve").unwrap());
        let of = Of { message: "a Bid", prefix: "ve" };
        assert_eq!(bid_id(of, &good).unwrap().to_string(), id);
        for broken in [
            wire::BidId { bseq: 1, ..good.clone() },
            wire::BidId { oseq: 0, ..good.clone() },
            wire::BidId { provider: String::new(), ..good.clone() },
            wire::BidId { owner: "akash1hvyv6ncl4fa8dryn3jd0p2hnhzpemp33rwkqyf".into(), ..good },
        ] {
            let error = bid_id(of, &broken).unwrap_err();
            assert_eq!(error.to_string(), "the chain sent a Bid with a malformed id", "{broken:?}");
        }
    }
}

//! Events of orders, bids and leases.

use super::id::bid_of;
use crate::chain::wire::cosmos::coin::DecCoin;
use crate::chain::wire::market::{
    BidId, EventBidClosed, EventBidCreated, EventLeaseClosed, EventLeaseCreated, EventLeaseReclaimStarted,
    EventOrderClosed, EventOrderCreated, LeaseClosedReason, OrderId,
};
use crate::devnet::event::{Object, TypedEvent, number64, text};
use crate::domain::amount::Dec18;

fn order(id: &OrderId) -> String {
    Object::new()
        .text("owner", &id.owner)
        .number64("dseq", id.dseq)
        .number32("gseq", id.gseq)
        .number32("oseq", id.oseq)
        .finish()
}

fn bid(id: &BidId) -> String {
    Object::new()
        .text("owner", &id.owner)
        .number64("dseq", id.dseq)
        .number32("gseq", id.gseq)
        .number32("oseq", id.oseq)
        .text("provider", &id.provider)
        .number32("bseq", id.bseq)
        .finish()
}

fn price(coin: &DecCoin) -> String {
    let amount =
        Dec18::from_wire(&coin.amount).map_or_else(|_| coin.amount.clone(), |amount| amount.fixed().to_string());
    Object::new().text("denom", &coin.denom).text("amount", &amount).finish()
}

/// A reason's word; a number that has none stands for itself.
fn reason(number: i32) -> String {
    LeaseClosedReason::try_from(number).map_or_else(|_| number.to_string(), |reason| text(reason.word()))
}

impl TypedEvent for EventOrderCreated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", order(&self.id))]
    }
}

impl TypedEvent for EventOrderClosed {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", order(&self.id))]
    }
}

impl TypedEvent for EventBidCreated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", bid(&self.id)), ("price", price(&self.price))]
    }
}

impl TypedEvent for EventBidClosed {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", bid(&self.id))]
    }
}

impl TypedEvent for EventLeaseCreated {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", bid(&bid_of(&self.id))), ("price", price(&self.price))]
    }
}

impl TypedEvent for EventLeaseClosed {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", bid(&bid_of(&self.id))), ("reason", reason(self.reason))]
    }
}

impl TypedEvent for EventLeaseReclaimStarted {
    fn attributes(&self) -> Vec<(&'static str, String)> {
        vec![("id", bid(&bid_of(&self.id))), ("reason", reason(self.reason)), ("deadline", number64(self.deadline))]
    }
}

//! A bid as the listings show it.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::store::bids::Bid;

/// A bid of ours.
#[derive(Debug, Serialize)]
pub struct BidRow {
    bid: i64,
    order: String,
    state: &'static str,
    price: String,
    deposit: String,
    back_end: String,
    created_at: Timestamp,
    opened_at: Option<Timestamp>,
    settled_at: Option<Timestamp>,
    retry_at: Option<Timestamp>,
    won: Option<bool>,
    reason: Option<String>,
    detail: Option<String>,
    origin: &'static str,
    provider: String,
    chain: String,
}

impl BidRow {
    /// A bid.
    pub fn new(bid: Bid) -> Self {
        Self {
            bid: bid.id.0,
            order: bid.order,
            state: bid.state.word(),
            price: bid.price.to_string(),
            deposit: bid.deposit.to_string(),
            back_end: bid.back_end,
            created_at: bid.created_at,
            opened_at: bid.opened_at,
            settled_at: bid.settled_at,
            retry_at: bid.retry_at,
            won: bid.won,
            reason: bid.reason,
            detail: bid.detail,
            origin: bid.origin.word(),
            provider: bid.provider,
            chain: bid.chain,
        }
    }

    /// Name and value of each part.
    pub fn parts(&self) -> Vec<(&'static str, String)> {
        Self::FIELDS.iter().copied().zip(self.csv()).collect()
    }
}

impl Row for BidRow {
    const HEADINGS: &'static [&'static str] = &["bid", "order", "state", "price", "deposit", "back end", "created"];
    const FIELDS: &'static [&'static str] = &[
        "bid",
        "order",
        "state",
        "price",
        "deposit",
        "back_end",
        "created_at",
        "opened_at",
        "settled_at",
        "retry_at",
        "won",
        "reason",
        "detail",
        "origin",
        "provider",
        "chain",
    ];

    fn cells(&self) -> Vec<String> {
        vec![
            self.bid.to_string(),
            self.order.clone(),
            self.state.to_owned(),
            self.price.clone(),
            self.deposit.clone(),
            self.back_end.clone(),
            self.created_at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let time = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        vec![
            self.bid.to_string(),
            self.order.clone(),
            self.state.to_owned(),
            self.price.clone(),
            self.deposit.clone(),
            self.back_end.clone(),
            self.created_at.to_string(),
            time(self.opened_at),
            time(self.settled_at),
            time(self.retry_at),
            self.won.map(|won| won.to_string()).unwrap_or_default(),
            self.reason.clone().unwrap_or_default(),
            self.detail.clone().unwrap_or_default(),
            self.origin.to_owned(),
            self.provider.clone(),
            self.chain.clone(),
        ]
    }
}

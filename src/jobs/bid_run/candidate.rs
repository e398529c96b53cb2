//! Orders that are worth a bid, and what a bid on one of them is.

use std::time::Duration;

use serde_json::json;

use super::book::Survivor;
use super::report::Bid;
use super::truth::{Moment, Truth};
use super::{Error, Request};
use crate::domain::amount::{Coin, Dec18, DecCoin};
use crate::domain::bid::price::{Component, Quote};
use crate::domain::bid::{self, Candidate, Funding, State, WinRate};
use crate::domain::order::Order;
use crate::store::bids::rows::{self, BidNumber};

/// Bids of so long ago still say how often we win.
const WINS_COUNT_FOR: Duration = Duration::from_hours(30 * 24);

/// How often bids were won, by class.
pub(super) type Rates = std::collections::BTreeMap<String, WinRate>;

/// How often bids of each class were won of late.
pub(super) fn win_rates(moment: Moment<'_>, truth: &Truth) -> Result<Rates, Error> {
    let since = truth.world.now.checked_sub(WINS_COUNT_FOR).unwrap_or(truth.world.now);
    Ok(moment.store.read("read how often bids won", |snapshot| rows::win_rates(snapshot, since))?)
}

/// An order that passed everything, at its price and with what is behind it.
pub(super) struct Funded {
    pub(super) survivor: Survivor,
    quote: Quote,
    funding: Funding,
    class: String,
}

impl Funded {
    /// The same of a survivor.
    #[expect(clippy::large_types_passed_by_value, reason = "it is moved into it")]
    pub(super) fn new(survivor: Survivor, quote: Quote, funding: Funding) -> Self {
        let class = class(&survivor);
        Self { survivor, quote, funding, class }
    }

    /// As ranking wants it.
    pub(super) fn candidate(&self, truth: &Truth, request: &Request<'_>, rates: &Rates) -> Candidate {
        let order = &self.survivor.order;
        let denomination = order.spec.units.first().map(|unit| &unit.price.denom);
        let worth = denomination.map_or(self.quote.price, |denom| request.terms.pricing.worth(self.quote.price, denom));
        debug_assert!(self.survivor.fit.back_end < truth.ledger.len());
        Candidate {
            order: order.id.clone(),
            created_at: order.created_at,
            back_end: self.survivor.fit.back_end,
            footprint: self.survivor.footprint.clone(),
            worth,
            blocks: self.funding.blocks,
            win_rate: rates.get(&self.class).copied().unwrap_or_default(),
        }
    }

    /// The bid on it; none where the market names no deposit for its denomination.
    pub(super) fn chosen(self, truth: &Truth, rank: u64, score: Dec18) -> Option<Chosen> {
        let Self { survivor, quote, funding, class } = self;
        let denomination = survivor.order.spec.units.first()?.price.denom.clone();
        let deposit = truth.market.minimum_bid_deposits.iter().find(|coin| coin.denom == denomination)?.clone();
        let back_end = truth.ledger.name(survivor.fit.back_end).to_owned();
        let components: serde_json::Map<String, serde_json::Value> = Component::ALL
            .into_iter()
            .filter(|component| !quote.component(*component).is_zero())
            .map(|component| (component.word().to_owned(), quote.component(component).to_string().into()))
            .collect();
        let factors: serde_json::Map<String, serde_json::Value> = quote
            .factors
            .of(survivor.footprint.units.iter().any(|unit| unit.gpus > 0))
            .into_iter()
            .filter_map(|(factor, value)| Some((factor.word().to_owned(), value?.to_string().into())))
            .collect();
        let gpus: Vec<String> = survivor.fit.gpus.iter().map(|gpu| gpu.model.to_string()).collect();
        let decision = json!({
            "rank": rank,
            "score": score.to_string(),
            "cost": quote.cost.to_string(),
            "components": components,
            "factors": factors,
            "asked": quote.asked.to_string(),
            "floor": quote.floor.to_string(),
            "rate": quote.rate.map(|rate| rate.to_string()),
            "funded_blocks": funding.blocks,
            "funded_time": crate::domain::duration::display(funding.time).to_string(),
            "value": funding.value.to_string(),
            "gpus": gpus,
        });
        Some(Chosen {
            price: DecCoin { amount: quote.price, denom: denomination },
            deposit,
            back_end,
            footprint: survivor.footprint,
            class,
            decision: decision.to_string(),
            row: survivor.row,
            order: survivor.order,
        })
    }
}

/// What kind of order it is: bids on orders of one kind win alike.
fn class(survivor: &Survivor) -> String {
    survivor.fit.gpus.first().map_or_else(|| "cpu".to_owned(), |gpu| format!("gpu/{}", gpu.model))
}

/// An order that gets a bid.
pub(super) struct Chosen {
    pub(super) order: Order,
    pub(super) back_end: String,
    pub(super) footprint: bid::capacity::Footprint,
    pub(super) price: DecCoin,
    pub(super) deposit: Coin,
    pub(super) class: String,
    /// What was decided, as JSON.
    pub(super) decision: String,
    /// The row that the order had, and that never came onto the chain; with its state.
    pub(super) row: Option<(BidNumber, State)>,
}

impl Chosen {
    /// As the report tells of it.
    pub(super) fn into_bid(self, id: Option<(BidNumber, State)>) -> Bid {
        let state = id.map_or(State::Proposed, |(_, state)| state);
        let (order, id) = (self.order.id.to_string(), id.map(|(id, _)| id));
        Bid { id, order, back_end: self.back_end, price: self.price, deposit: self.deposit, state, why: None }
    }
}

//! What becomes of orders, told and not done: everything about one, and a line about each.

use jiff::Timestamp;

use super::book::{self, Survivor};
use super::candidate::Funded;
use super::own::{self, Standing as OwnStanding};
use super::place::{self, Place};
use super::truth::{Moment, Truth};
use super::validity::Validity;
use super::{BidRun, Error, Request, choose};
use crate::chain::client::OrderFilter;
use crate::domain::amount::DecCoin;
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::price::Factors;
use crate::domain::bid::{Asked, Explanation, Funding, Reason, World};
use crate::domain::id::OrderId;
use crate::domain::order::{Order, OrderState};
use crate::store;
use crate::store::bids::decisions::{self, Decision};
use crate::store::bids::pauses;

/// Everything about one order.
pub struct Explained {
    /// The order.
    pub order: Order,
    /// What of it cannot be read, where that is so; nothing else was looked at then.
    pub unreadable: Option<Reason>,
    /// Every check.
    pub explanation: Option<Explanation>,
    /// What is behind the order, at our price.
    pub funding: Option<Result<Funding, Reason>>,
    /// Our bid on it.
    pub ours: Option<store::bids::Bid>,
    /// What that means for another.
    pub standing: Option<OwnStanding>,
    /// Why nothing is bid on at all: a pause, or that bidding is not enabled.
    pub closed: Option<String>,
    /// Its place among those that would get a bid now.
    pub place: Option<Place>,
    /// The last decision against it.
    pub decision: Option<Decision>,
    /// How long that holds, or why it is made again.
    pub validity: Option<Validity>,
    /// How many bids it has, and takes.
    pub bids: Option<(u64, u64)>,
    /// The moment.
    pub world: World,
    /// The names of the back ends, in the order of preference.
    pub back_ends: Vec<String>,
    /// The factors of the back end that it would go to.
    pub factors: Factors,
}

/// Explains an order: reads what a run would read, and tells everything. Changes nothing.
pub async fn explain(
    moment: Moment<'_>,
    request: &Request<'_>,
    id: &OrderId,
    report: &mut BidRun,
) -> Result<Explained, Error> {
    let client = request.sending.client;
    let truth = Truth::read(moment, request, None, report).await?;
    let order = client.order(id).await.map_err(Error::chain("what the order asks for"))?.value;
    let order = order.ok_or_else(|| Error::Nothing(format!("there is no order {id}")))?;
    let (text, provider) = (id.to_string(), truth.provider.to_string());
    let (ours, decision, holds, pause) = moment.store.read("read what was decided", |snapshot| {
        let ours = store::bids::rows::by_order(snapshot, &truth.chain, &text, &provider)?;
        let decision = decisions::of(snapshot, decisions::key(&truth.chain, &text))?;
        let holds = decisions::known(snapshot, decisions::key(&truth.chain, &text))?;
        Ok::<_, store::Error>((ours, decision, holds, pauses::in_force(snapshot)?))
    })?;
    let bids = choose::bids_of(client, id).await.ok();
    let bids = bids.map(|bids| (bids, u64::from(truth.market.bids_per_order)));
    let back_ends: Vec<String> =
        (0..truth.ledger.len()).map(|back_end| truth.ledger.name(back_end).to_owned()).collect();
    let mut explained = Explained {
        unreadable: None,
        explanation: None,
        funding: None,
        standing: ours.as_ref().map(|row| OwnStanding::of(row, truth.world.now)),
        closed: match pause {
            Some(pause) => Some(format!("paused: {}", pause.reason)),
            None => (!request.enabled).then(|| "bidding is not enabled (bidding.enabled)".to_owned()),
        },
        place: None,
        ours,
        decision,
        validity: None,
        bids,
        world: truth.world,
        back_ends,
        factors: Factors::default(),
        order,
    };
    let desk = truth.desk(request);
    explained.validity = holds.map(|holds| Validity::of(holds, desk.digests(), truth.world.now));
    let order = explained.order.clone();
    let asked = match Asked::of(&order) {
        Ok(asked) => asked,
        Err(reason) => {
            explained.unreadable = Some(reason);
            return Ok(explained);
        }
    };
    let mut explanation = desk.explain(&truth.ledger, &asked);
    let mut quote = explanation.quote;
    if let (Some(program), Some(fit)) = (request.program, &explanation.place) {
        let answer = program.ask(&[book::question(&order, &asked, program.batch)]).await.pop();
        match answer.map(|answer| answer.and_then(|price| desk.price_by_program(&asked, fit, price))) {
            Some(Ok(priced)) => quote = Some(priced),
            Some(Err(reason)) => explanation.refusal = explanation.refusal.or(Some(reason)),
            None => {}
        }
    }
    explanation.quote = quote;
    if let (Some(quote), Some(fit)) = (quote, &explanation.place) {
        explained.factors = desk.factors(fit.back_end);
        match super::survey::behind(client, &order).await {
            Ok(behind) => {
                let funding = desk.fund(&asked, &quote, behind.as_behind(&order));
                let is_ours = matches!(explained.standing, Some(OwnStanding::Taken(_)));
                if let (Ok(funding), OrderState::Open, false) = (&funding, order.state, is_ours) {
                    let footprint = Footprint::of(&asked, &fit.gpus);
                    let survivor = Survivor::new(order.clone(), fit.clone(), Some(quote), footprint, None);
                    let funded = Funded::new(survivor, quote, *funding);
                    explained.place = Some(place::among(&truth, moment, request, funded, report).await?);
                }
                explained.funding = Some(funding);
            }
            Err(unseen) => report.trouble(unseen.to_string()),
        }
    }
    explained.explanation = Some(explanation);
    Ok(explained)
}

/// What a run decided against an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// The coarse reason.
    pub code: String,
    /// How long that holds, or why it is made again.
    pub validity: Validity,
}

/// The open orders with what would become of each, without the second look, and what a run decided against it. Changes
/// nothing.
pub async fn look(
    moment: Moment<'_>,
    request: &Request<'_>,
    report: &mut BidRun,
    mut each: impl FnMut(&Order, Result<Option<DecCoin>, Reason>, Option<Decided>),
) -> Result<(), Error> {
    let truth = Truth::read(moment, request, None, report).await?;
    let desk = truth.desk(request);
    let mut decided = moment.store.read("read what was decided before", decisions::standing)?;
    let mut failed = None;
    let filter = OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() };
    let listed = request.sending.client.orders(&filter).for_each(|order| {
        let text = order.id.to_string();
        let ours = match truth.own.live(&text) {
            Some(state) => Ok(Some(OwnStanding::Taken(state))),
            None => moment.store.read("read our bid on an order", |snapshot| {
                own::standing(snapshot, truth.place(), &text, truth.world.now)
            }),
        };
        let ours = ours.unwrap_or_else(|error| {
            failed.get_or_insert(error);
            None
        });
        let result = ours.and_then(|ours| ours.refusal()).map_or(Ok(()), Err).and_then(|()| {
            let asked = Asked::of(&order)?;
            let fit = desk.fit(&truth.ledger, &asked)?;
            if desk.prices_by_program() {
                return Ok(None);
            }
            let quote = desk.price(&asked, &fit)?;
            Ok(Some(asked.in_its_denomination(quote.price)))
        });
        let decided = decided.remove(&decisions::key(&truth.chain, &text)).map(|stood| Decided {
            validity: Validity::of(stood.holds, desk.digests(), truth.world.now),
            at: stood.at,
            code: stood.code,
        });
        each(&order, result, decided);
    });
    listed.await.map(drop).map_err(Error::listing("which orders are open"))?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

//! The book: every open order, decided one at a time while its page is at hand.

use std::collections::{HashMap, HashSet};

use super::own::Standing;
use super::truth::{Moment, Truth};
use super::{AGAIN, BidRun, Error, Request, Scope, program};
use crate::chain::client::OrderFilter;
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::price::Quote;
use crate::domain::bid::{Asked, Code, Desk, Digests, Fit, Lasts, Reason, State};
use crate::domain::fault::in_one_line;
use crate::domain::order::{Order, OrderState};
use crate::store::bids::decisions::{self, Declined, Holds, Key};
use crate::store::bids::{BidNumber, rows};
use crate::store::outbox::Stamp;

/// An order that passed everything that can be asked of it alone.
pub(super) struct Survivor {
    pub(super) order: Order,
    pub(super) fit: Fit,
    /// None until the price program has spoken.
    pub(super) quote: Option<Quote>,
    pub(super) footprint: Footprint,
    /// The row that the order had, and that never came onto the chain; with its state.
    pub(super) row: Option<(BidNumber, State)>,
    /// What a block is worth for what is scarce: who is surveyed first.
    promise: Dec18,
}

impl Survivor {
    /// An order that has its place and its price already.
    #[expect(clippy::large_types_passed_by_value, reason = "it is moved into the survivor")]
    pub(super) const fn new(
        order: Order,
        fit: Fit,
        quote: Option<Quote>,
        footprint: Footprint,
        row: Option<(BidNumber, State)>,
    ) -> Self {
        Self { order, fit, quote, footprint, row, promise: Dec18::ZERO }
    }

    /// The same at a price.
    #[expect(clippy::large_types_passed_by_value, reason = "it is moved into the survivor")]
    pub(super) fn with(self, quote: Quote) -> Self {
        Self { quote: Some(quote), ..self }
    }
}

/// What a look at the book gave.
pub(super) struct Book {
    /// The best of those that passed, the best first.
    pub(super) survivors: Vec<Survivor>,
    /// How many passed in all.
    pub(super) passing: u64,
    /// Orders with an open bid or a proposal of ours that are listed as open; none where the listing was not read to its end, or is not
    /// believed: then nothing is known of the others.
    pub(super) listed: Option<HashSet<String>>,
}

/// So many survivors are kept, so that an order book that fits us whole does not fill the memory.
const MOST: usize = 1000;

struct Known {
    holds: bool,
    seen: bool,
}

/// Reads the book, declines what is to be declined, and gives back the rest.
pub(super) async fn look(
    truth: &Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    scope: &Scope,
    stamp: Option<Stamp>,
    report: &mut BidRun,
) -> Result<Book, Error> {
    let desk = truth.desk(request);
    let mut reader = Reader {
        known: known(truth, moment, desk.digests(), scope)?,
        declined: Vec::new(),
        survivors: Vec::new(),
        passing: 0,
        listed: HashSet::new(),
        truth,
        desk,
        request,
        report,
    };
    let believed = match scope {
        Scope::Book => reader.book(moment, stamp).await?,
        Scope::Orders(orders) => {
            for id in orders {
                match request.sending.client.order(id).await {
                    Ok(reading) => match reading.value {
                        Some(order) if order.state == OrderState::Open => reader.page(vec![order], moment)?,
                        Some(_) | None => {}
                    },
                    Err(error) => reader.report.trouble(in_one_line(&error)),
                }
            }
            reader.write(moment, stamp)?;
            false
        }
    };
    reader.keep_best(MOST);
    let Reader { survivors, passing, listed, .. } = reader;
    Ok(Book { survivors, passing, listed: believed.then_some(listed) })
}

/// What was decided before, and whether it still holds.
fn known(truth: &Truth, moment: Moment<'_>, digests: Digests, scope: &Scope) -> Result<HashMap<Key, Known>, Error> {
    let now = truth.world.now;
    let current = [digests.terms, digests.capacity, digests.price, digests.all];
    let mut known = HashMap::new();
    let mut note = |key: Key, holds: Holds| {
        let holds = match holds {
            Holds::ForEver => true,
            Holds::Digest(digest) => current.contains(&digest),
            Holds::Until(time) => time > now,
            Holds::UntilOn(time, digest) => time > now && current.contains(&digest),
            Holds::Run => false,
        };
        known.insert(key, Known { holds, seen: false });
    };
    moment.store.read("read what was decided before", |snapshot| match scope {
        Scope::Book => decisions::each_known(snapshot, note),
        Scope::Orders(orders) => orders.iter().try_for_each(|order| {
            let key = decisions::key(&truth.chain, &order.to_string());
            if let Some(holds) = decisions::known(snapshot, key)? {
                note(key, holds);
            }
            Ok(())
        }),
    })?;
    Ok(known)
}

struct Reader<'r, 'd> {
    known: HashMap<Key, Known>,
    declined: Vec<(Key, String, Reason, Holds)>,
    survivors: Vec<Survivor>,
    passing: u64,
    listed: HashSet<String>,
    truth: &'r Truth,
    desk: Desk<'d>,
    request: &'r Request<'r>,
    report: &'r mut BidRun,
}

impl Reader<'_, '_> {
    /// All open orders. Gives back whether the listing was read to its end, from nodes in step with the chain.
    async fn book(&mut self, moment: Moment<'_>, stamp: Option<Stamp>) -> Result<bool, Error> {
        let filter = OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() };
        let mut pages = self.request.sending.client.orders(&filter);
        let ended = loop {
            if (moment.should_stop)() {
                self.report.trouble("the book was not read to its end: we were asked to stop".to_owned());
                break false;
            }
            match pages.next().await {
                Ok(Some(page)) => {
                    self.page(page.rows, moment)?;
                    self.write(moment, stamp)?;
                }
                Ok(None) => break true,
                Err(error) => {
                    // What was seen was seen; of the rest nothing is known.
                    self.report.trouble(in_one_line(&error));
                    break false;
                }
            }
        };
        if !ended {
            return Ok(false);
        }
        let believed = match pages.finish() {
            Ok(listing) => listing.believed().map_err(|error| in_one_line(&error)),
            Err(incomplete) => Err(in_one_line(&incomplete)),
        };
        if let Err(words) = believed {
            self.report.trouble(words);
            return Ok(false);
        }
        if let Some(stamp) = stamp {
            let gone: Vec<Key> = self.known.iter().filter(|(_, known)| !known.seen).map(|(key, _)| *key).collect();
            if !gone.is_empty() {
                moment
                    .store
                    .write("write down which orders are gone", |change| decisions::gone(change, gone, stamp.at))?;
            }
        }
        Ok(true)
    }

    /// Decides about the orders of a page.
    fn page(&mut self, orders: Vec<Order>, moment: Moment<'_>) -> Result<(), Error> {
        let orders: Vec<(Order, String, Key)> = orders.into_iter().filter_map(|order| self.is_new(order)).collect();
        if orders.is_empty() {
            return Ok(());
        }
        let (chain, provider) = self.truth.place();
        let rows = moment.store.read("read our bids on orders", |snapshot| {
            let row = |(_, text, _): &(Order, String, Key)| rows::by_order(snapshot, chain, text, provider);
            orders.iter().map(row).collect::<Result<Vec<_>, _>>()
        })?;
        for ((order, text, key), row) in orders.into_iter().zip(rows) {
            let standing = row.map(|row| Standing::of(&row, self.truth.world.now));
            match standing {
                None => self.order(order, (text, key), None),
                Some(standing) => match standing.refusal() {
                    None => self.order(order, (text, key), standing.again()),
                    // What had a bid is declined, so that it is known when its row is forgotten.
                    Some(reason) => {
                        self.report.ours += 1;
                        let holds = lasting(&reason, self.truth.world.now, AGAIN);
                        self.declined.push((key, text, reason, holds));
                    }
                },
            }
        }
        Ok(())
    }

    /// An order that has to be decided about: it has no live bid of ours, and no decision against it holds.
    fn is_new(&mut self, order: Order) -> Option<(Order, String, Key)> {
        self.report.orders += 1;
        let text = order.id.to_string();
        let key = decisions::key(&self.truth.chain, &text);
        let known = self.known.get_mut(&key).map(|known| {
            known.seen = true;
            known.holds
        });
        // Before what was decided once: somebody may have bid all the same.
        if let Some(state) = self.truth.own.live(&text) {
            self.report.ours += 1;
            if matches!(state, State::Open | State::Proposed) {
                self.listed.insert(text);
            }
            return None;
        }
        if known == Some(true) {
            self.report.unchanged += 1;
            return None;
        }
        Some((order, text, key))
    }

    fn order(&mut self, order: Order, (text, key): (String, Key), row: Option<(BidNumber, State)>) {
        match self.decide(order, row) {
            Ok(survivor) => {
                self.passing += 1;
                self.survivors.push(survivor);
                if self.survivors.len() >= 2 * MOST {
                    self.keep_best(MOST);
                }
            }
            Err((reason, holds)) => {
                self.report.decline(reason.code());
                self.declined.push((key, text, reason, holds));
            }
        }
    }

    fn decide(&self, order: Order, row: Option<(BidNumber, State)>) -> Result<Survivor, (Reason, Holds)> {
        let (ledger, desk) = (&self.truth.ledger, &self.desk);
        let (fit, quote, footprint, worth) = {
            let asked = Asked::of(&order).map_err(|reason| (reason, Holds::ForEver))?;
            let holds = |reason: Reason| {
                let holds = self.holds(&asked, &reason);
                (reason, holds)
            };
            let fit = desk.fit(ledger, &asked).map_err(holds)?;
            let (quote, worth) = if desk.prices_by_program() {
                // What it may cost at most says who is asked about first.
                (None, self.request.terms.pricing.worth(asked.maximum, asked.denomination))
            } else {
                let quote = desk.price(&asked, &fit).map_err(holds)?;
                (Some(quote), desk.worth(&asked, &quote))
            };
            let footprint = Footprint::of(&asked, &fit.gpus);
            (fit, quote, footprint, worth)
        };
        let share = ledger.scarcest_share(fit.back_end, &footprint).max(Dec18::STEP);
        let promise = worth.checked_div(share, crate::domain::amount::Rounding::HalfEven).unwrap_or(Dec18::MAX);
        Ok(Survivor { order, fit, quote, footprint, row, promise })
    }

    fn holds(&self, asked: &Asked<'_>, reason: &Reason) -> Holds {
        holds(&self.desk, self.request, asked, reason, self.truth.world.now)
    }

    /// Keeps so many of those that passed, the best first.
    fn keep_best(&mut self, most: usize) {
        self.survivors.sort_by(|one, other| {
            let better = other.promise.cmp(&one.promise);
            let older = one.order.created_at.cmp(&other.order.created_at);
            better.then(older).then_with(|| one.order.id.cmp(&other.order.id))
        });
        self.survivors.truncate(most);
    }

    /// Writes down what was declined.
    fn write(&mut self, moment: Moment<'_>, stamp: Option<Stamp>) -> Result<(), Error> {
        let declined = std::mem::take(&mut self.declined);
        if let (Some(stamp), false) = (stamp, declined.is_empty()) {
            record(moment, &declined, stamp)?;
        }
        Ok(())
    }
}

/// Until when a decision holds.
pub(super) fn holds(
    desk: &Desk<'_>,
    request: &Request<'_>,
    asked: &Asked<'_>,
    reason: &Reason,
    now: jiff::Timestamp,
) -> Holds {
    match (reason, request.program) {
        // What a program asks tomorrow, no digest says.
        (Reason::Program { .. } | Reason::OverMaximum { .. }, Some(program)) => {
            now.checked_add(program.recheck).map_or(Holds::Run, Holds::Until)
        }
        _ => match (desk.basis(asked, reason), lasting(reason, now, AGAIN)) {
            (Some(digest), _) => Holds::Digest(digest),
            // What the escrow is worth depends on the terms and on our price too.
            (None, Holds::Until(time)) if reason.code() == Code::Funding => Holds::UntilOn(time, desk.digests().price),
            (None, holds) => holds,
        },
    }
}

/// Until when a reason holds that no digest is for.
pub(super) fn lasting(reason: &Reason, now: jiff::Timestamp, wait: std::time::Duration) -> Holds {
    match reason.lasts() {
        Lasts::ForEver => Holds::ForEver,
        Lasts::AWhile => now.checked_add(wait).map_or(Holds::Run, Holds::Until),
        Lasts::OneRun | Lasts::Terms | Lasts::Capacity | Lasts::Price => Holds::Run,
    }
}

/// Writes decisions down.
pub(super) fn record(moment: Moment<'_>, declined: &[(Key, String, Reason, Holds)], stamp: Stamp) -> Result<(), Error> {
    let rows: Vec<Declined<'_>> = declined
        .iter()
        .map(|(key, order, reason, holds)| Declined { key: *key, order, reason, holds: *holds })
        .collect();
    Ok(moment.store.write("write down why orders get no bid", |change| decisions::record(change, &rows, stamp))?)
}

/// The question about an order.
pub(super) fn question(order: &Order, asked: &Asked<'_>, batch: bool) -> program::Question {
    use crate::domain::bid::program::{request, request_line};
    let id = order.id.to_string();
    let json = if batch { request_line(&id, asked) } else { request(asked).to_string() };
    program::Question { order: id, owner: asked.owner.to_owned(), denomination: asked.denomination.to_string(), json }
}

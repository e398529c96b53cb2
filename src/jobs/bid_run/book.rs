//! The book: every open order, decided one at a time while its page is at hand.

use std::collections::{HashMap, HashSet};

use super::truth::{Moment, Truth};
use super::{AGAIN, BidRun, Error, Request, Scope, program};
use crate::chain::client::OrderFilter;
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::Footprint;
use crate::domain::bid::price::Quote;
use crate::domain::bid::{Asked, Desk, Digests, Fit, Lasts, Reason};
use crate::domain::fault::in_one_line;
use crate::domain::order::{Order, OrderState};
use crate::store::bids::decisions::{self, Declined, Holds, Key};
use crate::store::outbox::Stamp;

/// An order that passed everything that can be asked of it alone.
pub(super) struct Survivor {
    pub(super) order: Order,
    pub(super) fit: Fit,
    /// None until the price program has spoken.
    pub(super) quote: Option<Quote>,
    pub(super) footprint: Footprint,
    /// What a block is worth for what is scarce: who is surveyed first.
    promise: Dec18,
}

/// What a look at the book gave.
pub(super) struct Book {
    /// The best of those that passed, the best first.
    pub(super) survivors: Vec<Survivor>,
    /// Orders with an open bid of ours that are listed as open; none where the listing was not read to its end, or is not
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
        known: known(truth, moment, desk.digests())?,
        declined: Vec::new(),
        survivors: Vec::new(),
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
                        Some(order) if order.state == OrderState::Open => reader.order(order),
                        Some(_) | None => {}
                    },
                    Err(error) => reader.report.trouble(in_one_line(&error)),
                }
            }
            reader.write(moment, stamp)?;
            false
        }
    };
    reader.ask_program().await;
    reader.write(moment, stamp)?;
    reader.keep_best(MOST);
    let Reader { survivors, listed, .. } = reader;
    Ok(Book { survivors, listed: believed.then_some(listed) })
}

/// What was decided before, and whether it still holds.
fn known(truth: &Truth, moment: Moment<'_>, digests: Digests) -> Result<HashMap<Key, Known>, Error> {
    let now = truth.world.now;
    let current = [digests.terms, digests.capacity, digests.price, digests.all];
    let mut known = HashMap::new();
    moment.store.read("read what was decided before", |snapshot| {
        decisions::each_known(snapshot, |key, holds| {
            let holds = match holds {
                Holds::ForEver => true,
                Holds::Digest(digest) => current.contains(&digest),
                Holds::Until(time) => time > now,
                Holds::Run => false,
            };
            known.insert(key, Known { holds, seen: false });
        })
    })?;
    Ok(known)
}

struct Reader<'r, 'd> {
    known: HashMap<Key, Known>,
    declined: Vec<(Key, String, Reason, Holds)>,
    survivors: Vec<Survivor>,
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
                    page.rows.into_iter().for_each(|order| self.order(order));
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

    fn order(&mut self, order: Order) {
        self.report.orders += 1;
        let text = order.id.to_string();
        let key = decisions::key(&self.truth.chain, &text);
        if let Some(known) = self.known.get_mut(&key) {
            known.seen = true;
            if known.holds {
                self.report.unchanged += 1;
                return;
            }
        }
        if let Some(reason) = self.truth.own.refusal(&text) {
            self.report.ours += 1;
            // What has an open bid is not declined; what had one is, so that it is known when its row is forgotten.
            let live = self.truth.own.open.iter().any(|row| row.order == text);
            if live {
                self.listed.insert(text);
            } else if reason.lasts() == Lasts::ForEver && !self.is_live(&text) {
                self.declined.push((key, text, reason, Holds::ForEver));
            }
            return;
        }
        match self.decide(order) {
            Ok(survivor) => {
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

    /// A bid that waits, is on its way or won is no decline.
    fn is_live(&self, order: &str) -> bool {
        use crate::domain::bid::State;
        self.truth.own.state(order).is_some_and(|state| match state {
            State::Proposed | State::Queued | State::Open | State::Active => true,
            State::Lost | State::Closed | State::Refused | State::Dropped => false,
        })
    }

    fn decide(&self, order: Order) -> Result<Survivor, (Reason, Holds)> {
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
        Ok(Survivor { order, fit, quote, footprint, promise })
    }

    fn holds(&self, asked: &Asked<'_>, reason: &Reason) -> Holds {
        if let Some(digest) = self.desk.basis(asked, reason) {
            return Holds::Digest(digest);
        }
        let wait = match (reason, self.request.program) {
            (Reason::Program { .. }, Some(program)) => program.recheck,
            _ => AGAIN,
        };
        lasting(reason, self.truth.world.now, wait)
    }

    /// Asks the price program about everything that passed, the most promising first.
    async fn ask_program(&mut self) {
        let Some(program) = self.request.program else { return };
        self.keep_best(MOST);
        let survivors = std::mem::take(&mut self.survivors);
        let questions: Vec<program::Question> = survivors
            .iter()
            .filter_map(|survivor| Some(question(&survivor.order, &Asked::of(&survivor.order).ok()?, program.batch)))
            .collect();
        if questions.is_empty() {
            return;
        }
        let answers = program.ask(&questions).await;
        for (survivor, answer) in survivors.into_iter().zip(answers) {
            let priced = {
                let Ok(asked) = Asked::of(&survivor.order) else { continue };
                let priced = answer.and_then(|price| self.desk.price_by_program(&asked, &survivor.fit, price));
                priced.map_err(|reason| (self.holds(&asked, &reason), reason))
            };
            match priced {
                Ok(quote) => self.survivors.push(Survivor { quote: Some(quote), ..survivor }),
                Err((holds, reason)) => {
                    self.report.decline(reason.code());
                    let text = survivor.order.id.to_string();
                    let key = decisions::key(&self.truth.chain, &text);
                    self.declined.push((key, text, reason, holds));
                }
            }
        }
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

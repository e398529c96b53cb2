//! The choice: which of the candidates get a bid now.

use std::time::Duration;

use futures_util::{StreamExt, stream};

use super::book::{self, Book, Survivor};
use super::candidate::{Chosen, Funded, win_rates};
use super::report::Passed;
use super::survey;
use super::truth::{Moment, Truth};
use super::{AGAIN, BidRun, Error, Request, program};
use crate::chain::client::{BidFilter, Client};
use crate::domain::bid::{self, Asked, Candidate, Desk, Ranked, Reason, Slots};
use crate::domain::fault::in_one_line;
use crate::domain::id::OrderId;
use crate::domain::order::{BidState, Order};
use crate::store::bids::decisions::{self, Holds, Key};
use crate::store::bids::rows;
use crate::store::outbox::Stamp;

/// At least so many candidates are surveyed, and so many for each bid that may be sent.
const SURVEYED: u64 = 50;
const SURVEYED_A_SLOT: u64 = 4;
/// So many orders are asked ahead for the number of their bids.
const COUNTED_AHEAD: usize = 8;
/// What came of the candidates.
pub(super) struct Choice {
    /// Those that get a bid.
    pub(super) chosen: Vec<Chosen>,
    /// Those that get none, and why, as far as they were looked at.
    pub(super) declined: Vec<(String, Reason)>,
}

/// After so many runs in a row that could not read what is behind an order, it is left alone for a while.
const UNSEEN_TRIES: u32 = 3;

/// Surveys the best survivors, ranks them, and takes as many as limits and capacity allow.
pub(super) async fn choose(
    truth: &mut Truth,
    moment: Moment<'_>,
    request: &Request<'_>,
    book: Book,
    stamp: Option<Stamp>,
    report: &mut BidRun,
) -> Result<Choice, Error> {
    let mut slots = slots(truth, moment, request)?;
    if let Some((until, why)) = truth.own.held.as_ref().filter(|_| !request.propose) {
        let why = why.as_deref().unwrap_or("it does not say why");
        report
            .trouble(format!("nothing new is sent before {until:.0}: the chain refused a bid for our account: {why}"));
        slots.held = true;
    }
    let mut survivors = book.survivors;
    report.candidates = book.passing;
    let exhausted = exhausted(&slots, request);
    let enough = if exhausted.is_some() { 0 } else { surveyed(slots.left()) };
    let rest = survivors.split_off(enough.min(survivors.len()));
    let limit = exhausted.unwrap_or("survey");
    let passed = |rank: u64, order: String, limit: &str| Passed {
        order,
        why: Reason::NotChosen { rank, limit: limit.into() }.to_string(),
    };
    let first_rank = u64::try_from(survivors.len()).unwrap_or(u64::MAX);
    report.passed_over = book.passing.saturating_sub(first_rank);
    let too_many = (1_u64..).zip(&rest).take(100);
    report
        .passed
        .extend(too_many.map(|(rank, survivor)| passed(first_rank + rank, survivor.order.id.to_string(), limit)));
    drop(rest);

    let mut judged = Judged::of(truth, request, survivors, report).await;
    let rates = win_rates(moment, truth)?;
    let candidates: Vec<Candidate> =
        judged.funded.iter().map(|funded| funded.candidate(truth, request, &rates)).collect();
    let ranked = bid::rank(&truth.ledger, &candidates);
    let chosen = judged.take(truth, request, &candidates, &ranked, &mut slots, report).await;
    if let Some(stamp) = stamp {
        judged.record(moment, stamp)?;
    }
    let declined = judged.declined.into_iter().chain(judged.unseen);
    Ok(Choice { chosen, declined: declined.map(|(_, order, reason, _)| (order, reason)).collect() })
}

/// How many candidates are surveyed where so many bids may be sent.
pub(super) fn surveyed(slots: u64) -> usize {
    usize::try_from(SURVEYED.max(slots.saturating_mul(SURVEYED_A_SLOT))).unwrap_or(usize::MAX)
}

/// The limit that is reached. A proposal is not sent, so the rates do not hold it back.
fn exhausted(slots: &Slots, request: &Request<'_>) -> Option<&'static str> {
    slots.exhausted().filter(|limit| !request.propose || matches!(*limit, "open" | "workloads"))
}

/// How many more bids may be sent.
pub(super) fn slots(truth: &Truth, moment: Moment<'_>, request: &Request<'_>) -> Result<Slots, Error> {
    let (limits, own, now) = (request.limits, &truth.own, truth.world.now);
    let ago = |span: Duration| now.checked_sub(span).unwrap_or(now);
    let (minute, hour) = moment.store.read("read how many bids were sent", |snapshot| {
        let minute = rows::sent_since(snapshot, ago(Duration::from_mins(1)))?;
        Ok::<_, crate::store::Error>((minute, rows::sent_since(snapshot, ago(Duration::from_hours(1)))?))
    })?;
    let waiting = own.opened.saturating_add(own.queued).saturating_add(own.proposed());
    Ok(Slots {
        per_minute: limits.per_minute.get().saturating_sub(minute),
        per_hour: limits.per_hour.get().saturating_sub(hour),
        in_flight: limits.in_flight.get().saturating_sub(own.queued),
        open: limits.open.get().saturating_sub(waiting),
        workloads: request.workloads.saturating_sub(waiting.saturating_add(own.leases).saturating_add(truth.others)),
        held: false,
    })
}

/// Survivors after the second look.
pub(super) struct Judged {
    declined: Vec<(Key, String, Reason, Holds)>,
    unseen: Vec<(Key, String, Reason, Holds)>,
    pub(super) funded: Vec<Funded>,
}

impl Judged {
    /// The second look at survivors: their price, where a program says it, and what is behind them.
    pub(super) async fn of(
        truth: &Truth,
        request: &Request<'_>,
        survivors: Vec<Survivor>,
        report: &mut BidRun,
    ) -> Self {
        let mut judged = Self { declined: Vec::new(), unseen: Vec::new(), funded: Vec::new() };
        let survivors = judged.ask_program(truth, request, survivors, report).await;
        let backings = survey::survey(request.sending.client, &survivors).await;
        let desk = truth.desk(request);
        for (survivor, backing) in survivors.into_iter().zip(backings) {
            judged.judge(truth, (&desk, request), survivor, backing, report);
        }
        judged
    }

    /// The second look at one survivor.
    fn judge(
        &mut self,
        truth: &Truth,
        (desk, request): (&Desk<'_>, &Request<'_>),
        survivor: Survivor,
        backing: Result<survey::Backing, survey::Unseen>,
        report: &mut BidRun,
    ) {
        let backing = match backing {
            Ok(backing) => backing,
            // Not known, so not decided: the next run asks again.
            Err(unseen) => {
                let text = survivor.order.id.to_string();
                let reason = Reason::Unseen { why: unseen.to_string().into() };
                self.unseen.push((decisions::key(&truth.chain, &text), text, reason, Holds::Run));
                return report.trouble(unseen.to_string());
            }
        };
        let Some(quote) = survivor.quote else { return };
        let funding = {
            let asked = match Asked::of(&survivor.order) {
                Ok(asked) => asked,
                Err(reason) => return self.decline(truth, &survivor.order, reason, report),
            };
            let funding = desk.fund(&asked, &quote, backing.as_behind(&survivor.order));
            funding.map_err(|reason| (book::holds(desk, request, &asked, &reason, truth.world.now), reason))
        };
        match funding {
            Ok(funding) => {
                self.funded.push(Funded::new(survivor, quote, funding));
            }
            Err((holds, reason)) => {
                report.decline(reason.code());
                let text = survivor.order.id.to_string();
                self.declined.push((decisions::key(&truth.chain, &text), text, reason, holds));
            }
        }
    }

    /// How many of them get no bid.
    pub(super) const fn declined(&self) -> usize {
        self.declined.len()
    }

    /// Asks the price program about the candidates that would be surveyed; without one they pass as they are.
    async fn ask_program(
        &mut self,
        truth: &Truth,
        request: &Request<'_>,
        survivors: Vec<Survivor>,
        report: &mut BidRun,
    ) -> Vec<Survivor> {
        let Some(program) = request.program else { return survivors };
        let (priced, asking): (Vec<_>, Vec<_>) = survivors.into_iter().partition(|survivor| survivor.quote.is_some());
        let questions: Vec<program::Question> = asking
            .iter()
            .filter_map(|one| Some(book::question(&one.order, &Asked::of(&one.order).ok()?, program.batch)))
            .collect();
        if questions.is_empty() {
            return priced;
        }
        let mut survivors = priced;
        let answers = program.ask(&questions).await;
        let desk = truth.desk(request);
        for (survivor, answer) in asking.into_iter().zip(answers) {
            let priced = {
                let Ok(asked) = Asked::of(&survivor.order) else { continue };
                let priced = answer.and_then(|price| desk.price_by_program(&asked, &survivor.fit, price));
                priced.map_err(|reason| (book::holds(&desk, request, &asked, &reason, truth.world.now), reason))
            };
            match priced {
                Ok(quote) => survivors.push(survivor.with(quote)),
                Err((holds, reason)) => {
                    report.decline(reason.code());
                    let text = survivor.order.id.to_string();
                    self.declined.push((decisions::key(&truth.chain, &text), text, reason, holds));
                }
            }
        }
        survivors
    }

    /// Writes down why candidates get no bid.
    fn record(&self, moment: Moment<'_>, stamp: Stamp) -> Result<(), Error> {
        if !self.declined.is_empty() {
            book::record(moment, &self.declined, stamp)?;
        }
        let until = stamp.at.checked_add(AGAIN).unwrap_or(stamp.at);
        for (key, order, reason, _) in &self.unseen {
            moment.store.write("write down which orders could not be looked at", |change| {
                decisions::unseen(change, (*key, order), reason, (UNSEEN_TRIES, until), stamp)
            })?;
        }
        Ok(())
    }

    fn decline(&mut self, truth: &Truth, order: &Order, reason: Reason, report: &mut BidRun) {
        report.decline(reason.code());
        let text = order.id.to_string();
        let holds = book::lasting(&reason, truth.world.now, AGAIN);
        self.declined.push((decisions::key(&truth.chain, &text), text, reason, holds));
    }

    /// Takes candidates in the order of their rank until a limit is reached.
    async fn take(
        &mut self,
        truth: &mut Truth,
        request: &Request<'_>,
        candidates: &[Candidate],
        ranked: &[Ranked],
        slots: &mut Slots,
        report: &mut BidRun,
    ) -> Vec<Chosen> {
        let mut funded: Vec<Option<Funded>> = std::mem::take(&mut self.funded).into_iter().map(Some).collect();
        let mut chosen = Vec::new();
        let limit = u64::from(truth.market.bids_per_order);
        // Some are asked about ahead, so that the first bid does not wait for one answer after the other.
        let client = request.sending.client;
        let places = ranked.iter().filter_map(|ranked| candidates.get(ranked.candidate));
        let mut counts =
            stream::iter(places.map(|candidate| bids_of(client, &candidate.order))).buffered(COUNTED_AHEAD);
        for (rank, Ranked { candidate: place, score }) in (1_u64..).zip(ranked) {
            let (Some(candidate), Some(one)) = (candidates.get(*place), funded.get_mut(*place).and_then(Option::take))
            else {
                continue;
            };
            let order = one.survivor.order.id.to_string();
            if let Some(limit) = exhausted(slots, request) {
                let reason = Reason::NotChosen { rank, limit: limit.into() };
                report.passed.push(Passed { order: order.clone(), why: reason.to_string() });
                self.declined.push((decisions::key(&truth.chain, &order), order, reason, Holds::Run));
                continue;
            }
            let Some(counted) = counts.next().await else { break };
            match counted {
                // One above the limit fits: the chain counts what is there, not what would be.
                Ok(bids) if bids > limit => {
                    self.decline(truth, &one.survivor.order, Reason::OrderFull { bids, limit }, report);
                    continue;
                }
                Ok(_) => {}
                Err(error) => {
                    report.trouble(in_one_line(&error));
                    continue;
                }
            }
            if let Err(reason) = truth.ledger.reserve(candidate.back_end, &candidate.footprint) {
                report.decline(reason.code());
                // What was free for the first is gone for the next: it is looked at again.
                self.declined.push((decisions::key(&truth.chain, &order), order, reason, Holds::Run));
                continue;
            }
            match one.chosen(truth, rank, *score) {
                Some(one) => {
                    slots.take();
                    chosen.push(one);
                }
                None => report.trouble(format!("the market names no deposit for bids on {order}")),
            }
        }
        chosen
    }
}

/// How many bids an order has that count against its limit: those that were lost do not.
pub(super) async fn bids_of(client: &Client, order: &OrderId) -> Result<u64, crate::chain::client::CallError> {
    let filter = BidFilter { order: Some(order.clone()), ..BidFilter::default() };
    let mut bids = 0;
    let counted = client.bids(&filter).for_each(|bid| {
        if bid.state != BidState::Lost {
            bids += 1;
        }
    });
    match counted.await {
        Ok(_) => Ok(bids),
        Err(incomplete) => match incomplete.why {
            crate::chain::client::Why::Page(error) => Err(error),
            // A row that cannot be read is a bid all the same.
            _ => Ok(bids.saturating_add(1)),
        },
    }
}

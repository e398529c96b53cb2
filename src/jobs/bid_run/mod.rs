//! `bid-run`: looks at the open orders, decides, and bids.
//!
//! ```text
//! lock       one run at a time; a row in job_runs
//! truth      a believed head, our registration, our bids on chain, the market's rules; what became of what was sent
//! sweep      own open bids on orders that are gone, or that nobody took in time, are to be closed
//! book       the open orders, page by page; what was declined before and has not changed costs a look-up
//! survey     deployment, group and escrow of the best of those that passed
//! choose     rank, limits, capacity, the order's own limit of bids
//! record     bid, reservation, decision and the message for the outbox, in one transaction
//! flush      the outbox signs, sends and confirms (jobs::tx_flush)
//! settle     what the chain shows of our bids by now
//! report     what was seen, decided and done; and what was not seen
//! ```
//! Nothing depends on having seen an event: a run that was missed is made up for by the next. Where the node gives no
//! answer, or is not believed, nothing is known, and nothing is sent because of it. A kill between any two steps is
//! mended by the next run: a bid is in the outbox with its row or not at all, an order has one row of ours, for ever,
//! and reservations are made anew out of what the chain shows.

mod act;
mod approve;
mod book;
mod candidate;
mod choose;
mod ends;
mod error;
mod explain;
mod fail_point;
mod follow;
mod occupied;
mod own;
mod person;
mod place;
pub mod program;
mod reconcile;
mod report;
mod survey;
mod sweep;
mod truth;
mod validity;

use std::time::Duration;

use crate::domain::bid::capacity::{BackEnd, Difference, Overall};
use crate::domain::bid::{Limits, Terms};
use crate::domain::job::JobName;
use crate::store::bids::pauses;
use crate::store::outbox::Stamp;
use crate::store::{JobLock, Waiting};

pub use approve::{Approval, approve};
pub use error::Error;
pub use explain::{Decided, Explained, explain, look};
pub use fail_point::FailPoint;
pub use follow::follow;
pub use own::{Standing, retry_wait};
pub use person::{Wish, cancel, create};
pub use place::Place;
pub use report::{Bid, BidRun, Passed};
pub use truth::{Moment, Truth, resources};
pub use validity::Validity;

use super::{Circumstances, Run, tx_flush};
use choose::Choice;
use program::Program;

/// The name of the job.
pub const NAME: JobName = JobName::constant("bid-run");

/// The name of what a person does with single bids. It is not the run's: a run that follows the chain stays for long, and
/// lets people in between two looks.
pub const COMMAND: JobName = JobName::constant("bid-command");

/// The lock around each look, and around each command of a person.
const PASS: JobName = JobName::constant("bid-pass");

/// So long one waits for the look of the other.
const TURN: Duration = Duration::from_mins(1);

/// Waits until nobody else looks or acts.
fn between_passes(given: Circumstances<'_>) -> Result<JobLock, Error> {
    let waiting = Waiting { at_most: given.wait.max(TURN), should_stop: given.should_stop };
    Ok(JobLock::take(given.store, &PASS, (given.now)(), waiting)?)
}

/// A command of a person: a run of its own, between two looks of the job.
async fn command<'a>(
    given: Circumstances<'a>,
    work: impl AsyncFnOnce(&Run<'a>) -> Result<BidRun, Error>,
) -> Result<BidRun, Error> {
    let run = Run::begin(&COMMAND, given)?;
    let result = Box::pin(async {
        let _lock = between_passes(given)?;
        work(&run).await
    });
    let result = result.await;
    run.conclude(result)
}

/// On what terms to bid, with what, and through what.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The chain, the key and the operator's limits on sending.
    pub sending: tx_flush::Request<'a>,
    /// The terms.
    pub terms: &'a Terms,
    /// How much may be under way.
    pub limits: &'a Limits,
    /// The back ends that are sold, in the order of preference.
    pub back_ends: &'a [BackEnd],
    /// What all of them together may sell.
    pub overall: Overall,
    /// Where back ends do not have what is configured.
    pub differences: &'a [(String, Difference)],
    /// Back ends that do not say what they have, and why, in words.
    pub silent: &'a [String],
    /// The price program, where prices come from one.
    pub program: Option<&'a Program>,
    /// Bid at all.
    pub enabled: bool,
    /// Bids wait for a person.
    pub propose: bool,
    /// Workloads at once, at most: leases and open bids.
    pub workloads: u64,
    /// How many own open bids may be closed.
    pub closings: Closings,
}

/// How many own open bids runs may close without anybody asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closings {
    /// In one run.
    pub per_run: u64,
    /// Within an hour, all runs together.
    pub per_hour: u64,
}

/// Which orders a run looks at.
#[derive(Debug, Clone)]
pub enum Scope {
    /// All that are open.
    Book,
    /// These: they were made in a block that was just seen.
    Orders(Vec<crate::domain::id::OrderId>),
}

/// After so long an order is looked at again that was declined for a reason that may pass.
pub const AGAIN: Duration = Duration::from_mins(10);

/// Runs the job: one look at all open orders.
pub async fn run(given: Circumstances<'_>, request: &Request<'_>) -> Result<BidRun, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = Box::pin(pass(&run, given, request, &Scope::Book)).await;
    run.conclude(result)
}

/// One look at orders, as part of a run.
pub async fn pass(
    run: &Run<'_>,
    given: Circumstances<'_>,
    request: &Request<'_>,
    scope: &Scope,
) -> Result<BidRun, Error> {
    let mut lock = between_passes(given)?;
    lock.name_run(run.id())?;
    let stamp = || Stamp { at: (given.now)(), run: Some(run.id()) };
    let mut report = BidRun::begin(request);
    let moment = Moment::from(given);
    let mut truth = Truth::read(moment, request, Some(stamp()), &mut report).await?;
    FailPoint::TruthRead.reach();
    let book = book::look(&truth, moment, request, scope, Some(stamp()), &mut report).await?;
    FailPoint::BookRead.reach();
    sweep::sweep(&truth, moment, request, &book, Some(stamp()), &mut report).await?;
    FailPoint::Swept.reach();
    let pause = given.store.read("read whether we pause", pauses::in_force)?;
    report.paused = pause.map(|pause| pause.reason);
    if request.enabled && report.paused.is_none() && !(given.should_stop)() {
        let choice = choose::choose(&mut truth, moment, request, book, Some(stamp()), &mut report).await?;
        FailPoint::Chosen.reach();
        act::record(run, given, request, &truth, choice.chosen, &mut report)?;
        FailPoint::Recorded.reach();
    }
    let flushed = tx_flush::flush(run, given, &request.sending).await?;
    FailPoint::Flushed.reach();
    report.flushed = Some(flushed);
    reconcile::settle(&truth, moment, request, stamp(), &mut report)?;
    report.interrupted = (given.should_stop)();
    Ok(report)
}

/// What [`run`] would do now. Changes nothing, takes no lock and leaves no row.
pub async fn rehearse(moment: Moment<'_>, request: &Request<'_>) -> Result<BidRun, Error> {
    let mut report = BidRun { rehearsal: true, ..BidRun::begin(request) };
    let mut truth = Truth::read(moment, request, None, &mut report).await?;
    let book = book::look(&truth, moment, request, &Scope::Book, None, &mut report).await?;
    sweep::sweep(&truth, moment, request, &book, None, &mut report).await?;
    report.paused = moment.store.read("read whether we pause", pauses::in_force)?.map(|pause| pause.reason);
    if request.enabled && report.paused.is_none() {
        let Choice { chosen, .. } = choose::choose(&mut truth, moment, request, book, None, &mut report).await?;
        report.bids.extend(chosen.into_iter().map(|chosen| chosen.into_bid(None)));
    }
    Ok(report)
}

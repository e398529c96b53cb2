//! What every command needs that bids: the terms out of the configuration, and the job with them; and the words for what
//! came of a run.

use serde::Serialize;

use crate::cli::back_ends;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::pause;
use crate::cli::tx::flushed;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::config::terms;
use crate::domain::bid::capacity::{BackEnd, Difference, Overall};
use crate::domain::bid::{Limits, State, Terms};
use crate::domain::id::{BidId, OrderId};
use crate::jobs::bid_run::program::Program;
use crate::jobs::bid_run::{BidRun, Closings, Error, Moment, Request};
use crate::jobs::{Circumstances, tx_flush};
use crate::store::{Mode, Store};

/// A command that bids.
pub struct Bidding<'c> {
    context: &'c Context,
    /// What sends.
    pub sending: Sending<'c>,
    terms: Terms,
    limits: Limits,
    back_ends: Vec<BackEnd>,
    overall: Overall,
    differences: Vec<(String, Difference)>,
    silent: Vec<String>,
    program: Option<Program>,
    enabled: bool,
    propose: bool,
    workloads: u64,
    closings: Closings,
}

impl<'c> Bidding<'c> {
    /// The terms of a configuration, what its back ends have, and the keyring. Nothing is unlocked and no node is asked yet.
    pub fn open(context: &'c Context, configuration: &'c Configuration) -> Result<Self, Failure> {
        let settings = &configuration.settings;
        let program = terms::program(&settings.bidding).and_then(|custom| {
            Some(Program {
                path: custom.program.clone()?,
                arguments: custom.arguments.iter().map(|argument| argument.0.clone()).collect(),
                batch: custom.batch,
                timeout: custom.timeout,
                concurrency: usize::try_from(custom.concurrency).unwrap_or(usize::MAX),
                environment: custom.environment.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect(),
                recheck: custom.recheck,
            })
        });
        let (observations, mut silent) = back_ends::observe(context, configuration)?;
        let mut sold = terms::back_ends(settings, &observations);
        if !sold.is_empty() && settings.bidding.enabled {
            for adapter in back_ends::registry(context, configuration)?.iter() {
                if let Some(why) = back_ends::unfit_for_strangers(adapter, configuration) {
                    sold.retain(|back_end| *back_end.name != *adapter.name());
                    silent.push(why);
                }
            }
        }
        Ok(Self {
            context,
            sending: Sending::open(context, configuration)?,
            terms: terms::terms(settings),
            limits: terms::limits(&settings.bidding),
            back_ends: sold,
            overall: terms::overall(&settings.capacity),
            differences: terms::differences(settings, &observations),
            silent,
            program,
            enabled: settings.bidding.enabled,
            propose: !settings.bidding.auto_accept.enabled,
            workloads: settings.workloads.max_concurrent,
            closings: Closings {
                per_run: settings.bidding.max_closings_per_run,
                per_hour: settings.bidding.max_closings_per_hour,
            },
        })
    }

    /// What the job is asked for.
    fn request<'r>(&'r self, sending: tx_flush::Request<'r>) -> Request<'r> {
        Request {
            sending,
            terms: &self.terms,
            limits: &self.limits,
            back_ends: &self.back_ends,
            overall: self.overall,
            differences: &self.differences,
            silent: &self.silent,
            program: self.program.as_ref(),
            enabled: self.enabled,
            propose: self.propose,
            workloads: self.workloads,
            closings: self.closings,
        }
    }

    /// Runs a job that bids.
    pub fn job<T>(
        &self,
        passphrase: &PassphraseOption,
        attended: bool,
        work: impl AsyncFnOnce(Circumstances<'_>, Request<'_>) -> Result<T, Error>,
    ) -> Result<(T, Store), Failure> {
        self.sending.job((passphrase, attended), async |given, sending| work(given, self.request(sending)).await)
    }

    /// Does work that changes nothing.
    pub fn look<T>(&self, work: impl AsyncFnOnce(Moment<'_>, Request<'_>) -> Result<T, Error>) -> Result<T, Failure> {
        let context = self.context;
        let interrupt = context.interrupt()?;
        // Before the first run there is no state file, and what a run would do can be said all the same.
        let path = &self.sending.configuration.state_file;
        let store = if path.exists() { context.open_state(path, Mode::Read)? } else { Store::in_memory()? };
        self.sending.look_at(&store, async |store, sending| {
            let (now, should_stop) = (|| context.now(), || interrupt.requested().is_some());
            work(Moment { store, now: &now, should_stop: &should_stop }, self.request(sending)).await
        })
    }

    /// An order as a person names it: its own id, or that of a bid on it.
    pub fn order(&self, text: &str) -> Result<OrderId, Failure> {
        let prefix = self.sending.client.network().address_prefix;
        if let Ok(bid) = BidId::parse(text, prefix) {
            return Ok(bid.order().clone());
        }
        OrderId::parse(text, prefix).map_err(|error| Failure::with_status(Status::Usage, &error))
    }
}

/// A bid of a run.
#[derive(Debug, Serialize)]
struct BidEntry {
    bid: Option<i64>,
    order: String,
    back_end: String,
    price: String,
    deposit: String,
    state: &'static str,
    why: Option<String>,
}

/// What ended, or is to end.
#[derive(Debug, Serialize)]
struct EndEntry {
    order: String,
    why: &'static str,
}

/// What a run did, as data.
#[derive(Debug, Serialize)]
pub struct RunEntry {
    dry_run: bool,
    paused: Option<String>,
    orders: u64,
    unchanged: u64,
    ours: u64,
    declined: std::collections::BTreeMap<&'static str, u64>,
    candidates: u64,
    passed_over: u64,
    bids: Vec<BidEntry>,
    passed: Vec<PassedEntry>,
    closing: Vec<EndEntry>,
    ended: Vec<EndEntry>,
    adopted: u64,
    differences: Vec<String>,
    troubles: Vec<String>,
    remarks: Vec<String>,
    transactions: Vec<i64>,
}

/// An order that got no bid now.
#[derive(Debug, Serialize)]
struct PassedEntry {
    order: String,
    why: String,
}

impl Entry for RunEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let declined: Vec<String> = self.declined.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let mut parts = vec![
            ("orders", self.orders.to_string()),
            ("unchanged", self.unchanged.to_string()),
            ("ours", self.ours.to_string()),
            ("declined", declined.join(", ")),
            ("candidates", self.candidates.to_string()),
            ("passed over", self.passed_over.to_string()),
            ("bids", self.bids.len().to_string()),
        ];
        for bid in &self.bids {
            parts.push(("bid", format!("{} at {} on {} ({})", bid.order, bid.price, bid.back_end, bid.state)));
        }
        for closing in &self.closing {
            parts.push(("closing", format!("{} ({})", closing.order, closing.why)));
        }
        for ended in &self.ended {
            parts.push(("ended", format!("{} ({})", ended.order, ended.why)));
        }
        if let Some(reason) = &self.paused {
            parts.push(("paused", reason.clone()));
        }
        parts
    }
}

/// A run as data, with the remarks and the exit code that it deserves.
pub fn report(run: BidRun, output: OutputOption) -> Report {
    let entry = RunEntry {
        dry_run: run.rehearsal,
        paused: run.paused.clone(),
        orders: run.orders,
        unchanged: run.unchanged,
        ours: run.ours,
        declined: run.declined.iter().map(|(code, count)| (code.word(), *count)).collect(),
        candidates: run.candidates,
        passed_over: run.passed_over,
        bids: run
            .bids
            .iter()
            .map(|bid| BidEntry {
                bid: bid.id.map(|id| id.0),
                order: bid.order.clone(),
                back_end: bid.back_end.clone(),
                price: bid.price.to_string(),
                deposit: bid.deposit.to_string(),
                state: if run.rehearsal { "would bid" } else { bid.state.word() },
                why: bid.why.clone(),
            })
            .collect(),
        passed: run.passed.iter().map(|one| PassedEntry { order: one.order.clone(), why: one.why.clone() }).collect(),
        closing: run.closing.iter().map(|(order, why)| EndEntry { order: order.clone(), why }).collect(),
        ended: run.ended.iter().map(|(order, state)| EndEntry { order: order.clone(), why: state.word() }).collect(),
        adopted: run.adopted,
        differences: run.differences.iter().map(|(back_end, one)| format!("{back_end}: {one}")).collect(),
        troubles: run.troubles.clone(),
        remarks: run.remarks.clone(),
        transactions: run.flushed.iter().flat_map(|flushed| &flushed.signed).map(|tx| tx.0).collect(),
    };
    let mut report = Report::record(entry, output.output).status(status(&run));
    for words in run.troubles.iter().chain(&run.remarks) {
        report = report.note(words.clone());
    }
    for bid in run.bids.iter().filter(|bid| bid.state == State::Refused) {
        let why = bid.why.as_deref().unwrap_or("no reason is known");
        report = report.note(format!("the bid on {} is refused: {why}", bid.order));
    }
    if run.approved {
        for one in &run.passed {
            report = report.note(format!("the proposal on {} is not sent: {}", one.order, one.why));
        }
    }
    for (back_end, one) in &run.differences {
        report = report.note(format!("{back_end}: {one}"));
    }
    for remark in run.flushed.into_iter().flat_map(flushed::remarks) {
        report = report.note(remark);
    }
    if run.disabled {
        report = report.note("no new bids: bidding is not enabled (bidding.enabled)");
    }
    if let Some(reason) = run.paused {
        report = report.note(pause::words(&reason));
    }
    report
}

fn status(run: &BidRun) -> Status {
    let unfinished = run.flushed.as_ref().is_some_and(tx_flush::Flushed::is_unfinished);
    let surprised = run.flushed.as_ref().is_some_and(|flushed| !flushed.surprises.is_empty());
    if run.interrupted {
        Status::TryLater
    } else if !run.troubles.is_empty() || run.bids_in(State::Refused) > 0 || surprised {
        Status::SomeFailed
    } else if unfinished {
        Status::TryLater
    } else {
        Status::Done
    }
}

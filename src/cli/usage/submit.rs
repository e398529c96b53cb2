//! `provider usage submit`

use std::collections::BTreeSet;

use clap::Args;
use serde::Serialize;

use crate::cli::alerts::after_job;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::passphrase::PassphraseOption;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::job::Outcome;
use crate::domain::ledger::payment::WithdrawWhen;
use crate::domain::usage::retry::Retries;
use crate::jobs::Report as _;
use crate::jobs::usage_submit::{self, Request, Submitted};
use crate::store::Mode;
use crate::store::usage::{self as rows, RecordId, records};

/// Bring signed usage records onto the chain, settle what is there, and withdraw what leases earned
///
/// A record is sent once: before one is tried again, the chain is asked whether it is there. Without an active settlement
/// escrow a record waits, and earns through the lease payment alone.
#[derive(Debug, Args)]
pub struct Submit {
    /// Take records up again whose retries are used up, and wait for nobody's time
    #[arg(long)]
    force: bool,

    /// Send this record although the chain has usage of a part of its time that is not known here, as after `state restore`
    #[arg(long, value_name = "ID")]
    charge_again: Vec<String>,

    #[command(flatten)]
    passphrase: PassphraseOption,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Default, Serialize)]
struct Shown {
    submitted: u64,
    without_escrow: u64,
    kept_local: u64,
    confirmed: u64,
    settled: u64,
    settlements_sent: u64,
    withdrawals_sent: u64,
    put_off: Vec<String>,
    given_up: Vec<String>,
    contested: Vec<String>,
    without_file: Vec<String>,
    discrepancies: Vec<String>,
}

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("submitted", self.submitted.to_string()),
            ("without escrow", self.without_escrow.to_string()),
            ("kept local", self.kept_local.to_string()),
            ("confirmed", self.confirmed.to_string()),
            ("settled", self.settled.to_string()),
            ("settlements sent", self.settlements_sent.to_string()),
            ("withdrawals sent", self.withdrawals_sent.to_string()),
            ("put off", self.put_off.join("; ")),
            ("given up", self.given_up.join("; ")),
            ("contested", self.contested.join("; ")),
            ("given up, without a file", self.without_file.join("; ")),
            ("discrepancies", self.discrepancies.join("; ")),
        ]
    }
}

impl From<&Submitted> for Shown {
    fn from(done: &Submitted) -> Self {
        let numbered = |all: &[(i64, String)]| all.iter().map(|(id, why)| format!("record {id}: {why}")).collect();
        Self {
            submitted: done.submitted,
            without_escrow: done.no_escrow,
            kept_local: done.kept,
            confirmed: done.confirmed,
            settled: done.settled,
            settlements_sent: done.settling,
            withdrawals_sent: done.withdrawing,
            put_off: numbered(&done.put_off),
            given_up: numbered(&done.given_up),
            contested: numbered(&done.contested),
            without_file: numbered(&done.unwritten),
            discrepancies: done.synced.discrepancies.iter().map(|(lease, what)| format!("{lease}: {what}")).collect(),
        }
    }
}

impl Submit {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        if context.global.dry_run {
            let store = context.open_state(&configuration.state_file, Mode::Read)?;
            let due = store.read("read what is due", |snapshot| {
                let until = if self.force { jiff::Timestamp::MAX } else { context.now() };
                records::submittable(snapshot, until, batch_size(&configuration), self.force)
            })?;
            let shown = Shown { submitted: due.len() as u64, ..Shown::default() };
            return Ok(Report::record(shown, self.output.output).note("nothing was sent"));
        }
        let charge_again = self.charge_again(context, &configuration)?;
        let sending = Sending::open(context, &configuration)?;
        let provider = sending.address()?;
        let (submitted, store) = sending.job((&self.passphrase, false), async |given, sending| {
            let request = Request {
                sending,
                provider: &provider,
                batch_size: batch_size(&configuration),
                retries: retries(&configuration),
                force: self.force,
                charge_again,
                failed_reports: failed_reports(&configuration),
                settle_after: configuration.settings.settlement.interval,
                settle_before_expiry: configuration.settings.settlement.before_expiry,
                withdraw: WithdrawWhen {
                    multiple: configuration.settings.settlement.withdraw_multiple.0,
                    before: configuration.settings.settlement.withdraw_before,
                },
                withdraw_batch: usize::try_from(configuration.settings.settlement.withdraw_batch).unwrap_or(usize::MAX),
            };
            usage_submit::run(given, &request).await
        })?;
        let mut report = report(&submitted, self.output);
        for note in after_job(context, &configuration, &store) {
            report = report.note(note);
        }
        Ok(report)
    }
}

impl Submit {
    /// The records that are named.
    fn charge_again(&self, context: &Context, configuration: &Configuration) -> Result<BTreeSet<RecordId>, Failure> {
        if self.charge_again.is_empty() {
            return Ok(BTreeSet::new());
        }
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let found = store.read("find usage records", |snapshot| {
            self.charge_again.iter().map(|name| records::find(snapshot, name).map(|row| row.id)).collect()
        });
        found.map_err(|error: rows::Error| error.into())
    }
}

fn batch_size(configuration: &Configuration) -> u32 {
    u32::try_from(configuration.settings.usage.batch_size).unwrap_or(u32::MAX)
}

fn retries(configuration: &Configuration) -> Retries {
    let usage = &configuration.settings.usage;
    let max = u32::try_from(usage.max_retries).unwrap_or(u32::MAX);
    Retries { max, delay: usage.retry_delay, backoff: usage.retry_backoff.0 }
}

fn failed_reports(configuration: &Configuration) -> std::path::PathBuf {
    let beside = || configuration.state_file.with_file_name("failed_reports");
    configuration.settings.usage.failed_reports_dir.clone().unwrap_or_else(beside)
}

fn report(done: &Submitted, output: OutputOption) -> Report {
    let status = match done.outcome() {
        Outcome::Done => Status::Done,
        Outcome::Interrupted => Status::TryLater,
        Outcome::PartlyFailed | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::SomeFailed,
    };
    let mut report = Report::record(Shown::from(done), output.output).status(status);
    for unread in done.unread.iter().chain(&done.synced.unread) {
        report = report.note(format!("{} could not be read: {}", unread.what, unread.error));
    }
    for (id, why) in &done.contested {
        report = report.note(format!(
            "record {id} waits: {why}; `provider usage submit --charge-again {id}` sends it all the same, \
             `provider usage record --correct` takes off what is charged already"
        ));
    }
    for (id, why) in &done.unwritten {
        report = report.note(format!("record {id} was given up and is no file in usage.failed_reports_dir yet: {why}"));
    }
    for trouble in done.flushed.iter().flat_map(|flushed| &flushed.troubles) {
        report = report.note(trouble.clone());
    }
    report
}

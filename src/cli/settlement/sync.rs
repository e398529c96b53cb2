//! `provider settlement sync`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::tx::sending::Sending;
use crate::cli::usage::with_store;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::job::Outcome;
use crate::jobs::Report as _;
use crate::jobs::settlement_sync::{self, Request, Synced};

/// Read what the chain says of our leases' money and of the usage that we recorded, and hold it against our books
///
/// Sends nothing. Part of `usage submit`.
#[derive(Debug, Args)]
pub struct Sync {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Synced);

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let done = &self.0;
        vec![
            ("leases read", done.leases.to_string()),
            ("orders read", done.orders.to_string()),
            ("records confirmed", done.confirmed.to_string()),
            ("records settled", done.settled.to_string()),
            ("settlements found", done.settlements.to_string()),
            ("discrepancies", done.discrepancies.len().to_string()),
        ]
    }
}

impl Sync {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let sending = Sending::open(context, &configuration)?;
        let provider = sending.address()?;
        let synced = with_store(context, &configuration, |given| {
            let request = Request { client: &sending.client, provider: &provider };
            wait_for(settlement_sync::run(given, &request))?.map_err(Failure::from)
        })?;
        let status = match synced.outcome() {
            Outcome::Done => Status::Done,
            Outcome::Interrupted => Status::TryLater,
            Outcome::PartlyFailed if synced.read_nothing() => Status::Unavailable,
            Outcome::PartlyFailed | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::SomeFailed,
        };
        let wrong: Vec<String> = synced.discrepancies.iter().map(|(lease, what)| format!("{lease}: {what}")).collect();
        let unread: Vec<String> =
            synced.unread.iter().map(|one| format!("{} could not be read: {}", one.what, one.error)).collect();
        let mut report = Report::record(Shown(synced), self.output.output).status(status);
        if context.global.dry_run {
            report = report.note("nothing was written down: --dry-run");
        }
        for note in wrong.into_iter().chain(unread) {
            report = report.note(note);
        }
        Ok(report)
    }
}

//! `provider state prune`

use clap::Args;
use serde::Serialize;

use super::retention;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::Circumstances;
use crate::jobs::audit::Audited;
use crate::jobs::state_prune::{self, Request};
use crate::store::{Mode, Pruned};

/// Remove settled rows past their retention (`state.retention`)
///
/// What is not settled stays, however old it is; of the audit trail, what is not sealed. Leaves a row in `provider job
/// list`, as the job state-prune.
#[derive(Debug, Args)]
pub struct Prune {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct PrunedRow {
    #[serde(flatten)]
    pruned: Pruned,
    removed: bool,
}

impl Row for PrunedRow {
    const HEADINGS: &'static [&'static str] = &["table", "older than", "rows", "removed"];
    const FIELDS: &'static [&'static str] = &["table", "before", "rows", "removed"];

    fn cells(&self) -> Vec<String> {
        let before = self.pruned.before.map_or_else(|| "kept for ever".to_owned(), |time| format!("{time:.0}"));
        vec![self.pruned.table.to_owned(), before, self.pruned.rows.to_string(), self.removed.to_string()]
    }

    fn csv(&self) -> Vec<String> {
        let before = self.pruned.before.map_or_else(String::new, |time| time.to_string());
        vec![self.pruned.table.to_owned(), before, self.pruned.rows.to_string(), self.removed.to_string()]
    }
}

impl Prune {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let state = &configuration.settings.state;
        let request = Request { retention: retention(state), audit_retention: state.retention.audit };
        let (path, dry_run) = (&configuration.state_file, context.global.dry_run);
        let (tables, interrupted) = if dry_run {
            (state_prune::rehearse(&request, &context.open_state(path, Mode::Read)?, context.now())?, false)
        } else {
            let interrupt = context.interrupt()?;
            let store = context.open_for_job(path)?;
            let (audit, values) = (configuration.audit(), configuration.values());
            let given = Circumstances {
                store: &store,
                now: &|| context.now(),
                should_stop: &|| interrupt.requested().is_some(),
                wait: context.global.wait.unwrap_or_default(),
                audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
            };
            let done = state_prune::run(&request, given)?;
            (done.tables, done.interrupted)
        };
        let rows = tables.into_iter().map(|pruned| PrunedRow { pruned, removed: !dry_run }).collect();
        let report = Report::listing(rows, self.output.output);
        Ok(match context.stopped_by().filter(|_| interrupted) {
            Some(reason) => {
                report.status(Status::TryLater).note(format!("stopped by {reason}; the rest goes next time"))
            }
            None => report,
        })
    }
}

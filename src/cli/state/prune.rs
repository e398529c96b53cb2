//! `provider state prune`

use clap::Args;
use serde::Serialize;

use super::retention;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::audit;
use crate::store::{Mode, Pruned};

/// Remove settled rows past their retention (`state.retention`)
///
/// What is not settled stays, however old it is; of the audit trail, what is not sealed.
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
        let retention = retention(&configuration.settings.state);
        let keep = configuration.settings.state.retention.audit;
        let (path, dry_run) = (&configuration.state_file, context.global.dry_run);
        let (pruned, interrupted) = if dry_run {
            let store = context.open_state(path, Mode::Read)?;
            let mut pruned = store.prunable(&retention, context.now())?;
            pruned.push(audit::prunable(&store, keep, context.now())?);
            (pruned, false)
        } else {
            let interrupt = context.interrupt()?;
            let store = context.open_state(path, Mode::WriteExisting)?;
            let should_stop = || interrupt.requested().is_some();
            let mut pruned = store.prune(&retention, context.now(), &should_stop)?;
            pruned.push(audit::prune(&store, keep, context.now(), &should_stop)?);
            (pruned, interrupt.requested().is_some())
        };
        let rows = pruned.into_iter().map(|pruned| PrunedRow { pruned, removed: !dry_run }).collect();
        let report = Report::listing(rows, self.output.output);
        Ok(if interrupted {
            report.status(Status::TryLater).note("stopped on request; the rest goes next time")
        } else {
            report
        })
    }
}

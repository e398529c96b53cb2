//! `provider state vacuum`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::audit::Audited;
use crate::jobs::{Circumstances, state_vacuum};
use crate::store::Mode;

/// Give the free pages of the state file back to the disk
///
/// Needs twice the file's size in free space, and keeps writers waiting meanwhile. Leaves a row in `provider job list`, as
/// the job state-vacuum.
#[derive(Debug, Args)]
pub struct Vacuum {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct VacuumEntry {
    bytes_before: u64,
    bytes_free: u64,
    bytes_after: u64,
    vacuumed: bool,
}

impl Entry for VacuumEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("bytes before", self.bytes_before.to_string()),
            ("bytes free", self.bytes_free.to_string()),
            ("bytes after", self.bytes_after.to_string()),
            ("vacuumed", self.vacuumed.to_string()),
        ]
    }
}

impl Vacuum {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let path = context.state_file()?;
        let dry_run = context.global.dry_run;
        let (before, after, interrupted) = if dry_run {
            let size = context.open_state(&path, Mode::Read)?.size()?;
            (size, size, false)
        } else {
            let interrupt = context.interrupt()?;
            let store = context.open_for_job(&path)?;
            let (audit, values) = (context.audit(), context.values());
            let given = Circumstances {
                store: &store,
                now: &|| context.now(),
                should_stop: &|| interrupt.requested().is_some(),
                wait: context.global.wait.unwrap_or_default(),
                audit: Some(Audited { settings: &audit, configuration: values.as_ref() }),
            };
            let done = state_vacuum::run(given)?;
            (done.before, done.after, done.interrupted)
        };
        let vacuumed = VacuumEntry {
            bytes_before: before.bytes(),
            bytes_free: before.free_bytes(),
            bytes_after: after.bytes(),
            vacuumed: !dry_run && !interrupted,
        };
        let report = Report::record(vacuumed, self.output.output);
        Ok(match context.stopped_by().filter(|_| interrupted) {
            Some(reason) => report.status(Status::TryLater).note(format!("stopped by {reason}; the file is as it was")),
            None => report,
        })
    }
}

//! `provider state restore`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::shown_on;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::fault::in_one_line;
use crate::jobs::audit::{self, Trail};
use crate::jobs::state_restore::{self, Restoration};
use crate::observe::audit::actor;
use crate::store::{self, Mode, Store, Waiting};

/// Put a backup in the place of the state file
///
/// The backup is verified before anything is replaced, and the replaced file is kept beside the state file. Nothing else
/// may use the state file meanwhile: stop the timers and `provider serve` first. The restored file gets a row in `provider
/// job list`, as the job state-restore.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    backup: PathBuf,

    /// Also where the audit trail in the backup is not what was sealed; `provider audit-log verify` will always say so
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct RestoreEntry {
    state: PathBuf,
    backup: PathBuf,
    schema: u32,
    bytes: Option<u64>,
    replaced: Option<PathBuf>,
    restored: bool,
}

impl Entry for RestoreEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let replaced = self.replaced.as_ref().map_or_else(String::new, |path| path.display().to_string());
        vec![
            ("state", self.state.display().to_string()),
            ("backup", self.backup.display().to_string()),
            ("schema", self.schema.to_string()),
            ("bytes", self.bytes.map_or_else(String::new, |bytes| bytes.to_string())),
            ("replaced", replaced),
            ("restored", self.restored.to_string()),
        ]
    }
}

impl Restore {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let state = context.state_file()?;
        let interrupt = context.interrupt()?;
        let should_stop = || interrupt.requested().is_some();
        let waiting = Waiting { at_most: context.global.wait.unwrap_or_default(), should_stop: &should_stop };
        let restore = store::Restore { state: &state, backup: &self.backup, now: context.now(), waiting };
        if context.global.dry_run {
            let checked = restore.rehearse()?;
            self.check_trail(&state)?;
            let planned = RestoreEntry {
                state,
                backup: checked.path,
                schema: checked.schema,
                bytes: None,
                replaced: None,
                restored: false,
            };
            return Ok(Report::record(planned, self.output.output));
        }
        self.check_trail(&state).inspect_err(|error| self.record_failure(context, &state, error))?;
        let bar = context.progress(0, "restoring");
        let done = state_restore::run(restore, &context.audit(), &|| context.now(), self.force, &mut shown_on(&bar));
        let Restoration { restored: done, recorded } =
            done.inspect_err(|error| self.record_failure(context, &state, error))?;
        bar.finish_and_clear();
        let restored = RestoreEntry {
            state: done.state,
            backup: self.backup.clone(),
            schema: done.schema,
            bytes: Some(done.bytes),
            replaced: done.replaced,
            restored: true,
        };
        let report = Report::record(restored, self.output.output);
        Ok(match recorded {
            Ok(()) => report,
            Err(error) => report.status(Status::SomeFailed).note(format!(
                "the backup is in place, but its job list and audit trail do not say so: {}; run the same command again",
                in_one_line(&error)
            )),
        })
    }

    fn check_trail(&self, state: &Path) -> Result<(), audit::Error> {
        if self.force { Ok(()) } else { audit::check_backup(state, &self.backup) }
    }

    /// Records in the audit trail of the state file that stays that it was to be replaced.
    fn record_failure(&self, context: &Context, state: &Path, error: &(dyn std::error::Error + 'static)) {
        let (settings, now) = (context.audit(), || context.now());
        // Where there is no state file that can be used there is no trail to record it in.
        let Ok(store) = Store::open(state, Mode::WriteExisting) else { return };
        let trail = Trail::new(&store, &settings, actor(Some("state-restore"), None), &now);
        if let Err(error) = audit::not_restored(&trail, &self.subject(), &in_one_line(error)) {
            tracing::error!(
                error = &error as &(dyn std::error::Error + 'static),
                "the failure is not in the audit trail"
            );
        }
    }

    fn subject(&self) -> String {
        format!("backup {}", self.backup.display())
    }
}

//! `provider state restore`

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::shown_on;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::audit::Anchor;
use crate::domain::fault::in_one_line;
use crate::jobs::audit::{self, Trail};
use crate::observe::audit::actor;
use crate::store::{self, Mode, Store, Waiting};

/// Put a backup in the place of the state file
///
/// The backup is verified before anything is replaced, and the replaced file is kept beside the state file. Nothing else
/// may use the state file meanwhile: stop the timers and `provider serve` first.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    backup: PathBuf,

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
        let replaced = self.replaced.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string());
        vec![
            ("state", self.state.display().to_string()),
            ("backup", self.backup.display().to_string()),
            ("schema", self.schema.to_string()),
            ("bytes", self.bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string())),
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
        let bar = context.progress(0, "restoring");
        let head = audit::head_of(&state);
        let done = restore.run(&mut shown_on(&bar), &mut |_| {})?;
        bar.finish_and_clear();
        let recorded = self.record(context, &done.state, head);
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
                "the backup is in place, but the audit trail does not say so: {}; run the same command again",
                in_one_line(&error)
            )),
        })
    }

    /// Records in the audit trail of the restored state file that it was restored.
    fn record(&self, context: &Context, state: &Path, replaced: Option<Anchor>) -> Result<(), audit::Error> {
        let (settings, now) = (context.audit(), || context.now());
        let store = Store::open(state, Mode::WriteExisting)?;
        let trail = Trail::new(&store, &settings, actor(Some("state-restore"), None), &now);
        audit::restored(&trail, &format!("backup {}", self.backup.display()), replaced).map(drop)
    }
}

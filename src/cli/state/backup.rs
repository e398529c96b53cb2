//! `provider state backup`

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::shown_on;
use crate::cli::output::FormatOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::state_maintain::backup_name;
use crate::store::Mode;

/// Write a consistent, verified copy of the state file, while others use it
///
/// Only reads the state file, so it is no job and leaves no row in `provider job list`. Replaces regular files only.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, or a folder that gets a file named by the time; `state.backup.dir` unless given
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    format: FormatOption,
}

#[derive(Serialize)]
struct BackupEntry {
    path: PathBuf,
    bytes: Option<u64>,
    schema: Option<u32>,
    written: bool,
}

impl Entry for BackupEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let number = |number: Option<u64>| number.map_or_else(String::new, |number| number.to_string());
        vec![
            ("path", self.path.display().to_string()),
            ("bytes", number(self.bytes)),
            ("schema", number(self.schema.map(u64::from))),
            ("written", self.written.to_string()),
        ]
    }
}

impl Backup {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let output = match self.output {
            Some(output) => output,
            None => context.configuration()?.settings.state.backup.dir.ok_or_else(|| {
                Failure::new(Status::Usage, "there is no place for the backup")
                    .hint("name a file with --output, or set state.backup.dir")
            })?,
        };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let target = if output.is_dir() { backup_name(&output, &store, context.now()) } else { output };
        if context.global.dry_run {
            store.can_back_up(&target, self.force)?;
            let planned = BackupEntry { path: target, bytes: None, schema: None, written: false };
            return Ok(Report::record(planned, self.format.format));
        }
        let interrupt = context.interrupt()?;
        let bar = context.progress(0, "backing up");
        let should_stop = || interrupt.requested().is_some();
        let file = store.backup(&target, self.force, &should_stop, &mut shown_on(&bar))?;
        bar.finish_and_clear();
        let written =
            BackupEntry { path: file.path, bytes: Some(file.bytes), schema: Some(file.schema), written: true };
        Ok(Report::record(written, self.format.format))
    }
}

//! `provider timers uninstall`

use std::path::PathBuf;

use clap::Args;

use super::{ChangeRow, Whose};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::timers;

/// Stop all timers and the server, and remove the units
///
/// A job that runs is let end. Drop-ins of your own (`systemctl edit`) stay.
#[derive(Debug, Args)]
pub struct Uninstall {
    #[command(flatten)]
    whose: Whose,

    /// Remove them from this folder only, and tell systemd nothing
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

impl Uninstall {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let folder = self.dir.clone().map_or_else(|| self.whose.folder(context), Ok)?;
        let dry_run = context.global.dry_run;
        let systemctl = self.whose.systemctl();
        let mut told = Ok(());
        if !dry_run && self.dir.is_none() {
            let name = |path: PathBuf| path.file_name().map(|name| name.to_string_lossy().into_owned());
            let names = timers::ours(&folder)?.into_iter().filter_map(name);
            // Stopping a service would end a job that runs; without its timer it ends by itself and never begins again.
            let switched = |name: &String| {
                [".timer", ".socket", ".target"].iter().any(|kind| name.ends_with(kind))
                    || name == "provider-serve.service"
            };
            let names: Vec<String> = names.filter(switched).collect();
            told = systemctl.disable(&names);
        }
        let changes = timers::uninstall(&folder, dry_run)?;
        if !dry_run && self.dir.is_none() && told.is_ok() {
            told = systemctl.reload();
        }
        let report = Report::listing(changes.into_iter().map(ChangeRow::from).collect(), self.output.output);
        Ok(match told {
            Ok(()) if dry_run => report.note("nothing was removed: --dry-run"),
            Ok(()) => report,
            Err(error) => report.note(format!("systemd could not be told: {error}")),
        })
    }
}

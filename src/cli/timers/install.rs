//! `provider timers install`

use std::path::PathBuf;

use clap::Args;

use super::{ChangeRow, Whose, site, timetable};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::schedule::{Manager, files};
use crate::jobs::timers;

/// Write the units, with the paths and intervals of this configuration
///
/// Run it again after the configuration has changed: what is the same is kept. Files that others wrote are never touched;
/// changes of your own belong into `systemctl edit`.
#[derive(Debug, Args)]
pub struct Install {
    #[command(flatten)]
    whose: Whose,

    /// The account that runs the jobs of the machine's systemd
    #[arg(long, value_name = "NAME", default_value = "provider", conflicts_with = "user", value_parser = account)]
    account: String,

    /// Write them into this folder only, and tell systemd nothing
    #[arg(long, value_name = "FOLDER")]
    dir: Option<PathBuf>,

    #[command(flatten)]
    output: OutputOption,
}

/// The name of an account, as systemd accepts it.
fn account(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    let first = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if first && text.len() <= 31 && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("an account has 1 to 31 letters, digits, `_` and `-`".to_owned())
    }
}

impl Install {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let manager = if self.whose.user { Manager::User } else { Manager::System { account: self.account.clone() } };
        let site = site(&configuration, manager)?;
        let units = files(&timetable(&configuration.settings), &site);
        let folder = self.dir.clone().map_or_else(|| self.whose.folder(context), Ok)?;
        let dry_run = context.global.dry_run;
        let changes = timers::install(&folder, &units, dry_run)?;
        let report = Report::listing(changes.into_iter().map(ChangeRow::from).collect(), self.output.output);
        if dry_run {
            return Ok(report.note("nothing was written: --dry-run"));
        }
        if self.dir.is_some() {
            return Ok(report);
        }
        let user = if self.whose.user { " --user" } else { "" };
        let mut report = match self.whose.systemctl().reload() {
            Ok(()) => report.note(format!("start everything with `{} timers enable{user}`", context.program)),
            // The files are right; systemd reads them when it starts.
            Err(error) => report.note(format!("systemd could not be told: {error}")),
        };
        if !std::path::Path::new(&site.passphrase).exists() {
            report = report.note(format!("write the passphrase of the keys to {} (mode 0600)", site.passphrase));
        }
        Ok(report)
    }
}

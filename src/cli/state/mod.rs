//! `provider state`

mod backup;
mod check;
mod maintain;
mod path;
mod prune;
mod restore;
mod vacuum;

use clap::{Args, Subcommand};
use indicatif::ProgressBar;

use super::{Context, Failure, Report};
use crate::config::schema as settings;
use crate::store::Retention;

/// Look after the state file
#[derive(Debug, Args)]
pub struct State {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(check::Check),
    Backup(backup::Backup),
    Restore(restore::Restore),
    Vacuum(vacuum::Vacuum),
    Prune(prune::Prune),
    Maintain(maintain::Maintain),
    Path(path::Path),
}

impl State {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Check(command) => command.run(context),
            Command::Backup(command) => command.run(context),
            Command::Restore(command) => command.run(context),
            Command::Vacuum(command) => command.run(context),
            Command::Prune(command) => command.run(context),
            Command::Maintain(command) => command.run(context),
            Command::Path(path::Path {}) => path::run(context),
        }
    }
}

/// Shows how many pages are copied.
fn shown_on(bar: &ProgressBar) -> impl FnMut(u64, u64) {
    |done, total| {
        bar.set_length(total);
        bar.set_position(done);
    }
}

/// How long rows are kept, as the configuration says.
fn retention(settings: &settings::State) -> Retention {
    let kept = &settings.retention;
    Retention {
        job_runs: Some(kept.job_runs),
        transactions: Some(kept.transactions),
        workloads: Some(kept.workloads),
        bids: Some(kept.bids),
        decisions: Some(kept.decisions),
        samples: Some(kept.samples),
        usage_records: kept.usage_records,
    }
}

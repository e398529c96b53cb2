//! `provider job`

mod history;
mod list;
mod run_row;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Show the runs of jobs
#[derive(Debug, Args)]
#[command(visible_alias = "jobs")]
pub struct Job {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    History(history::History),
}

impl Job {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::History(command) => command.run(context),
        }
    }
}

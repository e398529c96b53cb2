//! `provider order`

mod list;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Orders of the market, and what we think of them
#[derive(Debug, Args)]
pub struct Order {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
}

impl Order {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
        }
    }
}

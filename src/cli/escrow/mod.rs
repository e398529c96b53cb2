//! `provider escrow`

mod list;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// The money behind leases and bids
#[derive(Debug, Args)]
pub struct Escrow {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
}

impl Escrow {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
        }
    }
}

//! `provider lease`

mod close;
pub mod leasing;
mod list;
mod monitor;
mod show;
mod withdraw;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Leases: what they earn, when their money ends, why they ended
#[derive(Debug, Args)]
pub struct Lease {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Close(close::Close),
    Withdraw(withdraw::Withdraw),
    Monitor(monitor::Monitor),
}

impl Lease {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Close(command) => command.run(context),
            Command::Withdraw(command) => command.run(context),
            Command::Monitor(command) => command.run(context),
        }
    }
}

//! `provider alerts`

mod ack;
mod list;
mod test;
mod watch;

use clap::{Args, Subcommand};

pub use watch::{after_job, capacity, certificate_end, sold};

use super::{Context, Failure, Report};

/// What an operator should look at
///
/// The jobs evaluate alerts and keep them in the state file. Each change is told once to each channel of alerts.notify, and
/// tried again until it arrived.
#[derive(Debug, Args)]
pub struct Alerts {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Ack(ack::Ack),
    Test(test::Test),
}

impl Alerts {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Ack(command) => command.run(context),
            Command::Test(command) => command.run(context),
        }
    }
}

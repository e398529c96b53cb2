//! `provider cert`

mod publish;
mod revoke;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// The provider's certificates on chain: publish, show, revoke
#[derive(Debug, Args)]
pub struct Cert {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Publish(publish::Publish),
    Show(show::Show),
    Revoke(revoke::Revoke),
}

impl Cert {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Publish(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Revoke(command) => command.run(context),
        }
    }
}

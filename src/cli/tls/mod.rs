//! `provider tls`

mod certificate_entry;
mod generate;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Make and look at the certificate of the provider's own server
#[derive(Debug, Args)]
pub struct Tls {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(generate::Generate),
    Show(show::Show),
}

impl Tls {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Generate(command) => command.run(context),
            Command::Show(command) => command.run(context),
        }
    }
}

//! `provider resources`

mod status;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// What back ends have, and how much of it is taken
#[derive(Debug, Args)]
pub struct Resources {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::ResourcesStatus),
}

impl Resources {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Status(command) => command.run(context),
        }
    }
}

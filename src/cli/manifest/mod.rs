//! `provider manifest`

mod convert;
pub mod file;
mod hash;
mod validate;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Check, convert and hash tenants' files
#[derive(Debug, Args)]
pub struct Manifest {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(validate::Validate),
    Convert(convert::Convert),
    Hash(hash::Hash),
}

impl Manifest {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Validate(command) => command.run(context),
            Command::Convert(command) => command.run(context),
            Command::Hash(command) => command.run(context),
        }
    }
}

//! `provider config`

mod example;
mod schema;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

pub use show::Setting;

/// Show the configuration, its schema and an example
#[derive(Debug, Args)]
pub struct Config {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Show),
    Schema(schema::Schema),
    Example(example::Example),
}

impl Config {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Show(command) => command.run(context),
            Command::Schema(schema::Schema {}) => schema::run(),
            Command::Example(command) => command.run(),
        }
    }
}

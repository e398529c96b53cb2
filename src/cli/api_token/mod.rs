//! `provider api-token`

mod create;
mod list;
mod revoke;
mod token_row;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};
use crate::jobs::api_tokens;

/// Tokens by which operators' programs ask the server
#[derive(Debug, Args)]
pub struct ApiToken {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Create(create::Create),
    List(list::List),
    Revoke(revoke::Revoke),
}

impl ApiToken {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Create(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::Revoke(command) => command.run(context),
        }
    }
}

impl From<api_tokens::Error> for Failure {
    fn from(error: api_tokens::Error) -> Self {
        match error {
            api_tokens::Error::Store(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

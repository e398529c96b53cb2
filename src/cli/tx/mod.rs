//! `provider tx`

mod abandon;
mod confirm;
mod decision;
pub mod delivery;
mod flush;
pub mod flushed;
mod intent_row;
mod list;
mod retry;
pub mod sending;
mod show;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Messages to the chain, and the transactions that bring them there exactly once
///
/// Every command that changes the chain writes its message into the outbox of the state file first. A flush signs what
/// is queued, and finds out what became of what was sent, also by runs that were killed. Signed bytes are never signed
/// anew as long as they could still be executed.
#[derive(Debug, Args)]
pub struct Tx {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Flush(flush::Flush),
    Retry(retry::Retry),
    Abandon(abandon::Abandon),
    Confirm(confirm::Confirm),
}

impl Tx {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Flush(command) => command.run(context),
            Command::Retry(command) => command.run(context),
            Command::Abandon(command) => command.run(context),
            Command::Confirm(command) => command.run(context),
        }
    }
}

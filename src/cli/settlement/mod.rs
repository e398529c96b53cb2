//! `provider settlement`

mod dispute;
mod list;
mod note;
mod order;
mod settle;
mod show;
mod sync;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// What was submitted, what the chain recorded, what escrow paid
///
/// Settlement escrows are made by tenants, one for an order. Usage is recorded and settled under an active one; a settlement
/// that is not final pays what the records cost.
#[derive(Debug, Args)]
pub struct Settlement {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::List),
    Show(show::Show),
    Sync(sync::Sync),
    Settle(settle::Settle),
    Dispute(dispute::Dispute),
}

impl Settlement {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Sync(command) => command.run(context),
            Command::Settle(command) => command.run(context),
            Command::Dispute(command) => command.run(context),
        }
    }
}

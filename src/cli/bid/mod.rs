//! `provider bid`

mod approve;
pub mod bid_row;
pub mod bidding;
mod cancel;
mod create;
mod explain;
mod history;
mod list;
mod run;
mod status;

use clap::{Args, Subcommand};

use super::{Context, Failure, Report};

/// Bids: decide, price, bid, explain
///
/// `bid run` is the job of a timer: it looks at the open orders, decides about each, and bids on those that are worth
/// most. Why an order got no bid says `bid explain`.
#[derive(Debug, Args)]
pub struct Bid {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Run(run::Run),
    List(list::List),
    History(history::History),
    Status(status::BidStatus),
    Create(create::Create),
    Cancel(cancel::Cancel),
    Approve(approve::Approve),
    Explain(explain::Explain),
}

impl Bid {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Run(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::History(command) => command.run(context),
            Command::Status(command) => command.run(context),
            Command::Create(command) => command.run(context),
            Command::Cancel(command) => command.run(context),
            Command::Approve(command) => command.run(context),
            Command::Explain(command) => command.run(context),
        }
    }
}

//! `provider usage`

mod collect;
mod export;
mod history;
mod list;
mod metering;
mod pending;
mod record;
mod record_row;
mod review;
mod show;
mod submit;
mod verify;

use clap::{Args, Subcommand};

pub use metering::with_store;

use super::{Context, Failure, Report};

/// What workloads consumed: metered, checked, signed, submitted, exported
///
/// Each metering window of a lease becomes a record. The fraud check holds what cannot be right for a person; everything
/// else is signed with keys.usage_key. What the price of the lease pays for is not charged again: usage.prices and
/// bidding.base_prices.bandwidth_gb say what usage costs beyond it.
#[derive(Debug, Args)]
pub struct Usage {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Collect(collect::Collect),
    Submit(submit::Submit),
    Pending(pending::Pending),
    History(history::History),
    List(list::List),
    Show(show::Show),
    Review(review::Review),
    Record(record::Record),
    Export(export::Export),
    Verify(verify::Verify),
}

impl Usage {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match self.command {
            Command::Collect(command) => command.run(context),
            Command::Submit(command) => command.run(context),
            Command::Pending(command) => command.run(context),
            Command::History(command) => command.run(context),
            Command::List(command) => command.run(context),
            Command::Show(command) => command.run(context),
            Command::Review(command) => command.run(context),
            Command::Record(command) => command.run(context),
            Command::Export(command) => command.run(context),
            Command::Verify(command) => command.run(context),
        }
    }
}

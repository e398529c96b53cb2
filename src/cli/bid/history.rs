//! `provider bid history`

use clap::Args;

use super::bid_row::BidRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::store::Mode;
use crate::store::bids::rows;

/// List all our bids, the newest first, those that are over too
#[derive(Debug, Args)]
pub struct History {
    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

impl History {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let filter = rows::Filter { limit: Some(self.limit), ..rows::Filter::default() };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let bids = store.read("list our bids", |snapshot| rows::list(snapshot, &filter))?;
        Ok(Report::listing(bids.into_iter().map(BidRow::new).collect(), self.output.output))
    }
}

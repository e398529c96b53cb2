//! `provider bid list`

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::bid_row::BidRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::bid::State;
use crate::store::Mode;
use crate::store::bids::rows;

const STATES: [&str; 8] = ["proposed", "queued", "open", "active", "lost", "closed", "refused", "dropped"];

/// List our bids that may still become something, the newest first
///
/// As the state file knows them: what the chain shows by now, the next `bid run` reads.
#[derive(Debug, Args)]
pub struct List {
    /// In this state only
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(STATES))]
    state: Option<String>,

    /// Those only whose deposit is with the chain
    #[arg(long)]
    locked: bool,

    /// So many at most
    #[arg(long, visible_alias = "last", value_name = "NUMBER", default_value_t = 100,
        value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let state = self.state.as_deref().and_then(State::of_word);
        let filter =
            rows::Filter { state, locked: self.locked, live: state.is_none() && !self.locked, limit: Some(self.limit) };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let bids = store.read("list our bids", |snapshot| rows::list(snapshot, &filter))?;
        Ok(Report::listing(bids.into_iter().map(BidRow::new).collect(), self.output.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_can_be_named() {
        let words: Vec<&str> = State::ALL.iter().map(|state| state.word()).collect();
        assert_eq!(words, STATES);
    }
}

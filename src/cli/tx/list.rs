//! `provider tx list`

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::intent_row::IntentRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::outbox::intent::State;
use crate::store::outbox::intents::{Filter, list};
use crate::store::{self, Mode};

/// List messages of the outbox, the newest first
#[derive(Debug, Args)]
pub struct List {
    /// In this state only
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(State::WORDS))]
    state: Option<String>,

    /// Those only that are not settled
    #[arg(long, conflicts_with = "state")]
    open: bool,

    /// Wanted at this time or later: a date, a time, or a duration such as 2h
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// So many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let filter = Filter {
            state: self.state.as_deref().and_then(State::of_word),
            open: self.open,
            since: context.since(self.since.as_deref())?,
            limit: Some(self.limit),
        };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let rows = store.read("list the outbox", |snapshot| {
            let rows = list(snapshot, &filter)?.into_iter().map(|intent| IntentRow::read(snapshot, intent));
            rows.collect::<Result<Vec<_>, store::Error>>()
        })?;
        Ok(Report::listing(rows, self.output.output))
    }
}

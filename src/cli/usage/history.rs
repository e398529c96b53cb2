//! `provider usage history`

use clap::Args;

use super::list;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::usage::state::State;
use crate::store::usage::Filter;

/// List the last usage records that were submitted
#[derive(Debug, Args)]
pub struct History {
    /// That many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

impl History {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let states = vec![State::Submitted, State::Recorded, State::Settled];
        let filter =
            Filter { states, superseded: true, limit: Some(self.limit), newest_first: true, ..Filter::default() };
        list::rows(context, &filter, self.output)
    }
}

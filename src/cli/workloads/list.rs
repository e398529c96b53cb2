//! `provider workloads list`

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use super::workload_row::WorkloadRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::State;
use crate::store::{Mode, workloads};

/// List the workloads, without those that are over
#[derive(Debug, Args)]
pub struct List {
    /// Only those in this state
    #[arg(
        long,
        value_name = "STATE",
        value_parser = PossibleValuesParser::new(State::ALL.map(State::word))
            .map(|word| State::from_word(&word).unwrap_or(State::Pending)),
    )]
    state: Option<State>,

    /// Those that are over too
    #[arg(long)]
    all: bool,

    #[command(flatten)]
    output: OutputOption,
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let over = self.all || self.state == Some(State::Terminated);
        let all = store.read("list the workloads", |snapshot| workloads::all(snapshot, over))?;
        let wanted = all.into_iter().filter(|workload| self.state.is_none_or(|state| workload.state == state));
        Ok(Report::listing(wanted.map(WorkloadRow::from).collect(), self.output.output))
    }
}

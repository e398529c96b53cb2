//! `provider workloads list`

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::workload_row::WorkloadRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::State;
use crate::store::{Mode, workloads};

/// List the workloads, without those that are over
#[derive(Debug, Args)]
pub struct List {
    /// Only those in this state
    #[arg(long, value_name = "STATE", value_parser = PossibleValuesParser::new(State::ALL.map(State::word)))]
    state: Option<String>,

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
        let state = self.state.as_deref().and_then(State::from_word);
        let over = self.all || state == Some(State::Terminated);
        let all = store.read("list the workloads", |snapshot| workloads::all(snapshot, over))?;
        let wanted = all.into_iter().filter(|workload| state.is_none_or(|state| workload.state == state));
        Ok(Report::listing(wanted.map(WorkloadRow::from).collect(), self.output.output))
    }
}

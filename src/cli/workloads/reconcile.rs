//! `provider workloads reconcile`

use clap::Args;

use super::reconciling::Reconciling;
use super::show::find;
use super::steps;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::WorkloadId;
use crate::store::Mode;

/// Hold what runs against the chain and the state file, and do something about the difference
///
/// What a timer runs. What cannot be read changes nothing. Closing a lease is written into the outbox, which `provider
/// tx flush` sends. `--dry-run` prints the plan.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// Only this workload
    #[arg(long, value_name = "ID")]
    workload: Option<WorkloadId>,

    #[command(flatten)]
    output: OutputOption,
}

impl Reconcile {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let reconciling = Reconciling::open(context)?;
        let done = reconciling.run(self.workload.as_ref())?;
        // Nothing to do for a workload, and none of that name, are two things.
        if let Some(id) = self.workload.as_ref().filter(|_| done.items.is_empty()) {
            find(&context.open_state(&reconciling.configuration.state_file, Mode::Read)?, id)?;
        }
        Ok(steps::report(context, done, self.output.output))
    }
}

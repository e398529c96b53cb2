//! `provider workloads reconcile`

use clap::Args;

use super::reconciling::{self, Reconciling};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::WorkloadId;

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
        let done = Reconciling::open(context)?.run(self.workload.as_ref())?;
        Ok(reconciling::report(context, done, self.output.output))
    }
}

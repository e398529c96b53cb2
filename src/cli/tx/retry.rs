//! `provider tx retry`

use clap::Args;

use super::decision::carry_out;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::tx_flush::Decision;

/// Put messages that were refused, came too late or were abandoned back into the queue
///
/// One that waits because no node took it at its gas price is tried with the same price once more.
#[derive(Debug, Args)]
pub struct Retry {
    /// The numbers of the messages, as `tx list` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    output: OutputOption,
}

impl Retry {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        carry_out(context, &self.ids, Decision::Retry, self.output)
    }
}

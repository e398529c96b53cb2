//! `provider tx abandon`

use clap::Args;

use super::decision::carry_out;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::jobs::tx_flush::Decision;

/// Give messages up that are not signed yet
///
/// What was signed may be executed whatever anybody wishes; it ends by itself.
#[derive(Debug, Args)]
pub struct Abandon {
    /// The numbers of the messages, as `tx list` shows them
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,

    #[command(flatten)]
    output: OutputOption,
}

impl Abandon {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        carry_out(context, &self.ids, Decision::Abandon, self.output)
    }
}

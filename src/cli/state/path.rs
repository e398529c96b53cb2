//! `provider state path`

use clap::Args;

use crate::cli::{Context, Failure, Report};

/// Print where the state file is
#[derive(Debug, Args)]
pub struct Path {}

/// Runs the command.
pub fn run(context: &Context) -> Result<Report, Failure> {
    Ok(Report::verbatim(format!("{}\n", context.state_file()?.display())))
}

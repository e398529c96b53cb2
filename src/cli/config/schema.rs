//! `provider config schema`

use clap::Args;

use crate::cli::{Failure, Report, Status};
use crate::config::json_schema;

/// Print the JSON Schema of the configuration file
#[derive(Debug, Args)]
pub struct Schema {}

/// Runs the command.
pub fn run() -> Result<Report, Failure> {
    let text = serde_json::to_string_pretty(&json_schema())
        .map_err(|error| Failure::new(Status::Bug, "the schema cannot be written as JSON").caused_by(&error))?;
    Ok(Report::verbatim(text + "\n"))
}

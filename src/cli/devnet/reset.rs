//! `provider devnet reset`

use clap::Args;

use super::place::{Chain, Place};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::devnet::server;

/// Take the development chain away; the next start begins a new one
#[derive(Debug, Args)]
pub(super) struct Reset {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

impl Reset {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let home = self.place.folder(context)?;
        let file = server::file_of(&home);
        if context.global.dry_run {
            return Ok(Report::nothing().note(format!("would take {} away", file.display())));
        }
        if !server::reset(&home).map_err(|error| Failure::from_error(&error))? {
            let note = format!("there is no development chain in {}", home.display());
            return Ok(Report::nothing().note(note));
        }
        Ok(Report::record(Chain::of(&home), self.output.output))
    }
}

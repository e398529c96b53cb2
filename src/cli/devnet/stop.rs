//! `provider devnet stop`

use std::time::{Duration, Instant};

use clap::Args;

use super::place::{Chain, Place};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::devnet::control::{Client, Request};
use crate::devnet::server;

/// End the development chain; what it holds stays
#[derive(Debug, Args)]
pub(super) struct Stop {
    #[command(flatten)]
    place: Place,

    #[command(flatten)]
    output: OutputOption,
}

/// How long it may take to end: many orders are made in one block.
const PATIENCE: Duration = Duration::from_mins(2);

impl Stop {
    /// Runs the command.
    pub(super) fn run(self, context: &Context) -> Result<Report, Failure> {
        let home = self.place.folder(context)?;
        if context.global.dry_run {
            return Ok(Report::nothing().note("nothing was changed: --dry-run"));
        }
        Client::of(&home).ask(&Request::Stop).map_err(|error| Failure::from_error(&error))?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            // It gives its folder back last of all.
            if server::is_free(&home).map_err(|error| Failure::from_error(&error))? {
                return Ok(Report::record(Chain::of(&home), self.output.output));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Err(Failure::new(Status::Unavailable, "the development chain does not end")
            .hint("`provider devnet status` names its process"))
    }
}

//! `provider devnet reset`

use std::io;

use clap::Args;

use super::place::{Chain, Place};
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
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
        if !file.exists() {
            let note = format!("there is no development chain in {}", home.display());
            return Ok(Report::nothing().note(note));
        }
        // Held until the files are gone: nobody may start meanwhile.
        let lock = server::lock(&home).map_err(|error| Failure::from_error(&error))?;
        for suffix in ["", "-wal", "-shm"] {
            let mut path = file.clone().into_os_string();
            path.push(suffix);
            match std::fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    let what = format!("cannot take {} away", path.display());
                    return Err(Failure::new(Status::Unavailable, what).caused_by(&error));
                }
                _ => {}
            }
        }
        drop(lock);
        Ok(Report::record(Chain::of(&home), self.output.output))
    }
}

//! `provider process-supervisor`, `provider process-launch`: what the process back end starts. Not for people.

use std::path::PathBuf;

use clap::Args;

use super::{Context, Failure, Report, Status};
use crate::adapters::local::process;

/// Look after the processes of a workload until they have ended
#[derive(Debug, Args)]
pub struct ProcessSupervisor {
    /// The folder of the workload
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Become a process of a workload, within its limits
#[derive(Debug, Args)]
pub struct ProcessLaunch {
    /// The folder of the workload
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,

    /// The unit, as in web-0
    #[arg(value_name = "UNIT")]
    unit: String,

    /// Another command to run in its place
    #[arg(value_name = "COMMAND", last = true)]
    command: Vec<String>,
}

impl ProcessSupervisor {
    /// Runs the command.
    pub fn run(self, _: &Context) -> Result<Report, Failure> {
        let program = std::env::current_exe().map_err(|error| {
            Failure::new(Status::Unavailable, "cannot find out where this program is").caused_by(&error)
        })?;
        process::supervise(&self.folder, &program).map_err(|error| Failure::from_error(&error))?;
        Ok(Report::nothing())
    }
}

impl ProcessLaunch {
    /// Runs the command: comes back only where it fails.
    pub fn run(self, _: &Context) -> Result<Report, Failure> {
        Err(Failure::from_error(&process::launch(&self.folder, &self.unit, &self.command)))
    }
}

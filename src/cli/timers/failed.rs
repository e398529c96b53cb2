//! `provider timers failed`

use std::process::{Command, Stdio};

use clap::Args;

use crate::cli::{Context, Failure, Report, Status};

/// Say that a unit failed: in the log, and to the program that `timers.on_failure` names
///
/// What the units call when a job fails. The program gets the name of the unit as its one argument; what it prints goes to
/// the journal.
#[derive(Debug, Args)]
pub struct Failed {
    /// The unit
    #[arg(value_name = "UNIT", value_parser = unit)]
    unit: String,
}

/// The longest name of a unit.
const LONGEST: usize = 255;

fn unit(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || ":_.-@\\".contains(c);
    if !text.is_empty() && !text.starts_with('-') && text.len() <= LONGEST && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("this is no name of a unit".to_owned())
    }
}

impl Failed {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        // The configuration may be why it failed.
        let configuration = context.configuration()?;
        tracing::error!(unit = self.unit, "a unit failed; `systemctl status` says how");
        let Some(program) = &configuration.settings.timers.on_failure else { return Ok(Report::nothing()) };
        if context.global.dry_run {
            return Ok(Report::nothing().note(format!("would call {} {}", program.display(), self.unit)));
        }
        let failed = |text: String| {
            Failure::new(Status::Unavailable, text).hint("timers.on_failure names a program that this account may run")
        };
        let status = Command::new(program)
            .arg(&self.unit)
            .stdin(Stdio::null())
            .status()
            .map_err(|error| failed(format!("cannot run {}", program.display())).caused_by(&error))?;
        if status.success() {
            Ok(Report::nothing())
        } else {
            Err(failed(format!("{} ended with {status}", program.display())))
        }
    }
}

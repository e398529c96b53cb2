//! `provider timers enable`

use clap::Args;

use super::{Whose, timetable};
use crate::cli::{Context, Failure, Report};
use crate::domain::schedule::unit_names;

/// Start all timers and the server, now and at each boot
#[derive(Debug, Args)]
pub struct Enable {
    #[command(flatten)]
    whose: Whose,
}

impl Enable {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let names = unit_names(&timetable(&configuration.settings));
        if context.global.dry_run {
            return Ok(Report::nothing().note(format!("would enable and start {}", names.join(", "))));
        }
        let systemctl = self.whose.systemctl();
        systemctl.reload()?;
        systemctl.enable(&names)?;
        let user = if self.whose.user { " --user" } else { "" };
        Ok(Report::nothing().note(format!("they run; look at them with `{} timers status{user}`", context.program)))
    }
}

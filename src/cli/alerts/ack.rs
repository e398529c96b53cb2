//! `provider alerts ack`

use clap::Args;

use super::list::Shown;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report, Status};
use crate::observe::audit::actor;
use crate::store::{Mode, alerts};

/// Take note of alerts: they still fire, and say who looks after them
#[derive(Debug, Args)]
pub struct Ack {
    /// Their numbers
    #[arg(value_name = "ID", required = true)]
    ids: Vec<i64>,

    /// Who takes note; the user of this process unless given
    #[arg(long, value_name = "NAME")]
    by: Option<String>,

    #[command(flatten)]
    output: OutputOption,
}

impl Ack {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let who = actor(None, None);
        let by = self.by.or(who.user).unwrap_or_else(|| format!("uid {}", who.uid));
        let path = context.state_file()?;
        let rehearsal = context.global.dry_run;
        let store = if rehearsal {
            context.open_state(&path, Mode::Read)?.rehearsal()?
        } else {
            context.open_for_job(&path)?
        };
        let (rows, missing) = store.write("take note of alerts", |change| {
            let mut missing = Vec::new();
            for id in &self.ids {
                if !alerts::acknowledge(change, *id, &by, context.now())? {
                    missing.push(*id);
                }
            }
            let rows = alerts::list(change, true, None)?;
            Ok::<_, crate::store::Error>((rows, missing))
        })?;
        let rows = rows.into_iter().filter(|row| self.ids.contains(&row.id)).map(Shown::from).collect();
        let mut report = Report::listing(rows, self.output.output);
        if rehearsal {
            report = report.note("nothing was written down: --dry-run");
        }
        for id in &missing {
            report = report.note(format!("there is no alert {id}"));
        }
        Ok(match missing.len() {
            0 => report,
            all if all == self.ids.len() => report.status(Status::Data),
            _ => report.status(Status::SomeFailed),
        })
    }
}

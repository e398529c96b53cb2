//! `provider alerts test`

use clap::Args;
use serde::Serialize;

use super::watch;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::fault::in_one_line;
use crate::notify::Notice;

/// Tell every channel of alerts.notify a test, now
///
/// Nothing is written to the state file.
#[derive(Debug, Args)]
pub struct Test {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Tested {
    channel: &'static str,
    arrived: bool,
    problem: Option<String>,
}

impl Row for Tested {
    const HEADINGS: &'static [&'static str] = &["channel", "arrived", "problem"];
    const FIELDS: &'static [&'static str] = &["channel", "arrived", "problem"];

    fn cells(&self) -> Vec<String> {
        let problem = self.problem.clone().unwrap_or_else(|| "-".to_owned());
        vec![self.channel.to_owned(), self.arrived.to_string(), problem]
    }

    fn csv(&self) -> Vec<String> {
        vec![self.channel.to_owned(), self.arrived.to_string(), self.problem.clone().unwrap_or_default()]
    }
}

impl Test {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let channels = watch::channels(context, &configuration)?;
        let now = context.now();
        let mut rows = Vec::new();
        // Raised and resolved at once, so that it does not fire on.
        let notice = Notice {
            id: 0,
            change: "resolved".to_owned(),
            kind: "test",
            subject: String::new(),
            severity: "warning",
            summary: "this is a test of `provider alerts test`".to_owned(),
            raised_at: now,
            resolved_at: Some(now),
            provider: configuration.settings.provider.id.as_ref().map(|id| id.0.clone()),
        };
        for channel in &channels {
            let told = if context.global.dry_run { Ok(()) } else { wait_for(channel.tell(&notice))? };
            let problem = told.err().map(|error| in_one_line(&error));
            rows.push(Tested {
                channel: channel.name(),
                arrived: problem.is_none() && !context.global.dry_run,
                problem,
            });
        }
        let failed = rows.iter().any(|row| row.problem.is_some());
        let report = Report::listing(rows, self.output.output);
        let report = if channels.is_empty() { report.note("alerts.notify names nobody") } else { report };
        Ok(if failed { report.status(Status::SomeFailed) } else { report })
    }
}

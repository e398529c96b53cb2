//! `provider alerts list`

use clap::Args;
use serde::Serialize;

use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::store::Mode;
use crate::store::alerts::{self, AlertRow};

/// List the alerts that fire
#[derive(Debug, Args)]
pub struct List {
    /// Those that ended, too
    #[arg(long)]
    all: bool,

    /// That many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

/// An alert in a listing.
#[derive(Serialize)]
pub(super) struct Shown {
    id: i64,
    kind: &'static str,
    subject: String,
    severity: &'static str,
    summary: String,
    raised_at: String,
    resolved_at: Option<String>,
    acked_at: Option<String>,
    acked_by: Option<String>,
}

impl Row for Shown {
    const HEADINGS: &'static [&'static str] = &["id", "severity", "kind", "since", "until", "noted by", "summary"];
    const FIELDS: &'static [&'static str] =
        &["id", "kind", "subject", "severity", "summary", "raised_at", "resolved_at", "acked_at", "acked_by"];

    fn cells(&self) -> Vec<String> {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        vec![
            self.id.to_string(),
            self.severity.to_owned(),
            self.kind.to_owned(),
            self.raised_at.clone(),
            or_dash(&self.resolved_at),
            or_dash(&self.acked_by),
            self.summary.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        vec![
            self.id.to_string(),
            self.kind.to_owned(),
            self.subject.clone(),
            self.severity.to_owned(),
            self.summary.clone(),
            self.raised_at.clone(),
            text(&self.resolved_at),
            text(&self.acked_at),
            text(&self.acked_by),
        ]
    }
}

impl From<AlertRow> for Shown {
    fn from(row: AlertRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind.word(),
            subject: row.subject,
            severity: row.severity.word(),
            summary: row.summary,
            raised_at: row.raised_at.to_string(),
            resolved_at: row.resolved_at.map(|time| time.to_string()),
            acked_at: row.acked_at.map(|time| time.to_string()),
            acked_by: row.acked_by,
        }
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let rows = store.read("list alerts", |snapshot| alerts::list(snapshot, self.all, Some(self.limit)))?;
        Ok(Report::listing(rows.into_iter().map(Shown::from).collect(), self.output.output))
    }
}

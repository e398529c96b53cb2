//! `provider job list`

use clap::Args;
use serde::Serialize;

use super::run_row::RunRow;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::jobs::overview::{Standing, overview};
use crate::store::{Holder, Mode};

/// List every job with its last run, and who runs it now
#[derive(Debug, Args)]
pub struct List {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct JobRow {
    #[serde(flatten)]
    last: RunRow,
    holder: Option<Holder>,
}

impl Row for JobRow {
    const HEADINGS: &'static [&'static str] =
        &["run", "job", "outcome", "started", "took", "counts", "error", "held by"];
    const FIELDS: &'static [&'static str] =
        &["run", "job", "outcome", "started_at", "ended_at", "counts", "error", "pid", "host", "holder"];

    fn cells(&self) -> Vec<String> {
        let mut cells = self.last.cells();
        cells.push(self.held_by().unwrap_or_else(|| "-".to_owned()));
        cells
    }

    fn csv(&self) -> Vec<String> {
        let mut fields = self.last.csv();
        fields.push(self.held_by().unwrap_or_default());
        fields
    }
}

impl JobRow {
    fn held_by(&self) -> Option<String> {
        self.holder.as_ref().map(|holder| format!("pid {} on {}", holder.pid, holder.host))
    }
}

impl From<Standing> for JobRow {
    fn from(standing: Standing) -> Self {
        Self { last: standing.last.into(), holder: standing.holder }
    }
}

impl List {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let rows = overview(&store)?.into_iter().map(JobRow::from).collect();
        Ok(Report::listing(rows, self.output.output))
    }
}

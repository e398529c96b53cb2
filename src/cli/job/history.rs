//! `provider job history`

use clap::Args;

use super::run_row::RunRow;
use crate::cli::output::OutputOption;
use crate::cli::{Context, Failure, Report};
use crate::domain::job::JobName;
use crate::store::Mode;
use crate::store::job_runs;

/// List the past runs, newest first
#[derive(Debug, Args)]
pub struct History {
    /// Only runs of this job, as in state-maintain
    #[arg(value_name = "JOB")]
    job: Option<JobName>,

    /// Only runs that began since then: RFC 3339, a date, or a span as in 48h
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// That many at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    limit: u32,

    #[command(flatten)]
    output: OutputOption,
}

impl History {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let since = context.since(self.since.as_deref())?;
        let wanted = job_runs::History { job: self.job, since, limit: Some(self.limit) };
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let runs = store.read("list the past runs", |snapshot| job_runs::history(snapshot, &wanted))?;
        Ok(Report::listing(runs.into_iter().map(RunRow::from).collect(), self.output.output))
    }
}

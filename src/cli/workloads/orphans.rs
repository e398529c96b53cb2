//! `provider workloads orphans`

use clap::Args;

use super::reconciling::Reconciling;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status};
use crate::jobs::workloads_reconcile::Orphan;

/// List what runs with our label, and nothing asks for
///
/// Reconcile adopts what the state file does not know, and ends what a closed lease left. What the chain does not know at
/// all, and what carries our label in part, is shown here and never touched.
#[derive(Debug, Args)]
pub struct Orphans {
    #[command(flatten)]
    output: OutputOption,
}

impl Row for Orphan {
    const HEADINGS: &'static [&'static str] = &["back end", "workload", "owner", "units", "why"];
    const FIELDS: &'static [&'static str] = &["adapter", "workload", "owner", "units", "why"];

    fn cells(&self) -> Vec<String> {
        let units = self.units.to_string();
        vec![self.adapter.clone(), self.workload.clone(), self.owner.clone(), units, self.why.clone()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl Orphans {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let (orphans, read) = Reconciling::open(context)?.orphans()?;
        let mut report = Report::listing(orphans, self.output.output);
        for (source, why) in read.unknown {
            report = report.status(Status::SomeFailed).note(format!("{source} could not be read: {why}"));
        }
        Ok(report)
    }
}

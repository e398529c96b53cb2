//! What came of a run, as it is shown.

use serde::Serialize;

use crate::cli::output::Form;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Report, Status};
use crate::domain::job::Outcome;
use crate::jobs::Report as _;
use crate::jobs::workloads_reconcile::{End, Item, Reconciled};

/// A line of what was done, or is not done.
#[derive(Serialize)]
pub struct StepRow {
    workload: String,
    step: &'static str,
    outcome: &'static str,
    reason: String,
    error: Option<String>,
}

impl Row for StepRow {
    const HEADINGS: &'static [&'static str] = &["workload", "step", "outcome", "reason"];
    const FIELDS: &'static [&'static str] = &["workload", "step", "outcome", "reason", "error"];

    fn cells(&self) -> Vec<String> {
        let reason = match &self.error {
            None => self.reason.clone(),
            Some(error) => format!("{}; {error}", self.reason),
        };
        vec![self.workload.clone(), self.step.to_owned(), self.outcome.to_owned(), reason]
    }

    fn csv(&self) -> Vec<String> {
        let error = self.error.clone().unwrap_or_default();
        vec![self.workload.clone(), self.step.to_owned(), self.outcome.to_owned(), self.reason.clone(), error]
    }
}

impl From<Item> for StepRow {
    fn from(item: Item) -> Self {
        let error = match &item.end {
            End::Failed(why) => Some(why.clone()),
            End::Planned | End::Done | End::Skipped => None,
        };
        let (step, outcome) = (item.verb, item.end.word());
        Self { workload: item.workload.to_string(), step, outcome, reason: item.reason.to_string(), error }
    }
}

/// What came of a run, as a listing with remarks.
pub fn report(context: &Context, done: Reconciled, form: Form) -> Report {
    let status = match done.outcome() {
        Outcome::Interrupted => Status::TryLater,
        Outcome::PartlyFailed => Status::SomeFailed,
        Outcome::Done | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::Done,
    };
    let (capped, unknown, interrupted) = (done.capped(), done.unknown.clone(), done.interrupted);
    let mut rows: Vec<StepRow> = done.items.into_iter().map(StepRow::from).collect();
    rows.extend(done.held.iter().map(|held| StepRow {
        workload: held.workload.to_string(),
        step: held.verb.as_ref().map_or("wait", crate::domain::workload::plan::Verb::word),
        outcome: "held",
        reason: held.why.to_string(),
        error: None,
    }));
    // What is not known stands among the rows too: who reads them as data must not take few rows for little to do.
    rows.extend(unknown.iter().map(|(source, why)| StepRow {
        workload: String::new(),
        step: "read",
        outcome: "unknown",
        reason: format!("{source} could not be read, so nothing is changed because of it"),
        error: Some(why.clone()),
    }));
    let mut report = Report::listing(rows, form).status(status);
    for (source, why) in unknown {
        report = report.note(format!("{source} could not be read, so nothing is changed because of it: {why}"));
    }
    if capped {
        report = report.note(
            "more should end than may: look at it, then run `provider workloads reconcile` again, or raise \
             workloads.max_terminations_per_run and _per_hour",
        );
    }
    match context.stopped_by().filter(|_| interrupted) {
        Some(reason) => report.note(format!("stopped by {reason}; the rest goes next time")),
        None => report,
    }
}

/// What came of a run for one workload that was wanted at once: whoever waits has not got it.
pub fn report_at_once(context: &Context, done: Reconciled, form: Form) -> Report {
    let waits = !done.held.is_empty();
    let report = report(context, done, form);
    if waits && report.status == Status::Done {
        return report.status(Status::SomeFailed).note("it is written down, and not done yet: see why it waits");
    }
    report
}

//! `provider state maintain`

use std::num::NonZeroUsize;

use clap::Args;
use serde::Serialize;

use super::{retention, shown_on};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Configuration, Context, Failure, Report, Status};
use crate::domain::job::Outcome;
use crate::jobs::audit::Audited;
use crate::jobs::state_maintain::{self, Backups, Maintenance, Request, Step, StepEnd};
use crate::jobs::{Circumstances, Report as _};
use crate::observe::interrupt::Reason;
use crate::store::{Finding, Mode, VacuumWhen};

/// Prune, back up, check and, when it is worth it, vacuum the state file
///
/// What a timer runs once a day. Also prunes and verifies the audit trail. Backups go to `state.backup.dir`; the oldest beyond `state.backup.keep` are removed.
#[derive(Debug, Args)]
pub struct Maintain {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct StepRow {
    step: Step,
    outcome: &'static str,
    detail: String,
}

impl Row for StepRow {
    const HEADINGS: &'static [&'static str] = &["step", "outcome", "detail"];
    const FIELDS: &'static [&'static str] = &["step", "outcome", "detail"];

    fn cells(&self) -> Vec<String> {
        vec![self.step.word().to_owned(), self.outcome.to_owned(), self.detail.clone()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

impl StepRow {
    fn new(step: Step, end: StepEnd, stopped_by: Option<Reason>) -> Self {
        let (outcome, detail) = match end {
            StepEnd::Done(what) => ("done", what),
            StepEnd::Planned(what) => ("planned", what),
            StepEnd::Skipped(why) => ("skipped", why),
            StepEnd::Failed(error) => ("failed", crate::domain::fault::in_one_line(&error)),
            StepEnd::Unaudited(error) => ("failed", crate::domain::fault::in_one_line(&error)),
            StepEnd::Tampered(findings) => {
                let first = findings.first().map_or_else(String::new, ToString::to_string);
                ("failed", format!("{first}; `provider audit-log verify` shows all {} findings", findings.len()))
            }
            StepEnd::Found(findings) => ("failed", Finding::summary(&findings)),
            StepEnd::Interrupted => {
                ("interrupted", stopped_by.map_or_else(String::new, |reason| format!("stopped by {reason}")))
            }
        };
        Self { step, outcome, detail }
    }
}

impl Maintain {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let request = request(&configuration);
        let path = &configuration.state_file;
        let done = if context.global.dry_run {
            state_maintain::rehearse(&request, &context.open_state(path, Mode::Read)?, context.now())?
        } else {
            let interrupt = context.interrupt()?;
            let store = context.open_for_job(path)?;
            let (audit, values) = (configuration.audit(), configuration.values());
            let bar = context.progress(0, "backing up");
            let given = Circumstances {
                store: &store,
                now: &|| context.now(),
                should_stop: &|| interrupt.requested().is_some(),
                wait: context.global.wait.unwrap_or_default(),
                audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
            };
            let done = state_maintain::run(&request, given, &mut shown_on(&bar))?;
            bar.finish_and_clear();
            done
        };
        Ok(report(done, self.output, context.stopped_by()))
    }
}

fn request(configuration: &Configuration) -> Request {
    let state = &configuration.settings.state;
    let keep = usize::try_from(state.backup.keep).ok().and_then(NonZeroUsize::new).unwrap_or(NonZeroUsize::MIN);
    Request {
        retention: retention(state),
        audit_retention: state.retention.audit,
        backups: state.backup.dir.clone().map(|folder| Backups { folder, keep }),
        vacuum: VacuumWhen::default(),
    }
}

fn report(done: Maintenance, output: OutputOption, stopped_by: Option<Reason>) -> Report {
    let unsound = done.steps.iter().any(|(_, end)| matches!(end, StepEnd::Found(_)));
    let status = match done.outcome() {
        Outcome::Interrupted => Status::TryLater,
        _ if unsound => Status::StateFile,
        Outcome::PartlyFailed => Status::SomeFailed,
        Outcome::Done | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::Done,
    };
    let rows = done.steps.into_iter().map(|(step, end)| StepRow::new(step, end, stopped_by)).collect();
    let report = Report::listing(rows, output.output).status(status);
    if unsound { report.note("the state file is not sound; `provider state check` lists all findings") } else { report }
}

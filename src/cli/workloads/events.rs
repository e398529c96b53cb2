//! `provider workloads events`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::show::find;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::domain::workload::{State, WorkloadId};
use crate::store::Mode;
use crate::store::workloads::history;

/// List what happened to a workload: transitions, what the operator asked for, what its back end was asked
#[derive(Debug, Args)]
pub struct Events {
    /// The workload
    #[arg(value_name = "ID")]
    workload: WorkloadId,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct EventRow {
    time: Timestamp,
    kind: &'static str,
    what: String,
    reason: String,
    actor: String,
}

impl Row for EventRow {
    const HEADINGS: &'static [&'static str] = &["time", "kind", "what", "reason", "by"];
    const FIELDS: &'static [&'static str] = &["time", "kind", "what", "reason", "actor"];

    fn cells(&self) -> Vec<String> {
        let time = format!("{:.3}", self.time);
        vec![time, self.kind.to_owned(), self.what.clone(), self.reason.clone(), self.actor.clone()]
    }

    fn csv(&self) -> Vec<String> {
        let time = self.time.to_string();
        vec![time, self.kind.to_owned(), self.what.clone(), self.reason.clone(), self.actor.clone()]
    }
}

impl Events {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        find(&store, &self.workload)?;
        let (transitions, intents, steps) = store.read("read what happened to a workload", |snapshot| {
            Ok::<_, crate::store::Error>((
                history::transitions(snapshot, &self.workload)?,
                history::intents(snapshot, &self.workload)?,
                history::steps(snapshot, &self.workload)?,
            ))
        })?;
        let mut rows: Vec<EventRow> = vec![];
        rows.extend(transitions.into_iter().map(|transition| EventRow {
            time: transition.at,
            kind: "state",
            what: format!("{} → {}", transition.from.map_or("new", State::word), transition.to),
            reason: transition.reason.to_string(),
            actor: transition.actor.to_string(),
        }));
        rows.extend(intents.into_iter().map(|intent| EventRow {
            time: intent.at,
            kind: "wish",
            what: intent.command,
            reason: intent.note.unwrap_or_default(),
            actor: intent.actor.to_string(),
        }));
        rows.extend(steps.into_iter().map(|step| EventRow {
            time: step.begun,
            kind: "step",
            what: format!("{}: {}", step.verb, step.outcome.unwrap_or_else(|| "not ended".to_owned())),
            reason: step.error.unwrap_or_else(|| step.reason.to_string()),
            actor: "reconcile".to_owned(),
        }));
        rows.sort_by_key(|row| row.time);
        Ok(Report::listing(rows, self.output.output))
    }
}

//! `provider timers status`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::{Whose, timetable};
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::domain::job::Outcome;
use crate::domain::schedule::{Entry, service_name, timer_name};
use crate::jobs::overview::{Standing, overview};
use crate::jobs::timers::UnitState;
use crate::store::Mode;

/// Show each job's timer, its last run and its next
///
/// Without systemd the table still says what has to run how often, for another scheduler.
#[derive(Debug, Args)]
pub struct StatusOf {
    #[command(flatten)]
    whose: Whose,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct TimerRow {
    job: String,
    command: String,
    rhythm: String,
    timer: String,
    enabled: bool,
    last_run_at: Option<Timestamp>,
    last_outcome: Option<Outcome>,
    last_result: String,
    next_run_at: Option<Timestamp>,
}

impl Row for TimerRow {
    const HEADINGS: &'static [&'static str] =
        &["job", "rhythm", "timer", "last run", "outcome", "result", "next run", "command"];
    const FIELDS: &'static [&'static str] =
        &["job", "command", "rhythm", "timer", "enabled", "last_run_at", "last_outcome", "last_result", "next_run_at"];

    fn cells(&self) -> Vec<String> {
        let shown = |time: Option<Timestamp>| time.map_or_else(|| "-".to_owned(), |time| format!("{time:.0}"));
        let timer = if self.enabled { self.timer.clone() } else { format!("{} (not enabled)", self.timer) };
        vec![
            self.job.clone(),
            self.rhythm.clone(),
            timer,
            shown(self.last_run_at),
            self.last_outcome.map_or_else(|| "-".to_owned(), |outcome| outcome.to_string()),
            if self.last_result.is_empty() { "-".to_owned() } else { self.last_result.clone() },
            shown(self.next_run_at),
            self.command.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let shown = |time: Option<Timestamp>| time.map(|time| time.to_string()).unwrap_or_default();
        vec![
            self.job.clone(),
            self.command.clone(),
            self.rhythm.clone(),
            self.timer.clone(),
            self.enabled.to_string(),
            shown(self.last_run_at),
            self.last_outcome.map(|outcome| outcome.to_string()).unwrap_or_default(),
            self.last_result.clone(),
            shown(self.next_run_at),
        ]
    }
}

impl TimerRow {
    fn new(entry: &Entry, timer: Option<&UnitState>, service: Option<&UnitState>, run: Option<&Standing>) -> Self {
        Self {
            job: entry.scheduled.job.to_string(),
            command: entry.command().join(" "),
            rhythm: entry.rhythm.to_string(),
            timer: match timer {
                None => "unknown".to_owned(),
                Some(state) if state.file.is_empty() => "not installed".to_owned(),
                Some(state) => state.active.clone(),
            },
            enabled: timer.is_some_and(|state| state.file == "enabled"),
            // A run that failed before it had a row is only known to systemd, one by hand only to the state file.
            last_run_at: run.map(|run| run.last.started_at).max(timer.and_then(|state| state.last)),
            last_outcome: run.map(|run| run.last.outcome),
            // systemd calls what never ran a success.
            last_result: service
                .filter(|_| timer.is_some_and(|timer| timer.last.is_some()))
                .map(|state| state.result.clone())
                .unwrap_or_default(),
            next_run_at: timer.and_then(|state| state.next),
        }
    }
}

impl StatusOf {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let timetable = timetable(&configuration.settings);
        let names: Vec<String> = timetable
            .entries()
            .iter()
            .map(|entry| entry.scheduled.job.as_str())
            .flat_map(|job| [timer_name(job), service_name(job)])
            .collect();
        let mut notes = Vec::new();
        let states = self.whose.systemctl().states(&names).unwrap_or_else(|error| {
            notes.push(format!("systemd could not be asked: {error}"));
            std::collections::BTreeMap::new()
        });
        let runs = context
            .open_state(&configuration.state_file, Mode::Read)
            .and_then(|store| Ok(overview(&store)?))
            .unwrap_or_else(|failure| {
                notes.push(format!("the state file could not be read: {}", failure.message()));
                Vec::new()
            });
        let row = |entry: &Entry| {
            let job = entry.scheduled.job.as_str();
            let run = runs.iter().find(|run| run.last.job.as_str() == job);
            TimerRow::new(entry, states.get(&timer_name(job)), states.get(&service_name(job)), run)
        };
        let rows: Vec<TimerRow> = timetable.entries().iter().map(row).collect();
        let report = Report::listing(rows, self.output.output);
        Ok(notes.into_iter().fold(report, Report::note))
    }
}

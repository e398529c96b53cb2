//! `provider workloads status`

use std::collections::BTreeMap;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reconciling::Reconciling;
use super::show::find;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, Status, wait_for};
use crate::domain::workload::health::Summary;
use crate::domain::workload::{State, Unit, UnitState, Workload, WorkloadId};
use crate::store::workloads::{history, readings};
use crate::store::{Mode, workloads};

/// Show how many workloads are in which state, or how the units of one are right now
#[derive(Debug, Args)]
pub struct WorkloadStatus {
    /// Ask the back end about this workload
    #[arg(value_name = "ID")]
    workload: Option<WorkloadId>,

    #[command(flatten)]
    output: OutputOption,
}

/// How many, or when.
#[derive(Serialize)]
struct Line {
    what: String,
    value: String,
}

impl Row for Line {
    const HEADINGS: &'static [&'static str] = &["what", "value"];
    const FIELDS: &'static [&'static str] = &["what", "value"];

    fn cells(&self) -> Vec<String> {
        vec![self.what.clone(), self.value.clone()]
    }

    fn csv(&self) -> Vec<String> {
        self.cells()
    }
}

#[derive(Serialize)]
struct UnitRow {
    unit: String,
    state: String,
    since: Option<Timestamp>,
    revision: String,
    endpoints: Vec<String>,
}

impl Row for UnitRow {
    const HEADINGS: &'static [&'static str] = &["unit", "state", "since", "manifest", "reached at"];
    const FIELDS: &'static [&'static str] = &["unit", "state", "since", "revision", "endpoints"];

    fn cells(&self) -> Vec<String> {
        let since = self.since.map_or_else(|| "-".to_owned(), |since| format!("{since:.0}"));
        let revision = self.revision.get(..12).unwrap_or_default().to_owned();
        vec![self.unit.clone(), self.state.clone(), since, revision, self.endpoints.join(" ")]
    }

    fn csv(&self) -> Vec<String> {
        let since = self.since.map_or_else(String::new, |since| since.to_string());
        vec![self.unit.clone(), self.state.clone(), since, self.revision.clone(), self.endpoints.join(" ")]
    }
}

impl From<&Unit> for UnitRow {
    fn from(unit: &Unit) -> Self {
        let endpoints = unit.endpoints.iter().map(|endpoint| {
            let protocol = endpoint.protocol.word().to_ascii_lowercase();
            format!("{}:{}→{}/{protocol}", endpoint.address, endpoint.seen_as, endpoint.port)
        });
        Self {
            unit: unit.name(),
            state: unit.state.to_string(),
            since: unit.since,
            revision: unit.revision.to_string(),
            endpoints: endpoints.collect(),
        }
    }
}

impl WorkloadStatus {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        match &self.workload {
            None => self.all(context),
            Some(id) => self.one(context, id),
        }
    }

    fn all(&self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let (all, sources, maintenance) = store.read("count the workloads", |snapshot| {
            Ok::<_, crate::store::Error>((
                workloads::all(snapshot, false)?,
                readings::all(snapshot)?,
                history::maintenance(snapshot)?,
            ))
        })?;
        let mut counts: BTreeMap<State, u64> = BTreeMap::new();
        for workload in &all {
            *counts.entry(workload.state).or_default() += 1;
        }
        let states = State::ALL.into_iter().filter(|state| *state != State::Terminated);
        let mut lines: Vec<Line> = states
            .map(|state| Line { what: state.word().to_owned(), value: counts.get(&state).unwrap_or(&0).to_string() })
            .collect();
        lines.extend(sources.into_iter().map(|source| Line {
            what: format!("read {}", source.source),
            value: match source.failed {
                None => format!("{:.0}", source.read),
                Some(why) => format!("failed, last at {:.0}: {why}", source.read),
            },
        }));
        lines.extend(maintenance.map(|maintenance| Line {
            what: "maintenance".to_owned(),
            value: format!("since {:.0}: {}", maintenance.since, maintenance.reason),
        }));
        Ok(Report::listing(lines, self.output.output))
    }

    fn one(&self, context: &Context, id: &WorkloadId) -> Result<Report, Failure> {
        let reconciling = Reconciling::open(context)?;
        let store = context.open_state(&reconciling.configuration.state_file, Mode::Read)?;
        let workload = find(&store, id)?;
        let Some(adapter) = workload.adapter.as_deref().and_then(|name| reconciling.registry.get(name)) else {
            let said = format!("{id} is {}: no back end runs it", workload.state);
            return Ok(Report::listing(Vec::<UnitRow>::new(), self.output.output).note(said));
        };
        let observed = wait_for(adapter.observe())?.map_err(|error| Failure::from_error(&error))?;
        let observed = observed.iter().find(|observed| observed.id == *id);
        let rows = observed.map(|observed| observed.units.iter().map(UnitRow::from).collect()).unwrap_or_default();
        let report = Report::listing(rows, self.output.output);
        let report = report.note(format!("the state file calls {id} {}: {}", workload.state, workload.reason));
        let units = observed.map_or(&[][..], |observed| &observed.units);
        Ok(match otherwise(&workload, units) {
            None => report,
            Some(found) => {
                let next = "the next `provider workloads reconcile` does something about it";
                report.status(Status::SomeFailed).note(format!("and the back end says otherwise: {found}; {next}"))
            }
        })
    }
}

/// What the back end says otherwise than the state file, of a workload that should be up or held still.
fn otherwise(workload: &Workload, units: &[Unit]) -> Option<String> {
    let services: Vec<(&str, u32)> = workload.services.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let wanted = workload.deployed.or(workload.revision);
    let summary = Summary::against(&services, units, |unit| wanted.is_none_or(|wanted| unit.revision == wanted));
    let as_it_should = match workload.state {
        State::Running => summary.is_up(),
        State::Paused => summary.missing.is_empty() && !summary.has_ended() && summary.running == 0,
        State::Pending | State::Stopped | State::Terminated => {
            !units.iter().any(|unit| matches!(unit.state, UnitState::Running | UnitState::Starting | UnitState::Paused))
        }
        // On its way, or known to be wrong.
        State::Deploying | State::Stopping | State::Failed => true,
    };
    (!as_it_should).then(|| summary.shown())
}

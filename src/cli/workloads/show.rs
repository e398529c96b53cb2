//! `provider workloads show`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reconciling::ago;
use crate::cli::output::OutputOption;
use crate::cli::output::record::Entry;
use crate::cli::{Context, Failure, Report, Status};
use crate::domain::workload::{EvictionReason, Hold, Workload, WorkloadId};
use crate::store::workloads::{checks, history};
use crate::store::{Mode, Store, workloads};

/// Show what the state file knows of a workload
#[derive(Debug, Args)]
pub struct Show {
    /// The workload
    #[arg(value_name = "ID")]
    workload: WorkloadId,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct Shown {
    workload: String,
    owner: String,
    state: &'static str,
    since: Timestamp,
    reason: String,
    created: Timestamp,
    manifest: Option<String>,
    deployed: Option<String>,
    services: Vec<(String, u32)>,
    back_end: Option<String>,
    hold: Option<&'static str>,
    restarts: u32,
    failed_checks: u32,
    eviction: Option<&'static str>,
    closing_lease: bool,
    last_step: Option<String>,
    checks: Vec<String>,
    draining: Option<String>,
    #[serde(skip)]
    age: String,
}

impl Entry for Shown {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let services: Vec<String> = self.services.iter().map(|(name, count)| format!("{name}×{count}")).collect();
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![
            ("workload", self.workload.clone()),
            ("owner", self.owner.clone()),
            ("state", format!("{} for {}", self.state, self.age)),
            ("reason", self.reason.clone()),
            ("created", format!("{:.0}", self.created)),
            ("manifest", text(&self.manifest)),
            ("deployed", text(&self.deployed)),
            ("services", services.join(", ")),
            ("back end", text(&self.back_end)),
            ("hold", self.hold.unwrap_or_default().to_owned()),
            ("restarts", self.restarts.to_string()),
            ("failed checks", self.failed_checks.to_string()),
            ("eviction", self.eviction.unwrap_or_default().to_owned()),
            ("closing lease", self.closing_lease.to_string()),
            ("last step", text(&self.last_step)),
            ("checks", self.checks.join("; ")),
            ("maintenance", text(&self.draining)),
        ]
    }
}

/// The workload of an id, or the failure that says there is none.
pub fn find(store: &Store, id: &WorkloadId) -> Result<Workload, Failure> {
    let found = store.read("read a workload", |snapshot| workloads::one(snapshot, id))?;
    found.ok_or_else(|| {
        Failure::new(Status::Data, format!("there is no workload {id}")).hint("`provider workloads list` shows them")
    })
}

impl Show {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let store = context.open_state(&context.state_file()?, Mode::Read)?;
        let workload = find(&store, &self.workload)?;
        let (steps, checks, maintenance) = store.read("read a workload", |snapshot| {
            Ok::<_, crate::store::Error>((
                history::steps(snapshot, &self.workload)?,
                checks::of(snapshot, &self.workload)?,
                history::maintenance(snapshot)?,
            ))
        })?;
        let last = steps.into_iter().next_back().map(|step| {
            let outcome = step.outcome.unwrap_or_else(|| "not ended".to_owned());
            let error = step.error.map(|error| format!(": {error}")).unwrap_or_default();
            format!("{} at {:.0}, {outcome}{error}", step.verb, step.begun)
        });
        let checks = checks.into_iter().map(|check| {
            let well = if check.healthy { "well" } else { "unwell" };
            format!("{}-{} {well} at {:.0}: {} ({})", check.service, check.replica, check.at, check.detail, check.kind)
        });
        let shown = Shown {
            age: ago(context.now(), workload.since),
            workload: workload.id.to_string(),
            owner: workload.owner.to_string(),
            state: workload.state.word(),
            since: workload.since,
            reason: workload.reason.to_string(),
            created: workload.created,
            manifest: workload.revision.map(|revision| revision.to_string()),
            deployed: workload.deployed.map(|revision| revision.to_string()),
            services: workload.services,
            back_end: workload.adapter,
            hold: workload.hold.map(Hold::word),
            restarts: workload.restarts.count,
            failed_checks: workload.failed_checks,
            eviction: workload.eviction.map(EvictionReason::word),
            closing_lease: workload.closing,
            last_step: last,
            checks: checks.collect(),
            draining: maintenance.map(|maintenance| maintenance.reason),
        };
        Ok(Report::record(shown, self.output.output))
    }
}

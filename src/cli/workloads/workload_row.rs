//! A workload as the listings show it.

use jiff::Timestamp;
use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::domain::workload::{Hold, Workload};

/// A workload.
#[derive(Debug, Serialize)]
pub struct WorkloadRow {
    workload: String,
    owner: String,
    state: &'static str,
    since: Timestamp,
    services: Vec<(String, u32)>,
    back_end: Option<String>,
    hold: Option<&'static str>,
    restarts: u32,
    eviction: Option<&'static str>,
    reason: String,
}

impl From<Workload> for WorkloadRow {
    fn from(workload: Workload) -> Self {
        Self {
            workload: workload.id.to_string(),
            owner: workload.owner.to_string(),
            state: workload.state.word(),
            since: workload.since,
            services: workload.services,
            back_end: workload.adapter,
            hold: workload.hold.map(Hold::word),
            restarts: workload.restarts.count,
            eviction: workload.eviction.map(crate::domain::workload::EvictionReason::word),
            reason: workload.reason.to_string(),
        }
    }
}

impl WorkloadRow {
    fn units(&self) -> String {
        self.services.iter().map(|(name, count)| format!("{name}×{count}")).collect::<Vec<_>>().join(" ")
    }
}

impl Row for WorkloadRow {
    const HEADINGS: &'static [&'static str] = &["workload", "owner", "state", "since", "services", "hold", "reason"];
    const FIELDS: &'static [&'static str] =
        &["workload", "owner", "state", "since", "services", "back_end", "hold", "restarts", "eviction", "reason"];

    fn cells(&self) -> Vec<String> {
        vec![
            self.workload.clone(),
            self.owner.clone(),
            self.state.to_owned(),
            format!("{:.0}", self.since),
            self.units(),
            self.hold.unwrap_or("-").to_owned(),
            self.reason.clone(),
        ]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.workload.clone(),
            self.owner.clone(),
            self.state.to_owned(),
            self.since.to_string(),
            self.units(),
            self.back_end.clone().unwrap_or_default(),
            self.hold.unwrap_or_default().to_owned(),
            self.restarts.to_string(),
            self.eviction.unwrap_or_default().to_owned(),
            self.reason.clone(),
        ]
    }
}

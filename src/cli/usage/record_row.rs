//! A usage record as a row of a listing.

use serde::Serialize;

use crate::cli::output::listing::Row;
use crate::domain::fraud::Flag;
use crate::domain::usage::{Metric, Source};
use crate::store::usage::RecordRow;

/// A record in a listing.
#[derive(Debug, Serialize)]
pub(super) struct UsageRow {
    id: i64,
    record_id: String,
    lease_id: String,
    tenant: String,
    workload_id: String,
    #[serde(rename = "type")]
    kind: &'static str,
    revision: u32,
    period_start: String,
    period_end: String,
    cpu_milli_seconds: Option<String>,
    memory_byte_seconds: Option<String>,
    storage_byte_seconds: Option<String>,
    network_bytes_in: Option<String>,
    network_bytes_out: Option<String>,
    gpu_seconds: Option<String>,
    sources: String,
    state: &'static str,
    cost: Option<String>,
    flags: Vec<&'static str>,
    detail: Option<String>,
    #[serde(skip)]
    state_words: &'static str,
}

impl Row for UsageRow {
    const HEADINGS: &'static [&'static str] =
        &["id", "lease", "from", "to", "type", "state", "cost", "flags", "detail"];
    const FIELDS: &'static [&'static str] = &[
        "id",
        "record_id",
        "lease_id",
        "tenant",
        "workload_id",
        "type",
        "revision",
        "period_start",
        "period_end",
        "cpu_milli_seconds",
        "memory_byte_seconds",
        "storage_byte_seconds",
        "network_bytes_in",
        "network_bytes_out",
        "gpu_seconds",
        "sources",
        "state",
        "cost",
        "flags",
        "detail",
    ];

    fn cells(&self) -> Vec<String> {
        let or_dash = |text: Option<&String>| text.filter(|text| !text.is_empty()).cloned().unwrap_or("-".to_owned());
        vec![
            self.id.to_string(),
            self.lease_id.clone(),
            self.period_start.clone(),
            self.period_end.clone(),
            self.kind.to_owned(),
            self.state_words.to_owned(),
            or_dash(self.cost.as_ref()),
            or_dash(Some(&self.flags.join(" "))),
            or_dash(self.detail.as_ref()),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let figure = |figure: &Option<String>| figure.clone().unwrap_or_default();
        vec![
            self.id.to_string(),
            self.record_id.clone(),
            self.lease_id.clone(),
            self.tenant.clone(),
            self.workload_id.clone(),
            self.kind.to_owned(),
            self.revision.to_string(),
            self.period_start.clone(),
            self.period_end.clone(),
            figure(&self.cpu_milli_seconds),
            figure(&self.memory_byte_seconds),
            figure(&self.storage_byte_seconds),
            figure(&self.network_bytes_in),
            figure(&self.network_bytes_out),
            figure(&self.gpu_seconds),
            self.sources.clone(),
            self.state.to_owned(),
            figure(&self.cost),
            self.flags.join(" "),
            figure(&self.detail),
        ]
    }
}

impl From<RecordRow> for UsageRow {
    fn from(row: RecordRow) -> Self {
        let facts = &row.facts;
        let figure = |metric| facts.used.get(metric).map(|figure| figure.to_string());
        let sources: Vec<&str> = facts.sources.iter().map(Source::as_str).collect();
        Self {
            id: row.id.0,
            record_id: facts.record_id(),
            lease_id: facts.lease.to_string(),
            tenant: facts.lease.order().owner().to_string(),
            workload_id: facts.workload.clone(),
            kind: facts.kind.word(),
            revision: facts.revision,
            period_start: facts.window.start().to_string(),
            period_end: facts.window.end().to_string(),
            cpu_milli_seconds: figure(Metric::CpuMilliSeconds),
            memory_byte_seconds: figure(Metric::MemoryByteSeconds),
            storage_byte_seconds: figure(Metric::StorageByteSeconds),
            network_bytes_in: figure(Metric::NetworkBytesIn),
            network_bytes_out: figure(Metric::NetworkBytesOut),
            gpu_seconds: figure(Metric::GpuSeconds),
            sources: sources.join(","),
            state: row.state.word(),
            cost: row.cost.clone(),
            flags: row.flags.iter().map(Flag::word).collect(),
            detail: row.detail.clone(),
            state_words: row.state.words(),
        }
    }
}

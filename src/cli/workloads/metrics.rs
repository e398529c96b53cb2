//! `provider workloads metrics`

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use super::reconciling::Reconciling;
use super::show::find;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report, wait_for};
use crate::domain::resources::Bytes;
use crate::domain::usage::Sample;
use crate::domain::workload::WorkloadId;
use crate::store::Mode;
use crate::store::workloads::samples;

/// Show what the units of a workload use now, and what ended ones used last
#[derive(Debug, Args)]
pub struct Metrics {
    /// The workload
    #[arg(value_name = "ID")]
    workload: WorkloadId,

    #[command(flatten)]
    output: OutputOption,
}

#[derive(Serialize)]
struct MeterRow {
    unit: String,
    incarnation: String,
    at: Timestamp,
    last: bool,
    cpu_milliseconds: u64,
    memory_bytes: u64,
    storage_bytes: Option<u64>,
    received_bytes: Option<u64>,
    sent_bytes: Option<u64>,
}

impl MeterRow {
    fn of(sample: &Sample, last: bool) -> Self {
        let meters = &sample.meters;
        let bytes = |bytes: Option<Bytes>| bytes.map(|bytes| bytes.0);
        Self {
            unit: format!("{}-{}", sample.service, sample.replica),
            incarnation: sample.incarnation.clone(),
            at: sample.at,
            last,
            cpu_milliseconds: u64::try_from(meters.cpu.as_millis()).unwrap_or(u64::MAX),
            memory_bytes: meters.memory.0,
            storage_bytes: bytes(meters.storage),
            received_bytes: bytes(meters.received),
            sent_bytes: bytes(meters.sent),
        }
    }
}

impl Row for MeterRow {
    const HEADINGS: &'static [&'static str] = &["unit", "at", "", "cpu ms", "memory", "storage", "received", "sent"];
    const FIELDS: &'static [&'static str] = &[
        "unit",
        "incarnation",
        "at",
        "last",
        "cpu_milliseconds",
        "memory_bytes",
        "storage_bytes",
        "received_bytes",
        "sent_bytes",
    ];

    fn cells(&self) -> Vec<String> {
        let bytes = |bytes: Option<u64>| bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
        vec![
            self.unit.clone(),
            format!("{:.0}", self.at),
            if self.last { "last" } else { "now" }.to_owned(),
            self.cpu_milliseconds.to_string(),
            self.memory_bytes.to_string(),
            bytes(self.storage_bytes),
            bytes(self.received_bytes),
            bytes(self.sent_bytes),
        ]
    }

    fn csv(&self) -> Vec<String> {
        let bytes = |bytes: Option<u64>| bytes.map_or_else(String::new, |bytes| bytes.to_string());
        vec![
            self.unit.clone(),
            self.incarnation.clone(),
            self.at.to_string(),
            self.last.to_string(),
            self.cpu_milliseconds.to_string(),
            self.memory_bytes.to_string(),
            bytes(self.storage_bytes),
            bytes(self.received_bytes),
            bytes(self.sent_bytes),
        ]
    }
}

impl Metrics {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let reconciling = Reconciling::open(context)?;
        let store = context.open_state(&reconciling.configuration.state_file, Mode::Read)?;
        let workload = find(&store, &self.workload)?;
        let last = store.read("read last meters", |snapshot| samples::of(snapshot, &self.workload))?;
        let mut rows: Vec<MeterRow> = last.iter().map(|sample| MeterRow::of(sample, true)).collect();
        if let Some(adapter) = workload.adapter.as_deref().and_then(|name| reconciling.registry.get(name)) {
            let now = wait_for(adapter.sample())?.map_err(|error| Failure::from_error(&error))?;
            rows.extend(
                now.iter().filter(|sample| sample.workload == self.workload).map(|sample| MeterRow::of(sample, false)),
            );
        }
        Ok(Report::listing(rows, self.output.output))
    }
}

//! `provider resources status`

use clap::Args;
use serde::Serialize;

use crate::cli::back_ends;
use crate::cli::output::OutputOption;
use crate::cli::output::listing::Row;
use crate::cli::{Context, Failure, Report};
use crate::config::terms;
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::bid::Resource;
use crate::domain::bid::capacity::ResourceStatus;
use crate::jobs::bid_run::{self, BidRun, Moment};
use crate::store::Mode;

/// Show what is allocated, what is available, and the utilization of each resource
///
/// By the state file and the configuration; no node is asked. Allocated is what leases use and what open bids are
/// promised.
#[derive(Debug, Args)]
pub struct ResourcesStatus {
    #[command(flatten)]
    output: OutputOption,
}

/// A resource of a back end.
#[derive(Debug, Serialize)]
struct ResourceRow {
    back_end: String,
    resource: String,
    total: String,
    used: String,
    promised: String,
    allocated: String,
    available: String,
    utilization: Option<String>,
    #[serde(skip)]
    shown: [String; 3],
}

impl Row for ResourceRow {
    const HEADINGS: &'static [&'static str] = &["back end", "resource", "allocated", "available", "utilization"];
    const FIELDS: &'static [&'static str] =
        &["back_end", "resource", "total", "used", "promised", "allocated", "available", "utilization"];

    fn cells(&self) -> Vec<String> {
        let [name, allocated, available] = self.shown.clone();
        let utilization = self.utilization.clone().unwrap_or_else(|| "-".to_owned());
        vec![self.back_end.clone(), name, allocated, available, utilization]
    }

    fn csv(&self) -> Vec<String> {
        vec![
            self.back_end.clone(),
            self.resource.clone(),
            self.total.clone(),
            self.used.clone(),
            self.promised.clone(),
            self.allocated.clone(),
            self.available.clone(),
            self.utilization.clone().unwrap_or_default(),
        ]
    }
}

impl ResourcesStatus {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let (observations, silent) = back_ends::observe(context, &configuration)?;
        let back_ends = terms::back_ends(&configuration.settings, &observations);
        let overall = terms::overall(&configuration.settings.capacity);
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let now = || context.now();
        let moment = Moment { store: &store, now: &now, should_stop: &|| false };
        let mut run = BidRun::default();
        let rows = bid_run::resources(moment, &back_ends, overall, &mut run)?;
        let mut report = Report::listing(rows.iter().map(row).collect(), self.output.output);
        if back_ends.is_empty() {
            report = report.note("no back end is sold: orchestration.adapter names none");
        }
        for back_end in back_ends.iter().filter(|back_end| back_end.inventory.is_none()) {
            report = report.note(format!("the capacity of {} is not known, so nothing of it is sold", back_end.name));
        }
        for (back_end, difference) in terms::differences(&configuration.settings, &observations) {
            report = report.note(format!("{back_end}: {difference}"));
        }
        for trouble in silent.into_iter().chain(run.troubles).chain(run.remarks) {
            report = report.note(trouble);
        }
        Ok(report)
    }
}

fn row(status: &ResourceStatus) -> ResourceRow {
    let (name, unit) = words(&status.resource);
    let show = |quantity: &dyn std::fmt::Display| match unit {
        Some(unit) => format!("{quantity} {unit}"),
        None => in_bytes(&quantity.to_string()),
    };
    let allocated = status.allocated();
    ResourceRow {
        back_end: status.backend.to_string(),
        resource: status.resource.to_string(),
        total: status.total.to_string(),
        used: status.used.to_string(),
        promised: status.promised.to_string(),
        allocated: allocated.to_string(),
        available: status.free.to_string(),
        utilization: status.share.map(percent),
        shown: [name, show(&allocated), show(&status.free)],
    }
}

/// The operations manual's words and units; sizes have their unit with them.
fn words(resource: &Resource) -> (String, Option<&'static str>) {
    match resource {
        Resource::Cpu => ("CPU".to_owned(), Some("cores")),
        Resource::Memory => ("Memory".to_owned(), None),
        Resource::Storage => ("Storage".to_owned(), None),
        Resource::Volume(class) => (format!("Storage {class}"), None),
        Resource::Gpu => ("GPU".to_owned(), Some("units")),
        Resource::GpuModel(model) => (format!("GPU {model}"), Some("units")),
        Resource::LeasedIp => ("Leased IPs".to_owned(), Some("units")),
        Resource::Endpoint => ("Endpoints".to_owned(), Some("units")),
    }
}

/// `256Gi` as `256 GiB`.
fn in_bytes(quantity: &str) -> String {
    let unit = quantity.find(|letter: char| letter.is_ascii_alphabetic()).unwrap_or(quantity.len());
    let (number, unit) = quantity.split_at(unit);
    format!("{number} {unit}B")
}

/// `0.6432` as `64%`.
fn percent(share: Dec18) -> String {
    let percent = share.checked_times(100).and_then(|percent| percent.round(0, Rounding::HalfEven));
    percent.map_or_else(|_| "-".to_owned(), |percent| format!("{percent}%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operations_manuals_words() {
        assert_eq!(in_bytes("256Gi"), "256 GiB");
        assert_eq!(in_bytes("512"), "512 B");
        assert_eq!(percent("0.6449".parse().unwrap()), "64%");
        assert_eq!(words(&Resource::Cpu), ("CPU".to_owned(), Some("cores")));
    }
}

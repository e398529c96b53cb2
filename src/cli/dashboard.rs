//! `provider status`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::output::{Form, OutputOption};
use super::{Context, Failure, Report};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::jobs::dashboard::{Bidding, Certificate, Dashboard};
use crate::store::Mode;

/// Show how this provider stands: workloads, usage, revenue, capacity, alerts, jobs
#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    output: OutputOption,
}

impl Status {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let totals = super::alerts::capacity(context, &configuration).unwrap_or_default();
        let mut dashboard = Dashboard::read(&store, &totals, context.now())?;
        let cert_file = configuration.settings.server.tls.cert_file.as_ref();
        let certificate = |path: &PathBuf| Certificate::of(path, super::alerts::certificate_end(path), context.now());
        dashboard.certificate = cert_file.map(certificate);
        match self.output.output {
            Form::Table => Ok(Report::verbatim(dashboard.draw())),
            form => Ok(Report::record(dashboard, form)),
        }
    }
}

impl Dashboard {
    /// The dashboard for a person.
    fn draw(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "Workloads      {}", counts(&self.workloads));
        let _ = writeln!(text, "Bids           {}", self.bidding.words());
        let seen = self.leases_seen_at.as_ref().map_or_else(
            || "none was ever seen; `provider lease monitor` looks".to_owned(),
            |at| format!("{} as of {at}", self.leases_active),
        );
        let _ = writeln!(text, "Active leases  {seen}");
        let _ = writeln!(text, "Closed leases  {}", counts(&self.closed_leases));
        let _ = writeln!(text, "Usage records  {}", counts(&self.usage_records));
        for revenue in &self.revenue {
            let more = revenue.growth_percent.as_ref().map(|percent| {
                if percent.starts_with('-') {
                    format!(" ({percent}% from the day before)")
                } else {
                    format!(" (+{percent}% from the day before)")
                }
            });
            let _ = writeln!(text, "Revenue (24h)  {}{}{}", revenue.last_24h, revenue.denom, more.unwrap_or_default());
        }
        if self.revenue.is_empty() {
            let _ = writeln!(text, "Revenue (24h)  nothing was noticed; `provider settlement sync` looks");
        }
        let _ = writeln!(text, "Escrow         {} warnings", self.escrow_warnings);
        if let Some(certificate) = &self.certificate {
            let _ = writeln!(text, "Certificate    {}", certificate.words());
        }
        text.push('\n');
        for resource in &self.utilization {
            let Some(percent) = resource.percent else { continue };
            let shown = [&resource.used, &resource.total].map(|amount| quantity(resource.resource, amount));
            let [used, total] = shown;
            let _ = writeln!(text, "{:8} [{}] {percent:>3}%  {used} of {total}", resource.resource, bar(percent));
        }
        let _ = writeln!(text, "\nRecent alerts");
        for alert in &self.alerts {
            let sign = if alert.until.is_some() { "✓" } else { "!" };
            let _ = writeln!(text, "  {sign} {} ({})", super::output::printable(&alert.summary), alert.since);
        }
        if self.alerts.is_empty() {
            let _ = writeln!(text, "  none");
        }
        let _ = writeln!(text, "\nJobs");
        for job in &self.jobs {
            let ago = job.seconds_ago.map_or_else(|| "running".to_owned(), |seconds| format!("{seconds} s ago"));
            let _ = writeln!(text, "  {:24} {:14} {ago}", job.job, job.outcome);
        }
        text
    }
}

impl Certificate {
    fn words(&self) -> String {
        match (self.days_left, &self.ends_at) {
            (Some(days), Some(end)) if days < 0 => format!("ended on {end}: `provider tls generate --renew`"),
            (Some(days), Some(end)) => format!("{days} days left, until {end}"),
            _ => format!("{} cannot be read: `provider tls show` says why", self.file),
        }
    }
}

/// `3 running, 1 paused`.
fn counts<W: std::fmt::Display>(counts: &[(W, u64)]) -> String {
    let shown: Vec<String> = counts.iter().map(|(word, many)| format!("{many} {word}")).collect();
    if shown.is_empty() { "none".to_owned() } else { shown.join(", ") }
}

impl Bidding {
    fn words(&self) -> String {
        let mut words = vec![counts(&self.bids)];
        words.extend(self.paused.as_ref().map(|why| format!("paused: {}", super::output::printable(why))));
        if let Some(percent) = self.fill_percent {
            words.push(format!("{percent}% of {} won in 24 h", self.decided_24h));
        }
        if let Some(milliseconds) = self.average_milliseconds {
            let (seconds, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
            let target = self.target_milliseconds / 1000;
            let verdict = if milliseconds <= self.target_milliseconds { "within" } else { "beyond" };
            words.push(format!("{seconds}.{tenths} s on average to the chain, {verdict} the target of {target} s"));
        }
        words.join("; ")
    }
}

/// An amount of a resource as manifests write it: `1500m`, `8Gi`.
fn quantity(resource: &str, amount: &str) -> String {
    match (resource, amount.parse()) {
        ("cpu", Ok(milli)) => MilliCpu(milli).to_string(),
        ("memory" | "storage", Ok(bytes)) => Bytes(bytes).to_string(),
        _ => amount.to_owned(),
    }
}

/// Twenty boxes.
fn bar(percent: u64) -> String {
    let full = usize::try_from(percent.min(100) / 5).unwrap_or(20);
    format!("{}{}", "█".repeat(full), "░".repeat(20 - full))
}

impl super::output::record::Entry for Dashboard {
    fn parts(&self) -> Vec<(&'static str, String)> {
        let revenue = self.revenue.iter().map(|revenue| format!("{}{}", revenue.last_24h, revenue.denom));
        vec![
            ("workloads", counts(&self.workloads)),
            ("usage records", counts(&self.usage_records)),
            ("bids", self.bidding.words()),
            ("closed leases", counts(&self.closed_leases)),
            ("active leases", self.leases_active.to_string()),
            ("escrow warnings", self.escrow_warnings.to_string()),
            ("revenue 24h", revenue.collect::<Vec<_>>().join(", ")),
            ("certificate", self.certificate.as_ref().map_or_else(|| "none".to_owned(), Certificate::words)),
        ]
    }
}

//! `provider status`

use clap::Args;
use serde::Serialize;
use std::fmt::Write as _;
use std::time::Duration;

use super::output::{Form, OutputOption};
use super::{Context, Failure, Report};
use crate::domain::amount::{Dec18, Int, Rounding};
use crate::domain::job::Outcome;
use crate::domain::ledger::earned::{Earned, growth};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::jobs::overview::{Standing, overview};
use crate::store::alerts::AlertRow;
use crate::store::bids::{leases, pauses, rows};
use crate::store::usage::meters::{self, Reserved};
use crate::store::usage::records;
use crate::store::{Mode, Snapshot, Store, alerts, settlement, workloads};

/// Show how this provider stands: workloads, usage, revenue, capacity, alerts, jobs
#[derive(Debug, Args)]
pub struct Status {
    #[command(flatten)]
    output: OutputOption,
}

#[derive(Debug, Serialize)]
struct Revenue {
    denom: String,
    last_24h: String,
    the_24h_before: String,
    growth_percent: Option<String>,
}

#[derive(Debug, Serialize)]
struct Bidding {
    /// Why no new bids are made.
    paused: Option<String>,
    /// Bids by state.
    bids: Vec<(&'static str, u64)>,
    won_24h: u64,
    decided_24h: u64,
    fill_percent: Option<u64>,
    average_milliseconds: Option<u64>,
    target_milliseconds: u64,
}

#[derive(Debug, Serialize)]
struct Utilization {
    resource: &'static str,
    used: String,
    total: String,
    percent: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Fired {
    id: i64,
    severity: &'static str,
    summary: String,
    since: String,
    until: Option<String>,
}

#[derive(Debug, Serialize)]
struct JobStanding {
    job: String,
    outcome: &'static str,
    ended_at: Option<String>,
    seconds_ago: Option<i64>,
}

/// The dashboard as data.
#[derive(Debug, Serialize)]
struct Dashboard {
    workloads: Vec<(&'static str, u64)>,
    usage_records: Vec<(&'static str, u64)>,
    bidding: Bidding,
    leases_active: u64,
    closed_leases: Vec<(String, u64)>,
    escrow_warnings: usize,
    revenue: Vec<Revenue>,
    utilization: Vec<Utilization>,
    alerts: Vec<Fired>,
    jobs: Vec<JobStanding>,
}

const DAY: Duration = Duration::from_hours(24);

/// A bid should be on the chain within this time of the decision.
const BID_TARGET: Duration = Duration::from_secs(5);

/// So many alerts are shown.
const ALERTS: u32 = 5;

impl Status {
    /// Runs the command.
    pub fn run(self, context: &Context) -> Result<Report, Failure> {
        let configuration = context.configuration()?;
        let store = context.open_state(&configuration.state_file, Mode::Read)?;
        let totals = super::alerts::capacity(&configuration.settings.capacity);
        let dashboard = Dashboard::read(&store, &totals, context.now())?;
        match self.output.output {
            Form::Table => Ok(Report::verbatim(dashboard.draw())),
            form => Ok(Report::record(dashboard, form)),
        }
    }
}

impl Dashboard {
    fn read(store: &Store, totals: &[(&'static str, u128)], now: jiff::Timestamp) -> Result<Self, Failure> {
        let jobs = overview(store)?.into_iter().map(|standing| job(&standing, now)).collect();
        let read = |snapshot: &Snapshot<'_>| {
            let payments = settlement::payments(snapshot, true)?;
            let listed = alerts::list(snapshot, true, Some(ALERTS))?;
            let escrow = crate::domain::alert::Kind::EscrowLow;
            Ok::<_, crate::store::Error>(Self {
                workloads: workloads::by_state(snapshot)?
                    .into_iter()
                    .map(|(state, many)| (state.word(), many))
                    .collect(),
                usage_records: records::by_state(snapshot)?
                    .into_iter()
                    .map(|(state, many)| (state.word(), many))
                    .collect(),
                leases_active: payments.iter().filter(|payment| payment.lease_state == "active").count() as u64,
                escrow_warnings: alerts::firing(snapshot)?.iter().filter(|alert| alert.kind == escrow).count(),
                bidding: bidding(snapshot, now)?,
                closed_leases: leases::close_reasons(snapshot)?,
                revenue: revenue(snapshot, now)?,
                utilization: utilization(&meters::reserved(snapshot)?, totals),
                alerts: listed.into_iter().map(fired).collect(),
                jobs: Vec::new(),
            })
        };
        let dashboard = store.read("read how the provider stands", read)?;
        Ok(Self { jobs, ..dashboard })
    }

    /// The dashboard for a person.
    fn draw(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = writeln!(text, "Workloads      {}", counts(&self.workloads));
        let _ = writeln!(text, "Bids           {}", self.bidding.words());
        let _ = writeln!(text, "Active leases  {}", self.leases_active);
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
        let _ = writeln!(text, "Escrow         {} warnings\n", self.escrow_warnings);
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

/// Bids by state, and how those of the last day went.
fn bidding(snapshot: &Snapshot<'_>, now: jiff::Timestamp) -> Result<Bidding, crate::store::Error> {
    let since = now.checked_sub(DAY).unwrap_or(jiff::Timestamp::MIN);
    let rates = rows::win_rates(snapshot, since)?;
    let (won, decided) = rates.values().fold((0_u64, 0_u64), |(won, decided), rate| {
        (won.saturating_add(rate.won), decided.saturating_add(rate.decided))
    });
    let whole = |span: Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Ok(Bidding {
        paused: pauses::in_force(snapshot)?.map(|pause| pause.reason),
        bids: rows::counts(snapshot)?.into_iter().collect(),
        won_24h: won,
        decided_24h: decided,
        fill_percent: won.saturating_mul(100).checked_div(decided),
        average_milliseconds: rows::average_time(snapshot, since)?.map(whole),
        target_milliseconds: whole(BID_TARGET),
    })
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

fn job(standing: &Standing, now: jiff::Timestamp) -> JobStanding {
    let last = &standing.last;
    let running = last.outcome == Outcome::Running;
    let ended = last.ended_at.filter(|_| !running);
    JobStanding {
        job: last.job.to_string(),
        outcome: last.outcome.word(),
        ended_at: ended.map(|time| time.to_string()),
        seconds_ago: ended.map(|time| now.as_second().saturating_sub(time.as_second())),
    }
}

fn fired(row: AlertRow) -> Fired {
    Fired {
        id: row.id,
        severity: row.severity.word(),
        summary: row.summary,
        since: row.raised_at.to_string(),
        until: row.resolved_at.map(|time| time.to_string()),
    }
}

/// The last day beside the one before.
fn revenue(snapshot: &Snapshot<'_>, now: jiff::Timestamp) -> Result<Vec<Revenue>, crate::store::Error> {
    let day = |days: u32| now.checked_sub(DAY.saturating_mul(days)).unwrap_or(jiff::Timestamp::MIN);
    let mut earned = Earned::default();
    settlement::each_earning(snapshot, (Some(day(2)), Some(now)), |one| {
        let when = if one.at >= day(1) { "now" } else { "before" };
        earned.add(when, one.source == "usage", &one.amount);
    })?;
    let of = |when: &str, denom: &str| {
        let mut sums = earned.sums().filter(|(with, of, _)| *with == when && *of == denom);
        sums.next().map_or(Dec18::ZERO, |(_, _, sum)| sum.total())
    };
    let mut denoms: Vec<&str> = earned.sums().map(|(_, denom, _)| denom).collect();
    denoms.sort_unstable();
    denoms.dedup();
    let revenue = denoms.into_iter().map(|denom| {
        let (today, before) = (of("now", denom), of("before", denom));
        Revenue {
            denom: denom.to_owned(),
            last_24h: today.to_string(),
            the_24h_before: before.to_string(),
            growth_percent: growth(today, before).map(|percent| percent.to_string()),
        }
    });
    Ok(revenue.collect())
}

fn utilization(reserved: &Reserved, totals: &[(&'static str, u128)]) -> Vec<Utilization> {
    let used = |resource: &str| match resource {
        "cpu" => reserved.cpu,
        "memory" => reserved.memory,
        "storage" => reserved.storage,
        _ => reserved.gpus,
    };
    let one = |(resource, total): &(&'static str, u128)| {
        let used = used(resource);
        let percent = Int::from(used)
            .checked_mul(Int::from(100_u64))
            .and_then(|hundred| hundred.checked_div(Int::from(*total), Rounding::Down));
        Utilization {
            resource,
            used: used.to_string(),
            total: total.to_string(),
            percent: percent.ok().and_then(|percent| u64::try_from(percent).ok()),
        }
    };
    totals.iter().map(one).collect()
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
        ]
    }
}

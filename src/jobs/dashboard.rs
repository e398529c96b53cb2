//! How the provider stands, in one look: what `provider status` and the dashboard show.
//!
//! Everything is of one view of the state file, and nothing is asked of anybody else.

use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::overview::{Standing, overview};
use crate::domain::alert::Kind;
use crate::domain::amount::{Dec18, Int, Rounding};
use crate::domain::job::Outcome;
use crate::domain::key::days_between;
use crate::domain::ledger::earned::{Earned, growth};
use crate::store::alerts::AlertRow;
use crate::store::bids::{leases, pauses, rows};
use crate::store::usage::meters::{self, Reserved};
use crate::store::usage::records;
use crate::store::{self, Snapshot, Store, alerts, settlement, workloads};

/// What was earned in the last day, in one denomination.
#[derive(Debug, Clone, Serialize)]
pub struct Revenue {
    /// In which denomination.
    pub denom: String,
    /// In the last day.
    pub last_24h: String,
    /// In the day before.
    pub the_24h_before: String,
    /// By how many percent more; none where there was nothing before.
    pub growth_percent: Option<String>,
}

/// What was earned day by day, in one denomination.
#[derive(Debug, Clone, Serialize)]
pub struct Daily {
    /// In which denomination.
    pub denom: String,
    /// Each day (UTC) and its sum.
    pub days: Vec<(String, String)>,
}

/// How bidding goes.
#[derive(Debug, Clone, Serialize)]
pub struct Bidding {
    /// Why no new bids are made.
    pub paused: Option<String>,
    /// Bids by state.
    pub bids: Vec<(&'static str, u64)>,
    /// How many won in the last day.
    pub won_24h: u64,
    /// How many were decided in the last day.
    pub decided_24h: u64,
    /// How many of those won, in percent.
    pub fill_percent: Option<u64>,
    /// From the decision to the chain, on average.
    pub average_milliseconds: Option<u64>,
    /// What it should be.
    pub target_milliseconds: u64,
}

/// How much of a resource is leased.
#[derive(Debug, Clone, Serialize)]
pub struct Utilization {
    /// Which resource.
    pub resource: &'static str,
    /// How much is leased.
    pub used: String,
    /// How much is sold.
    pub total: String,
    /// The share, in percent.
    pub percent: Option<u64>,
}

/// An alert.
#[derive(Debug, Clone, Serialize)]
pub struct Fired {
    /// Its number.
    pub id: i64,
    /// How bad it is.
    pub severity: &'static str,
    /// What it says.
    pub summary: String,
    /// Since when.
    pub since: String,
    /// Until when, if it is over.
    pub until: Option<String>,
}

/// A job.
#[derive(Debug, Clone, Serialize)]
pub struct JobStanding {
    /// Which.
    pub job: String,
    /// How its last run ended.
    pub outcome: &'static str,
    /// When.
    pub ended_at: Option<String>,
    /// How long ago; none while it runs.
    pub seconds_ago: Option<i64>,
}

/// The certificate of the server.
#[derive(Debug, Clone, Serialize)]
pub struct Certificate {
    /// Its file.
    pub file: String,
    /// None where it cannot be read.
    pub ends_at: Option<String>,
    /// How many days it has left.
    pub days_left: Option<i64>,
}

/// The dashboard as data.
#[derive(Debug, Clone, Serialize)]
pub struct Dashboard {
    /// The certificate of the server; none where none is configured.
    pub certificate: Option<Certificate>,
    /// Workloads by state.
    pub workloads: Vec<(&'static str, u64)>,
    /// Usage records by state.
    pub usage_records: Vec<(&'static str, u64)>,
    /// How bidding goes.
    pub bidding: Bidding,
    /// Active leases.
    pub leases_active: u64,
    /// As of then; none where no lease was ever seen.
    pub leases_seen_at: Option<String>,
    /// Closed leases by reason.
    pub closed_leases: Vec<(String, u64)>,
    /// How many escrow accounts run low.
    pub escrow_warnings: usize,
    /// What was earned in the last day.
    pub revenue: Vec<Revenue>,
    /// What was earned on each of the last days, by denomination; the oldest day first.
    pub daily: Vec<Daily>,
    /// How much of what is sold is leased.
    pub utilization: Vec<Utilization>,
    /// The newest alerts.
    pub alerts: Vec<Fired>,
    /// Every job that ever ran.
    pub jobs: Vec<JobStanding>,
}

const DAY: Duration = Duration::from_hours(24);

/// A bid should be on the chain within this time of the decision.
const BID_TARGET: Duration = Duration::from_secs(5);

/// So many alerts are shown.
const ALERTS: u32 = 5;

/// So many days are shown.
const DAYS: i64 = 14;

impl Dashboard {
    /// Reads it from the state file; what only the configuration knows is left out. `totals` is what is sold of each resource.
    pub fn read(store: &Store, totals: &[(&'static str, u128)], now: Timestamp) -> Result<Self, store::Error> {
        let jobs = overview(store)?.into_iter().map(|standing| job(&standing, now)).collect();
        let read = |snapshot: &Snapshot<'_>| {
            let standing = leases::standing(snapshot)?;
            let listed = alerts::list(snapshot, true, Some(ALERTS))?;
            let escrow = Kind::EscrowLow;
            Ok::<_, store::Error>(Self {
                certificate: None,
                workloads: workloads::by_state(snapshot)?
                    .into_iter()
                    .map(|(state, many)| (state.word(), many))
                    .collect(),
                usage_records: records::by_state(snapshot)?
                    .into_iter()
                    .map(|(state, many)| (state.word(), many))
                    .collect(),
                leases_active: standing.active,
                leases_seen_at: standing.seen_at.map(|time| time.to_string()),
                escrow_warnings: alerts::firing(snapshot)?.iter().filter(|alert| alert.kind == escrow).count(),
                bidding: bidding(snapshot, now)?,
                closed_leases: standing.closed,
                revenue: revenue(snapshot, now)?,
                daily: daily(snapshot, now)?,
                utilization: utilization(&meters::reserved(snapshot)?, totals),
                alerts: listed.into_iter().map(fired).collect(),
                jobs: Vec::new(),
            })
        };
        let dashboard = store.read("read how the provider stands", read)?;
        Ok(Self { jobs, ..dashboard })
    }
}

impl Certificate {
    /// Of a file; `end` is none where it cannot be read.
    pub fn of(path: &Path, end: Option<Timestamp>, now: Timestamp) -> Self {
        Self {
            file: path.display().to_string(),
            ends_at: end.map(|end| end.to_string()),
            days_left: end.map(|end| days_between(now, end)),
        }
    }
}

/// The sums of the last days. A day without any is there, with nothing.
fn daily(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Vec<Daily>, store::Error> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let days: Vec<Date> =
        (0..DAYS).rev().filter_map(|ago| today.checked_sub(jiff::Span::new().days(ago)).ok()).collect();
    let from = days.first().and_then(|first| first.to_zoned(TimeZone::UTC).ok()).map(|zoned| zoned.timestamp());
    let mut earned = Earned::default();
    settlement::each_earning(snapshot, (from, Some(now)), |one| {
        let day = one.at.to_zoned(TimeZone::UTC).date().to_string();
        earned.add(&day, one.source == "usage", &one.amount);
    })?;
    let mut denoms: Vec<&str> = earned.sums().map(|(_, denom, _)| denom).collect();
    denoms.sort_unstable();
    denoms.dedup();
    let of = |day: &str, denom: &str| {
        let mut sums = earned.sums().filter(|(with, of, _)| *with == day && *of == denom);
        sums.next().map_or(Dec18::ZERO, |(_, _, sum)| sum.total())
    };
    let of_denom = |denom: &str| {
        let sums = days.iter().map(|day| (day.to_string(), of(&day.to_string(), denom).to_string()));
        Daily { denom: denom.to_owned(), days: sums.collect() }
    };
    Ok(denoms.into_iter().map(of_denom).collect())
}

/// Bids by state, and how those of the last day went.
fn bidding(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Bidding, store::Error> {
    let since = now.checked_sub(DAY).unwrap_or(Timestamp::MIN);
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

fn job(standing: &Standing, now: Timestamp) -> JobStanding {
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
fn revenue(snapshot: &Snapshot<'_>, now: Timestamp) -> Result<Vec<Revenue>, store::Error> {
    let day = |days: u32| now.checked_sub(DAY.saturating_mul(days)).unwrap_or(Timestamp::MIN);
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

//! What the metrics are called, and what they are made of.

use std::time::Duration;

use jiff::Timestamp;

use super::figures::Figures;
use super::text::Family;
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::health::{Facts, Health, JobFacts, Standing, freshness};
use crate::domain::workload::State;

/// Seconds since 1970.
fn moment(time: Timestamp) -> i64 {
    time.as_second()
}

/// What health says.
pub(super) fn of_health(facts: &Facts, health: &Health, begun: u64) -> Vec<Family> {
    let stale = |job: &JobFacts| freshness(job, facts.since, facts.now).0 != Standing::Up;
    // What is switched off is not late.
    let counts = |job: &&JobFacts| facts.bidding || job.job.as_str() != "bid-run";
    let up = !facts.jobs.iter().filter(counts).any(stale);
    let jobs = || facts.jobs.iter();
    let age = |job: &JobFacts| {
        let (ended, _) = job.success?;
        Some(Duration::try_from(facts.now.duration_since(ended)).unwrap_or_default())
    };
    vec![
        Family::gauge("provider_daemon_up", "1 while every job goes through in its time").is(up),
        Family::gauge("provider_build_info", "The version of the program")
            .of(vec![("version", env!("CARGO_PKG_VERSION").to_owned())], 1_u64),
        Family::gauge("provider_component_up", "How a component stands: 1 up, 0 degraded or down").each(
            "component",
            health.components.values().map(|component| (component.name, component.status == Standing::Up)),
        ),
        Family::counter("provider_job_runs_total", "Runs of jobs that were ever begun").is(begun),
        Family::gauge("provider_job_last_success_timestamp_seconds", "When a job went through last")
            .each("job", jobs().filter_map(|job| Some((&job.job, moment(job.success?.0))))),
        Family::gauge("provider_job_last_success_age_seconds", "How long ago a job went through last")
            .each("job", jobs().filter_map(|job| Some((&job.job, age(job)?)))),
        Family::gauge("provider_job_duration_seconds", "How long a job took when it went through last")
            .each("job", jobs().filter_map(|job| Some((&job.job, job.success?.1)))),
        Family::gauge("provider_job_period_seconds", "How often a job should run")
            .each("job", jobs().map(|job| (&job.job, job.period))),
        Family::gauge("provider_job_stale", "1 when a job is late")
            .each("job", jobs().map(|job| (&job.job, stale(job)))),
        Family::gauge("provider_job_running", "1 while a job runs")
            .each("job", jobs().map(|job| (&job.job, job.running.is_some()))),
    ]
}

/// A part of a whole as a decimal; none of nothing.
fn share(part: u64, whole: u64) -> Option<Dec18> {
    let whole = (whole > 0).then_some(whole)?;
    Dec18::ONE.checked_times(part.into()).ok()?.checked_part(whole.into(), Rounding::HalfEven).ok()
}

/// A decimal number of whole units, of thousandths.
fn thousandths(number: u128) -> Dec18 {
    Dec18::ONE
        .checked_times(number)
        .and_then(|number| number.checked_part(1000, Rounding::HalfEven))
        .unwrap_or_default()
}

/// What the market says: orders, bids, leases.
pub(super) fn of_market(found: &Figures) -> Vec<Family> {
    let counts = &found.counts;
    let (submitted, won, lost) = (counts.of("bids_submitted"), counts.of("bids_won"), counts.of("bids_lost"));
    let bids = |state: &str| counts.by_label("bids").find(|(found, _)| *found == state).map_or(0, |(_, count)| count);
    let mut families = vec![
        Family::counter("provider_bids_submitted_total", "Bids that came onto the chain").is(submitted),
        Family::counter("provider_bids_won_total", "Bids that won").is(won),
        Family::counter("provider_bids_lost_total", "Bids that nobody took").is(lost),
        Family::counter("virtengine_bid_total", "Bids that came onto the chain").is(submitted),
        Family::counter("virtengine_bid_success_total", "Bids that won").is(won),
        Family::gauge("provider_bids", "Bids by state").each("state", counts.by_label("bids")),
        Family::counter("provider_orders_declined_total", "Orders that got no bid, by reason")
            .each("reason", counts.by_label("orders_declined")),
        Family::gauge("provider_bids_waiting", "Bids that are not on the chain yet")
            .is(bids("proposed").saturating_add(bids("queued"))),
        Family::gauge("provider_bidding_paused", "1 while no new bids are made").is(found.paused),
    ];
    let (won, decided) = found.won_of_the_day;
    let rate = Family::gauge("provider_bid_win_rate", "Share of the bids of the last 24 hours that won");
    families.push(share(won, decided).into_iter().fold(rate, Family::is));
    let latency = Family::gauge(
        "provider_bid_latency_seconds",
        "From a decision to its bid on the chain, on average of 24 hours",
    );
    families.push(found.bid_latency.into_iter().fold(latency, Family::is));
    let lag = Family::gauge("provider_order_lag_seconds", "How long ago the order book was read to its end");
    families.push(found.order_lag.into_iter().fold(lag, Family::is));
    let active = u64::try_from(found.leases.len()).unwrap_or(u64::MAX);
    let provider = vec![("provider", found.provider.clone())];
    families.push(Family::gauge("virtengine_provider_active_leases", "Leases that are active").is(active));
    families.push(Family::gauge("virtengine_market_active_leases", "Leases that are active").of(provider, active));
    let rate = share(found.closed_of_the_hour, found.closed_of_the_hour.saturating_add(active)).unwrap_or_default();
    families.push(
        Family::gauge("virtengine_provider_lease_close_rate", "Share of the leases that ended within the last hour")
            .is(rate),
    );
    families
}

/// What the money says. Amounts are in the smallest unit of their denomination.
pub(super) fn of_money(found: &Figures) -> Vec<Family> {
    let denom = |denom: &str| ("denom", denom.to_owned());
    let mut balance = Family::gauge("virtengine_escrow_balance", "What is left of a tenant's money for a lease");
    let mut rate = Family::gauge("virtengine_lease_rate", "What a lease costs in a second");
    let mut until = Family::gauge("provider_lease_funded_until_timestamp_seconds", "Until when a tenant's money lasts");
    for lease in &found.leases {
        let labels = || vec![("lease", lease.id.clone()), denom(&lease.denom)];
        if let Some(left) = lease.left {
            balance = balance.of(labels(), left);
        }
        if let Some(second) = lease.by_the_second {
            rate = rate.of(labels(), second);
        }
        if let Some(end) = lease.funded_until {
            until = until.of(vec![("lease", lease.id.clone())], moment(end));
        }
    }
    let mut earned = Family::gauge("virtengine_escrow_settlement_amount", "What was earned in all; it only grows");
    let mut revenue = Family::gauge("virtengine_provider_lease_revenue", "What leases earned in all, without usage");
    let mut by_source = Family::counter("provider_earned_total", "What was earned in all, by source");
    let mut spent = Family::counter("provider_spent_total", "Fees and deposits that blocks took");
    let mut sums: std::collections::BTreeMap<&str, Dec18> = std::collections::BTreeMap::new();
    for ((name, unit), amount) in &found.money {
        if let Some(source) = name.strip_prefix("earned_") {
            let sum = sums.entry(unit).or_default();
            *sum = sum.checked_add(*amount).unwrap_or(*sum);
            by_source = by_source.of(vec![("source", source.to_owned()), denom(unit)], *amount);
            if source == "lease" {
                revenue = revenue.of(vec![denom(unit)], *amount);
            }
        } else {
            spent = spent.of(vec![("kind", name.clone()), denom(unit)], *amount);
        }
    }
    for (unit, sum) in sums {
        earned = earned.of(vec![denom(unit)], sum);
    }
    let sum = |name: &'static str, help: &'static str, amounts: &std::collections::BTreeMap<String, Dec18>| {
        amounts.iter().fold(Family::gauge(name, help), |family, (unit, amount)| family.of(vec![denom(unit)], *amount))
    };
    let withdrawn = sum("provider_withdrawn_amount", "What active and past leases have paid out", &found.withdrawn);
    let locked = sum("provider_deposits_locked_amount", "Deposits of bids that are on the chain", &found.locked);
    vec![balance, rate, until, earned, revenue, by_source, spent, withdrawn, locked]
}

/// What runs, and what it used.
pub(super) fn of_workloads(found: &Figures) -> Vec<Family> {
    let counts = &found.counts;
    let active = found
        .workloads
        .iter()
        .filter(|(state, _)| !matches!(state, State::Terminated | State::Stopped | State::Failed));
    let active: u64 = active.map(|(_, many)| *many).sum();
    let state = |state: &State| found.workloads.iter().find(|(known, _)| known == state).map_or(0, |(_, many)| *many);
    let (reserved, total) = (&found.reserved, &found.capacity);
    let of = |resource: &str| match resource {
        "cpu" => reserved.cpu,
        "memory" => reserved.memory,
        "storage" => reserved.storage,
        _ => reserved.gpus,
    };
    let used = total.iter().filter_map(|(resource, total)| {
        let (used, total) = (u64::try_from(of(resource)).ok()?, u64::try_from(*total).ok()?);
        Some((*resource, share(used, total)?))
    });
    vec![
        Family::gauge("virtengine_provider_workloads", "Workloads by state")
            .each("state", State::ALL.iter().map(|known| (known.word(), state(known)))),
        Family::gauge("provider_workloads_active", "Workloads that are not over, stopped or failed").is(active),
        Family::counter("provider_workloads_total", "Workloads that ever were").is(counts.of("workloads")),
        Family::counter("provider_workload_transitions_total", "Changes of state of workloads, by the new state")
            .each("state", counts.by_label("workload_transitions")),
        Family::gauge("provider_resource_cpu_allocated", "Cores that active leases reserve")
            .is(thousandths(reserved.cpu)),
        Family::gauge("provider_resource_memory_allocated_bytes", "Memory that active leases reserve")
            .is(reserved.memory),
        Family::gauge("provider_resource_storage_allocated_bytes", "Storage that active leases reserve")
            .is(reserved.storage),
        Family::gauge("provider_resource_gpu_allocated", "GPUs that active leases reserve").is(reserved.gpus),
        Family::gauge("provider_resource_utilization", "Share of what is for sale that active leases reserve")
            .each("resource", used),
        Family::counter("provider_usage_submissions_total", "Usage records that were sent")
            .is(counts.of("usage_submissions")),
        Family::counter("provider_usage_submission_errors_total", "Attempts to send usage records that failed")
            .is(counts.of("usage_submission_errors")),
        Family::gauge("provider_usage_records", "Usage records by state")
            .each("state", counts.by_label("usage_records")),
    ]
}

/// What waits, what ends, what fires.
pub(super) fn of_upkeep(facts: &Facts, found: &Figures) -> Vec<Family> {
    let age = |then: Timestamp| Duration::try_from(facts.now.duration_since(then)).unwrap_or_default();
    let outbox = Family::gauge("provider_outbox_age_seconds", "How long the oldest message waits for its block");
    let unconfirmed = Family::gauge(
        "provider_tx_unconfirmed_age_seconds",
        "How long ago the oldest transaction without an end was signed",
    );
    let head = Family::gauge("provider_chain_head_age_seconds", "How long the chain's height was not seen to grow");
    let read = facts.chain.iter().chain(&facts.back_ends);
    let oldest = |family, then: Option<Timestamp>| Family::is(family, then.map_or(Duration::ZERO, age));
    vec![
        Family::gauge("provider_outbox_messages", "Messages of the outbox that are not done, by state")
            .each("state", found.outbox.iter().map(|(state, many)| (state, *many))),
        oldest(outbox, found.oldest_intent),
        oldest(unconfirmed, facts.oldest_unconfirmed),
        facts.head_since.map(age).into_iter().fold(head, Family::is),
        Family::gauge("provider_source_up", "1 while the chain or a back end answers")
            .each("source", read.clone().map(|source| (&source.name, !source.failed))),
        Family::gauge("provider_source_age_seconds", "How long ago the chain or a back end answered")
            .each("source", read.map(|source| (&source.name, age(source.read)))),
        Family::gauge(
            "provider_orphans",
            "Units of ours on a back end that no workload owns, as the last reconcile saw",
        )
        .is(found.orphans),
        Family::gauge("provider_key_age_seconds", "How long a key has been in use")
            .each("key", found.keys.iter().map(|(name, since)| (name, age(*since)))),
        Family::gauge("provider_key_expiry_timestamp_seconds", "When a key makes no more signatures").each(
            "key",
            found.keys.iter().filter_map(|(name, since)| Some((name, moment(since.checked_add(found.key_life).ok()?)))),
        ),
        Family::gauge("provider_tls_expiry_timestamp_seconds", "When the server's certificate ends")
            .each("certificate", found.certificates.iter().map(|(name, end)| (name, moment(*end)))),
        found.alerts.iter().fold(
            Family::gauge("provider_alerts_firing", "Alerts that fire"),
            |family, (kind, severity, many)| {
                family.of(vec![("kind", kind.clone()), ("severity", severity.clone())], *many)
            },
        ),
    ]
}

//! What the metrics are called, and what they are made of.

use std::time::Duration;

use jiff::Timestamp;

use super::text::Family;
use crate::domain::health::{Facts, Health, JobFacts, Standing, freshness};

/// Seconds since 1970.
fn moment(time: Timestamp) -> i64 {
    time.as_second()
}

/// What health says.
pub(super) fn of_health(facts: &Facts, health: &Health, begun: u64) -> Vec<Family> {
    let stale = |job: &JobFacts| freshness(job, facts.now).0 != Standing::Up;
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

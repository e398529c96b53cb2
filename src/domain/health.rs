//! Health: whether what must happen again and again has happened lately.
//!
//! No process has to be up for this provider to be well, so health is freshness: the last run of each job that went
//! through against its rhythm, the chain's head as the jobs saw it last, the oldest transaction without an end, the back
//! ends' last answers. The five components and the words are those of the training manual (`HealthStatus`,
//! `ComponentHealth`).
//!
//! Texts say what an operator needs and nothing that the whole world may not read: a load balancer asks without a name.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::duration;
use super::job::{JobName, Outcome};

/// The components, in the order of the manual.
pub const COMPONENTS: &[&str] = &["bid-engine", "key-manager", "usage-meter", "chain", "adapters"];

/// How a component stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// As it should be.
    Up,
    /// Late, or not all of it.
    Degraded,
    /// It does not do its work.
    Down,
}

/// How the provider stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every component is up.
    Healthy,
    /// It works, but somebody should look.
    Degraded,
    /// Something does not work.
    Unhealthy,
}

impl Status {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        }
    }
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Component {
    /// Its name.
    pub name: &'static str,
    /// How it stands.
    pub status: Standing,
    /// How long its last work took, or how old what it last saw is; in nanoseconds, as Go writes a duration.
    #[serde(serialize_with = "nanoseconds")]
    pub latency: Duration,
    /// Why, in a sentence.
    pub message: String,
}

fn nanoseconds<S: Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(span.as_nanos()).unwrap_or(u64::MAX))
}

/// The health of the provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// As a whole.
    pub status: Status,
    /// Each component by its name.
    pub components: BTreeMap<&'static str, Component>,
    /// When it was judged.
    pub last_checked: Timestamp,
}

/// What is known of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFacts {
    /// Its name.
    pub job: JobName,
    /// The time from one run to the next.
    pub period: Duration,
    /// How long a run may take.
    pub limit: Duration,
    /// The last run that went through: when it ended and how long it took.
    pub success: Option<(Timestamp, Duration)>,
    /// How the last run ended.
    pub last: Option<Outcome>,
    /// Since when it runs, if it does.
    pub running: Option<Timestamp>,
}

/// What is known of a source: the chain or a back end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFacts {
    /// Its name.
    pub name: String,
    /// When it answered last.
    pub read: Timestamp,
    /// Its last answer was none.
    pub failed: bool,
}

/// What is known of a key that must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFacts {
    /// What it is for: signing, usage, encryption.
    pub role: &'static str,
    /// Nothing works without it.
    pub essential: bool,
    /// There is one in use.
    pub is_there: bool,
}

/// All that health is judged by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The time.
    pub now: Timestamp,
    /// Each job that a timer starts.
    pub jobs: Vec<JobFacts>,
    /// Bidding is switched on.
    pub bidding: bool,
    /// No new bids are made, because a person said so.
    pub paused: bool,
    /// The keys.
    pub keys: Vec<KeyFacts>,
    /// The chain; `None`: nothing read it yet.
    pub chain: Option<SourceFacts>,
    /// Since when the height has not grown, as the jobs saw it.
    pub head_since: Option<Timestamp>,
    /// When the oldest transaction without an end was signed.
    pub oldest_unconfirmed: Option<Timestamp>,
    /// The back ends.
    pub back_ends: Vec<SourceFacts>,
}

/// A transaction is in a block within this time, or something is wrong.
const UNCONFIRMED: Duration = Duration::from_mins(10);

/// What is this many times later than it should be does not happen any more.
const GONE: u32 = 4;

/// Timers scatter, machines are busy: less than this is not late.
const SLACK: Duration = Duration::from_mins(1);

/// Health by what is known.
pub fn judge(facts: &Facts) -> Health {
    let components = [bid_engine(facts), key_manager(facts), usage_meter(facts), chain(facts), adapters(facts)];
    let worst = components.iter().map(|component| component.status).max().unwrap_or(Standing::Up);
    let status = match worst {
        Standing::Up => Status::Healthy,
        Standing::Degraded => Status::Degraded,
        Standing::Down => Status::Unhealthy,
    };
    let components = components.into_iter().map(|component| (component.name, component)).collect();
    Health { status, components, last_checked: facts.now }
}

/// How old something may be that happens every `period`.
pub fn allowed(period: Duration) -> Duration {
    // What happens once a day is a day late only after it was missed once.
    let missed = if period >= Duration::from_hours(12) { period / 4 } else { period.saturating_mul(2) };
    period.saturating_add(missed).saturating_add(SLACK)
}

/// How fresh a job is, and why.
pub fn freshness(job: &JobFacts, now: Timestamp) -> (Standing, String) {
    let name = &job.job;
    let allowed = allowed(job.period);
    let overdue = job.running.map(|since| age(now, since)).filter(|runs| *runs > job.limit.saturating_add(SLACK));
    let (standing, text) = match &job.success {
        // The first run takes what it takes.
        None if job.running.is_some() => (Standing::Degraded, format!("{name} runs for the first time")),
        None => (Standing::Down, format!("{name} has never gone through")),
        Some((ended, _)) => {
            let old = age(now, *ended);
            let text = format!("{name} went through {} ago", words(old));
            if old <= allowed || job.running.is_some_and(|since| age(since, *ended) <= allowed) && overdue.is_none() {
                (Standing::Up, text)
            } else if old <= allowed.saturating_mul(GONE) {
                (Standing::Degraded, format!("{text}, and is due every {}", words(job.period)))
            } else {
                (Standing::Down, format!("{text}, and is due every {}", words(job.period)))
            }
        }
    };
    match (overdue, job.last) {
        (Some(runs), _) => {
            let text = format!("{text}; the present run has taken {} of {} already", words(runs), words(job.limit));
            (standing.max(Standing::Degraded), text)
        }
        (None, Some(Outcome::PartlyFailed)) => {
            (standing.max(Standing::Degraded), format!("{text}; some of its items failed"))
        }
        (None, Some(Outcome::Failed | Outcome::Killed)) => (standing, format!("{text}; its last run failed")),
        (None, _) => (standing, text),
    }
}

fn age(now: Timestamp, then: Timestamp) -> Duration {
    // A clock that was set back makes nothing younger than it is.
    Duration::try_from(now.duration_since(then)).unwrap_or_default()
}

fn words(span: Duration) -> String {
    duration::display(Duration::from_secs(span.as_secs())).to_string()
}

/// The jobs of a component together: the worst of them, and what is to be said.
fn of_jobs(facts: &Facts, names: &[&str]) -> (Standing, Duration, Vec<String>) {
    let (mut worst, mut latency, mut texts) = (Standing::Up, Duration::ZERO, Vec::new());
    for job in facts.jobs.iter().filter(|job| names.contains(&job.job.as_str())) {
        let (standing, text) = freshness(job, facts.now);
        worst = worst.max(standing);
        latency = latency.max(job.success.map_or(Duration::ZERO, |(_, took)| took));
        texts.push(text);
    }
    (worst, latency, texts)
}

fn component(name: &'static str, (status, latency, texts): (Standing, Duration, Vec<String>)) -> Component {
    Component { name, status, latency, message: texts.join("; ") }
}

fn bid_engine(facts: &Facts) -> Component {
    let (mut standing, latency, mut texts) = of_jobs(facts, &["bid-run"]);
    if !facts.bidding {
        standing = Standing::Up;
        texts = vec!["bidding is switched off".to_owned()];
    } else if facts.paused {
        texts.insert(0, "no new bids are made: paused".to_owned());
    }
    component("bid-engine", (standing, latency, texts))
}

fn key_manager(facts: &Facts) -> Component {
    let (mut standing, latency, mut texts) = of_jobs(facts, &["keys-rotate"]);
    for key in facts.keys.iter().filter(|key| !key.is_there) {
        standing = standing.max(if key.essential { Standing::Down } else { Standing::Degraded });
        texts.insert(0, format!("no {} key is in use", key.role));
    }
    component("key-manager", (standing, latency, texts))
}

fn usage_meter(facts: &Facts) -> Component {
    component("usage-meter", of_jobs(facts, &["usage-collect", "usage-submit"]))
}

fn chain(facts: &Facts) -> Component {
    let (mut standing, _, mut texts) = of_jobs(facts, &["tx-flush", "lease-monitor"]);
    let mut latency = Duration::ZERO;
    match &facts.chain {
        None => texts.push("no job has read it yet".to_owned()),
        Some(source) => {
            latency = age(facts.now, source.read);
            let (of_source, text) = of_source(source, facts, "the chain");
            standing = standing.max(of_source);
            texts.insert(0, text);
        }
    }
    // The height is looked at with each reconcile.
    let patience = period_of(facts, "workloads-reconcile").map_or(UNCONFIRMED, allowed).max(UNCONFIRMED);
    if let Some(stands) = facts.head_since.map(|since| age(facts.now, since)).filter(|old| *old > patience) {
        standing = standing.max(Standing::Degraded);
        texts.insert(0, format!("its height has not been seen to grow for {}", words(stands)));
    }
    if let Some(waits) = facts.oldest_unconfirmed.map(|signed| age(facts.now, signed)).filter(|old| *old > UNCONFIRMED)
    {
        let gone = waits > UNCONFIRMED.saturating_mul(GONE);
        standing = standing.max(if gone { Standing::Down } else { Standing::Degraded });
        texts.insert(0, format!("a transaction has had no end for {}", words(waits)));
    }
    component("chain", (standing, latency, texts))
}

fn period_of(facts: &Facts, job: &str) -> Option<Duration> {
    facts.jobs.iter().find(|one| one.job.as_str() == job).map(|job| job.period)
}

/// A source that is read with each reconcile.
fn of_source(source: &SourceFacts, facts: &Facts, name: &str) -> (Standing, String) {
    let old = age(facts.now, source.read);
    let allowed = period_of(facts, "workloads-reconcile").map_or(UNCONFIRMED, allowed);
    let text = format!("{name} answered {} ago", words(old));
    if source.failed && old > allowed.saturating_mul(GONE) {
        (Standing::Down, format!("{text}, and not since"))
    } else if source.failed {
        (Standing::Degraded, format!("{text}, and not when it was asked last"))
    } else {
        (Standing::Up, text)
    }
}

fn adapters(facts: &Facts) -> Component {
    let (mut standing, latency, mut texts) = of_jobs(facts, &["workloads-reconcile"]);
    for source in &facts.back_ends {
        let (of_source, text) = of_source(source, facts, &source.name);
        standing = standing.max(of_source);
        texts.push(text);
    }
    component("adapters", (standing, latency, texts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> Timestamp {
        "2026-11-22T12:00:00Z".parse().unwrap()
    }

    fn ago(seconds: u64) -> Timestamp {
        now().checked_sub(Duration::from_secs(seconds)).unwrap()
    }

    fn job(name: &'static str, period: u64, ended: u64) -> JobFacts {
        JobFacts {
            job: JobName::constant(name),
            period: Duration::from_secs(period),
            limit: Duration::from_mins(10),
            success: Some((ago(ended), Duration::from_secs(2))),
            last: Some(Outcome::Done),
            running: None,
        }
    }

    fn well() -> Facts {
        let source = |name: &str| SourceFacts { name: name.to_owned(), read: ago(20), failed: false };
        Facts {
            now: now(),
            jobs: vec![
                job("bid-run", 30, 10),
                job("workloads-reconcile", 30, 20),
                job("usage-collect", 60, 30),
                job("usage-submit", 3600, 1800),
                job("lease-monitor", 600, 300),
                job("tx-flush", 30, 5),
                job("keys-rotate", 86_400, 40_000),
            ],
            bidding: true,
            paused: false,
            keys: vec![KeyFacts { role: "signing", essential: true, is_there: true }],
            chain: Some(source("chain")),
            head_since: Some(ago(25)),
            oldest_unconfirmed: Some(ago(8)),
            back_ends: vec![source("local")],
        }
    }

    fn standing(facts: &Facts, component: &str) -> Standing {
        judge(facts).components[component].status
    }

    #[test]
    fn all_is_well_and_has_the_manuals_form() {
        let health = judge(&well());
        assert_eq!(health.status, Status::Healthy);
        assert_eq!(health.components.len(), COMPONENTS.len());
        let json = serde_json::to_value(&health).unwrap();
        assert_eq!(json["status"], "healthy");
        assert_eq!(json["last_checked"], "2026-11-22T12:00:00Z");
        let expected = serde_json::json!({
            "name": "bid-engine", "status": "up", "latency": 2_000_000_000_u64, "message": "bid-run went through 10s ago"
        });
        assert_eq!(json["components"]["bid-engine"], expected);
    }

    #[test]
    fn a_job_is_late_then_gone() {
        let mut facts = well();
        // Every 30 s, and a minute of slack: 150 s are allowed.
        for (seconds, expected) in
            [(150, Standing::Up), (151, Standing::Degraded), (600, Standing::Degraded), (601, Standing::Down)]
        {
            facts.jobs[0] = job("bid-run", 30, seconds);
            assert_eq!(standing(&facts, "bid-engine"), expected, "{seconds}");
        }
        facts.jobs[0].success = None;
        assert_eq!(judge(&facts).status, Status::Unhealthy);
        // A day and a quarter, and a minute.
        facts = well();
        facts.jobs[6] = job("keys-rotate", 86_400, 108_061);
        assert_eq!(standing(&facts, "key-manager"), Standing::Degraded);
    }

    #[test]
    fn a_long_run_is_fresh_until_its_limit() {
        let mut facts = well();
        facts.jobs[0] = JobFacts { running: Some(ago(300)), ..job("bid-run", 30, 310) };
        assert_eq!(standing(&facts, "bid-engine"), Standing::Up);
        facts.jobs[0] = JobFacts { running: Some(ago(661)), ..job("bid-run", 30, 670) };
        assert_eq!(standing(&facts, "bid-engine"), Standing::Down);
        assert!(judge(&facts).components["bid-engine"].message.contains("the present run has taken 11m1s of 10m"));
    }

    #[test]
    fn each_fact_shows_in_its_component() {
        type Change = fn(&mut Facts);
        let cases: &[(&str, Standing, Change)] = &[
            ("bid-engine", Standing::Degraded, |facts| facts.jobs[0].last = Some(Outcome::PartlyFailed)),
            ("bid-engine", Standing::Up, |facts| facts.paused = true),
            ("key-manager", Standing::Down, |facts| facts.keys[0].is_there = false),
            ("key-manager", Standing::Degraded, |facts| {
                facts.keys.push(KeyFacts { role: "usage", essential: false, is_there: false });
            }),
            ("usage-meter", Standing::Down, |facts| facts.jobs[2].success = None),
            ("chain", Standing::Degraded, |facts| facts.oldest_unconfirmed = Some(ago(601))),
            ("chain", Standing::Down, |facts| facts.oldest_unconfirmed = Some(ago(2401))),
            ("chain", Standing::Degraded, |facts| facts.head_since = Some(ago(601))),
            ("chain", Standing::Degraded, |facts| facts.chain.as_mut().unwrap().failed = true),
            ("chain", Standing::Up, |facts| facts.chain = None),
            ("adapters", Standing::Degraded, |facts| facts.back_ends[0].failed = true),
            ("adapters", Standing::Down, |facts| {
                facts.back_ends[0] = SourceFacts { name: "local".into(), read: ago(601), failed: true };
            }),
        ];
        for (place, (component, expected, change)) in cases.iter().enumerate() {
            let mut facts = well();
            change(&mut facts);
            let health = judge(&facts);
            assert_eq!(health.components[component].status, *expected, "case {place}");
            let others = health.components.values().filter(|other| other.name != *component);
            assert!(others.clone().all(|other| other.status == Standing::Up), "case {place}: {health:?}");
        }
        let mut facts = well();
        (facts.bidding, facts.jobs[0].success) = (false, None);
        assert_eq!(standing(&facts, "bid-engine"), Standing::Up, "what is switched off is not late");
    }
}

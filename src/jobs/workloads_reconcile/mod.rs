//! Workloads: hold what runs against what should, and do something about the difference.
//!
//! ```text
//! observe   the chain's leases; every back end, in bulk; the checks of manifests that are due
//! plan      domain::workload::plan: pure
//! act       with bounded concurrency, each step written down before it is taken
//!           └─ again, until there is nothing to do that can be done now
//! ```
//! # Promises
//! - A source that could not be read changes nothing: nothing is stopped, removed or closed because of it.
//! - A kill between any two steps is repaired by the next run: what a workload should be is in the state file before a
//!   back end is asked, and back ends can be asked again.
//! - The last meters of a unit are in the state file before it is ended.
//! - What ends without anybody asking is counted before it ends, and stops at the caps.
//! - One workload that fails does not stop the others: the report has a line for each.

mod act;
mod chain;
mod error;
mod observe;
mod report;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::adapters::Registry;
use crate::domain::fault::in_one_line;
use crate::domain::job::JobName;
use crate::domain::workload::plan::{BackEnd, Budget, Rules, Step, World, plan};
use crate::domain::workload::{Reading, State, Workload, WorkloadId};
use crate::store::workloads::history;

use super::{Circumstances, Run};

pub use chain::{CloseError, LeasesRead, Market};
pub use error::Error;
use observe::{Look, Truth};
pub use report::{End, Item, Orphan, Reconciled};

/// The name of the job.
pub const NAME: JobName = JobName::constant("workloads-reconcile");

/// What a run is given.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The back ends.
    pub registry: &'a Registry,
    /// Our leases; none where no chain is configured, and then nothing is known of any.
    pub market: Option<&'a dyn Market>,
    /// How things are done.
    pub rules: &'a Rules,
    /// How much may be done.
    pub caps: Caps,
    /// How many workloads are worked at, at the same time.
    pub concurrency: usize,
    /// How long a workload may take to end before it is made to.
    pub grace: Duration,
    /// Tenants may run as processes of this machine.
    pub trust_processes: bool,
    /// Only this workload.
    pub only: Option<&'a WorkloadId>,
}

/// How much may be done without anybody asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Workloads that may be ended in a run.
    pub terminations_per_run: u32,
    /// Workloads that may be ended in an hour.
    pub terminations_per_hour: u32,
    /// Evictions that may be under way at the same time.
    pub evictions_at_once: u32,
}

/// How often one run plans anew at most: what was just started may be up by then.
const ROUNDS: u32 = 4;
/// The time over which the second cap counts.
const HOUR: Duration = Duration::from_hours(1);

/// Reconciles once.
pub async fn run(request: &Request<'_>, given: Circumstances<'_>) -> Result<Reconciled, Error> {
    let run = Run::begin(&NAME, given)?;
    let result = reconcile(request, given, &run).await;
    run.conclude(result)
}

async fn reconcile(request: &Request<'_>, given: Circumstances<'_>, run: &Run<'_>) -> Result<Reconciled, Error> {
    let mut report = Reconciled::default();
    let acting = act::Acting::new(request, given, run.id(), run.trail());
    let mut spent = 0;
    let mut look = Look::AndCheck;
    for _ in 0..ROUNDS {
        let truth = Truth::observe(request, given, look).await?;
        look = Look::AndNote;
        let rules = rules(request, given)?;
        let budget = budget(request, given, &truth, spent)?;
        let back_ends = truth.back_ends();
        let world = world(given, &rules, budget, &truth, &back_ends);
        report.orphans = crate::domain::workload::plan::orphans(&world).len();
        let mut plan = plan(&world);
        plan.steps.retain(|step| request.wants(&step.workload) && !report.failed(&step.workload));
        plan.held.retain(|held| request.wants(&held.workload));
        report.read(&truth, plan.held);
        if plan.steps.is_empty() {
            break;
        }
        let counted = |step: &&Step| truth.workload(&step.workload).is_some_and(|workload| step.is_counted(workload));
        spent += u32::try_from(plan.steps.iter().filter(counted).count()).unwrap_or(u32::MAX);
        report.items.extend(acting.act(&truth, plan.steps).await?);
        if (given.should_stop)() {
            report.interrupted = true;
            break;
        }
    }
    Ok(report)
}

/// What a run would do, without doing it; with a workload taken for what it would be, where one is given.
pub async fn rehearse(
    request: &Request<'_>,
    given: Circumstances<'_>,
    supposed: Option<Workload>,
) -> Result<Reconciled, Error> {
    let mut truth = Truth::observe(request, given, Look::Rehearsing).await?;
    if let Some(supposed) = supposed {
        truth.suppose(supposed);
    }
    let rules = rules(request, given)?;
    let budget = budget(request, given, &truth, 0)?;
    let mut plan = plan(&world(given, &rules, budget, &truth, &truth.back_ends()));
    plan.held.retain(|held| request.wants(&held.workload));
    let steps = plan.steps.into_iter().filter(|step| request.wants(&step.workload));
    let mut report = Reconciled { items: steps.map(Item::planned).collect(), ..Reconciled::default() };
    report.read(&truth, plan.held);
    Ok(report)
}

fn world<'a>(
    given: Circumstances<'_>,
    rules: &'a Rules,
    budget: Budget,
    truth: &'a Truth,
    back_ends: &'a BTreeMap<String, Reading<BackEnd<'a>>>,
) -> World<'a> {
    let (workloads, chain, undone) = (truth.workloads(), truth.chain(), truth.undone());
    World { now: (given.now)(), rules, budget, workloads, chain, back_ends, undone }
}

impl Request<'_> {
    /// Whether a workload is among those that are meant.
    fn wants(&self, workload: &WorkloadId) -> bool {
        self.only.is_none_or(|only| only == workload)
    }
}

/// The rules, with what the operator said about new work.
fn rules(request: &Request<'_>, given: Circumstances<'_>) -> Result<Rules, Error> {
    let maintenance = given.store.read("read whether new work is taken", history::maintenance)?;
    Ok(Rules { draining: maintenance.map(|maintenance| maintenance.reason), ..request.rules.clone() })
}

/// What is left of the caps: of the run's own, after what it has spent, and of the hour's.
fn budget(request: &Request<'_>, given: Circumstances<'_>, truth: &Truth, spent: u32) -> Result<Budget, Error> {
    let Caps { terminations_per_run, terminations_per_hour, evictions_at_once } = request.caps;
    let since = (given.now)().checked_sub(HOUR).unwrap_or(jiff::Timestamp::MIN);
    let hour =
        given.store.read("count what was ended in the last hour", |snapshot| history::ended_since(snapshot, since))?;
    let left = terminations_per_run.saturating_sub(spent).min(terminations_per_hour.saturating_sub(hour));
    let there = truth.workloads().iter().filter(|workload| match workload.state {
        State::Deploying | State::Running | State::Paused | State::Stopping | State::Stopped | State::Failed => true,
        State::Pending | State::Terminated => false,
    });
    let there = u32::try_from(there.count()).unwrap_or(u32::MAX);
    // What nobody is busy with is not under way.
    let evicted = truth.workloads().iter();
    let evicted = evicted.filter(|workload| workload.is_being_evicted() && !truth.undone().contains_key(&workload.id));
    Ok(Budget {
        terminations: left,
        deploys: request.rules.max_concurrent.saturating_sub(there),
        evictions: evictions_at_once.saturating_sub(u32::try_from(evicted.count()).unwrap_or(u32::MAX)),
    })
}

/// What runs where nothing should: for `workloads orphans`.
pub async fn orphans(request: &Request<'_>, given: Circumstances<'_>) -> Result<(Vec<Orphan>, Reconciled), Error> {
    let truth = Truth::observe(request, given, Look::Only).await?;
    let rules = rules(request, given)?;
    let budget = Budget { terminations: 0, deploys: 0, evictions: 0 };
    let back_ends = truth.back_ends();
    let world = world(given, &rules, budget, &truth, &back_ends);
    let orphans = crate::domain::workload::plan::orphans(&world);
    let orphans = orphans.into_iter().map(|(adapter, observed, why)| Orphan {
        adapter: adapter.to_owned(),
        workload: observed.id.to_string(),
        owner: observed.owner.to_string(),
        units: observed.units.len(),
        why: why.to_owned(),
    });
    let mut orphans: Vec<Orphan> = orphans.collect();
    let mut report = Reconciled::default();
    report.read(&truth, vec![]);
    for adapter in request.registry.iter() {
        match adapter.strays().await {
            Ok(strays) => orphans.extend(strays.into_iter().map(|stray| Orphan {
                adapter: adapter.name().to_owned(),
                workload: stray.what,
                owner: String::new(),
                units: 1,
                why: stray.why,
            })),
            // It was told above already, unless it fell silent since.
            Err(error) if !report.unknown.iter().any(|(name, _)| name == adapter.name()) => {
                report.unknown.push((adapter.name().to_owned(), in_one_line(&error)));
            }
            Err(_) => {}
        }
    }
    Ok((orphans, report))
}

//! What every command needs that looks at workloads and what runs them: back ends, the market, the rules.

use std::time::Duration;

use serde::Serialize;

use crate::adapters::Registry;
use crate::chain::client::Client;
use crate::cli::back_ends::registry;
use crate::cli::chain::client;
use crate::cli::output::Form;
use crate::cli::output::listing::Row;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, Report, Status, wait_for};
use crate::config::schema::{EvictionReason as Configured, Settings};
use crate::domain::address::Address;
use crate::domain::job::Outcome;
use crate::domain::workload::plan::{EvictionRules, Rules};
use crate::domain::workload::{Actor, EvictionReason, WorkloadId, heal, health};
use crate::jobs::audit::Audited;
use crate::jobs::workloads_market::ChainMarket;
use crate::jobs::workloads_reconcile::{self, Caps, End, Item, Market, Orphan, Reconciled, Request};
use crate::jobs::{Circumstances, Report as _};
use crate::observe::audit::actor;
use crate::store::{Mode, Store};

/// Back ends, the market and the rules of a configuration.
pub struct Reconciling<'c> {
    context: &'c Context,
    /// The configuration.
    pub configuration: Configuration,
    /// The back ends.
    pub registry: Registry,
    client: Client,
    provider: Option<Address>,
    rules: Rules,
}

/// The chains on one's own machine, where all tenants are oneself. A public test network is none of them.
fn is_devnet(configuration: &Configuration) -> bool {
    let network = configuration.network();
    let chain_id = configuration.settings.chain.chain_id.as_ref().map_or(network.chain_id, |id| id.0.as_str());
    chain_id.starts_with("devnet-") || (network.test_chain_ids.contains(&chain_id) && chain_id.contains("localnet"))
}

impl<'c> Reconciling<'c> {
    /// Opens the back ends. Nobody is asked yet.
    pub fn open(context: &'c Context) -> Result<Self, Failure> {
        let configuration = context.configuration()?;
        let registry = registry(context, &configuration)?;
        let rules = rules(&configuration.settings);
        let (client, provider) = (client(&configuration), provider(context, &configuration));
        Ok(Self { context, configuration, registry, client, provider, rules })
    }

    /// The chain.
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Who we are on the chain, where that is known.
    pub const fn provider(&self) -> Option<&Address> {
        self.provider.as_ref()
    }

    /// Reconciles, all or one workload; or says what would be done.
    pub fn run(&self, only: Option<&WorkloadId>) -> Result<Reconciled, Failure> {
        self.with(only, self.context.global.dry_run, async |request, given, dry_run| {
            if dry_run {
                workloads_reconcile::rehearse(request, given).await
            } else {
                workloads_reconcile::run(request, given).await
            }
        })
    }

    /// What runs where nothing should.
    pub fn orphans(&self) -> Result<(Vec<Orphan>, Reconciled), Failure> {
        self.with(None, true, async |request, given, _| workloads_reconcile::orphans(request, given).await)
    }

    fn with<T>(
        &self,
        only: Option<&WorkloadId>,
        looks: bool,
        work: impl AsyncFnOnce(&Request<'_>, Circumstances<'_>, bool) -> Result<T, workloads_reconcile::Error>,
    ) -> Result<T, Failure> {
        let (context, configuration) = (self.context, &self.configuration);
        let path = &configuration.state_file;
        let interrupt = context.interrupt()?;
        let store = if looks { context.open_state(path, Mode::Read)? } else { context.open_for_job(path)? };
        let (audit, values) = (configuration.audit(), configuration.values());
        let given = Circumstances {
            store: &store,
            now: &|| context.now(),
            should_stop: &|| interrupt.requested().is_some(),
            wait: context.global.wait.unwrap_or_default(),
            audit: Some(Audited { settings: &audit, configuration: Some(&values) }),
        };
        let market = self.provider.as_ref().map(|provider| ChainMarket { client: &self.client, provider });
        let settings = &configuration.settings;
        let request = Request {
            registry: &self.registry,
            market: market.as_ref().map(|market| market as &dyn Market),
            rules: &self.rules,
            caps: caps(settings),
            concurrency: usize::try_from(settings.workloads.concurrency).unwrap_or(usize::MAX),
            grace: settings.workloads.stop_grace,
            trust_processes: settings.orchestration.local.allow_untrusted_process || is_devnet(configuration),
            only,
        };
        wait_for(work(&request, given, looks))?.map_err(|error| Failure::from_error(&error))
    }

    /// Opens the state file for a command that writes a few rows.
    pub fn store(&self) -> Result<Store, Failure> {
        self.context.open_for_job(&self.configuration.state_file)
    }
}

/// Who asks, by the account of this process.
pub fn operator() -> Actor {
    let who = actor(None, None);
    Actor::Operator { user: who.user.unwrap_or_else(|| who.uid.to_string()) }
}

/// Under which account we sell: the one that is configured, else that of the signing key. Without either there is no
/// chain to look at.
fn provider(context: &Context, configuration: &Configuration) -> Option<Address> {
    if let Some(address) = &configuration.settings.provider.address {
        return Address::parse(&address.0, configuration.network().address_prefix).ok();
    }
    Sending::open(context, configuration).and_then(|sending| sending.address()).ok()
}

fn rules(settings: &Settings) -> Rules {
    let workloads = &settings.workloads;
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let reasons = workloads.eviction.reasons.iter().map(|reason| match reason {
        Configured::ResourceExhaustion => EvictionReason::ResourceExhaustion,
        Configured::RepeatedFailures => EvictionReason::RepeatedFailures,
        Configured::LeaseExpired => EvictionReason::LeaseExpired,
    });
    Rules {
        max_concurrent: small(workloads.max_concurrent),
        manifest_timeout: workloads.manifest_timeout,
        deploy_timeout: workloads.deploy_timeout,
        health: health::Rules {
            interval: workloads.health_check.interval,
            timeout: workloads.health_check.timeout,
            retries: small(workloads.health_check.retries),
        },
        heal: heal::Rules {
            enabled: workloads.auto_heal.enabled,
            max_restarts: small(workloads.auto_heal.max_restarts),
            delay: workloads.auto_heal.restart_delay,
            stable_after: workloads.auto_heal.stable_after,
        },
        eviction: EvictionRules {
            reasons: if workloads.eviction.enabled { reasons.collect() } else { std::collections::BTreeSet::new() },
            timeout: workloads.eviction.timeout,
        },
        // What the operator said about it stands in the state file.
        draining: None,
    }
}

fn caps(settings: &Settings) -> Caps {
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    Caps {
        terminations_per_run: small(settings.workloads.max_terminations_per_run),
        terminations_per_hour: small(settings.workloads.max_terminations_per_hour),
        evictions_per_run: small(settings.workloads.eviction.max_concurrent),
    }
}

/// A line of what was done, or is not done.
#[derive(Serialize)]
pub struct StepRow {
    workload: String,
    step: &'static str,
    outcome: &'static str,
    reason: String,
    error: Option<String>,
}

impl Row for StepRow {
    const HEADINGS: &'static [&'static str] = &["workload", "step", "outcome", "reason"];
    const FIELDS: &'static [&'static str] = &["workload", "step", "outcome", "reason", "error"];

    fn cells(&self) -> Vec<String> {
        let reason = match &self.error {
            None => self.reason.clone(),
            Some(error) => format!("{}; {error}", self.reason),
        };
        vec![self.workload.clone(), self.step.to_owned(), self.outcome.to_owned(), reason]
    }

    fn csv(&self) -> Vec<String> {
        let error = self.error.clone().unwrap_or_default();
        vec![self.workload.clone(), self.step.to_owned(), self.outcome.to_owned(), self.reason.clone(), error]
    }
}

impl From<Item> for StepRow {
    fn from(item: Item) -> Self {
        let error = match &item.end {
            End::Failed(why) => Some(why.clone()),
            End::Planned | End::Done | End::Skipped => None,
        };
        let (step, outcome) = (item.verb, item.end.word());
        Self { workload: item.workload.to_string(), step, outcome, reason: item.reason.to_string(), error }
    }
}

/// What came of a run, as a listing with remarks.
pub fn report(context: &Context, done: Reconciled, form: Form) -> Report {
    let status = match done.outcome() {
        Outcome::Interrupted => Status::TryLater,
        Outcome::PartlyFailed => Status::SomeFailed,
        Outcome::Done | Outcome::Running | Outcome::Failed | Outcome::Killed => Status::Done,
    };
    let (capped, unknown, interrupted) = (done.capped(), done.unknown.clone(), done.interrupted);
    let mut rows: Vec<StepRow> = done.items.into_iter().map(StepRow::from).collect();
    rows.extend(done.held.iter().map(|held| StepRow {
        workload: held.workload.to_string(),
        step: held.verb.as_ref().map_or("wait", crate::domain::workload::plan::Verb::word),
        outcome: "held",
        reason: held.why.to_string(),
        error: None,
    }));
    let mut report = Report::listing(rows, form).status(status);
    for (source, why) in unknown {
        report = report.note(format!("{source} could not be read, so nothing is changed because of it: {why}"));
    }
    if capped {
        report = report.note(
            "more should end than may: look at it, then run `provider workloads reconcile` again, or raise \
             workloads.max_terminations_per_run and _per_hour",
        );
    }
    match context.stopped_by().filter(|_| interrupted) {
        Some(reason) => report.note(format!("stopped by {reason}; the rest goes next time")),
        None => report,
    }
}

/// How long ago, in words.
pub fn ago(now: jiff::Timestamp, then: jiff::Timestamp) -> String {
    let span = Duration::try_from(now.duration_since(then)).unwrap_or_default();
    let whole = Duration::from_secs(span.as_secs());
    crate::domain::duration::display(whole).to_string()
}

#[cfg(test)]
mod tests;

//! What every command needs that looks at workloads and what runs them: back ends, the market, the rules.

use std::time::Duration;

use crate::adapters::Registry;
use crate::chain::client::Client;
use crate::cli::back_ends::{self, registry};
use crate::cli::chain::client;
use crate::cli::tx::sending::Sending;
use crate::cli::{Configuration, Context, Failure, wait_for};
use crate::config::schema::{EvictionReason as Configured, Settings};
use crate::domain::address::Address;
use crate::domain::workload::plan::{EvictionRules, Rules};
use crate::domain::workload::{Actor, EvictionReason, Isolation, Workload, WorkloadId, heal, health};
use crate::jobs::Circumstances;
use crate::jobs::audit::Audited;
use crate::jobs::workloads_market::ChainMarket;
use crate::jobs::workloads_reconcile::{self, Caps, Market, Orphan, Reconciled, Request};
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
        if self.context.global.dry_run {
            return self.rehearse(only, None);
        }
        self.with(only, false, async |request, given| workloads_reconcile::run(request, given).await)
    }

    /// What would be done, with a workload taken for what it would be.
    pub fn rehearse(&self, only: Option<&WorkloadId>, supposed: Option<Workload>) -> Result<Reconciled, Failure> {
        self.with(only, true, async |request, given| workloads_reconcile::rehearse(request, given, supposed).await)
    }

    /// What runs where nothing should.
    pub fn orphans(&self) -> Result<(Vec<Orphan>, Reconciled), Failure> {
        self.with(None, true, async |request, given| workloads_reconcile::orphans(request, given).await)
    }

    fn with<T>(
        &self,
        only: Option<&WorkloadId>,
        looks: bool,
        work: impl AsyncFnOnce(&Request<'_>, Circumstances<'_>) -> Result<T, workloads_reconcile::Error>,
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
            trust_processes: is_devnet(configuration) || back_ends::may_run_strangers(&settings.orchestration.local),
            only,
        };
        Ok(wait_for(work(&request, given))??)
    }

    /// What is to be said about the back ends, whoever deploys.
    pub fn remarks(&self) -> Vec<String> {
        let hardly = self.registry.iter().any(|adapter| adapter.capabilities().isolation == Isolation::Process);
        let local = &self.configuration.settings.orchestration.local;
        if hardly { vec![back_ends::process_remark(local)] } else { vec![] }
    }

    /// The state file to look at, if there is one.
    pub fn store_if_any(&self) -> Result<Option<Store>, Failure> {
        let path = &self.configuration.state_file;
        path.exists().then(|| self.context.open_state(path, Mode::Read)).transpose()
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
pub fn provider(context: &Context, configuration: &Configuration) -> Option<Address> {
    if let Some(address) = &configuration.settings.provider.address {
        return Address::parse(&address.0, configuration.network().address_prefix).ok();
    }
    Sending::to_look(context, configuration).and_then(|sending| sending.address()).ok()
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
        evictions_at_once: small(settings.workloads.eviction.max_concurrent),
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

//! Every key of the configuration, section by section.
//!
//! The canonical tree is the operations manual's. The other documents' trees (`bid_engine`, `key_manager`, `adapters`,
//! the flat `filters`) are further names of the same sections, and keys that are spelled differently there name their
//! other spelling.

mod alerts;
mod bidding;
mod chain;
mod fraud;
mod keys;
mod leases;
mod logging;
mod orchestration;
mod pricing;
mod provider;
mod settlement;
mod timers;
mod transactions;
mod usage;
mod workloads;

pub use alerts::*;
pub use bidding::*;
pub use chain::*;
pub use fraud::*;
pub use keys::*;
pub use leases::*;
pub use logging::*;
pub use orchestration::*;
pub use pricing::*;
pub use provider::*;
pub use settlement::*;
pub use timers::*;
pub use transactions::*;
pub use usage::*;
pub use workloads::*;

use super::lookup::Lookup;
use super::section::{Item, Section};

/// The whole configuration, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Who we are.
    pub provider: Provider,
    /// The chain.
    pub chain: Chain,
    /// Transactions.
    pub transactions: Transactions,
    /// Keys.
    pub keys: Keys,
    /// The API and the tenant gateway.
    pub server: Server,
    /// Back ends.
    pub orchestration: Orchestration,
    /// What we have to sell.
    pub capacity: Capacity,
    /// Bidding.
    pub bidding: Bidding,
    /// Price lists.
    pub pricing: Pricing,
    /// Leases.
    pub leases: Leases,
    /// Workloads.
    pub workloads: Workloads,
    /// Metering.
    pub metering: Metering,
    /// Usage reports.
    pub usage: Usage,
    /// What usage is credible.
    pub fraud: Fraud,
    /// Settlement and withdrawal.
    pub settlement: Settlement,
    /// Alerts.
    pub alerts: Alerts,
    /// Logs and the audit trail.
    pub logging: Logging,
    /// Metrics.
    pub metrics: Metrics,
    /// When jobs run.
    pub timers: Timers,
    /// Advertisement to a discovery service.
    pub discovery: Discovery,
    /// The state file.
    pub state: State,
}

impl Settings {
    /// The chain's id: the configured one, else that of the network's main chain.
    pub fn chain_id(&self) -> String {
        let main = || crate::domain::network::Name::from(self.chain.network).facts().chain_id.to_owned();
        self.chain.chain_id.as_ref().map_or_else(main, |id| id.0.clone())
    }
}

impl Section for Settings {
    fn describe(items: &mut Vec<Item>) {
        Provider::describe(items);
        Chain::describe(items);
        Transactions::describe(items);
        Keys::describe(items);
        Server::describe(items);
        Orchestration::describe(items);
        Capacity::describe(items);
        Bidding::describe(items);
        Pricing::describe(items);
        Leases::describe(items);
        Workloads::describe(items);
        Metering::describe(items);
        Usage::describe(items);
        Fraud::describe(items);
        Settlement::describe(items);
        Alerts::describe(items);
        Logging::describe(items);
        Metrics::describe(items);
        Timers::describe(items);
        Discovery::describe(items);
        State::describe(items);
    }

    fn read(lookup: &mut Lookup<'_>) -> Option<Self> {
        let provider = Provider::read(lookup);
        let chain = Chain::read(lookup);
        let transactions = Transactions::read(lookup);
        let keys = Keys::read(lookup);
        let server = Server::read(lookup);
        let orchestration = Orchestration::read(lookup);
        let capacity = Capacity::read(lookup);
        let bidding = Bidding::read(lookup);
        let pricing = Pricing::read(lookup);
        let leases = Leases::read(lookup);
        let workloads = Workloads::read(lookup);
        let metering = Metering::read(lookup);
        let usage = Usage::read(lookup);
        let fraud = Fraud::read(lookup);
        let settlement = Settlement::read(lookup);
        let alerts = Alerts::read(lookup);
        let logging = Logging::read(lookup);
        let metrics = Metrics::read(lookup);
        let timers = Timers::read(lookup);
        let discovery = Discovery::read(lookup);
        let state = State::read(lookup);
        Some(Self {
            provider: provider?,
            chain: chain?,
            transactions: transactions?,
            keys: keys?,
            server: server?,
            orchestration: orchestration?,
            capacity: capacity?,
            bidding: bidding?,
            pricing: pricing?,
            leases: leases?,
            workloads: workloads?,
            metering: metering?,
            usage: usage?,
            fraud: fraud?,
            settlement: settlement?,
            alerts: alerts?,
            logging: logging?,
            metrics: metrics?,
            timers: timers?,
            discovery: discovery?,
            state: state?,
        })
    }
}

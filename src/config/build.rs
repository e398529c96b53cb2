//! What this build can do. A back end, strategy or key store that a configuration names but this build lacks is an
//! error that says so, never a key that nothing reads.

use super::schema::{Adapter, KeyStore, MetricsSource, Strategy};
use super::value::Choice;

/// What a build can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// The back ends that it has.
    pub adapters: &'static [Adapter],
    /// The bidding strategies that it has.
    pub strategies: &'static [Strategy],
    /// The key stores that it has.
    pub key_stores: &'static [KeyStore],
    /// The sources of usage figures that it has.
    pub metrics_sources: &'static [MetricsSource],
    /// It can advertise to a discovery service.
    pub discovery: bool,
}

impl Build {
    /// A build with everything that a configuration can name, for tests of the configuration alone.
    pub const COMPLETE: Self = Self {
        adapters: Adapter::ALL,
        strategies: Strategy::ALL,
        key_stores: KeyStore::ALL,
        metrics_sources: MetricsSource::ALL,
        discovery: true,
    };

    /// This build.
    pub const THIS: Self = Self {
        adapters: &[Adapter::Local],
        strategies: Strategy::ALL,
        key_stores: KeyStore::ALL,
        metrics_sources: &[MetricsSource::Local, MetricsSource::Prometheus],
        discovery: false,
    };

    /// Whether a key's own default is something that this build lacks, so that an example must not name it.
    pub fn lacks_default(&self, path: &str) -> bool {
        match path {
            "keys.keyring_backend" => !self.key_stores.contains(&KeyStore::File),
            "bidding.strategy" => !self.strategies.contains(&Strategy::Fixed),
            _ => false,
        }
    }
}

//! What one key alone cannot tell: values that contradict each other, and what this build lacks.

mod prices;
mod usage;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::build::Build;
use super::diagnostic::Diagnostic;
use super::locate::data_folder;
use super::lookup::{Lookup, Origin};
use super::schema::{Adapter, PodSecurity, Settings};
use super::source::Place;
use super::value::Choice;
use crate::adapters::kubernetes::options::Prefix;
use crate::adapters::local::Site;
use crate::domain::network;

/// Checks settings as a whole.
pub fn check(settings: &Settings, build: &Build, lookup: &mut Lookup<'_>) {
    let mut check = Check { settings, lookup };
    check.address();
    check.ranges();
    check.rates();
    check.price_lists();
    check.further_lists();
    check.models();
    check.traffic();
    check.closings();
    check.program();
    check.inventories();
    check.adapters(build);
    check.cluster();
    check.other_parts(build);
    check.tls();
    check.chain();
    check.addresses();
    check.log_files();
    check.usage();
}

struct Check<'c, 'l> {
    settings: &'c Settings,
    lookup: &'c mut Lookup<'l>,
}

impl Check<'_, '_> {
    /// Where a key was written; `None` for a default.
    fn place(&self, path: &str) -> Option<Place> {
        self.lookup.effective.iter().find(|value| value.path == path).and_then(|value| match &value.origin {
            Origin::Written(place) => Some(place.clone()),
            Origin::Default => None,
        })
    }

    fn complain(&mut self, path: &str, message: String, help: &str) {
        let mut diagnostic = Diagnostic::error_anywhere(message);
        diagnostic.place = self.place(path);
        self.lookup.diagnostics.push(diagnostic.help(help));
    }

    /// Tells what the program can live with, and the operator perhaps cannot.
    fn advise(&mut self, path: &str, message: String, help: &str) {
        if let Some(place) = self.place(path) {
            self.lookup.diagnostics.push(Diagnostic::warning(place, message).help(help));
        }
    }

    fn address(&mut self) {
        let prefix = self.lookup.network.address_prefix;
        let addresses = self.settings.provider.address.iter().map(|address| ("provider.address", address));
        let blocked = self.settings.bidding.filters.blocked_addresses.iter();
        let all: Vec<_> =
            addresses.chain(blocked.map(|address| ("bidding.filters.blocked_addresses", address))).collect();
        for (path, address) in all {
            if address.0.split_once('1').map(|(found, _)| found) != Some(prefix) {
                let message = format!("`{}` is not an address of {}", address.0, self.lookup.network.word);
                self.complain(path, message, &format!("addresses of this network begin with {prefix}1"));
            }
        }
    }

    /// The chain's id and the coin of its fees belong to the network.
    fn chain(&mut self) {
        let network = self.lookup.network;
        let chain = &self.settings.chain;
        let other = network::Name::ALL.iter().map(|name| name.facts()).find(|facts| {
            let named = |id: &str| facts.chain_id == id || facts.test_chain_ids.contains(&id);
            facts.name != network.name && chain.chain_id.as_ref().is_some_and(|id| named(&id.0))
        });
        if let Some(other) = other {
            let message = format!("this chain is one of {}, not of {}", other.word, network.word);
            self.complain("chain.chain_id", message, &format!("write chain.network: {}", other.word));
        }
        let fee = chain.gas_prices.as_ref().map(|price| price.coin.denom.to_string());
        if let Some(denom) = fee.filter(|denom| denom != network.fee_denomination) {
            let message =
                format!("fees of {} are paid in {}, not in `{denom}`", network.word, network.fee_denomination);
            self.complain("chain.gas_prices", message, &format!("write the price in {}", network.fee_denomination));
        }
        let value = self.settings.bidding.filters.min_value.as_ref().map(|value| value.0.denom.to_string());
        if let Some(denom) = value {
            self.known_denomination("bidding.filters.min_value", &denom);
        }
    }

    /// Two servers cannot listen on one address.
    fn addresses(&mut self) {
        let (server, metrics) = (self.settings.server.address, &self.settings.metrics);
        // Port 0 is any that is free.
        let same = server.port() != 0
            && server.port() == metrics.address.port()
            && (server.ip() == metrics.address.ip()
                || server.ip().is_unspecified()
                || metrics.address.ip().is_unspecified());
        if metrics.enabled && same {
            let message = format!("`metrics.address` and `server.address` are both on port {}", server.port());
            self.complain("metrics.address", message, "give them different ports");
        }
    }

    fn ranges(&mut self) {
        let filters = &self.settings.bidding.filters;
        if filters.max_duration.is_some_and(|max| max < filters.min_duration) {
            let message = "`bidding.filters.max_duration` is shorter than `min_duration`".to_owned();
            self.complain("bidding.filters.max_duration", message, "no order could ever pass");
        }
        let capacity = &self.settings.capacity;
        let over = [
            ("cpu", capacity.total_cpu.is_some_and(|total| capacity.reserved_cpu > total)),
            ("memory", capacity.total_memory.is_some_and(|total| capacity.reserved_memory > total)),
            ("storage", capacity.total_storage.is_some_and(|total| capacity.reserved_storage > total)),
        ];
        for (what, over) in over {
            if over {
                let message = format!("`capacity.reserved_{what}` is more than `total_{what}`");
                self.complain(&format!("capacity.reserved_{what}"), message, "nothing would be left to sell");
            }
        }
        let defaults = settings_storage_defaults(self.settings);
        if defaults > 1 {
            let message = format!("{defaults} storage classes are marked as default");
            self.complain("orchestration.kubernetes.storage_classes", message, "mark one of them");
        }
    }

    /// The two spellings of which back ends are sold, and those that this build lacks.
    fn adapters(&mut self, build: &Build) {
        let by_section: Vec<(Adapter, Place)> = Adapter::ALL
            .iter()
            .filter_map(|adapter| Some((*adapter, self.place(&format!("orchestration.{}.enabled", adapter.word()))?)))
            .collect();
        if let (Some(list), Some((adapter, place))) = (self.place("orchestration.adapter"), by_section.first()) {
            let message = format!("`orchestration.adapter` and `{}.enabled` say the same thing", adapter.word());
            let diagnostic = Diagnostic::error(place.clone(), message)
                .label("switched on or off here")
                .other(list.clone(), "listed here")
                .help("keep one of them; the canonical spelling is `orchestration.adapter`");
            self.lookup.diagnostics.push(diagnostic);
        }
        for adapter in self.settings.orchestration.enabled() {
            if build.adapters.contains(&adapter) {
                continue;
            }
            let word = adapter.word();
            let switch = format!("orchestration.{word}.enabled");
            let path = if self.place(&switch).is_some() { switch } else { "orchestration.adapter".to_owned() };
            self.lacks(&path, "back end", word, build.adapters.iter().map(|adapter| adapter.word()));
        }
    }

    /// What a cluster could never take.
    fn cluster(&mut self) {
        let cluster = &self.settings.orchestration.kubernetes;
        if let Err(wrong) = Prefix::parse(&cluster.namespace_prefix.0) {
            let help = "the id of each workload is put after it";
            self.complain("orchestration.kubernetes.namespace_prefix", wrong.to_string(), help);
        }
        if let Err(wrong) = Site::parse(&cluster.site.0) {
            self.complain("orchestration.kubernetes.site", wrong.to_string(), "it is the value of a label");
        }
        let held = &cluster.security_context;
        let restricted = cluster.pod_security == PodSecurity::Restricted;
        let help = "lower `orchestration.kubernetes.pod_security` to baseline, or leave the option out";
        for (key, at_odds) in [
            ("run_as_non_root", restricted && !held.run_as_non_root),
            ("allow_privilege_escalation", restricted && held.allow_privilege_escalation),
        ] {
            if at_odds {
                let message = format!("namespaces at the level `restricted` take no pod with this `{key}`");
                self.complain(&format!("orchestration.kubernetes.security_context.{key}"), message, help);
            }
        }
        if cluster.context.is_some() && cluster.kubeconfig.is_none() {
            let message = "a context is named, but no kubeconfig that it is in".to_owned();
            self.complain("orchestration.kubernetes.context", message, "name the file in `kubeconfig`");
        }
    }

    fn other_parts(&mut self, build: &Build) {
        // Only what the configuration names: a default of ours is a plan until its command exists.
        let store = self.settings.keys.keyring_backend;
        if self.place("keys.keyring_backend").is_some() && !build.key_stores.contains(&store) {
            self.lacks("keys.keyring_backend", "key store", store.word(), build.key_stores.iter().map(|s| s.word()));
        } else {
            for (path, message, help) in super::check_keys::problems(self.settings) {
                self.complain(path, message, help);
            }
        }
        let strategy = self.settings.bidding.strategy;
        if self.place("bidding.strategy").is_some() && !build.strategies.contains(&strategy) {
            self.lacks("bidding.strategy", "strategy", strategy.word(), build.strategies.iter().map(|s| s.word()));
        }
        for source in self.settings.usage.metrics_sources.clone() {
            if !build.metrics_sources.contains(&source) {
                let has = build.metrics_sources.iter().map(|source| source.word());
                self.lacks("usage.metrics_sources", "metrics source", source.word(), has);
            }
        }
        if self.settings.discovery.url.is_some() && !build.discovery {
            self.lacks("discovery.url", "feature", "advertisement to a discovery service", std::iter::empty());
        }
    }

    fn lacks<'w>(&mut self, path: &str, what: &str, word: &str, has: impl Iterator<Item = &'w str>) {
        let has: Vec<&str> = has.collect();
        let help = if has.is_empty() {
            format!("this build (provider {}) has none yet; remove the key", env!("CARGO_PKG_VERSION"))
        } else {
            format!("this build (provider {}) has {}", env!("CARGO_PKG_VERSION"), has.join(", "))
        };
        self.complain(path, format!("the {what} `{word}` is not in this build"), &help);
    }

    /// Logs are appended to: where one is another file of ours, both are destroyed.
    fn log_files(&mut self) {
        let settings = self.settings;
        let main = self.lookup.sources.files().next().cloned();
        let folder = data_folder(main.as_deref(), self.lookup.environment);
        let state = settings.state.path.clone().unwrap_or_else(|| folder.join("state.db"));
        let beside = |suffix: &str| {
            let mut name = state.clone().into_os_string();
            name.push(suffix);
            PathBuf::from(name)
        };
        let of_state = ["", "-wal", "-shm", "-journal", ".audit-key", ".audit-seals"].map(beside);
        let (log, audit) = (settings.logging.output.clone(), settings.logging.audit.output.clone());
        let mut taken: Vec<(PathBuf, &str)> =
            of_state.into_iter().map(|path| (path, "part of the state file")).collect();
        taken.extend(self.lookup.sources.files().map(|path| (path.clone(), "part of the configuration")));
        for (key, output) in [("logging.output", log), ("logging.audit.output", audit)] {
            let Some(output) = output else { continue };
            if let Some((_, what)) = taken.iter().find(|(path, _)| is_same_file(path, &output)) {
                let message = format!("`{key}` names {}, which is {what}", output.display());
                self.complain(key, message, "name a file of its own: what is appended to another destroys it");
            }
            taken.push((output, "the other log"));
        }
    }

    fn tls(&mut self) {
        let server = &self.settings.server;
        if !server.tls.enabled && !server.address.ip().is_loopback() {
            let message = format!("TLS is off, but {} can be reached from outside", server.address);
            let path = if self.place("server.tls.enabled").is_some() { "server.tls.enabled" } else { "server.address" };
            self.complain(path, message, "listen on 127.0.0.1, or leave TLS on");
        }
        if server.tls.cert_file.is_some() != server.tls.key_file.is_some() {
            let (has, lacks) =
                if server.tls.cert_file.is_some() { ("cert_file", "key_file") } else { ("key_file", "cert_file") };
            let message = format!("`server.tls.{has}` stands without `{lacks}`");
            self.complain(&format!("server.tls.{has}"), message, "name both");
        }
    }
}

/// Whether two paths lead to the same file, also through links, or would if it existed.
fn is_same_file(one: &Path, other: &Path) -> bool {
    if let (Ok(one), Ok(other)) = (one.metadata(), other.metadata()) {
        return (one.dev(), one.ino()) == (other.dev(), other.ino());
    }
    let resolved = |path: &Path| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folder.canonicalize().unwrap_or_else(|_| folder.to_owned()).join(path.file_name().unwrap_or_default())
    };
    resolved(one) == resolved(other)
}

fn settings_storage_defaults(settings: &Settings) -> usize {
    settings.orchestration.kubernetes.storage_classes.iter().filter(|class| class.default).count()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use crate::config::{Build, Environment, Request, load};

    /// What is said against a configuration with these lines about logs.
    fn said(folder: &std::path::Path, logging: &str) -> Vec<String> {
        let path = folder.join("config.yaml");
        fs::write(&path, format!("logging:\n{logging}")).unwrap();
        let environment = Environment::of([("HOME", "/nowhere")]);
        let request = Request {
            file: Some(&path),
            flags: Vec::new(),
            environment: &environment,
            working_folder: folder.to_owned(),
            build: Build::THIS,
        };
        let names = |message: &String| message.contains("` names ");
        load(&request).diagnostics.into_iter().map(|diagnostic| diagnostic.message).filter(names).collect()
    }

    #[test]
    fn logs_are_files_of_their_own() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("state.db"), "").unwrap();
        std::os::unix::fs::symlink("state.db", folder.path().join("link")).unwrap();
        fs::hard_link(folder.path().join("state.db"), folder.path().join("hard")).unwrap();
        for name in
            ["state.db", "state.db-wal", "state.db.audit-key", "state.db.audit-seals", "config.yaml", "link", "hard"]
        {
            let path = folder.path().join(name);
            for logging in
                [format!("  output: {}\n", path.display()), format!("  audit: {{ output: {} }}\n", path.display())]
            {
                assert_eq!(said(folder.path(), &logging).len(), 1, "{logging}");
            }
        }
        let log = folder.path().join("x.log");
        let both = format!("  output: {}\n  audit: {{ output: {} }}\n", log.display(), log.display());
        assert_eq!(said(folder.path(), &both).len(), 1);
        assert_eq!(said(folder.path(), &format!("  output: {}\n", log.display())), Vec::<String>::new());
    }
}

//! The back ends of a configuration: the one place that knows the concrete ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Configuration, Context, Failure, Status, wait_for};
use crate::adapters::kubernetes::{self, Kubernetes, options as cluster};
use crate::adapters::local::container::{self, Container};
use crate::adapters::local::process::{self, Account, Carrier, Process};
use crate::adapters::local::{CGROUPS, Site};
use crate::adapters::{Adapter, Capacity, NodeCapacity, Registry};
use crate::config::schema::{self, ImagePull, Local, LocalRuntime, PodSecurity};
use crate::config::terms::{Observation, Observations};
use crate::config::{Choice, Text};
use crate::domain::bid::capacity::{Inventory, NodeGroup};
use crate::domain::fault::in_one_line;
use crate::domain::workload::{Capabilities, Isolation};

/// How long a back end may take to say what it has.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many objects a page of a cluster's list holds.
const PAGE: u32 = 500;

/// What the back ends say that they have, and what kept some from saying it, in words. Nobody is asked where the
/// configuration says so.
pub fn observe(context: &Context, configuration: &Configuration) -> Result<(Observations, Vec<String>), Failure> {
    if !configuration.settings.capacity.observe || configuration.settings.orchestration.enabled().is_empty() {
        return Ok((Observations::new(), vec![]));
    }
    let registry = registry(context, configuration)?;
    let ask = async |adapter: &dyn Adapter| {
        let name = adapter.name().to_owned();
        let silent = |why: String| {
            let words = format!("back end {name} does not say what it has, so nothing new of it is sold: {why}");
            (name.clone(), Observation::Silent, Some(words))
        };
        match tokio::time::timeout(PATIENCE, adapter.probe()).await {
            Ok(Ok(capacity)) => {
                let has = inventory(&capacity, &adapter.capabilities());
                (name, Observation::Has(Box::new(has)), None)
            }
            Ok(Err(error)) => silent(in_one_line(&error)),
            Err(_) => silent(format!("no answer in {} s", PATIENCE.as_secs())),
        }
    };
    let (mut observations, mut silent) = (Observations::new(), vec![]);
    for (name, observation, words) in wait_for(futures_util::future::join_all(registry.iter().map(ask)))? {
        observations.insert(name, observation);
        silent.extend(words);
    }
    Ok((observations, silent))
}

/// What a back end has, in the words of bidding. What it cannot give it has none of; how many addresses one has that can
/// lease them, nobody counts.
fn inventory(capacity: &Capacity, can: &Capabilities) -> Inventory {
    let group = |node: &NodeCapacity| NodeGroup {
        name: node.name.as_str().into(),
        count: 1,
        cpu: node.cpu.0,
        memory: node.memory.0,
        storage: node.storage.map(|storage| storage.0),
        gpu_models: node.gpus.iter().cloned().collect(),
    };
    let mut gpu_models = BTreeMap::new();
    for (model, number) in capacity.nodes.iter().filter_map(|node| node.gpus.as_ref()) {
        *gpu_models.entry(model.clone()).or_insert(0) += number;
    }
    Inventory {
        cpu: Some(capacity.cpu.0),
        memory: Some(capacity.memory.0),
        storage: capacity.storage.map(|storage| storage.0),
        gpus: Some(if can.gpus { capacity.gpus } else { 0 }),
        gpu_models,
        nodes: capacity.nodes.iter().map(group).collect(),
        leased_ips: (!can.leased_ips).then_some(0),
        ..Inventory::default()
    }
}

/// The back ends that a configuration sells; this machine where it names none.
pub fn registry(context: &Context, configuration: &Configuration) -> Result<Registry, Failure> {
    let mut enabled = configuration.settings.orchestration.enabled();
    if enabled.is_empty() {
        enabled.push(schema::Adapter::Local);
    }
    let mut adapters: Vec<Arc<dyn Adapter>> = vec![];
    for adapter in enabled {
        match adapter {
            schema::Adapter::Local => adapters.push(local(context, configuration)?),
            schema::Adapter::Kubernetes => adapters.push(Arc::new(cluster(&configuration.settings)?)),
            // What this build lacks was refused when the configuration was read.
            schema::Adapter::Slurm
            | schema::Adapter::Openstack
            | schema::Adapter::Vmware
            | schema::Adapter::Aws
            | schema::Adapter::Azure
            | schema::Adapter::Ansible
            | schema::Adapter::Multipass => {}
        }
    }
    Ok(Registry::new(adapters))
}

/// A cluster as a configuration wants it.
pub fn cluster(settings: &schema::Settings) -> Result<Kubernetes, Failure> {
    cluster_options(settings).map(Kubernetes::new)
}

fn cluster_options(settings: &schema::Settings) -> Result<kubernetes::Options, Failure> {
    let written = &settings.orchestration.kubernetes;
    let unusable = |key: &str, error: &(dyn std::error::Error + 'static)| {
        let what = format!("orchestration.kubernetes.{key} cannot be used");
        Failure::new(Status::Configuration, what).caused_by(error)
    };
    let text = |text: &Option<Text>| text.as_ref().map(|text| text.0.clone());
    let percent = |percent: u64| u32::try_from(percent).unwrap_or(u32::MAX);
    let network = &written.network;
    Ok(kubernetes::Options {
        name: schema::Adapter::Kubernetes.word().to_owned(),
        site: Site::parse(&written.site.0).map_err(|error| unusable("site", &error))?,
        access: cluster::Access {
            kubeconfig: written.kubeconfig.clone(),
            context: text(&written.context),
            timeout: written.timeout,
            removal_timeout: written.removal_timeout,
            page: PAGE,
        },
        prefix: cluster::Prefix::parse(&written.namespace_prefix.0)
            .map_err(|error| unusable("namespace_prefix", &error))?,
        namespace_labels: written.namespace_labels.iter().map(|(key, value)| (key.clone(), value.0.clone())).collect(),
        pod_security: match written.pod_security {
            PodSecurity::Restricted => cluster::PodSecurity::Restricted,
            PodSecurity::Baseline => cluster::PodSecurity::Baseline,
            PodSecurity::Privileged => cluster::PodSecurity::Privileged,
        },
        confinement: cluster::Confinement {
            run_as_non_root: written.security_context.run_as_non_root,
            read_only_root: written.security_context.read_only_root_filesystem,
            allow_privilege_escalation: written.security_context.allow_privilege_escalation,
        },
        network: cluster::Network {
            policies: written.network_policies.enabled,
            deny_ingress: written.network_policies.default_deny_ingress,
            dns_namespace: network.dns_namespace.0.clone(),
            ingress_class: text(&network.ingress_class),
            ingress_domain: text(&network.ingress_domain),
            ingress_namespace: text(&network.ingress_namespace),
            load_balancer_class: text(&network.load_balancer_class),
        },
        storage_classes: written
            .storage_classes
            .iter()
            .map(|class| cluster::SoldClass { name: class.name.0.clone(), default: class.default })
            .collect(),
        image_pull_secrets: written.image_pull_secrets.iter().map(|name| name.0.clone()).collect(),
        image_pull_secrets_namespace: text(&written.image_pull_secrets_namespace),
        pull: match written.pull {
            ImagePull::Always => cluster::Pull::Always,
            ImagePull::Missing => cluster::Pull::Missing,
            ImagePull::Never => cluster::Pull::Never,
        },
        default_limits: cluster::Amounts { cpu: written.default_limits.cpu, memory: written.default_limits.memory },
        pod_limits: cluster::Amounts {
            cpu: written.resource_limits.max_cpu_per_pod,
            memory: written.resource_limits.max_memory_per_pod,
        },
        most_pods: written.resource_limits.max_pods_per_deployment,
        overcommit: cluster::Overcommit {
            cpu: percent(written.overcommit.cpu),
            memory: percent(written.overcommit.memory),
        },
        runtime_class: text(&written.runtime_class),
        checks: cluster::Checks {
            interval: settings.workloads.health_check.interval,
            timeout: settings.workloads.health_check.timeout,
        },
    })
}

/// Containers of this machine as a configuration wants them; none where processes are wanted, or there is no engine.
pub fn containers(context: &Context, configuration: &Configuration) -> Result<Option<Container>, Failure> {
    let settings = &configuration.settings.orchestration.local;
    let socket = settings.socket.clone().or_else(|| Container::find(runtime_folder(context).as_deref()));
    let site = site(settings)?;
    Ok(match settings.runtime {
        LocalRuntime::Container | LocalRuntime::Auto => {
            socket.map(|socket| Container::new(container_options(settings, site, socket)))
        }
        LocalRuntime::Process => None,
    })
}

/// This machine: containers where there is an engine, or where it must be so; else processes.
fn local(context: &Context, configuration: &Configuration) -> Result<Arc<dyn Adapter>, Failure> {
    let settings = &configuration.settings.orchestration.local;
    let runtime = runtime_folder(context);
    match (settings.runtime, containers(context, configuration)?) {
        (LocalRuntime::Container | LocalRuntime::Auto, Some(containers)) => Ok(Arc::new(containers)),
        (LocalRuntime::Container, None) => {
            Err(Failure::new(Status::Configuration, "no container engine was found on this machine")
                .hint("install Podman or Docker and start its socket, or name it in `orchestration.local.socket`"))
        }
        (LocalRuntime::Process, _) | (LocalRuntime::Auto, None) => {
            let account = settings.process_user.as_ref().map(|name| account(&name.0)).transpose()?;
            let beside = || configuration.state_file.with_file_name("workloads");
            let program = std::env::current_exe().map_err(|error| {
                Failure::new(Status::Unavailable, "cannot find out where this program is").caused_by(&error)
            })?;
            Ok(Arc::new(Process::new(process::Options {
                name: NAME.to_owned(),
                site: site(settings)?,
                root: one_spelling(settings.data_dir.clone().unwrap_or_else(beside)),
                program,
                carrier: Carrier::find(runtime.as_deref()),
                cgroups: Some(PathBuf::from(CGROUPS)),
                account,
            })))
        }
    }
}

/// A folder under the one name that all who name it share: supervisors have another working folder, and what they hold is
/// called after it.
fn one_spelling(folder: PathBuf) -> PathBuf {
    // Of one that is not made yet, what is above it.
    let absolute = std::path::absolute(&folder).unwrap_or(folder);
    let above = absolute.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    let spelled = above.and_then(|(above, real)| Some(real.join(absolute.strip_prefix(above).ok()?)));
    spelled.unwrap_or(absolute)
}

/// Why nothing of a back end is sold on a chain: it hardly isolates, and tenants there are strangers. Said before a bid,
/// for after it a tenant would pay for nothing.
pub fn unfit_for_strangers(adapter: &dyn Adapter, configuration: &Configuration) -> Option<String> {
    let local = &configuration.settings.orchestration.local;
    let refuses = adapter.capabilities().isolation == Isolation::Process
        && !is_devnet(configuration)
        && !may_run_strangers(local);
    refuses.then(|| {
        format!(
            "nothing of {} is sold: it runs tenants as processes of this machine, which hardly isolates them; install Podman or \
             Docker, or set `orchestration.local.allow_untrusted_process: true` and a `process_user` that is not root",
            adapter.name()
        )
    })
}

/// The chains on one's own machine, where all tenants are oneself. A public test network is none of them.
pub fn is_devnet(configuration: &Configuration) -> bool {
    let network = configuration.network();
    let chain_id = configuration.settings.chain.chain_id.as_ref().map_or(network.chain_id, |id| id.0.as_str());
    chain_id.starts_with("devnet-") || (network.test_chain_ids.contains(&chain_id) && chain_id.contains("localnet"))
}

/// Whether strangers may run as processes of this machine: the operator says so, and not as root, to whom it belongs.
pub fn may_run_strangers(settings: &Local) -> bool {
    settings.allow_untrusted_process && !runs_as_root(settings)
}

/// What is to be said to whoever runs workloads as processes of this machine.
pub fn process_remark(settings: &Local) -> String {
    let root = if runs_as_root(settings) { "; they run as root: name an account in `process_user`" } else { "" };
    format!(
        "workloads are processes of this machine here, which hardly isolates them: they see its files, its network and \
         each other{root}"
    )
}

/// What a configuration should be told of beforehand, seen from this machine.
pub fn remarks(settings: &schema::Settings) -> Vec<String> {
    let local = &settings.orchestration.local;
    let mut remarks = vec![];
    if local.runtime == LocalRuntime::Process || local.allow_untrusted_process {
        remarks.push(process_remark(local));
    }
    if local.allow_untrusted_process && runs_as_root(local) {
        remarks.push(
            "orchestration.local.allow_untrusted_process does nothing for root: tenants of a real chain are refused until \
             `process_user` names another account"
                .to_owned(),
        );
    }
    if lacks_user_ranges(local) {
        remarks.push(container::NO_RANGES.to_owned());
    }
    remarks
}

/// Whether containers are to have users of their own, and this machine has no numbers for them.
pub fn lacks_user_ranges(local: &Local) -> bool {
    let mode = local.user_namespace.as_ref().map(|mode| mode.0.as_str());
    let containers = local.runtime != LocalRuntime::Process && rustix::process::geteuid().is_root();
    containers && container::lacks_ranges(mode, container::there_are_ranges())
}

/// Whether processes of workloads have root's account.
fn runs_as_root(settings: &Local) -> bool {
    match &settings.process_user {
        Some(name) => account(&name.0).is_ok_and(|account| account.uid == 0),
        None => rustix::process::geteuid().is_root(),
    }
}

/// The user's own folder of sockets.
fn runtime_folder(context: &Context) -> Option<PathBuf> {
    context.environment.text("XDG_RUNTIME_DIR").map(PathBuf::from)
}

/// By what name our things on this machine are known.
fn site(settings: &Local) -> Result<Site, Failure> {
    Site::parse(&settings.site.0).map_err(|error| {
        Failure::new(Status::Configuration, "orchestration.local.site cannot be used").caused_by(&error)
    })
}

/// What this machine is called as a back end.
const NAME: &str = "local";

fn container_options(settings: &Local, site: Site, socket: PathBuf) -> container::Options {
    container::Options {
        name: NAME.to_owned(),
        site,
        socket,
        pull: match settings.pull {
            ImagePull::Always => container::Pull::Always,
            ImagePull::Missing => container::Pull::Missing,
            ImagePull::Never => container::Pull::Never,
        },
        publish: settings.publish_address,
        read_only_root: settings.read_only_root,
        capabilities: settings.capabilities.iter().map(|name| name.0.clone()).collect(),
        user_namespace: settings.user_namespace.as_ref().map(|mode| mode.0.clone()),
        processes: u32::try_from(settings.max_processes).unwrap_or(u32::MAX),
        cgroups: PathBuf::from(CGROUPS),
    }
}

/// The numbers of an account of this machine.
fn account(name: &str) -> Result<Account, Failure> {
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    find_account(&users, name).ok_or_else(|| {
        Failure::new(Status::Configuration, format!("there is no user `{name}` on this machine"))
            .hint("see `orchestration.local.process_user`, and /etc/passwd")
    })
}

fn find_account(users: &str, name: &str) -> Option<Account> {
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (found, _, uid, gid) = (fields.next()?, fields.next()?, fields.next()?, fields.next()?);
        (found == name).then_some(())?;
        Some(Account { uid: uid.parse().ok()?, gid: gid.parse().ok()? })
    })
}

#[cfg(test)]
mod tests;

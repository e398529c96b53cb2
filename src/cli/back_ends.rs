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
mod tests {
    use super::*;
    use crate::config::{Build, Environment, Request, load};
    use crate::domain::bid::GpuModel;
    use crate::domain::resources::{Bytes, MilliCpu};

    fn settings(text: &str) -> schema::Settings {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.yaml");
        fs::write(&file, text).unwrap();
        let environment = Environment::of([("HOME", "/home/provider")]);
        let working_folder = folder.path().to_owned();
        let request =
            Request { file: Some(&file), flags: vec![], environment: &environment, working_folder, build: Build::THIS };
        let loaded = load(&request);
        loaded.settings.unwrap_or_else(|| panic!("{:?}", loaded.diagnostics))
    }

    /// Each option of `orchestration.local` that concerns containers changes how they are run.
    #[test]
    fn each_option_reaches_the_containers() {
        let options = |text: &str| {
            let settings = settings(&format!("orchestration:\n  local: {{ {text} }}\n"));
            let local = &settings.orchestration.local;
            container_options(local, Site::parse(&local.site.0).unwrap(), "/s".into())
        };
        let usual = options("");
        assert_eq!((usual.pull, usual.read_only_root, usual.processes), (container::Pull::Always, true, 1024));
        assert_eq!((usual.site.as_str(), usual.publish.to_string().as_str()), ("provider", "0.0.0.0"));
        assert_eq!((usual.capabilities.len(), &usual.user_namespace), (0, &None));
        let other = options(
            "site: here, pull: never, publish_address: '::1', read_only_root: false, capabilities: [CHOWN], \
             user_namespace: auto, max_processes: 7",
        );
        assert_eq!((other.pull, other.read_only_root, other.processes), (container::Pull::Never, false, 7));
        assert_eq!((other.site.as_str(), other.publish.to_string().as_str()), ("here", "::1"));
        assert_eq!(other.capabilities, ["CHOWN"]);
        assert_eq!(other.user_namespace.as_deref(), Some("auto"));
        assert_eq!(options("pull: missing").pull, container::Pull::Missing);
    }

    /// Each option of `orchestration.kubernetes` changes how a cluster is used.
    #[test]
    fn each_option_reaches_the_cluster() {
        let options = |text: &str| cluster_options(&settings(text)).unwrap();
        let of = |text: &str| options(&format!("orchestration:\n  kubernetes: {{ {text} }}\n"));
        let usual = of("");
        assert_eq!((usual.site.as_str(), usual.prefix.as_str()), ("provider", "virt-"));
        assert_eq!((usual.pod_security, usual.pull), (cluster::PodSecurity::Restricted, cluster::Pull::Always));
        assert_eq!((usual.access.kubeconfig.as_ref(), usual.access.page), (None, 500));
        let whole = "site: here, kubeconfig: /k, context: c, timeout: 7s, removal_timeout: 8s, namespace: leases, \
             namespace_labels: { a: b }, storage_classes: [x, { name: y, default: true }], image_pull_secrets: [s], \
             image_pull_secrets_namespace: n, pull: never, pod_security: baseline, runtime_class: gvisor, \
             default_limits: { cpu: 1, memory: 2Gi }, network_policies: { enabled: false, default_deny_ingress: false }, \
             resource_limits: { max_pods_per_deployment: 3, max_cpu_per_pod: 4, max_memory_per_pod: 5Gi }, \
             security_context: { run_as_non_root: false, read_only_root_filesystem: false, \
             allow_privilege_escalation: true }, overcommit: { cpu: 50, memory: 10 }, network: { dns_namespace: dns, \
             ingress_class: i, ingress_domain: d.example, ingress_namespace: p, load_balancer_class: l }";
        let other = of(whole);
        let (text, gibibytes) = (|text: &str| Some(text.to_owned()), |number: u64| Some(Bytes(number << 30)));
        let sold = |name: &str, default| cluster::SoldClass { name: name.to_owned(), default };
        let wanted = kubernetes::Options {
            name: "kubernetes".to_owned(),
            site: Site::parse("here").unwrap(),
            access: cluster::Access {
                kubeconfig: Some("/k".into()),
                context: text("c"),
                timeout: Duration::from_secs(7),
                removal_timeout: Duration::from_secs(8),
                page: 500,
            },
            prefix: cluster::Prefix::parse("leases").unwrap(),
            namespace_labels: BTreeMap::from([("a".to_owned(), "b".to_owned())]),
            pod_security: cluster::PodSecurity::Baseline,
            confinement: cluster::Confinement {
                run_as_non_root: false,
                read_only_root: false,
                allow_privilege_escalation: true,
            },
            network: cluster::Network {
                policies: false,
                deny_ingress: false,
                dns_namespace: "dns".to_owned(),
                ingress_class: text("i"),
                ingress_domain: text("d.example"),
                ingress_namespace: text("p"),
                load_balancer_class: text("l"),
            },
            storage_classes: vec![sold("x", false), sold("y", true)],
            image_pull_secrets: vec!["s".to_owned()],
            image_pull_secrets_namespace: text("n"),
            pull: cluster::Pull::Never,
            default_limits: cluster::Amounts { cpu: Some(MilliCpu(1000)), memory: gibibytes(2) },
            pod_limits: cluster::Amounts { cpu: Some(MilliCpu(4000)), memory: gibibytes(5) },
            most_pods: Some(3),
            overcommit: cluster::Overcommit { cpu: 50, memory: 10 },
            runtime_class: text("gvisor"),
            checks: usual.checks,
        };
        assert_eq!(other, wanted);
        let checks = options("workloads: { health_check: { interval: 9s, timeout: 3s } }\n").checks;
        assert_eq!((checks.interval.as_secs(), checks.timeout.as_secs()), (9, 3));
    }

    /// What a cluster says reaches bidding node by node, GPUs by their models.
    #[test]
    fn nodes_reach_bidding() {
        let a100 = GpuModel { vendor: Some("nvidia".into()), model: Some("a100".into()), ram: None, interface: None };
        let node = |name: &str, gpus| NodeCapacity {
            name: name.to_owned(),
            cpu: MilliCpu(4000),
            memory: Bytes(1 << 30),
            storage: Some(Bytes(1 << 31)),
            gpus,
        };
        let capacity = Capacity {
            cpu: MilliCpu(12_000),
            gpus: 3,
            nodes: vec![node("a", Some((a100.clone(), 1))), node("b", Some((a100.clone(), 2))), node("c", None)],
            ..Capacity::default()
        };
        let can = crate::adapters::Simulated::new("test").capabilities();
        let told = inventory(&capacity, &Capabilities { gpus: true, ..can });
        assert_eq!((told.gpus, told.gpu_models.get(&a100), told.nodes.len()), (Some(3), Some(&3), 3));
        assert_eq!((&*told.nodes[1].name, told.nodes[1].count, told.nodes[1].cpu), ("b", 1, 4000));
        assert_eq!((told.nodes[1].gpu_models.get(&a100), told.nodes[1].storage), (Some(&2), Some(1 << 31)));
    }

    /// None to lease is another thing than not to know how many.
    #[test]
    fn what_a_back_end_cannot_give_it_has_none_of() {
        let capacity = Capacity { gpus: 3, ..Capacity::default() };
        let can = crate::adapters::Simulated::new("test").capabilities();
        let of = |can: Capabilities| {
            let has = inventory(&capacity, &can);
            (has.gpus, has.leased_ips)
        };
        assert_eq!(of(Capabilities { gpus: true, leased_ips: true, ..can }), (Some(3), None));
        assert_eq!(of(Capabilities { gpus: false, leased_ips: false, ..can }), (Some(0), Some(0)));
    }

    #[test]
    fn what_hardly_isolates_is_said() {
        let said = |text: &str| remarks(&settings(&format!("orchestration:\n  local: {{ {text} }}\n"))).join("; ");
        assert_eq!(said("runtime: auto"), "");
        assert!(said("runtime: process").contains("which hardly isolates them"));
        assert!(said("allow_untrusted_process: true, process_user: nobody").contains("hardly"));
        let strangers = |text: &str| may_run_strangers(&settings(text).orchestration.local);
        assert!(!strangers("{}"));
        assert!(strangers("orchestration: { local: { allow_untrusted_process: true, process_user: nobody } }"));
        if rustix::process::geteuid().is_root() {
            assert!(said("runtime: process").contains("they run as root"));
            assert!(!said("runtime: process, process_user: nobody").contains("root"));
            assert!(said("allow_untrusted_process: true").contains("does nothing for root"));
            assert!(!strangers("orchestration: { local: { allow_untrusted_process: true } }"));
            let ranges = container::there_are_ranges();
            assert_eq!(said("user_namespace: auto").contains("/etc/subuid"), !ranges);
        }
    }

    #[test]
    fn a_folder_has_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        std::os::unix::fs::symlink(&real, real.join("link")).unwrap();
        for spelled in ["a/b", "./a/b", "link/a/b"] {
            assert_eq!(one_spelling(real.join(spelled)), real.join("a/b"), "{spelled}");
        }
        let here = std::env::current_dir().unwrap().canonicalize().unwrap();
        assert_eq!(one_spelling("not-there/workloads".into()), here.join("not-there/workloads"));
    }

    #[test]
    fn an_account_is_found_by_its_name() {
        let users = "root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534::/nonexistent:/usr/sbin/nologin\n";
        assert_eq!(find_account(users, "nobody"), Some(Account { uid: 65534, gid: 65534 }));
        assert_eq!(find_account(users, "nob"), None);
    }
}

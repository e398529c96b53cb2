//! Options reach the back ends, and what they say reaches bidding.

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

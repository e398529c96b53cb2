//! Every object of ten manifests, and what no manifest can make.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::*;
use crate::adapters::kubernetes::options::{
    Access, Amounts, Checks, Confinement, Network, Overcommit, PodSecurity, Prefix, Pull, SoldClass,
};
use crate::adapters::local::Site;
use crate::domain::manifest::{self, Credentials, Expose, HttpOptions, Mount, Parameters, Protocol, Volume};
use crate::domain::manifest::{Attribute, Group, Service as TenantsService};
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::workload::{Owner, Probe, Revision, WorkloadId};
use std::time::Duration;

fn options() -> Options {
    Options {
        name: "kubernetes".to_owned(),
        site: Site::parse("here").unwrap(),
        access: Access {
            kubeconfig: None,
            context: None,
            timeout: Duration::from_secs(1),
            removal_timeout: Duration::from_secs(1),
            page: 500,
        },
        prefix: Prefix::parse("virt-").unwrap(),
        namespace_labels: BTreeMap::from([("example.com/sold".to_owned(), "yes".to_owned())]),
        pod_security: PodSecurity::Restricted,
        confinement: Confinement { run_as_non_root: true, read_only_root: true, allow_privilege_escalation: false },
        network: Network {
            policies: true,
            deny_ingress: true,
            dns_namespace: "kube-system".to_owned(),
            ingress_class: Some("nginx".to_owned()),
            ingress_domain: Some("leases.example.com".to_owned()),
            ingress_namespace: Some("ingress-nginx".to_owned()),
            load_balancer_class: Some("example.com/balancer".to_owned()),
        },
        storage_classes: vec![
            SoldClass { name: "standard".to_owned(), default: true },
            SoldClass { name: "beta2".to_owned(), default: false },
        ],
        image_pull_secrets: vec!["operator".to_owned()],
        image_pull_secrets_namespace: Some("provider-system".to_owned()),
        pull: Pull::Always,
        default_limits: Amounts { cpu: Some(MilliCpu(4000)), memory: None },
        pod_limits: Amounts::default(),
        most_pods: None,
        overcommit: Overcommit { cpu: 100, memory: 0 },
        runtime_class: Some("gvisor".to_owned()),
        checks: Checks { interval: Duration::from_secs(30), timeout: Duration::from_secs(10) },
    }
}

fn nodes() -> Vec<GpuNode> {
    let model = "nvidia/a100/80Gi/sxm".parse().unwrap();
    vec![GpuNode { model, label: "nvidia.com/gpu.product", value: "NVIDIA-A100-SXM4-80GB".to_owned() }]
}

fn spec(group: Group, probes: BTreeMap<String, Probe>) -> Spec {
    Spec {
        id: WorkloadId::of_operator("x").unwrap(),
        owner: Owner::Operator,
        revision: Revision([1; 32]),
        group,
        probes,
    }
}

fn read(name: &str) -> Spec {
    let text = std::fs::read_to_string(format!("fixtures/kubernetes/{name}.yaml")).unwrap();
    let (_, mut deployment) = manifest::read(&text).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
    spec(deployment.manifest.groups.remove(0), deployment.probes)
}

/// Every object, by the shape in which the cluster gets it; each comes back from YAML and JSON as it was.
fn all(objects: &Objects) -> Vec<Value> {
    fn same<K: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(object: &K) -> Value {
        let yaml = serde_yaml::to_string(object).unwrap();
        assert_eq!(serde_yaml::from_str::<K>(&yaml).unwrap(), *object, "{yaml}");
        let value = serde_json::to_value(object).unwrap();
        assert_eq!(serde_json::from_value::<K>(value.clone()).unwrap(), *object);
        value
    }
    let Objects {
        namespace,
        quota,
        limits,
        account,
        policies,
        secrets,
        deployments,
        stateful_sets,
        services,
        ingresses,
    } = objects;
    let mut values = vec![same(namespace), same(quota), same(limits), same(account)];
    values.extend(policies.iter().map(same));
    values.extend(secrets.iter().map(same));
    values.extend(deployments.iter().map(same));
    values.extend(stateful_sets.iter().map(same));
    values.extend(services.iter().map(same));
    values.extend(ingresses.iter().map(same));
    values
}

const MANIFESTS: [&str; 10] = ["one", "web", "db", "pair", "gpu", "ram", "ports", "ip", "login", "long"];

#[test]
fn the_objects_of_ten_manifests() {
    for name in MANIFESTS {
        let objects = render(&read(name), &options(), &nodes(), &BTreeSet::new()).unwrap();
        insta::assert_json_snapshot!(name, all(&objects));
    }
}

/// What is paused keeps everything but its pods.
#[test]
fn a_pause_takes_the_pods_alone() {
    let spec = read("pair");
    let running = render(&spec, &options(), &[], &BTreeSet::new()).unwrap();
    let paused = render(&spec, &options(), &[], &BTreeSet::from(["back".to_owned()])).unwrap();
    let replicas = |objects: &Objects| {
        let all = objects.deployments.iter();
        all.map(|one| one.spec.as_ref().unwrap().replicas.unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((replicas(&running), replicas(&paused)), (vec![3, 1], vec![0, 1]));
    assert_eq!((&running.services, &running.quota), (&paused.services, &paused.quota));
}

#[test]
fn the_operators_rules_are_kept() {
    let refused = |change: &dyn Fn(&mut Options), name: &str| {
        let mut options = options();
        change(&mut options);
        render(&read(name), &options, &[], &BTreeSet::new()).map(drop).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&|options| options.most_pods = Some(2), "pair"),
        "service `back` wants 3 pods, and at most 2 are allowed"
    );
    let cpu = refused(&|options| options.pod_limits.cpu = Some(MilliCpu(100)), "one");
    assert!(cpu.contains("of processor for a pod, and at most"), "{cpu}");
    let memory = refused(&|options| options.pod_limits.memory = Some(Bytes(1 << 20)), "one");
    assert!(memory.contains("of memory for a pod, and at most"), "{memory}");
    let class = refused(&|options| options.storage_classes.clear(), "db");
    assert_eq!(class, "service `db` wants storage of class \"beta2\", which is not sold here");
    let host = refused(&|options| options.network.ingress_domain = None, "pair");
    assert!(host.contains("names none, and the operator has no domain"), "{host}");
    assert_eq!(
        render(&read("gpu"), &options(), &[], &BTreeSet::new()).map(drop).unwrap_err().to_string(),
        "service `train` wants GPUs that no node has: vendor/nvidia/model/a100/ram/80Gi"
    );
    let mut open = options();
    open.network.policies = false;
    assert!(render(&read("one"), &open, &[], &BTreeSet::new()).unwrap().policies.is_empty());
    let mut silent = options();
    silent.network.deny_ingress = false;
    assert_eq!(render(&read("web"), &silent, &[], &BTreeSet::new()).unwrap().policies.len(), 1);
}

/// Texts that mean something to some shell, template, path or file somewhere.
fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,40}",
        Just("../../../etc/passwd".to_owned()),
        Just("$(HOME)${HOME}`id`".to_owned()),
        Just("x\nprivileged: true\nhostPath: {path: /}".to_owned()),
        Just("{{ .Values.secret }}".to_owned()),
        Just("\"}]},\"hostNetwork\":true".to_owned()),
        Just("kube-system".to_owned()),
        Just("no".to_owned()),
        Just("\u{202e}\u{1b}[31m".to_owned()),
        Just("proxy_pass http://169.254.169.254;".to_owned()),
    ]
}

fn hostile_service() -> impl Strategy<Value = TenantsService> {
    let texts = || proptest::collection::vec(hostile(), 0..4);
    let volume = (hostile(), any::<bool>(), hostile(), hostile(), any::<u64>());
    let expose = (any::<u32>(), any::<u32>(), any::<bool>(), any::<bool>(), texts(), texts());
    let ((name, image, count), (command, args, env), volumes, exposes, login) = (
        (hostile(), hostile(), any::<u32>()),
        (texts(), texts(), texts()),
        proptest::collection::vec(volume, 0..3),
        proptest::collection::vec(expose, 0..4),
        proptest::option::of((hostile(), hostile(), hostile())),
    );
    ((name, image, count), (command, args, env), volumes, exposes, login).prop_map(
        |((name, image, count), (command, args, env), volumes, exposes, login)| {
            let mut storage = vec![];
            let mut mounts = vec![];
            for (volume, persistent, class, mount, size) in volumes {
                let attribute = |key: &str, value: String| Attribute { key: key.to_owned(), value };
                let class = if persistent { "default".to_owned() } else { class };
                let attributes = vec![attribute("persistent", persistent.to_string()), attribute("class", class)];
                storage.push(Volume { name: volume.clone(), size: Bytes(size), attributes });
                mounts.push(Mount { name: volume, mount, read_only: persistent });
            }
            let expose = exposes.into_iter().map(|(port, external_port, global, udp, hosts, next_cases)| Expose {
                port,
                external_port,
                protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
                service: hosts.first().cloned().unwrap_or_default(),
                global,
                ip: hosts.last().cloned().unwrap_or_default(),
                hosts: Some(hosts),
                http_options: HttpOptions {
                    max_body_size: port,
                    read_timeout: port,
                    send_timeout: port,
                    next_tries: port,
                    next_timeout: port,
                    next_cases,
                },
                endpoint_sequence_number: port,
            });
            let credentials =
                login.map(|(host, username, password)| Credentials { host, email: String::new(), username, password });
            let resources = manifest::Resources { storage, ..manifest::Resources::default() };
            TenantsService {
                name,
                image,
                command: Some(command),
                args: Some(args),
                env: Some(env),
                resources,
                count,
                expose: expose.collect(),
                parameters: Some(Parameters { storage: mounts }),
                credentials,
            }
        },
    )
}

/// Keys that no object of a tenant may have at all, and keys with the only value that they may have.
fn judge(value: &Value) -> Result<(), String> {
    const NEVER: [&str; 11] = [
        "hostPath",
        "nfs",
        "csi",
        "add",
        "procMount",
        "sysctls",
        "hostUsers",
        "externalIPs",
        "nodeName",
        "serviceAccount",
        "configMap",
    ];
    const ONLY: [(&str, Value); 7] = [
        ("hostNetwork", Value::Bool(false)),
        ("hostPID", Value::Bool(false)),
        ("hostIPC", Value::Bool(false)),
        ("privileged", Value::Bool(false)),
        ("allowPrivilegeEscalation", Value::Bool(false)),
        ("automountServiceAccountToken", Value::Bool(false)),
        ("readOnlyRootFilesystem", Value::Bool(true)),
    ];
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                // What a tenant names (variables, labels) stands in maps of plain texts.
                if !value.is_string() && NEVER.contains(&key.as_str()) {
                    return Err(format!("{key}: {value}"));
                }
                if let Some((_, only)) = ONLY.iter().find(|(name, _)| name == key)
                    && !value.is_string()
                    && value != only
                {
                    return Err(format!("{key}: {value}"));
                }
                judge(value)?;
            }
            Ok(())
        }
        Value::Array(values) => values.iter().try_for_each(judge),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a tenant writes, though nothing of it was checked before: no object is outside of the namespace, none has
    /// a path or a right of the node, secrets stay out of pods, and each is the same as YAML.
    #[test]
    fn hostile_manifests_stay_in_their_place(
        services in proptest::collection::vec(hostile_service(), 1..3),
        probed in hostile(),
    ) {
        let group = Group { name: "kube-system".to_owned(), services };
        let probes = group.services.iter().map(|service| {
            (service.name.clone(), Probe::Command { command: vec![probed.clone()] })
        });
        let spec = spec(group.clone(), probes.collect());
        let Ok(objects) = render(&spec, &options(), &nodes(), &BTreeSet::new()) else { return Ok(()) };
        for (place, object) in all(&objects).into_iter().enumerate() {
            let meta = &object["metadata"];
            let namespace = if place == 0 { &meta["name"] } else { &meta["namespace"] };
            prop_assert_eq!(namespace, &json!(names::namespace(&options(), &spec.id)));
            prop_assert_eq!(&meta["labels"]["provider.site"], &json!("here"));
            prop_assert!(judge(&object).is_ok(), "{:?}: {}", judge(&object), object);
            if let Some(pod) = object["spec"].get("template") {
                for one in pod["spec"]["containers"][0]["env"].as_array().into_iter().flatten() {
                    prop_assert!(one.get("value").is_none() && one["valueFrom"]["secretKeyRef"].is_object());
                }
                for volume in pod["spec"]["volumes"].as_array().into_iter().flatten() {
                    prop_assert!(volume["emptyDir"].is_object(), "{}", volume);
                }
                prop_assert_eq!(&pod["spec"]["containers"].as_array().unwrap().len(), &1);
            }
            for (name, value) in meta["annotations"].as_object().into_iter().flatten() {
                let plain = |c: char| c.is_ascii_alphanumeric() || " _-".contains(c);
                let proxied = !name.starts_with("nginx.") || value.as_str().unwrap().chars().all(plain);
                prop_assert!(proxied, "{}: {}", name, value);
            }
        }
    }
}

/// What words of a command the node would put values into stays as it is written.
#[test]
fn words_are_not_expanded() {
    let objects = render(&read("db"), &options(), &[], &BTreeSet::new()).unwrap();
    let set = serde_json::to_value(&objects.stateful_sets[0]).unwrap();
    let container = &set["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["command"], json!(["/bin/db", "$$(HOME)", "$$$$x"]));
    assert_eq!(container["readinessProbe"]["exec"]["command"], json!(["/bin/db", "ping"]));
    let text = set.to_string();
    assert!(!text.contains("it is $(SECRET)"), "{text}");
}

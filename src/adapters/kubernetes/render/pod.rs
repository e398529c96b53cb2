//! The pods of a service.

use std::collections::BTreeMap;
use std::time::Duration;

use k8s_openapi::api::core::v1::{
    Capabilities, Container, ContainerPort, ExecAction, HTTPGetAction, LocalObjectReference, PodSecurityContext,
    PodSpec, PodTemplateSpec, Probe as Readiness, ResourceRequirements, SeccompProfile, SecurityContext,
    TCPSocketAction,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{GpuNode, Unfit, gpu, secret, space, volume};
use crate::adapters::kubernetes::options::Overcommit;
use crate::adapters::kubernetes::{Options, names};
use crate::domain::manifest::{Expose, Service};
use crate::domain::resources::Bytes;
use crate::domain::workload::{Probe, Spec};

/// The only container of a pod.
pub(in super::super) const CONTAINER: &str = "service";
/// How long a process has to end, in seconds, before it is killed.
const GRACE: i64 = 30;
/// The group that volumes are given to, so that a process that is not root can write to them.
const VOLUME_GROUP: i64 = 1000;

/// The memory of a pod: the service's, and its volumes that are memory.
pub(super) fn memory(service: &Service) -> Bytes {
    Bytes(service.resources.memory.size.0.saturating_add(volume::in_memory(service).0))
}

pub(super) fn template(
    spec: &Spec,
    service: &Service,
    options: &Options,
    nodes: &[GpuNode],
) -> Result<PodTemplateSpec, Unfit> {
    let mut pull: Vec<String> = options.image_pull_secrets.iter().map(|name| secret::copied(options, name)).collect();
    pull.extend(service.credentials.as_ref().map(|_| secret::login_name(service)));
    let pull: Vec<_> = pull.into_iter().map(|name| LocalObjectReference { name }).collect();
    let spec_of_pod = PodSpec {
        affinity: gpu::affinity(service, nodes)?,
        tolerations: gpu::tolerations(service),
        automount_service_account_token: Some(false),
        service_account_name: Some(space::ACCOUNT.to_owned()),
        enable_service_links: Some(false),
        containers: vec![container(service, options, spec.probes.get(&service.name))],
        host_ipc: Some(false),
        host_network: Some(false),
        host_pid: Some(false),
        image_pull_secrets: (!pull.is_empty()).then_some(pull),
        restart_policy: Some("Always".to_owned()),
        runtime_class_name: options.runtime_class.clone(),
        security_context: Some(PodSecurityContext {
            fs_group: volume::persistent(service).next().map(|_| VOLUME_GROUP),
            run_as_non_root: Some(options.confinement.run_as_non_root),
            seccomp_profile: Some(SeccompProfile { type_: "RuntimeDefault".to_owned(), localhost_profile: None }),
            ..PodSecurityContext::default()
        }),
        termination_grace_period_seconds: Some(GRACE),
        volumes: volume::of_pod(service, options),
        ..PodSpec::default()
    };
    Ok(PodTemplateSpec {
        metadata: Some(ObjectMeta {
            labels: Some(names::labels(options, &spec.id, Some(&service.name))),
            // Another manifest is another revision, and another revision is other pods.
            annotations: Some(names::annotations(spec)),
            ..ObjectMeta::default()
        }),
        spec: Some(spec_of_pod),
    })
}

fn container(service: &Service, options: &Options, probe: Option<&Probe>) -> Container {
    let ports: Vec<_> = service.expose.iter().map(port).collect();
    Container {
        name: CONTAINER.to_owned(),
        image: Some(service.image.clone()),
        image_pull_policy: Some(options.pull.word().to_owned()),
        command: service.command.as_deref().and_then(verbatim),
        args: service.args.as_deref().and_then(verbatim),
        env: secret::environment(service),
        ports: (!ports.is_empty()).then(|| distinct(ports)),
        readiness_probe: probe.map(|probe| readiness(probe, options)),
        resources: Some(resources(service, options)),
        security_context: Some(SecurityContext {
            allow_privilege_escalation: Some(options.confinement.allow_privilege_escalation),
            capabilities: Some(Capabilities { add: None, drop: Some(vec!["ALL".to_owned()]) }),
            privileged: Some(false),
            read_only_root_filesystem: Some(options.confinement.read_only_root),
            run_as_non_root: Some(options.confinement.run_as_non_root),
            ..SecurityContext::default()
        }),
        volume_mounts: volume::mounted(service, options),
        ..Container::default()
    }
}

/// The manifest's check, made by the node: a pod that fails it gets no requests, and we read what was found.
fn readiness(probe: &Probe, options: &Options) -> Readiness {
    let seconds = |duration: Duration| i32::try_from(duration.as_secs()).unwrap_or(i32::MAX).max(1);
    let number = |port: u16| IntOrString::Int(i32::from(port));
    let mut readiness = Readiness {
        period_seconds: Some(seconds(options.checks.interval)),
        timeout_seconds: Some(seconds(options.checks.timeout)),
        success_threshold: Some(1),
        // How many failures in a row count is for the reconciler to say.
        failure_threshold: Some(1),
        ..Readiness::default()
    };
    match probe {
        Probe::Http { port, path } => {
            readiness.http_get =
                Some(HTTPGetAction { path: Some(path.clone()), port: number(*port), ..HTTPGetAction::default() });
        }
        Probe::Tcp { port } => {
            readiness.tcp_socket = Some(TCPSocketAction { port: number(*port), ..TCPSocketAction::default() });
        }
        // Nothing is put in for `$(NAME)` here: the node runs it as it is.
        Probe::Command { command } => readiness.exec = Some(ExecAction { command: Some(command.clone()) }),
    }
    readiness
}

/// Words as they are. The cluster puts values in for `$(NAME)` in them, and takes `$$` for `$`.
fn verbatim(words: &[String]) -> Option<Vec<String>> {
    (!words.is_empty()).then(|| words.iter().map(|word| word.replace('$', "$$")).collect())
}

fn port(expose: &Expose) -> ContainerPort {
    ContainerPort {
        container_port: i32::try_from(expose.port).unwrap_or(i32::MAX),
        protocol: Some(expose.protocol.word().to_owned()),
        ..ContainerPort::default()
    }
}

/// A port that is exposed twice is still one port.
fn distinct(ports: Vec<ContainerPort>) -> Vec<ContainerPort> {
    let mut seen = vec![];
    for port in ports {
        if !seen.contains(&port) {
            seen.push(port);
        }
    }
    seen
}

fn resources(service: &Service, options: &Options) -> ResourceRequirements {
    let (cpu, memory) = (service.resources.cpu.units.0, memory(service).0);
    let amounts = |cpu: u64, memory: u64| {
        let mut amounts = BTreeMap::from([
            ("cpu".to_owned(), Quantity(format!("{cpu}m"))),
            ("memory".to_owned(), Quantity(memory.to_string())),
        ]);
        let disk = volume::on_disk(service).0;
        if disk > 0 {
            amounts.insert("ephemeral-storage".to_owned(), Quantity(disk.to_string()));
        }
        if service.resources.gpu.units > 0 {
            amounts.insert(gpu::resource(service), Quantity(service.resources.gpu.units.to_string()));
        }
        amounts
    };
    let promised_cpu = Overcommit::promised(cpu, options.overcommit.cpu);
    let promised_memory = Overcommit::promised(memory, options.overcommit.memory);
    ResourceRequirements {
        limits: Some(amounts(cpu, memory)),
        requests: Some(amounts(promised_cpu, promised_memory)),
        ..ResourceRequirements::default()
    }
}

//! Ways in: services within the cluster, ports of the nodes, addresses of their own, host names.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Service as ClusterService, ServicePort, ServiceSpec};
use k8s_openapi::api::networking::v1::{
    HTTPIngressPath, HTTPIngressRuleValue, Ingress, IngressBackend, IngressRule, IngressServiceBackend, IngressSpec,
    ServiceBackendPort,
};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::Unfit;
use crate::adapters::kubernetes::{Options, names};
use crate::domain::manifest::{Expose, HttpOptions, Service};
use crate::domain::workload::Spec;

/// What nginx' ingress controller, the usual one, reads.
const NGINX: &str = "nginx.ingress.kubernetes.io";

pub(super) fn services(spec: &Spec, options: &Options) -> Vec<ClusterService> {
    spec.group.services.iter().flat_map(|service| of_service(spec, service, options)).collect()
}

fn of_service(spec: &Spec, service: &Service, options: &Options) -> Vec<ClusterService> {
    let object = |name: String, kind: &str, ports: Vec<ServicePort>, class: Option<String>| ClusterService {
        metadata: names::meta(options, spec, Some(&service.name), &name),
        spec: Some(ServiceSpec {
            type_: Some(kind.to_owned()),
            selector: Some(names::pods_of(&spec.id, Some(&service.name))),
            ports: Some(ports),
            load_balancer_class: class,
            ..ServiceSpec::default()
        }),
        ..ClusterService::default()
    };
    let mut services = vec![];
    let inside = ports(service.expose.iter());
    if inside.is_empty() {
        // A name for each pod of a stateful set needs one without ports, too.
        services.push(headless(object(service.name.clone(), "ClusterIP", vec![], None)));
    } else {
        services.push(object(service.name.clone(), "ClusterIP", inside, None));
    }
    let by_port = |expose: &&Expose| expose.global && !expose.is_ingress() && expose.ip.is_empty();
    let outside = ports(service.expose.iter().filter(by_port));
    if !outside.is_empty() {
        services.push(object(names::beside(&spec.group, &service.name, "np"), "NodePort", outside, None));
    }
    let mut leased: BTreeMap<u32, Vec<&Expose>> = BTreeMap::new();
    for expose in service.expose.iter().filter(|expose| expose.global && !expose.ip.is_empty()) {
        leased.entry(expose.endpoint_sequence_number).or_default().push(expose);
    }
    for (number, exposes) in leased {
        let name = names::beside(&spec.group, &service.name, &format!("ip-{number}"));
        let class = options.network.load_balancer_class.clone();
        services.push(object(name, "LoadBalancer", ports(exposes.into_iter()), class));
    }
    services
}

fn headless(mut service: ClusterService) -> ClusterService {
    if let Some(spec) = &mut service.spec {
        spec.cluster_ip = Some("None".to_owned());
        spec.ports = None;
    }
    service
}

/// Ports, each once: two exposures of one port and protocol differ only in who may reach them.
fn ports<'a>(exposes: impl Iterator<Item = &'a Expose>) -> Vec<ServicePort> {
    let number = |port: u32| i32::try_from(port).unwrap_or(i32::MAX);
    let ports: BTreeMap<(u32, &str), ServicePort> = exposes
        .map(|expose| {
            let (seen, protocol) = (expose.seen_port(), expose.protocol.word());
            let port = ServicePort {
                name: Some(format!("{seen}-{}", protocol.to_lowercase())),
                port: number(seen),
                protocol: Some(protocol.to_owned()),
                target_port: Some(IntOrString::Int(number(expose.port))),
                ..ServicePort::default()
            };
            ((seen, protocol), port)
        })
        .collect();
    ports.into_values().collect()
}

/// The host names of a service: what the manifest names, and one of its own.
fn hosts(spec: &Spec, service: &Service, expose: &Expose, options: &Options) -> Vec<String> {
    let own = options.network.ingress_domain.as_ref();
    let own =
        own.map(|domain| format!("{}.{domain}", names::within(names::LABEL, &format!("{}-{}", spec.id, service.name))));
    let mut hosts: Vec<String> = expose.hosts.iter().flatten().cloned().chain(own).collect();
    hosts.sort();
    hosts.dedup();
    hosts
}

pub(super) fn ingresses(spec: &Spec, options: &Options) -> Result<Vec<Ingress>, Unfit> {
    let mut ingresses = vec![];
    for service in &spec.group.services {
        let Some(expose) = service.expose.iter().find(|expose| expose.is_ingress()) else { continue };
        let hosts = hosts(spec, service, expose, options);
        if hosts.is_empty() {
            let what = "is served by host name, names none, and the operator has no domain for it".to_owned();
            return Err(Unfit::Refused { service: service.name.clone(), what });
        }
        let mut metadata = names::meta(options, spec, Some(&service.name), &service.name);
        metadata.annotations.get_or_insert_default().extend(proxy(&expose.http_options));
        ingresses.push(Ingress {
            metadata,
            spec: Some(IngressSpec {
                ingress_class_name: options.network.ingress_class.clone(),
                rules: Some(hosts.into_iter().map(|host| rule(host, service, expose)).collect()),
                ..IngressSpec::default()
            }),
            ..Ingress::default()
        });
    }
    Ok(ingresses)
}

fn rule(host: String, service: &Service, expose: &Expose) -> IngressRule {
    let path = HTTPIngressPath {
        path: Some("/".to_owned()),
        path_type: "Prefix".to_owned(),
        backend: IngressBackend {
            service: Some(IngressServiceBackend {
                name: service.name.clone(),
                port: Some(ServiceBackendPort {
                    number: Some(i32::try_from(expose.seen_port()).unwrap_or(i32::MAX)),
                    name: None,
                }),
            }),
            ..IngressBackend::default()
        },
    };
    IngressRule { host: Some(host), http: Some(HTTPIngressRuleValue { paths: vec![path] }) }
}

/// The limits of the proxy. Times are whole seconds there, milliseconds in a manifest: rounded up.
fn proxy(options: &HttpOptions) -> BTreeMap<String, String> {
    let seconds = |milliseconds: u32| milliseconds.div_ceil(1000).to_string();
    let cases = options.next_cases.iter().filter(|case| is_case(case)).map(|case| nginx_case(case));
    let cases = cases.collect::<Vec<_>>().join(" ");
    let mut annotations = vec![
        ("proxy-body-size", options.max_body_size.to_string()),
        ("proxy-read-timeout", seconds(options.read_timeout)),
        ("proxy-send-timeout", seconds(options.send_timeout)),
        ("proxy-next-upstream-tries", options.next_tries.to_string()),
        ("proxy-next-upstream-timeout", seconds(options.next_timeout)),
    ];
    if !cases.is_empty() {
        annotations.push(("proxy-next-upstream", cases));
    }
    annotations.into_iter().map(|(name, value)| (format!("{NGINX}/{name}"), value)).collect()
}

/// The cases that a manifest may name. The annotation ends up in a configuration file of the proxy: nothing else may.
fn is_case(case: &str) -> bool {
    matches!(case, "error" | "timeout" | "500" | "502" | "503" | "504" | "403" | "404" | "429" | "off")
}

fn nginx_case(case: &str) -> String {
    if case.starts_with(|first: char| first.is_ascii_digit()) { format!("http_{case}") } else { case.to_owned() }
}

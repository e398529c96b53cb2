//! Network policies: who reaches a workload, and what it reaches.
//!
//! A workload reaches itself, the cluster's DNS and the public internet: neither the cluster, nor the node, nor what else
//! is in the operator's networks, nor the address where clouds hand out credentials.

use k8s_openapi::api::networking::v1::{
    IPBlock, NetworkPolicy, NetworkPolicyEgressRule, NetworkPolicyIngressRule, NetworkPolicyPeer, NetworkPolicyPort,
    NetworkPolicySpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use std::collections::BTreeMap;

use crate::adapters::kubernetes::{Options, names};
use crate::domain::manifest::{Expose, Service};
use crate::domain::workload::Spec;

/// What of IPv4 is not the public internet: IANA's special-purpose registry.
const NOT_PUBLIC_V4: [&str; 14] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

/// The same of IPv6, with what only wraps an address of IPv4. Everything public is in 2000::/3.
const NOT_PUBLIC_V6: [&str; 3] = ["2001:db8::/32", "2002::/16", "2001::/32"];

/// The label that every namespace has.
const NAME_OF_NAMESPACE: &str = "kubernetes.io/metadata.name";

pub(super) fn all(spec: &Spec, options: &Options) -> Vec<NetworkPolicy> {
    if !options.network.policies {
        return vec![];
    }
    let mut policies = vec![egress(spec, options)];
    if options.network.deny_ingress {
        policies.push(own(spec, options));
        policies.extend(spec.group.services.iter().filter_map(|service| exposed(spec, service, options)));
    }
    policies
}

fn policy(spec: &Spec, options: &Options, name: &str, rules: NetworkPolicySpec) -> NetworkPolicy {
    NetworkPolicy { metadata: names::meta(options, spec, None, name), spec: Some(rules) }
}

/// Every pod of this namespace. An empty selector is all of them; ours or not, none gets around it.
fn everyone() -> LabelSelector {
    LabelSelector::default()
}

fn of_namespace(name: &str) -> NetworkPolicyPeer {
    NetworkPolicyPeer {
        namespace_selector: Some(LabelSelector {
            match_labels: Some(BTreeMap::from([(NAME_OF_NAMESPACE.to_owned(), name.to_owned())])),
            ..LabelSelector::default()
        }),
        ..NetworkPolicyPeer::default()
    }
}

fn here() -> NetworkPolicyPeer {
    NetworkPolicyPeer { pod_selector: Some(everyone()), ..NetworkPolicyPeer::default() }
}

fn block(cidr: &str, except: &[&str]) -> NetworkPolicyPeer {
    let except = except.iter().map(|&range| range.to_owned()).collect();
    NetworkPolicyPeer {
        ip_block: Some(IPBlock { cidr: cidr.to_owned(), except: Some(except) }),
        ..NetworkPolicyPeer::default()
    }
}

/// Nothing comes in but from the workload itself.
fn own(spec: &Spec, options: &Options) -> NetworkPolicy {
    let rules = NetworkPolicySpec {
        pod_selector: Some(everyone()),
        policy_types: Some(vec!["Ingress".to_owned()]),
        ingress: Some(vec![NetworkPolicyIngressRule { from: Some(vec![here()]), ports: None }]),
        egress: None,
    };
    policy(spec, options, "ingress", rules)
}

/// What the manifest exposes to the world comes in.
fn exposed(spec: &Spec, service: &Service, options: &Options) -> Option<NetworkPolicy> {
    let port = |expose: &Expose| NetworkPolicyPort {
        port: Some(IntOrString::Int(i32::try_from(expose.port).unwrap_or(i32::MAX))),
        protocol: Some(expose.protocol.word().to_owned()),
        end_port: None,
    };
    let global = || service.expose.iter().filter(|expose| expose.global);
    let by_host: Vec<_> = global().filter(|expose| expose.is_ingress()).map(port).collect();
    let by_port: Vec<_> = global().filter(|expose| !expose.is_ingress()).map(port).collect();
    // What is served by host name comes from the ingress controller alone, where it is known where that is.
    let proxy = options.network.ingress_namespace.as_deref().map(|name| vec![of_namespace(name)]);
    let rule = |from: Option<Vec<NetworkPolicyPeer>>, ports: Vec<NetworkPolicyPort>| {
        (!ports.is_empty()).then_some(NetworkPolicyIngressRule { from, ports: Some(ports) })
    };
    let ingress: Vec<_> = rule(proxy, by_host).into_iter().chain(rule(None, by_port)).collect();
    (!ingress.is_empty()).then(|| {
        let rules = NetworkPolicySpec {
            pod_selector: Some(LabelSelector {
                match_labels: Some(names::pods_of(&spec.id, Some(&service.name))),
                ..LabelSelector::default()
            }),
            policy_types: Some(vec!["Ingress".to_owned()]),
            ingress: Some(ingress),
            egress: None,
        };
        policy(spec, options, &format!("{}-exposed", service.name), rules)
    })
}

fn egress(spec: &Spec, options: &Options) -> NetworkPolicy {
    let dns = |protocol: &str| NetworkPolicyPort {
        port: Some(IntOrString::Int(53)),
        protocol: Some(protocol.to_owned()),
        end_port: None,
    };
    let rules = vec![
        NetworkPolicyEgressRule { to: Some(vec![here()]), ports: None },
        NetworkPolicyEgressRule {
            to: Some(vec![of_namespace(&options.network.dns_namespace)]),
            ports: Some(vec![dns("UDP"), dns("TCP")]),
        },
        NetworkPolicyEgressRule {
            to: Some(vec![block("0.0.0.0/0", &NOT_PUBLIC_V4), block("2000::/3", &NOT_PUBLIC_V6)]),
            ports: None,
        },
    ];
    let rules = NetworkPolicySpec {
        pod_selector: Some(everyone()),
        policy_types: Some(vec!["Egress".to_owned()]),
        ingress: None,
        egress: Some(rules),
    };
    policy(spec, options, "egress", rules)
}

//! The room of a workload: its namespace, and what holds all of its pods together within what was leased.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{
    LimitRange, LimitRangeItem, LimitRangeSpec, LocalObjectReference, Namespace, ResourceQuota, ResourceQuotaSpec,
    ServiceAccount,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::{gpu, pod, secret, volume};
use crate::adapters::kubernetes::options::Overcommit;
use crate::adapters::kubernetes::{Options, names};
use crate::domain::workload::Spec;

/// The account of every pod: it may do nothing.
pub(super) const ACCOUNT: &str = "workload";
/// The quota and the limit range.
const LEASED: &str = "leased";

/// Pod Security's label, for each of its modes.
const POD_SECURITY: [&str; 3] =
    ["pod-security.kubernetes.io/enforce", "pod-security.kubernetes.io/audit", "pod-security.kubernetes.io/warn"];

pub(super) fn namespace(spec: &Spec, options: &Options) -> Namespace {
    let mut labels = options.namespace_labels.clone();
    for mode in POD_SECURITY {
        labels.insert(mode.to_owned(), options.pod_security.word().to_owned());
    }
    // Ours last: what the operator adds cannot hide whose it is.
    labels.extend(names::labels(options, &spec.id, None));
    Namespace {
        metadata: ObjectMeta {
            name: Some(names::namespace(options, &spec.id)),
            labels: Some(labels),
            annotations: Some(names::annotations(spec)),
            ..ObjectMeta::default()
        },
        ..Namespace::default()
    }
}

pub(super) fn account(spec: &Spec, options: &Options) -> ServiceAccount {
    let secrets = options.image_pull_secrets.iter();
    let secrets: Vec<_> = secrets.map(|name| LocalObjectReference { name: secret::copied(options, name) }).collect();
    ServiceAccount {
        metadata: names::meta(options, spec, None, ACCOUNT),
        automount_service_account_token: Some(false),
        image_pull_secrets: (!secrets.is_empty()).then_some(secrets),
        ..ServiceAccount::default()
    }
}

/// All that was leased and no more: pods that nobody leased find no room, whoever makes them.
pub(super) fn quota(spec: &Spec, options: &Options) -> ResourceQuota {
    let mut hard: BTreeMap<String, u128> = BTreeMap::new();
    let mut add = |name: &str, amount: u128| *hard.entry(name.to_owned()).or_default() += amount;
    for name in ["pods", "limits.cpu", "limits.memory", "requests.cpu", "requests.memory"] {
        add(name, 0);
    }
    for name in ["requests.storage", "persistentvolumeclaims", "services", "count/ingresses.networking.k8s.io"] {
        add(name, 0);
    }
    for service in &spec.group.services {
        let count = u128::from(service.count);
        let (cpu, memory) = (service.resources.cpu.units.0, pod::memory(service).0);
        add("pods", count);
        add("limits.cpu", count * u128::from(cpu));
        add("requests.cpu", count * u128::from(Overcommit::promised(cpu, options.overcommit.cpu)));
        add("limits.memory", count * u128::from(memory));
        add("requests.memory", count * u128::from(Overcommit::promised(memory, options.overcommit.memory)));
        if service.resources.gpu.units > 0 {
            add(&format!("requests.{}", gpu::resource(service)), count * u128::from(service.resources.gpu.units));
        }
        for volume in volume::persistent(service) {
            add("requests.storage", count * u128::from(volume.size.0));
            add("persistentvolumeclaims", count);
        }
        // One inside the cluster, one for node ports, one for each leased address.
        add("services", 2 + service.expose.len() as u128);
        add("count/ingresses.networking.k8s.io", 1);
    }
    let milli = |name: &str| name.rsplit('.').next() == Some("cpu");
    let shown = |(name, amount): (String, u128)| {
        let quantity = if milli(&name) { format!("{amount}m") } else { amount.to_string() };
        (name, Quantity(quantity))
    };
    ResourceQuota {
        metadata: names::meta(options, spec, None, LEASED),
        spec: Some(ResourceQuotaSpec {
            hard: Some(hard.into_iter().map(shown).collect()),
            ..ResourceQuotaSpec::default()
        }),
        ..ResourceQuota::default()
    }
}

/// What a container gets that says nothing, and the most that one may have.
pub(super) fn limits(spec: &Spec, options: &Options) -> LimitRange {
    let amounts = |cpu: Option<u64>, memory: Option<u64>| {
        let cpu = cpu.map(|cpu| ("cpu".to_owned(), Quantity(format!("{cpu}m"))));
        let memory = memory.map(|memory| ("memory".to_owned(), Quantity(memory.to_string())));
        let amounts: BTreeMap<String, Quantity> = cpu.into_iter().chain(memory).collect();
        (!amounts.is_empty()).then_some(amounts)
    };
    let services = || spec.group.services.iter();
    let largest_cpu = services().map(|service| service.resources.cpu.units.0).max();
    let largest_memory = services().map(|service| pod::memory(service).0).max();
    // A default above the largest container would be refused by the cluster.
    let no_more =
        |wanted: Option<u64>, largest: Option<u64>| wanted.map(|wanted| wanted.min(largest.unwrap_or(wanted)));
    let default = amounts(
        no_more(options.default_limits.cpu.map(|cpu| cpu.0), largest_cpu),
        no_more(options.default_limits.memory.map(|memory| memory.0), largest_memory),
    );
    let item = LimitRangeItem {
        type_: "Container".to_owned(),
        max: amounts(largest_cpu, largest_memory),
        default: default.clone(),
        default_request: default,
        ..LimitRangeItem::default()
    };
    LimitRange { metadata: names::meta(options, spec, None, LEASED), spec: Some(LimitRangeSpec { limits: vec![item] }) }
}

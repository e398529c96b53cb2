//! What a cluster runs of ours, out of one list of each kind.

use std::collections::BTreeMap;
use std::net::IpAddr;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{Namespace, Pod, Service};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::Options;
use super::names::{Held, Marks, annotation, label};
use super::reason::{self, Standing};
use crate::adapters::Stray;
use crate::domain::manifest::Protocol;
use crate::domain::workload::{Endpoint, Handle, Observed, Revision, Unit, UnitState, WorkloadId};

/// The form of our handles.
pub(super) const HANDLE: u32 = 1;

/// One list of each kind, all of this provider.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) namespaces: Vec<Namespace>,
    pub(super) deployments: Vec<Deployment>,
    pub(super) stateful_sets: Vec<StatefulSet>,
    pub(super) pods: Vec<Pod>,
    pub(super) services: Vec<Service>,
}

/// What keeps the pods of one service, whatever its kind.
struct Keeper<'a> {
    meta: &'a ObjectMeta,
    /// What the cluster says that it cannot do: `exceeded quota`.
    failure: Option<String>,
}

/// The workloads, by id.
pub(super) fn workloads(options: &Options, lists: &Lists) -> Vec<Observed> {
    let mut keepers: BTreeMap<&str, Vec<Keeper<'_>>> = BTreeMap::new();
    for keeper in lists.deployments.iter().map(of_deployment).chain(lists.stateful_sets.iter().map(of_set)) {
        keepers.entry(keeper.meta.namespace.as_deref().unwrap_or_default()).or_default().push(keeper);
    }
    let mut pods: BTreeMap<(&str, &str), Vec<&Pod>> = BTreeMap::new();
    for pod in &lists.pods {
        let namespace = pod.metadata.namespace.as_deref().unwrap_or_default();
        pods.entry((namespace, label_of(&pod.metadata, label::SERVICE).unwrap_or_default())).or_default().push(pod);
    }
    let mut services: BTreeMap<(&str, &str), Vec<&Service>> = BTreeMap::new();
    for service in &lists.services {
        let namespace = service.metadata.namespace.as_deref().unwrap_or_default();
        let name = label_of(&service.metadata, label::SERVICE).unwrap_or_default();
        services.entry((namespace, name)).or_default().push(service);
    }
    let mut workloads = vec![];
    for namespace in &lists.namespaces {
        let Some(Ok(marks)) = Marks::read(options, &namespace.metadata) else { continue };
        let name = namespace.metadata.name.as_deref().unwrap_or_default();
        let mut units = vec![];
        let mut revision = marks.revision;
        for keeper in keepers.get(name).into_iter().flatten() {
            let Some(Ok(of_keeper)) = Marks::read(options, keeper.meta) else { continue };
            let service = label_of(keeper.meta, label::SERVICE).unwrap_or_default();
            let pods = pods.get(&(name, service)).map_or(&[][..], Vec::as_slice);
            let endpoints = endpoints(services.get(&(name, service)).map_or(&[][..], Vec::as_slice), pods);
            units.extend(of_service(options, keeper, service, pods, of_keeper.revision, &endpoints));
            // The namespace is applied first: a kill after it leaves services of the old revision, which must be seen.
            if of_keeper.revision != marks.revision {
                revision = of_keeper.revision;
            }
        }
        units.sort_by(|one, other| (&one.service, one.replica).cmp(&(&other.service, other.replica)));
        workloads.push(Observed {
            id: marks.workload,
            owner: marks.owner,
            revision,
            handle: Handle { version: HANDLE, data: String::new() },
            units,
        });
    }
    workloads.sort_by(|one, other| one.id.cmp(&other.id));
    workloads
}

/// What the checks of each unit found: whether it is well, and what the cluster says of it.
pub(super) type ByUnit = BTreeMap<(WorkloadId, String, u32), (bool, String)>;

/// What the checks of all units found, as their nodes tell it.
pub(super) fn checks(options: &Options, pods: &[Pod]) -> ByUnit {
    let mut by_service: BTreeMap<(WorkloadId, &str), Vec<&Pod>> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| pod.metadata.deletion_timestamp.is_none()) {
        let Some(Ok(marks)) = Marks::read(options, &pod.metadata) else { continue };
        let service = label_of(&pod.metadata, label::SERVICE).unwrap_or_default();
        by_service.entry((marks.workload, service)).or_default().push(pod);
    }
    let mut found = ByUnit::new();
    for ((workload, service), pods) in by_service {
        for (replica, pod) in numbered(pods.into_iter()) {
            found.insert((workload.clone(), service.to_owned(), replica), reason::readiness(pod));
        }
    }
    found
}

/// Namespaces with our label that belong to no workload that can be known.
pub(super) fn strays(options: &Options, namespaces: &[Namespace]) -> Vec<Stray> {
    let stray = |namespace: &Namespace| {
        let wrong = Marks::read(options, &namespace.metadata)?.err()?;
        let name = namespace.metadata.name.as_deref().unwrap_or_default();
        let why = format!("its {wrong} is missing, or is no word of ours");
        Some(Stray { what: format!("namespace {name}"), why })
    };
    namespaces.iter().filter_map(stray).collect()
}

fn label_of<'a>(meta: &'a ObjectMeta, name: &str) -> Option<&'a str> {
    meta.labels.as_ref()?.get(name).map(String::as_str)
}

fn of_deployment(deployment: &Deployment) -> Keeper<'_> {
    let conditions = deployment.status.iter().filter_map(|status| status.conditions.as_ref()).flatten();
    let mut failures = conditions.filter(|told| told.type_ == "ReplicaFailure" && told.status == "True");
    let failure = failures.find_map(|told| told.message.as_deref().map(reason::text));
    Keeper { meta: &deployment.metadata, failure }
}

fn of_set(set: &StatefulSet) -> Keeper<'_> {
    Keeper { meta: &set.metadata, failure: None }
}

/// The units of a service: as many as it should have, whatever pods there are.
fn of_service(
    options: &Options,
    keeper: &Keeper<'_>,
    service: &str,
    pods: &[&Pod],
    revision: Revision,
    endpoints: &[Endpoint],
) -> Vec<Unit> {
    let wanted = keeper.meta.annotations.as_ref().and_then(|notes| notes.get(annotation::REPLICAS)?.parse().ok());
    let wanted: u32 = wanted.unwrap_or(0);
    let mut slots = numbered(pods.iter().copied().filter(|pod| pod.metadata.deletion_timestamp.is_none()));
    // What has ended and was replaced stays in the cluster for long: it is no unit any more.
    slots.retain(|replica, pod| *replica < wanted || !has_ended(pod));
    let last = slots.keys().last().map_or(0, |last| last + 1);
    let unit = |replica: u32| {
        let (standing, revision) = slots.get(&replica).map_or_else(
            || (missing(keeper), revision),
            |pod| {
                let marks = Marks::read(options, &pod.metadata).and_then(Result::ok);
                (reason::standing(pod), marks.map_or(revision, |marks| marks.revision))
            },
        );
        Unit {
            service: service.to_owned(),
            replica,
            revision,
            state: standing.state,
            since: standing.since,
            waits_for: standing.waits_for,
            endpoints: endpoints.to_vec(),
        }
    };
    (0..wanted.max(last)).map(unit).collect()
}

/// A unit without a pod.
fn missing(keeper: &Keeper<'_>) -> Standing {
    let state = match (Held::of(keeper.meta), &keeper.failure) {
        (Some(Held::Paused), _) => UnitState::Paused,
        // Its pod was ended by us, and its code went with it.
        (Some(Held::Stopped), _) => UnitState::Exited { code: 0 },
        (None, Some(failure)) => UnitState::Failed {
            reason: format!("its pod cannot be made: {failure}"),
            exhausted: failure.contains("exceeded quota"),
        },
        (None, None) => UnitState::Starting,
    };
    Standing { state, since: None, waits_for: None }
}

/// Whether a pod is over for good.
fn has_ended(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    matches!(phase, Some("Succeeded" | "Failed"))
}

/// The pods of one service by replica. Those of a deployment have no number: the oldest that is not over is the first.
pub(super) fn numbered<'a>(pods: impl Iterator<Item = &'a Pod>) -> BTreeMap<u32, &'a Pod> {
    let mut slots: BTreeMap<u32, &Pod> = BTreeMap::new();
    let mut unnumbered: Vec<&Pod> = vec![];
    for pod in pods {
        match ordinal(pod) {
            Some(number) => drop(slots.insert(number, pod)),
            None => unnumbered.push(pod),
        }
    }
    unnumbered.sort_by_key(|pod| {
        (has_ended(pod), pod.metadata.creation_timestamp.as_ref().map(|time| time.0), pod.metadata.name.clone())
    });
    for pod in unnumbered {
        let free = (0..=u32::MAX).find(|number| !slots.contains_key(number)).unwrap_or(u32::MAX);
        slots.insert(free, pod);
    }
    slots
}

/// The number at the end of the name of a stateful set's pod, which its controller also puts in a label.
pub(super) fn ordinal(pod: &Pod) -> Option<u32> {
    label_of(&pod.metadata, "apps.kubernetes.io/pod-index")?.parse().ok()
}

/// Where a service is reached from outside.
fn endpoints(services: &[&Service], pods: &[&Pod]) -> Vec<Endpoint> {
    let mut endpoints = vec![];
    let node: Option<IpAddr> = pods.iter().find_map(|pod| pod.status.as_ref()?.host_ip.as_ref()?.parse().ok());
    for service in services {
        let Some(spec) = &service.spec else { continue };
        let kind = spec.type_.as_deref().unwrap_or("ClusterIP");
        let balanced = service.status.as_ref().and_then(|status| status.load_balancer.as_ref()?.ingress.as_ref());
        let leased: Option<IpAddr> =
            balanced.into_iter().flatten().find_map(|ingress| ingress.ip.as_ref()?.parse().ok());
        for port in spec.ports.iter().flatten() {
            let protocol = if port.protocol.as_deref() == Some("UDP") { Protocol::Udp } else { Protocol::Tcp };
            let inner = match &port.target_port {
                Some(k8s_openapi::apimachinery::pkg::util::intstr::IntOrString::Int(number)) => *number,
                Some(_) | None => port.port,
            };
            let (address, seen_as) = match kind {
                "NodePort" => (node, port.node_port),
                "LoadBalancer" => (leased, Some(port.port)),
                _ => (None, None),
            };
            let number = |number: i32| u16::try_from(number).ok();
            if let (Some(address), Some(seen_as), Some(inner)) = (address, seen_as.and_then(number), number(inner)) {
                endpoints.push(Endpoint { port: inner, protocol, address, seen_as });
            }
        }
    }
    endpoints
}

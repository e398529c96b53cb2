//! A workload as objects of a cluster: typed all the way, so that nothing that a tenant wrote can become anything but a
//! value of the field that it is for.
//!
//! | what | how many | where |
//! |---|---|---|
//! | namespace, quota, limit range, account | one each | [`space`] |
//! | network policies | a few | [`policy`] |
//! | secrets of the environment, registry logins | one for each service that has any | [`secret`] |
//! | deployments, or stateful sets where volumes persist | one for each service | [`controller`], [`pod`], [`volume`] |
//! | services, ingresses | as the manifest exposes | [`way_in`] |
//!
//! Every object lives in the namespace of its workload, whose name follows from the workload's id alone.

mod controller;
mod gpu;
mod pod;
mod policy;
mod secret;
mod space;
#[cfg(test)]
mod tests;
mod volume;
mod way_in;

use std::collections::BTreeSet;

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{LimitRange, Namespace, ResourceQuota, Secret, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};

use super::{Options, names};
use crate::domain::workload::Spec;

pub(super) use gpu::GpuNode;
pub(super) use pod::CONTAINER;
pub(super) use secret::copy;

/// Everything that a workload is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Objects {
    pub(super) namespace: Namespace,
    pub(super) quota: ResourceQuota,
    pub(super) limits: LimitRange,
    pub(super) account: ServiceAccount,
    pub(super) policies: Vec<NetworkPolicy>,
    pub(super) secrets: Vec<Secret>,
    pub(super) deployments: Vec<Deployment>,
    pub(super) stateful_sets: Vec<StatefulSet>,
    pub(super) services: Vec<Service>,
    pub(super) ingresses: Vec<Ingress>,
}

/// What cannot be set up, in words for the operator and the tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unfit {
    /// The rules of the operator do not allow it.
    #[error("service `{service}` {what}")]
    Refused { service: String, what: String },
    /// No node has such GPUs.
    #[error("service `{service}` wants GPUs that no node has: {wanted}")]
    NoGpu { service: String, wanted: String },
}

/// The objects of a workload. What keeps the pods of a service and is named as paused stays without pods.
pub(super) fn render(
    spec: &Spec,
    options: &Options,
    nodes: &[GpuNode],
    paused: &BTreeSet<String>,
) -> Result<Objects, Unfit> {
    let (mut deployments, mut stateful_sets) = (vec![], vec![]);
    for service in &spec.group.services {
        match controller::of(spec, service, options, nodes, paused.contains(&names::keeper(&service.name)))? {
            controller::Controller::Deployment(deployment) => deployments.push(*deployment),
            controller::Controller::StatefulSet(set) => stateful_sets.push(*set),
        }
    }
    Ok(Objects {
        namespace: space::namespace(spec, options),
        quota: space::quota(spec, options),
        limits: space::limits(spec, options),
        account: space::account(spec, options),
        policies: policy::all(spec, options),
        secrets: secret::all(spec, options),
        deployments,
        stateful_sets,
        services: way_in::services(spec, options),
        ingresses: way_in::ingresses(spec, options)?,
    })
}

/// Whether any service wants GPUs: only then nodes have to be known.
pub(super) fn wants_gpus(spec: &Spec) -> bool {
    spec.group.services.iter().any(|service| service.resources.gpu.units > 0)
}

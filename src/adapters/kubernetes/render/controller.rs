//! What keeps the pods of a service up: a deployment, or a stateful set where volumes outlive pods.

use std::collections::BTreeMap;

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment, StatefulSet, StatefulSetSpec,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{LabelSelector, ObjectMeta};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::{GpuNode, Unfit, pod, volume};
use crate::adapters::kubernetes::Options;
use crate::adapters::kubernetes::names::{self, annotation};
use crate::domain::manifest::Service;
use crate::domain::workload::Spec;

/// How many older forms the cluster keeps: none is ever gone back to.
const HISTORY: i32 = 1;

/// Either of them.
#[derive(Debug)]
pub(super) enum Controller {
    Deployment(Box<Deployment>),
    StatefulSet(Box<StatefulSet>),
}

pub(super) fn of(
    spec: &Spec,
    service: &Service,
    options: &Options,
    nodes: &[GpuNode],
    paused: bool,
) -> Result<Controller, Unfit> {
    allowed(service, options)?;
    let wanted = i32::try_from(service.count).unwrap_or(i32::MAX);
    let replicas = Some(if paused { 0 } else { wanted });
    let selector =
        LabelSelector { match_labels: Some(names::pods_of(&spec.id, Some(&service.name))), ..LabelSelector::default() };
    let template = pod::template(spec, service, options, nodes)?;
    let metadata = metadata(spec, service, options);
    let claims = volume::claims(spec, service, options)?;
    if claims.is_empty() {
        return Ok(Controller::Deployment(Box::new(Deployment {
            metadata,
            spec: Some(DeploymentSpec {
                replicas,
                revision_history_limit: Some(HISTORY),
                selector,
                // Never more pods than were leased: the quota has no room for one.
                strategy: Some(DeploymentStrategy {
                    type_: Some("RollingUpdate".to_owned()),
                    rolling_update: Some(RollingUpdateDeployment {
                        max_surge: Some(IntOrString::Int(0)),
                        max_unavailable: Some(IntOrString::Int(1)),
                    }),
                }),
                template,
                ..DeploymentSpec::default()
            }),
            ..Deployment::default()
        })));
    }
    Ok(Controller::StatefulSet(Box::new(StatefulSet {
        metadata,
        spec: Some(StatefulSetSpec {
            replicas,
            revision_history_limit: Some(HISTORY),
            selector,
            service_name: Some(service.name.clone()),
            pod_management_policy: Some("Parallel".to_owned()),
            template,
            volume_claim_templates: Some(claims),
            ..StatefulSetSpec::default()
        }),
        ..StatefulSet::default()
    })))
}

fn metadata(spec: &Spec, service: &Service, options: &Options) -> ObjectMeta {
    let mut metadata = names::meta(options, spec, Some(&service.name), &names::keeper(&service.name));
    let replicas = (annotation::REPLICAS.to_owned(), service.count.to_string());
    metadata.annotations.get_or_insert_with(BTreeMap::new).extend([replicas]);
    metadata
}

/// Whether the operator's rules allow a service.
fn allowed(service: &Service, options: &Options) -> Result<(), Unfit> {
    let refused = |what: String| Err(Unfit::Refused { service: service.name.clone(), what });
    if let Some(most) = options.most_pods
        && u64::from(service.count) > most
    {
        return refused(format!("wants {} pods, and at most {most} are allowed", service.count));
    }
    let (cpu, memory) = (service.resources.cpu.units, pod::memory(service));
    if let Some(most) = options.pod_limits.cpu
        && cpu > most
    {
        return refused(format!("wants {cpu} of processor for a pod, and at most {most} is allowed"));
    }
    if let Some(most) = options.pod_limits.memory
        && memory > most
    {
        return refused(format!("wants {memory} of memory for a pod, and at most {most} is allowed"));
    }
    Ok(())
}

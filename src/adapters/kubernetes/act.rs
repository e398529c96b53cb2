//! What is done to the workloads of a cluster: applied, held, ended, removed. Each can be repeated.

use std::collections::{BTreeMap, BTreeSet};
use std::slice::from_ref;
use std::time::{Duration, Instant};

use k8s_openapi::api::apps::v1::{Deployment, StatefulSet};
use k8s_openapi::api::core::v1::{LimitRange, Namespace, Node, Pod, ResourceQuota, Secret, Service, ServiceAccount};
use k8s_openapi::api::networking::v1::{Ingress, NetworkPolicy};
use kube::Resource;
use kube::api::{Api, DeleteParams, PropagationPolicy};

use super::cluster::{Cluster, Object, Problem};
use super::names::{self, Held, Marks, annotation, label};
use super::render::{self, Objects};
use super::{Options, capacity, reason};
use crate::domain::workload::{Spec, WorkloadId};

/// How long between two looks at something that ends.
const LOOK: Duration = Duration::from_millis(250);
/// How long the cluster may take to count by a new quota.
const COUNTING: Duration = Duration::from_secs(20);

/// The workload's namespace, if it is there. One that is not ours is in the way.
async fn space(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<Option<Namespace>, Problem> {
    let name = names::namespace(options, id);
    let found = cluster.find(&Api::<Namespace>::all(cluster.client().clone()), &name).await?;
    let Some(namespace) = found else { return Ok(None) };
    match Marks::read(options, &namespace.metadata) {
        Some(Ok(marks)) if marks.workload == *id => Ok(Some(namespace)),
        _ => Err(Problem::InTheWay(format!("namespace {name}"))),
    }
}

/// The workload's namespace, if it is there and ours: what is not ours is absent to whoever ends things.
async fn own_space(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<Option<Namespace>, Problem> {
    match space(cluster, options, id).await {
        Err(Problem::InTheWay(_)) => Ok(None),
        other => other,
    }
}

fn of_workload(id: &WorkloadId, options: &Options) -> String {
    format!("{},{}={id}", names::selector(options), label::WORKLOAD)
}

/// Why a namespace does not go.
fn what_keeps(namespace: &Namespace) -> String {
    let mut words = vec![];
    let finalizers = namespace.spec.iter().filter_map(|spec| spec.finalizers.as_ref()).flatten();
    let finalizers: Vec<&str> =
        finalizers.chain(namespace.metadata.finalizers.iter().flatten()).map(String::as_str).collect();
    if !finalizers.is_empty() {
        words.push(format!("finalizers {}", finalizers.join(", ")));
    }
    let conditions = namespace.status.iter().filter_map(|status| status.conditions.as_ref()).flatten();
    for condition in conditions.filter(|condition| condition.status == "True") {
        words.extend(condition.message.as_deref().map(str::to_owned));
    }
    reason::text(&words.join("; "))
}

/// Brings a workload to what its spec says.
pub(super) async fn ensure(cluster: &Cluster, options: &Options, spec: &Spec) -> Result<(), Problem> {
    if let Some(there) = space(cluster, options, &spec.id).await?
        && there.metadata.deletion_timestamp.is_some()
    {
        let name = names::namespace(options, &spec.id);
        return Err(Problem::Ending { name, why: what_keeps(&there) });
    }
    let nodes = if render::wants_gpus(spec) {
        let nodes: Vec<Node> = cluster.all("", |_| ()).await?;
        capacity::gpu_nodes(&nodes)
    } else {
        vec![]
    };
    let name = names::namespace(options, &spec.id);
    let held = held(cluster, options, &spec.id).await?;
    let paused = held.iter().filter(|(_, held)| **held == Held::Paused).map(|(keeper, _)| keeper.clone()).collect();
    let unfit = |unfit: render::Unfit| Problem::Refused(unfit.to_string());
    let mut objects = render::render(spec, options, &nodes, &paused).map_err(unfit)?;
    objects.secrets.extend(copies(cluster, options, spec).await?);
    hosts_are_free(cluster, &name, &objects.ingresses).await?;
    replaced_sets(cluster, options, &name, &objects).await?;
    apply(cluster, &name, &objects).await?;
    // Who was stopped and is asked to run again does.
    for service in &spec.group.services {
        let keeper = names::keeper(&service.name);
        if held.get(&keeper) == Some(&Held::Stopped) {
            scale(cluster, &name, &keeper, None, service.count).await?;
        }
    }
    prune(cluster, options, spec, &name, &objects).await
}

/// The operator's registry logins, for the workload's namespace.
async fn copies(cluster: &Cluster, options: &Options, spec: &Spec) -> Result<Vec<Secret>, Problem> {
    let Some(from) = &options.image_pull_secrets_namespace else { return Ok(vec![]) };
    let api = Api::<Secret>::namespaced(cluster.client().clone(), from);
    let mut copies = vec![];
    for name in &options.image_pull_secrets {
        let Some(found) = cluster.find(&api, name).await? else {
            return Err(Problem::Refused(format!("secret {name} of `image_pull_secrets` is not in namespace {from}")));
        };
        copies.push(render::copy(spec, options, name, found));
    }
    Ok(copies)
}

/// What of a workload is held, by the name of what keeps its pods, and how.
async fn held(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<BTreeMap<String, Held>, Problem> {
    let (name, selector) = (names::namespace(options, id), of_workload(id, options));
    let deployments: Vec<Deployment> = cluster.here(&name, &selector).await?;
    let sets: Vec<StatefulSet> = cluster.here(&name, &selector).await?;
    let metas = deployments.iter().map(Resource::meta).chain(sets.iter().map(Resource::meta));
    Ok(metas.filter_map(|meta| Some((meta.name.clone()?, Held::of(meta)?))).collect())
}

/// A host name that somebody else has is not taken from them: the proxy would give their visitors to this tenant.
async fn hosts_are_free(cluster: &Cluster, namespace: &str, wanted: &[Ingress]) -> Result<(), Problem> {
    if wanted.is_empty() {
        return Ok(());
    }
    let all: Vec<Ingress> = cluster.all("", |_| ()).await?;
    let others = all.iter().filter(|ingress| ingress.metadata.namespace.as_deref() != Some(namespace));
    let taken: BTreeSet<&str> = others.flat_map(hosts).collect();
    match wanted.iter().flat_map(hosts).find(|host| taken.contains(host)) {
        Some(host) => Err(Problem::Refused(format!("the host name {host} is served for another already"))),
        None => Ok(()),
    }
}

fn hosts(ingress: &Ingress) -> impl Iterator<Item = &str> {
    let rules = ingress.spec.iter().filter_map(|spec| spec.rules.as_ref()).flatten();
    rules.filter_map(|rule| rule.host.as_deref())
}

/// A stateful set's claims can never be changed: one that is to have others is taken away with its pods, whose volumes
/// cannot be changed either. The volumes stay, and the new one takes them over.
async fn replaced_sets(
    cluster: &Cluster,
    options: &Options,
    namespace: &str,
    objects: &Objects,
) -> Result<(), Problem> {
    let api = Api::<StatefulSet>::namespaced(cluster.client().clone(), namespace);
    for wanted in &objects.stateful_sets {
        let name = wanted.metadata.name.as_deref().unwrap_or_default();
        let Some(there) = cluster.find(&api, name).await? else { continue };
        if claims(&there) != claims(wanted) {
            cluster.delete(&api, &there, PropagationPolicy::Foreground).await?;
            let begun = Instant::now();
            while cluster.find(&api, name).await?.is_some_and(|now| now.metadata.uid == there.metadata.uid) {
                if begun.elapsed() > options.access.removal_timeout {
                    let why = format!("stateful set {name} does not go");
                    return Err(Problem::Ending { name: namespace.to_owned(), why });
                }
                tokio::time::sleep(LOOK).await;
            }
        }
    }
    Ok(())
}

/// What of a set's claims cannot be changed: names, classes, sizes in bytes, however they are written.
fn claims(set: &StatefulSet) -> Vec<(Option<&str>, Option<&str>, Option<u64>)> {
    let claims = set.spec.iter().filter_map(|spec| spec.volume_claim_templates.as_ref()).flatten();
    claims
        .map(|claim| {
            let spec = claim.spec.as_ref();
            let size = spec.and_then(|spec| spec.resources.as_ref()?.requests.as_ref()?.get("storage"));
            let class = spec.and_then(|spec| spec.storage_class_name.as_deref());
            (claim.metadata.name.as_deref(), class, size.and_then(capacity::whole))
        })
        .collect()
}

/// First the room and its walls, then what runs in it.
async fn apply(cluster: &Cluster, namespace: &str, objects: &Objects) -> Result<(), Problem> {
    cluster.apply(&Api::<Namespace>::all(cluster.client().clone()), &objects.namespace).await?;
    each::<NetworkPolicy>(cluster, namespace, &objects.policies).await?;
    quota(cluster, namespace, &objects.quota).await?;
    each::<LimitRange>(cluster, namespace, from_ref(&objects.limits)).await?;
    each::<ServiceAccount>(cluster, namespace, from_ref(&objects.account)).await?;
    each::<Secret>(cluster, namespace, &objects.secrets).await?;
    each::<Service>(cluster, namespace, &objects.services).await?;
    each::<Deployment>(cluster, namespace, &objects.deployments).await?;
    each::<StatefulSet>(cluster, namespace, &objects.stateful_sets).await?;
    each::<Ingress>(cluster, namespace, &objects.ingresses).await
}

/// Sets the quota, and waits until the cluster counts by it: until then it refuses whatever the quota is about.
async fn quota(cluster: &Cluster, namespace: &str, wanted: &ResourceQuota) -> Result<(), Problem> {
    let api = Api::<ResourceQuota>::namespaced(cluster.client().clone(), namespace);
    let begun = Instant::now();
    let mut there = Some(cluster.apply(&api, wanted).await?);
    while !there.as_ref().is_some_and(is_counted) {
        if begun.elapsed() > COUNTING {
            let why = format!("the cluster does not count by the quota of namespace {namespace} yet");
            return Err(Problem::Unready(why));
        }
        tokio::time::sleep(LOOK).await;
        there = cluster.find(&api, wanted.metadata.name.as_deref().unwrap_or_default()).await?;
    }
    Ok(())
}

fn is_counted(quota: &ResourceQuota) -> bool {
    let wanted = quota.spec.as_ref().and_then(|spec| spec.hard.as_ref());
    let counted = quota.status.as_ref().and_then(|status| status.hard.as_ref());
    wanted.is_some() && wanted == counted
}

async fn each<K: Object>(cluster: &Cluster, namespace: &str, objects: &[K]) -> Result<(), Problem> {
    let api = Api::<K>::namespaced(cluster.client().clone(), namespace);
    for object in objects {
        cluster.apply(&api, object).await?;
    }
    Ok(())
}

/// Takes away what an older manifest had. Volumes stay as long as the workload does.
async fn prune(
    cluster: &Cluster,
    options: &Options,
    spec: &Spec,
    namespace: &str,
    objects: &Objects,
) -> Result<(), Problem> {
    fn names_of<K: Resource<DynamicType = ()>>(objects: &[K]) -> BTreeSet<String> {
        objects.iter().filter_map(|object| object.meta().name.clone()).collect()
    }
    let selector = of_workload(&spec.id, options);
    cluster.prune::<Ingress>(namespace, &selector, &names_of(&objects.ingresses)).await?;
    cluster.prune::<Deployment>(namespace, &selector, &names_of(&objects.deployments)).await?;
    cluster.prune::<StatefulSet>(namespace, &selector, &names_of(&objects.stateful_sets)).await?;
    cluster.prune::<Service>(namespace, &selector, &names_of(&objects.services)).await?;
    cluster.prune::<Secret>(namespace, &selector, &names_of(&objects.secrets)).await?;
    cluster.prune::<NetworkPolicy>(namespace, &selector, &names_of(&objects.policies)).await
}

/// Sets the number of a service's pods, and why it is what it is, in one step.
async fn scale(
    cluster: &Cluster,
    namespace: &str,
    service: &str,
    held: Option<Held>,
    replicas: u32,
) -> Result<(), Problem> {
    let change = serde_json::json!({
        "metadata": { "annotations": { annotation::HELD: held.map(Held::word) } },
        "spec": { "replicas": replicas },
    });
    let client = || cluster.client().clone();
    if !cluster.change(&Api::<Deployment>::namespaced(client(), namespace), service, &change).await? {
        cluster.change(&Api::<StatefulSet>::namespaced(client(), namespace), service, &change).await?;
    }
    Ok(())
}

/// Every service of a workload, and how many pods it should have.
async fn services(
    cluster: &Cluster,
    options: &Options,
    id: &WorkloadId,
) -> Result<Vec<(String, u32, Option<Held>)>, Problem> {
    let (name, selector) = (names::namespace(options, id), of_workload(id, options));
    let deployments: Vec<Deployment> = cluster.here(&name, &selector).await?;
    let sets: Vec<StatefulSet> = cluster.here(&name, &selector).await?;
    let metas = deployments.iter().map(Resource::meta).chain(sets.iter().map(Resource::meta));
    let read = |meta: &k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta| {
        let wanted = meta.annotations.as_ref()?.get(annotation::REPLICAS)?.parse().ok()?;
        Some((meta.name.clone()?, wanted, Held::of(meta)))
    };
    Ok(metas.filter_map(read).collect())
}

/// Takes the pods of every service away and keeps everything else.
pub(super) async fn pause(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<(), Problem> {
    if own_space(cluster, options, id).await?.is_none() {
        return Ok(());
    }
    let name = names::namespace(options, id);
    for (service, _, held) in services(cluster, options, id).await? {
        // Who was stopped is not paused by it.
        if held.is_none() {
            scale(cluster, &name, &service, Some(Held::Paused), 0).await?;
        }
    }
    Ok(())
}

/// Gives the pods back.
pub(super) async fn resume(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<(), Problem> {
    if own_space(cluster, options, id).await?.is_none() {
        return Ok(());
    }
    let name = names::namespace(options, id);
    for (service, wanted, held) in services(cluster, options, id).await? {
        if held == Some(Held::Paused) {
            scale(cluster, &name, &service, None, wanted).await?;
        }
    }
    Ok(())
}

/// Takes the pods away, and waits until none is left.
pub(super) async fn stop(
    cluster: &Cluster,
    options: &Options,
    id: &WorkloadId,
    grace: Duration,
) -> Result<(), Problem> {
    if own_space(cluster, options, id).await?.is_none() {
        return Ok(());
    }
    let name = names::namespace(options, id);
    for (service, _, held) in services(cluster, options, id).await? {
        if held != Some(Held::Stopped) {
            scale(cluster, &name, &service, Some(Held::Stopped), 0).await?;
        }
    }
    let seconds = u32::try_from(grace.as_secs()).unwrap_or(u32::MAX);
    let selector = of_workload(id, options);
    let pods = Api::<Pod>::namespaced(cluster.client().clone(), &name);
    let begun = Instant::now();
    let mut told = BTreeSet::new();
    loop {
        let left: Vec<Pod> = cluster.here(&name, &selector).await?;
        if left.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > grace + options.access.removal_timeout {
            let names: Vec<&str> = left.iter().filter_map(|pod| pod.metadata.name.as_deref()).collect();
            let why = format!("pods that do not end: {}", names.join(", "));
            return Err(Problem::Ending { name, why: reason::text(&why) });
        }
        for pod in &left {
            let pod_name = pod.metadata.name.as_deref().unwrap_or_default();
            if told.insert(pod.metadata.uid.clone()) {
                let how = DeleteParams { grace_period_seconds: Some(seconds), ..DeleteParams::default() };
                match cluster.within(|| pods.delete(pod_name, &how)).await {
                    Ok(_) => {}
                    Err(problem) if matches!(problem.code(), Some(404 | 409)) => {}
                    Err(problem) => return Err(problem),
                }
            }
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Deletes the namespace, and watches it go.
pub(super) async fn remove(cluster: &Cluster, options: &Options, id: &WorkloadId) -> Result<(), Problem> {
    let begun = Instant::now();
    let api = Api::<Namespace>::all(cluster.client().clone());
    let mut told = false;
    while let Some(there) = own_space(cluster, options, id).await? {
        if there.metadata.deletion_timestamp.is_none() && !told {
            cluster.delete(&api, &there, PropagationPolicy::Foreground).await?;
            told = true;
        } else if begun.elapsed() > options.access.removal_timeout {
            return Err(Problem::Ending { name: names::namespace(options, id), why: what_keeps(&there) });
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

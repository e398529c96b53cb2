//! Meters: what each node's kubelet counts of its pods (`/api/v1/nodes/NODE/proxy/stats/summary`), one call a node.
//!
//! Counters of a container begin anew when it restarts, those of a pod's network with the pod: the life of a sample is
//! the pod's, and a counter that stands lower than before has begun anew, which the meter understands.
//!
//! metrics.k8s.io is never asked: what it gives is a momentary rate.

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use k8s_openapi::api::core::v1::Pod;
use serde::Deserialize;

use super::Options;
use super::cluster::{Cluster, Problem};
use super::names::{Marks, label};
use super::observe::ordinal;
use super::render::CONTAINER;
use crate::domain::resources::Bytes;
use crate::domain::usage::{Meters, Sample};

/// How many nodes are asked at the same time.
const AT_ONCE: usize = 8;

/// What a kubelet says, as far as it is of use. Everything in it may be missing.
#[derive(Debug, Deserialize)]
struct Summary {
    #[serde(default)]
    pods: Vec<PodStats>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PodStats {
    pod_ref: PodRef,
    #[serde(default)]
    containers: Vec<ContainerStats>,
    network: Option<NetworkStats>,
    #[serde(rename = "ephemeral-storage")]
    ephemeral_storage: Option<FsStats>,
    #[serde(default)]
    volume: Vec<VolumeStats>,
}

#[derive(Debug, Deserialize)]
struct PodRef {
    uid: String,
}

#[derive(Debug, Deserialize)]
struct ContainerStats {
    name: String,
    cpu: Option<CpuStats>,
    memory: Option<MemoryStats>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CpuStats {
    time: Option<Timestamp>,
    usage_core_nano_seconds: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct MemoryStats {
    working_set_bytes: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct NetworkStats {
    rx_bytes: Option<u64>,
    tx_bytes: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FsStats {
    used_bytes: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct VolumeStats {
    used_bytes: Option<u64>,
    pvc_ref: Option<serde::de::IgnoredAny>,
}

/// The meters of our pods.
pub(super) async fn sample(cluster: &Cluster, options: &Options, pods: &[Pod]) -> Result<Vec<Sample>, Problem> {
    let mut by_node: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| is_running(pod)) {
        let node = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref());
        by_node.entry(node.unwrap_or_default()).or_default().push(pod);
    }
    by_node.remove("");
    let mut asked = vec![];
    for (node, pods) in by_node {
        asked.push(of_node(cluster, options, node, pods));
    }
    let samples: Vec<Vec<Sample>> = futures_util::stream::iter(asked).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(samples.into_iter().flatten().collect())
}

fn is_running(pod: &Pod) -> bool {
    pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Running")
}

async fn summary(cluster: &Cluster, node: &str) -> Result<Summary, Problem> {
    // A node's name is a DNS name, which the cluster has checked: it needs no escapes in a path.
    let path = format!("/api/v1/nodes/{node}/proxy/stats/summary");
    let text = cluster
        .within(|| {
            let request = http::Request::get(&path).body(vec![]).map_err(kube::Error::HttpError);
            async { cluster.client().request_text(request?).await }
        })
        .await?;
    serde_json::from_str(&text).map_err(|error| Problem::Kube(kube::Error::SerdeError(error)))
}

async fn of_node(cluster: &Cluster, options: &Options, node: &str, pods: Vec<&Pod>) -> Result<Vec<Sample>, Problem> {
    Ok(counted(options, &summary(cluster, node).await?, &pods))
}

fn counted(options: &Options, summary: &Summary, pods: &[&Pod]) -> Vec<Sample> {
    let stats: BTreeMap<&str, &PodStats> =
        summary.pods.iter().map(|stats| (stats.pod_ref.uid.as_str(), stats)).collect();
    let of_pod = |pod: &&Pod| {
        let uid = pod.metadata.uid.as_deref()?;
        let marks = Marks::read(options, &pod.metadata)?.ok()?;
        let service = pod.metadata.labels.as_ref()?.get(label::SERVICE)?.clone();
        read(stats.get(uid)?, |meters, at| Sample {
            workload: marks.workload.clone(),
            service: service.clone(),
            // Pods of a deployment have no number that stays theirs; the incarnation tells them apart.
            replica: ordinal(pod).unwrap_or(0),
            incarnation: uid.to_owned(),
            at,
            meters,
        })
    };
    pods.iter().filter_map(of_pod).collect()
}

/// A sample of a pod; none where the kubelet has not counted yet.
fn read(stats: &PodStats, sample: impl Fn(Meters, Timestamp) -> Sample) -> Option<Sample> {
    let container = stats.containers.iter().find(|container| container.name == CONTAINER)?;
    let cpu = container.cpu.as_ref()?;
    let claims = stats.volume.iter().filter(|volume| volume.pvc_ref.is_some()).filter_map(|volume| volume.used_bytes);
    let ephemeral = stats.ephemeral_storage.as_ref().and_then(|storage| storage.used_bytes);
    let meters = Meters {
        cpu: Duration::from_nanos(cpu.usage_core_nano_seconds?),
        memory: Bytes(container.memory.as_ref()?.working_set_bytes?),
        storage: ephemeral.map(|used| Bytes(claims.fold(used, u64::saturating_add))),
        received: stats.network.as_ref().and_then(|network| network.rx_bytes).map(Bytes),
        sent: stats.network.as_ref().and_then(|network| network.tx_bytes).map(Bytes),
    };
    Some(sample(meters, cpu.time?))
}

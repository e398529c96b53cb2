//! What a cluster has for us: what its nodes can give, less what pods that are not ours were promised.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{Node, Pod};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::Options;
use super::names::label;
use super::render::GpuNode;
use crate::adapters::{Capacity, NodeCapacity};
use crate::domain::bid::GpuModel;
use crate::domain::resources::{Bytes, MilliCpu};

/// Resources that are GPUs, with their vendors and the labels that tell the model.
const GPUS: [(&str, &str, &str); 3] = [
    ("nvidia.com/gpu", "nvidia", "nvidia.com/gpu.product"),
    ("amd.com/gpu", "amd", "amd.com/gpu.product-name"),
    ("gpu.intel.com/i915", "intel", "gpu.intel.com/product"),
];

/// What a tolerated taint is called: our pods tolerate that of their GPUs.
fn keeps_us_away(key: &str, effect: &str) -> bool {
    matches!(effect, "NoSchedule" | "NoExecute") && !GPUS.iter().any(|(resource, _, _)| *resource == key)
}

/// Whether a node takes pods of ours.
fn is_open(node: &Node) -> bool {
    let spec = node.spec.as_ref();
    let cordoned = spec.and_then(|spec| spec.unschedulable).unwrap_or(false);
    let taints = spec.and_then(|spec| spec.taints.as_ref()).into_iter().flatten();
    let closed = taints.into_iter().any(|taint| keeps_us_away(&taint.key, &taint.effect));
    let conditions = node.status.iter().filter_map(|status| status.conditions.as_ref()).flatten();
    let ready = conditions.into_iter().any(|condition| condition.type_ == "Ready" && condition.status == "True");
    ready && !cordoned && !closed
}

/// Amounts of one node or pod.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Amount {
    cpu: u64,
    memory: u64,
    storage: u64,
    gpus: u64,
}

impl Amount {
    fn read(resources: Option<&BTreeMap<String, Quantity>>) -> Self {
        let of = |name: &str| resources.and_then(|resources| resources.get(name));
        let gpus = GPUS.iter().filter_map(|(resource, _, _)| whole(of(resource)?)).sum();
        Self {
            cpu: of("cpu").and_then(milli).unwrap_or(0),
            memory: of("memory").and_then(whole).unwrap_or(0),
            storage: of("ephemeral-storage").and_then(whole).unwrap_or(0),
            gpus,
        }
    }

    fn plus(self, other: Self) -> Self {
        self.with(other, u64::saturating_add)
    }

    fn less(self, other: Self) -> Self {
        self.with(other, u64::saturating_sub)
    }

    fn at_least(self, other: Self) -> Self {
        self.with(other, u64::max)
    }

    fn with(self, other: Self, join: fn(u64, u64) -> u64) -> Self {
        Self {
            cpu: join(self.cpu, other.cpu),
            memory: join(self.memory, other.memory),
            storage: join(self.storage, other.storage),
            gpus: join(self.gpus, other.gpus),
        }
    }
}

/// A quantity in whole units: a fraction of a byte counts as a byte.
pub(super) fn whole(quantity: &Quantity) -> Option<u64> {
    let text = quantity.0.trim();
    if let Some(milli) = text.strip_suffix('m') {
        return milli.parse::<u64>().ok().map(|milli| milli.div_ceil(1000));
    }
    text.parse::<Bytes>().ok().map(|bytes| bytes.0)
}

/// A quantity of processor, in thousandths; what is finer counts as one.
fn milli(quantity: &Quantity) -> Option<u64> {
    let text = quantity.0.trim();
    let finer = |unit: char, divisor: u64| text.strip_suffix(unit)?.parse::<u64>().ok().map(|n| n.div_ceil(divisor));
    finer('n', 1_000_000).or_else(|| finer('u', 1000)).or_else(|| text.parse::<MilliCpu>().ok().map(|cpu| cpu.0))
}

/// What a pod was promised: the sum of its containers, or more where it is set up one after the other.
fn promised(pod: &Pod) -> Amount {
    let Some(spec) = &pod.spec else { return Amount::default() };
    let of = |resources: Option<&k8s_openapi::api::core::v1::ResourceRequirements>| {
        Amount::read(resources.and_then(|resources| resources.requests.as_ref()))
    };
    let stays =
        |container: &&k8s_openapi::api::core::v1::Container| container.restart_policy.as_deref() == Some("Always");
    let beside = spec.init_containers.iter().flatten().filter(stays).map(|one| of(one.resources.as_ref()));
    let beside = beside.fold(Amount::default(), Amount::plus);
    let running = spec.containers.iter().map(|one| of(one.resources.as_ref())).fold(beside, Amount::plus);
    let first = spec.init_containers.iter().flatten().filter(|one| !stays(one));
    let first = first.map(|one| of(one.resources.as_ref()).plus(beside)).fold(Amount::default(), Amount::at_least);
    running.at_least(first).plus(Amount::read(spec.overhead.as_ref()))
}

/// Whether a pod takes anything of its node.
fn counts(pod: &Pod) -> bool {
    let phase = pod.status.as_ref().and_then(|status| status.phase.as_deref());
    !matches!(phase, Some("Succeeded" | "Failed"))
}

fn is_ours(pod: &Pod, options: &Options) -> bool {
    let site = pod.metadata.labels.as_ref().and_then(|labels| labels.get(label::SITE));
    site.map(String::as_str) == Some(options.site.as_str())
}

/// What the cluster has, node by node.
pub(super) fn of_cluster(options: &Options, nodes: &[Node], pods: &[Pod]) -> Capacity {
    let mut taken: BTreeMap<&str, Amount> = BTreeMap::new();
    for pod in pods.iter().filter(|pod| counts(pod) && !is_ours(pod, options)) {
        let Some(node) = pod.spec.as_ref().and_then(|spec| spec.node_name.as_deref()) else { continue };
        let sum = taken.entry(node).or_default();
        *sum = sum.plus(promised(pod));
    }
    let mut capacity = Capacity { storage: Some(Bytes(0)), ..Capacity::default() };
    for node in nodes.iter().filter(|node| is_open(node)) {
        let name = node.metadata.name.as_deref().unwrap_or_default();
        let there = Amount::read(node.status.as_ref().and_then(|status| status.allocatable.as_ref()));
        let free = there.less(taken.get(name).copied().unwrap_or_default());
        capacity.cpu.0 = capacity.cpu.0.saturating_add(free.cpu);
        capacity.memory.0 = capacity.memory.0.saturating_add(free.memory);
        capacity.storage = capacity.storage.map(|sum| Bytes(sum.0.saturating_add(free.storage)));
        capacity.gpus = capacity.gpus.saturating_add(free.gpus);
        capacity.nodes.push(NodeCapacity {
            name: name.to_owned(),
            cpu: MilliCpu(free.cpu),
            memory: Bytes(free.memory),
            storage: Some(Bytes(free.storage)),
            gpus: (free.gpus > 0).then(|| (gpu(node).map_or(GpuModel::UNNAMED, |found| found.model), free.gpus)),
        });
    }
    capacity
}

/// The kinds of GPU that nodes carry.
pub(super) fn gpu_nodes(nodes: &[Node]) -> Vec<GpuNode> {
    nodes.iter().filter(|node| is_open(node)).filter_map(gpu).collect()
}

fn gpu(node: &Node) -> Option<GpuNode> {
    let labels = node.metadata.labels.as_ref()?;
    GPUS.iter().find_map(|(_, vendor, label)| {
        let value = labels.get(*label)?;
        let memory = labels.get("nvidia.com/gpu.memory").and_then(|text| text.parse::<u64>().ok());
        Some(GpuNode { model: model(vendor, value, memory), label, value: value.clone() })
    })
}

/// `NVIDIA-A100-SXM4-80GB` in the words of orders: vendor `nvidia`, model `a100`, RAM `80Gi`, interface `sxm`.
///
/// The memory is that of the product's name, else what the node says, in MiB, rounded to whole GiB.
fn model(vendor: &str, product: &str, memory: Option<u64>) -> GpuModel {
    let lower = product.to_ascii_lowercase();
    let words = || lower.split(['-', '_', ' ']).filter(|word| !word.is_empty() && *word != vendor);
    let ram = words().find_map(|word| word.strip_suffix("gb")?.parse::<u64>().ok());
    let ram = ram.or_else(|| memory.map(|mebibytes| mebibytes.div_ceil(1 << 10)));
    let interface = words().find_map(|word| match word {
        _ if word.starts_with("sxm") => Some("sxm"),
        _ if word.starts_with("pcie") => Some("pcie"),
        _ => None,
    });
    let family = ["tesla", "geforce", "quadro", "instinct", "graphics", "data", "center"];
    let is_name = |word: &&str| {
        !family.contains(word)
            && !word.starts_with("sxm")
            && !word.starts_with("pcie")
            && word.strip_suffix("gb").is_none_or(|number| number.parse::<u64>().is_err())
    };
    let name: String = words().filter(is_name).collect();
    let part = |text: String| (!text.is_empty()).then(|| text.into_boxed_str());
    GpuModel {
        vendor: part(vendor.to_owned()),
        model: part(name),
        ram: ram.map(|ram| format!("{ram}Gi").into_boxed_str()),
        interface: interface.map(Into::into),
    }
}

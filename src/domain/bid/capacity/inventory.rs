//! What a back end has.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::bid::gpu::GpuModel;
use crate::domain::bid::reason::{Quantity, Resource};

/// What a back end has to sell. What nobody has said is `None`, and nothing of it is sold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// Thousandths of a core.
    pub cpu: Option<u64>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Bytes of storage, that of classes with an entry of their own left out.
    pub storage: Option<u64>,
    /// GPUs in all; the sum of the models where nobody has said.
    pub gpus: Option<u64>,
    /// GPUs by model. What `gpus` has above their sum is of no named model.
    pub gpu_models: BTreeMap<GpuModel, u64>,
    /// Bytes of persistent storage by class. Classes without an entry share `storage`.
    pub classes: BTreeMap<Box<str>, u64>,
    /// IP addresses that can be leased. `Some(0)` is said by a back end that has none to lease.
    pub leased_ips: Option<u64>,
    /// The nodes, where they are known: then an instance must fit on one of them.
    pub nodes: Vec<NodeGroup>,
}

/// Nodes that are alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NodeGroup {
    /// Its name, told where an order does not fit.
    pub name: Box<str>,
    /// How many nodes.
    pub count: u32,
    /// Thousandths of a core of each.
    pub cpu: u64,
    /// Bytes of memory of each.
    pub memory: u64,
    /// Bytes of storage of each; `None` where storage is not the node's.
    pub storage: Option<u64>,
    /// GPUs of each, by model.
    pub gpu_models: BTreeMap<GpuModel, u64>,
}

/// Which ways in from outside a back end gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndpointKinds {
    /// HTTP by host name.
    pub shared_http: bool,
    /// Ports.
    pub random_port: bool,
}

impl EndpointKinds {
    /// Every kind.
    pub const ALL: Self = Self { shared_http: true, random_port: true };
    /// No way in.
    pub const NONE: Self = Self { shared_http: false, random_port: false };
}

/// A resource of which configuration and back end say different things. It is an alert: one of them is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of what.
    pub resource: Resource,
    /// What is configured.
    pub configured: Quantity,
    /// What is observed.
    pub observed: Quantity,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { resource, configured, observed } = self;
        write!(f, "{configured} of {resource} is configured, and it has {observed}; the lesser counts")
    }
}

impl Inventory {
    /// The totals with what the nodes add up to: where nobody has said a total, and where it is less.
    #[must_use]
    pub fn summed(mut self) -> Self {
        if self.nodes.is_empty() {
            return self;
        }
        let sum = |of: &dyn Fn(&NodeGroup) -> u64| {
            let all =
                |sum: u64, group: &NodeGroup| sum.saturating_add(of(group).saturating_mul(u64::from(group.count)));
            self.nodes.iter().fold(0, all)
        };
        let gpus_of =
            |group: &NodeGroup| group.gpu_models.values().fold(0, |sum: u64, number| sum.saturating_add(*number));
        let (cpu, memory, gpus) = (sum(&|group| group.cpu), sum(&|group| group.memory), sum(&gpus_of));
        let storage = sum(&|group| group.storage.unwrap_or(0));
        let at_most = |told: Option<u64>, sum: u64| Some(told.map_or(sum, |told| told.min(sum)));
        if self.gpu_models.is_empty() {
            let mut models: BTreeMap<GpuModel, u64> = BTreeMap::new();
            for group in &self.nodes {
                for (model, number) in &group.gpu_models {
                    let all = number.saturating_mul(u64::from(group.count));
                    let sum = models.entry(model.clone()).or_default();
                    *sum = sum.saturating_add(all);
                }
            }
            self.gpu_models = models;
        }
        self.cpu = at_most(self.cpu, cpu);
        self.memory = at_most(self.memory, memory);
        self.gpus = at_most(self.gpus, gpus);
        if self.nodes.iter().any(|group| group.storage.is_some()) {
            self.storage = at_most(self.storage, storage);
        }
        self
    }

    /// GPUs of all models.
    pub fn all_gpus(&self) -> u64 {
        let named = self.gpu_models.values().fold(0, |sum: u64, number| sum.saturating_add(*number));
        self.gpus.unwrap_or(named)
    }
}

/// What counts of what is configured and what is observed: the lesser of each resource, and where they differ. A back
/// end that nobody has described has no inventory.
pub fn lesser(configured: Option<&Inventory>, observed: Option<&Inventory>) -> (Option<Inventory>, Vec<Difference>) {
    let (configured, observed) = match (configured.cloned(), observed.cloned()) {
        (Some(configured), Some(observed)) => (configured.summed(), observed.summed()),
        (one, other) => return (one.or(other).map(Inventory::summed), Vec::new()),
    };
    let mut differences = Vec::new();
    let mut compare = |resource: Resource, one: Option<u64>, other: Option<u64>| match (one, other) {
        (Some(one), Some(other)) => {
            if one != other {
                let (configured, observed) = (resource.quantity(one), resource.quantity(other));
                differences.push(Difference { resource, configured, observed });
            }
            Some(one.min(other))
        }
        (one, other) => one.or(other),
    };
    let cpu = compare(Resource::Cpu, configured.cpu, observed.cpu);
    let memory = compare(Resource::Memory, configured.memory, observed.memory);
    let storage = compare(Resource::Storage, configured.storage, observed.storage);
    // GPUs count as said by either side, by model or in all.
    let told = |inventory: &Inventory| {
        (inventory.gpus.is_some() || !inventory.gpu_models.is_empty()).then(|| inventory.all_gpus())
    };
    let gpus = compare(Resource::Gpu, told(&configured), told(&observed));
    let gpu_models = both(&configured.gpu_models, &observed.gpu_models, |model, one, other| {
        compare(Resource::GpuModel(model.to_string().into()), one, other)
    });
    let classes = both(&configured.classes, &observed.classes, |class, one, other| {
        compare(Resource::Volume(class.clone()), one, other)
    });
    let leased_ips = compare(Resource::LeasedIp, configured.leased_ips, observed.leased_ips);
    // Nodes are what they are; of one that is described too, the lesser counts.
    let nodes = match (configured.nodes.is_empty(), observed.nodes.is_empty()) {
        (_, true) => configured.nodes,
        (true, false) => observed.nodes,
        (false, false) => observed.nodes.into_iter().map(|group| group.at_most(&configured.nodes)).collect(),
    };
    (Some(Inventory { cpu, memory, storage, gpus, gpu_models, classes, leased_ips, nodes }), differences)
}

impl NodeGroup {
    /// The same, no more of each thing than the group of that name has which is described.
    fn at_most(self, described: &[Self]) -> Self {
        let Some(other) = described.iter().find(|group| group.name == self.name) else { return self };
        let storage = match (self.storage, other.storage) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        let gpu_models = both(&other.gpu_models, &self.gpu_models, |_, one, other| Some(one?.min(other?)));
        Self {
            count: self.count.min(other.count),
            cpu: self.cpu.min(other.cpu),
            memory: self.memory.min(other.memory),
            storage,
            gpu_models,
            name: self.name,
        }
    }
}

/// Joins two tables: where only one of them has entries at all, it counts as it is.
fn both<K: Ord + Clone>(
    configured: &BTreeMap<K, u64>,
    observed: &BTreeMap<K, u64>,
    mut compare: impl FnMut(&K, Option<u64>, Option<u64>) -> Option<u64>,
) -> BTreeMap<K, u64> {
    if configured.is_empty() || observed.is_empty() {
        return if configured.is_empty() { observed.clone() } else { configured.clone() };
    }
    let mut joined = BTreeMap::new();
    for key in configured.keys().chain(observed.keys()) {
        if joined.contains_key(key) {
            continue;
        }
        // An entry that only one side has is nothing on the other.
        let of = |table: &BTreeMap<K, u64>| Some(table.get(key).copied().unwrap_or(0));
        if let Some(number) = compare(key, of(configured), of(observed)) {
            joined.insert(key.clone(), number);
        }
    }
    joined
}

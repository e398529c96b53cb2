//! The nodes of a back end, and which instances they still hold.

use super::footprint::UnitPrint;
use super::inventory::NodeGroup;
use crate::domain::bid::gpu::GpuModel;

/// What is free on the nodes. Empty where nodes are not known: then only totals count.
#[derive(Debug, Clone, Default)]
pub(super) struct Nodes {
    single: Vec<Node>,
    /// GPUs of each node and pool: those of a node stand together.
    gpus: Vec<u64>,
    pools: usize,
    groups: Vec<Group>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    group: usize,
    cpu: u64,
    memory: u64,
    storage: Option<u64>,
}

/// The most that any one node of a group has free, resource by resource.
#[derive(Debug, Clone)]
struct Group {
    name: Box<str>,
    cpu: u64,
    memory: u64,
    storage: Option<u64>,
    gpus: Vec<u64>,
}

/// Why no node takes an instance: the group that comes closest.
pub(super) struct NoNode<'a> {
    pub(super) group: &'a str,
    pub(super) lacks: Lack,
    pub(super) free: u64,
}

/// What the closest group has too little of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    Cpu,
    Memory,
    Storage,
    Gpu,
}

impl Nodes {
    /// The nodes of an inventory; `models` are the pools in their order.
    pub(super) fn new(groups: &[NodeGroup], models: &[GpuModel]) -> Self {
        /// More nodes than any site has; a count beyond it is a slip of the pen.
        const MOST: u32 = 100_000;
        let mut built = Self { pools: models.len(), ..Self::default() };
        for (place, group) in groups.iter().enumerate() {
            let mut gpus: Vec<u64> =
                models.iter().map(|model| group.gpu_models.get(model).copied().unwrap_or(0)).collect();
            gpus.resize(models.len(), 0);
            for _ in 0..group.count.min(MOST) {
                built.single.push(Node { group: place, cpu: group.cpu, memory: group.memory, storage: group.storage });
                built.gpus.extend_from_slice(&gpus);
            }
            let Node { cpu, memory, storage, .. } =
                Node { group: place, cpu: group.cpu, memory: group.memory, storage: group.storage };
            built.groups.push(Group { name: group.name.clone(), cpu, memory, storage, gpus });
        }
        built
    }

    pub(super) fn are_known(&self) -> bool {
        !self.single.is_empty()
    }

    /// Whether some group might have a node for an instance: a question that costs no look at the nodes. A yes is not
    /// yet a place, for the most free processor and the most free memory may be on different nodes.
    pub(super) fn may_hold(&self, unit: &UnitPrint, pool: Option<usize>) -> Result<(), NoNode<'_>> {
        let mut closest: Option<(usize, NoNode<'_>)> = None;
        for group in &self.groups {
            let gpus = pool.and_then(|pool| group.gpus.get(pool)).copied().unwrap_or(0);
            let storage = group.storage.unwrap_or(u64::MAX);
            let checks = [
                (Lack::Cpu, unit.cpu, group.cpu),
                (Lack::Memory, unit.memory, group.memory),
                (Lack::Storage, unit.storage, storage),
                (Lack::Gpu, unit.gpus, gpus),
            ];
            let short = checks.iter().filter(|(_, needed, free)| needed > free).count();
            let Some((lacks, _, free)) = checks.into_iter().find(|(_, needed, free)| needed > free) else {
                return Ok(());
            };
            if closest.as_ref().is_none_or(|(fewest, _)| short < *fewest) {
                closest = Some((short, NoNode { group: &group.name, lacks, free }));
            }
        }
        closest.map_or(Ok(()), |(_, no_node)| Err(no_node))
    }

    /// Puts the instances of a unit on nodes, the first that has room. Gives back how many found one.
    pub(super) fn put(&mut self, unit: &UnitPrint, pool: Option<usize>) -> u32 {
        let mut left = unit.count;
        for (place, node) in self.single.iter_mut().enumerate() {
            if left == 0 {
                break;
            }
            let gpu = pool.and_then(|pool| self.gpus.get_mut(place * self.pools + pool));
            let mut here = u64::from(left);
            let mut at_most = |free: u64, each: u64| {
                if let Some(most) = free.checked_div(each) {
                    here = here.min(most);
                }
            };
            at_most(node.cpu, unit.cpu);
            at_most(node.memory, unit.memory);
            if let Some(storage) = node.storage {
                at_most(storage, unit.storage);
            }
            at_most(gpu.as_ref().map_or(0, |gpu| **gpu), unit.gpus);
            // No product is above what the node has free.
            node.cpu -= here * unit.cpu;
            node.memory -= here * unit.memory;
            node.storage = node.storage.map(|storage| storage - here * unit.storage);
            if let Some(gpu) = gpu {
                *gpu -= here * unit.gpus;
            }
            left -= u32::try_from(here).unwrap_or(left);
        }
        unit.count - left
    }

    /// Notes anew what each group has free at most, after instances were put.
    pub(super) fn refresh(&mut self) {
        for group in &mut self.groups {
            group.cpu = 0;
            group.memory = 0;
            group.storage = group.storage.map(|_| 0);
            group.gpus.fill(0);
        }
        let gpus_of = |place: usize| self.gpus.chunks(self.pools.max(1)).nth(place).unwrap_or_default();
        for (place, node) in self.single.iter().enumerate() {
            let Some(group) = self.groups.get_mut(node.group) else { continue };
            group.cpu = group.cpu.max(node.cpu);
            group.memory = group.memory.max(node.memory);
            group.storage = group.storage.zip(node.storage).map(|(most, here)| most.max(here));
            for (most, here) in group.gpus.iter_mut().zip(gpus_of(place)) {
                *most = (*most).max(*here);
            }
        }
    }

    /// What is free on all nodes together.
    #[cfg(test)]
    pub(super) fn free(&self) -> (u128, u128, u128) {
        let sum = |of: fn(&Node) -> u64| self.single.iter().map(|node| u128::from(of(node))).sum();
        (sum(|node| node.cpu), sum(|node| node.memory), self.gpus.iter().map(|gpu| u128::from(*gpu)).sum())
    }
}

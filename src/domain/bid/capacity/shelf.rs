//! One back end of the ledger.

use super::footprint::{Footprint, UnitPrint};
use super::inventory::{EndpointKinds, Inventory};
use super::ledger::{BackEnd, GpuChoice};
use super::nodes::{Lack, Nodes};
use super::pool::Pool;
use crate::domain::amount::Dec18;
use crate::domain::bid::demand::{Asked, Instance};
use crate::domain::bid::gpu::{GpuModel, GpuWish};
use crate::domain::bid::reason::{Reason, Resource};
use crate::domain::manifest::{EndpointKind, ResourceUnit};

/// One back end of the ledger.
#[derive(Debug, Clone)]
pub(super) struct Shelf {
    pub(super) name: Box<str>,
    pub(super) known: bool,
    pub(super) endpoints: EndpointKinds,
    /// Processor, memory, storage, GPUs.
    pub(super) pools: [Pool; 4],
    pub(super) classes: Vec<(Box<str>, Pool)>,
    pub(super) models: Vec<GpuModel>,
    pub(super) of_models: Vec<Pool>,
    pub(super) leased_ips: Pool,
    pub(super) nodes: Nodes,
}

/// The resources of the four pools.
pub(super) const FOUR: [Resource; 4] = [Resource::Cpu, Resource::Memory, Resource::Storage, Resource::Gpu];

impl Shelf {
    pub(super) fn new(back_end: &BackEnd, limit: Dec18) -> Self {
        let inventory = back_end.inventory.clone().map(Inventory::summed);
        let known = inventory.is_some();
        let inventory = inventory.unwrap_or_default();
        let pool = |total: Option<u64>| Pool::new(total.unwrap_or(0), limit);
        let all_gpus = inventory.all_gpus();
        let mut models: Vec<GpuModel> = inventory.gpu_models.keys().cloned().collect();
        let mut of_models: Vec<Pool> = inventory.gpu_models.values().map(|number| Pool::whole(*number)).collect();
        let named = of_models.iter().fold(0, |sum: u64, pool| sum.saturating_add(pool.total));
        let unnamed = all_gpus.saturating_sub(named);
        if unnamed > 0 {
            models.push(GpuModel::UNNAMED);
            of_models.push(Pool::whole(unnamed));
        }
        Self {
            name: back_end.name.clone(),
            known,
            endpoints: back_end.endpoints,
            pools: [pool(inventory.cpu), pool(inventory.memory), pool(inventory.storage), pool(Some(all_gpus))],
            classes: inventory.classes.iter().map(|(class, bytes)| (class.clone(), Pool::whole(*bytes))).collect(),
            nodes: Nodes::new(&inventory.nodes, &models),
            models,
            of_models,
            leased_ips: Pool::whole(inventory.leased_ips.unwrap_or(0)),
        }
    }

    pub(super) fn class(&self, class: &str) -> Option<&Pool> {
        self.classes.iter().find(|(name, _)| &**name == class).map(|(_, pool)| pool)
    }

    pub(super) fn pool_of(&self, unit: &UnitPrint) -> Option<usize> {
        let named = unit.model.as_ref().and_then(|model| self.models.iter().position(|known| known == model));
        named.or_else(|| if unit.gpus > 0 { self.likely_pool(unit) } else { None })
    }

    /// The pool of GPUs of which nobody says what they are, or of a model that is not there any more: never none, for
    /// somewhere they are. The unnamed, else the scarcest pool that holds them, else the one with the most left.
    pub(super) fn likely_pool(&self, unit: &UnitPrint) -> Option<usize> {
        let needed = u128::from(unit.gpus) * u128::from(unit.count);
        let left = |place: usize| self.of_models.get(place).map_or(0, Pool::available);
        let places = || 0..self.of_models.len();
        let unnamed = self.models.iter().position(|model| *model == GpuModel::UNNAMED);
        let scarcest = || places().filter(|place| u128::from(left(*place)) >= needed).min_by_key(|place| left(*place));
        unnamed.or_else(scarcest).or_else(|| places().max_by_key(|place| left(*place)))
    }

    pub(super) fn gives_endpoints(&self, asked: &Asked<'_>) -> Result<(), Reason> {
        for endpoint in asked.spec.units.iter().flat_map(|unit| &unit.resources.endpoints) {
            let (given, kind) = match endpoint.kind {
                EndpointKind::SharedHttp => (self.endpoints.shared_http, "shared_http"),
                EndpointKind::RandomPort => (self.endpoints.random_port, "random_port"),
                EndpointKind::LeasedIp => (self.leased_ips.total > 0, "leased_ip"),
            };
            if !given {
                return Err(Reason::EndpointKind { kind: kind.into(), backend: self.name.clone() });
            }
        }
        Ok(())
    }

    /// A model for each unit with GPUs: the first in the order of preference that has enough left.
    pub(super) fn choose_gpus(
        &self,
        asked: &Asked<'_>,
        rank: &dyn Fn(&GpuModel, GpuWish<'_>) -> Dec18,
    ) -> Result<Vec<GpuChoice>, Reason> {
        let mut chosen: Vec<GpuChoice> = Vec::new();
        for (unit, wish) in asked.gpu_units() {
            let number = unit.resources.gpu.units.saturating_mul(u64::from(unit.count));
            let taken = |pool: usize| chosen.iter().filter(|one| one.pool == pool).map(|one| one.number).sum::<u64>();
            let fitting =
                self.models.iter().zip(&self.of_models).enumerate().filter(|(_, (model, _))| wish.takes(model));
            let with_room = fitting.clone().filter(|(place, (_, pool))| {
                number.checked_add(taken(*place)).is_some_and(|all| all <= pool.available())
            });
            let best =
                with_room.min_by_key(|(_, (model, _))| (rank(model, wish), **model == GpuModel::UNNAMED, *model));
            let Some((pool, (model, _))) = best else {
                return Err(self.no_gpus(
                    unit,
                    wish,
                    number,
                    fitting.map(|(place, (model, pool))| (model, pool.available().saturating_sub(taken(place)))),
                ));
            };
            let model = model.clone();
            chosen.push(GpuChoice { unit: unit.resources.id, number, model, pool });
        }
        Ok(chosen)
    }

    pub(super) fn no_gpus<'m>(
        &self,
        unit: &ResourceUnit,
        wish: GpuWish<'_>,
        number: u64,
        fitting: impl Iterator<Item = (&'m GpuModel, u64)>,
    ) -> Reason {
        match fitting.max_by_key(|(_, free)| *free) {
            None => Reason::GpuModels { unit: unit.resources.id, asked: wish.words(), backend: self.name.clone() },
            Some((model, free)) => {
                let resource = Resource::GpuModel(model.to_string().into());
                let (needed, free) = (resource.quantity(number), resource.quantity(free));
                Reason::Short { resource, needed, free, backend: self.name.clone(), node_group: None }
            }
        }
    }

    pub(super) fn nodes_may_hold(&self, asked: &Asked<'_>, gpus: &[GpuChoice]) -> Result<(), Reason> {
        if !self.nodes.are_known() {
            return Ok(());
        }
        for unit in &asked.spec.units {
            let Some(one) = Instance::of(unit) else { continue };
            let pool = gpus.iter().find(|choice| choice.unit == unit.resources.id).map(|choice| choice.pool);
            let Instance { cpu, memory, storage, gpus } = one;
            let print = UnitPrint { id: unit.resources.id, count: unit.count, cpu, memory, storage, gpus, model: None };
            if let Err(no_node) = self.nodes.may_hold(&print, pool) {
                let (resource, needed) = match no_node.lacks {
                    Lack::Cpu => (Resource::Cpu, cpu),
                    Lack::Memory => (Resource::Memory, memory),
                    Lack::Storage => (Resource::Storage, storage),
                    Lack::Gpu => (Resource::Gpu, print.gpus),
                };
                let (needed, free) = (resource.quantity(needed), resource.quantity(no_node.free));
                let node_group = Some(no_node.group.into());
                return Err(Reason::Short { resource, needed, free, backend: self.name.clone(), node_group });
            }
        }
        Ok(())
    }

    /// Whether all instances of a footprint find a node, put one after the other.
    pub(super) fn nodes_hold(&self, footprint: &Footprint) -> Result<(), Reason> {
        if !self.nodes.are_known() {
            return Ok(());
        }
        let mut nodes = self.nodes.clone();
        for unit in self.in_packing_order(footprint) {
            let placed = nodes.put(unit, self.pool_of(unit));
            if placed < unit.count {
                let (unit, instances, backend) = (unit.id, unit.count, self.name.clone());
                return Err(Reason::Fragmented { unit, instances, placed, backend });
            }
        }
        Ok(())
    }

    /// What a footprint takes of the four pools: volumes of classes with a pool of their own are not in `storage`.
    pub(super) fn four(&self, footprint: &Footprint) -> [u128; 4] {
        let shared: u128 = footprint
            .volumes
            .iter()
            .filter(|(class, _)| self.class(class).is_none())
            .map(|(_, bytes)| u128::from(*bytes))
            .sum();
        [
            footprint.sum(|unit| unit.cpu),
            footprint.sum(|unit| unit.memory),
            footprint.sum(|unit| unit.storage) + shared,
            footprint.sum(|unit| unit.gpus),
        ]
    }

    /// GPUs of a footprint by pool. Those of a model that is no longer there count as unnamed ones, if there are any.
    pub(super) fn gpus_by_pool(&self, footprint: &Footprint) -> Vec<u128> {
        let mut sums = vec![0; self.of_models.len()];
        for unit in footprint.units.iter().filter(|unit| unit.gpus > 0) {
            if let Some(sum) = self.pool_of(unit).and_then(|pool| sums.get_mut(pool)) {
                *sum += u128::from(unit.gpus) * u128::from(unit.count);
            }
        }
        sums
    }

    pub(super) fn room(&self, footprint: &Footprint) -> Result<(), Reason> {
        if !self.known {
            return Err(Reason::CapacityUnknown { backend: self.name.clone() });
        }
        for (resource, (pool, needed)) in FOUR.iter().zip(self.pools.iter().zip(self.four(footprint))) {
            check(pool, narrow(needed), resource, &self.name)?;
        }
        for (class, pool) in &self.classes {
            let needed = footprint.volumes.get(class).copied().unwrap_or(0);
            check(pool, needed, &Resource::Volume(class.clone()), &self.name)?;
        }
        let pools = self.models.iter().zip(&self.of_models).zip(self.gpus_by_pool(footprint));
        for ((model, pool), needed) in pools {
            check(pool, narrow(needed), &Resource::GpuModel(model.to_string().into()), &self.name)?;
        }
        check(&self.leased_ips, footprint.leased_ips, &Resource::LeasedIp, &self.name)
    }

    /// The largest first: what is hard to place is placed while there is room.
    pub(super) fn in_packing_order<'f>(&self, footprint: &'f Footprint) -> Vec<&'f UnitPrint> {
        let mut units: Vec<&UnitPrint> = footprint.units.iter().collect();
        let size = |unit: &UnitPrint| {
            let share = |each: u64, pool: &Pool| u128::from(each) * 1_000_000 / u128::from(pool.total.max(1));
            let [cpu, memory, storage, gpu] = &self.pools;
            let shares =
                [share(unit.cpu, cpu), share(unit.memory, memory), share(unit.storage, storage), share(unit.gpus, gpu)];
            shares.into_iter().max().unwrap_or(0)
        };
        units.sort_by_key(|unit| (std::cmp::Reverse(size(unit)), unit.id));
        units
    }

    pub(super) fn take(&mut self, footprint: &Footprint, how: fn(&mut Pool, u128)) {
        let (four, by_pool) = (self.four(footprint), self.gpus_by_pool(footprint));
        for (pool, amount) in self.pools.iter_mut().zip(four) {
            how(pool, amount);
        }
        for (class, pool) in &mut self.classes {
            how(pool, u128::from(footprint.volumes.get(class).copied().unwrap_or(0)));
        }
        for (pool, amount) in self.of_models.iter_mut().zip(by_pool) {
            how(pool, amount);
        }
        how(&mut self.leased_ips, u128::from(footprint.leased_ips));
        if self.nodes.are_known() {
            let mut nodes = std::mem::take(&mut self.nodes);
            for unit in self.in_packing_order(footprint) {
                nodes.put(unit, self.pool_of(unit));
            }
            nodes.refresh();
            self.nodes = nodes;
        }
    }
}

/// Whether a pool has so much left. What is not needed is never short.
pub(super) fn check(pool: &Pool, needed: u64, resource: &Resource, backend: &str) -> Result<(), Reason> {
    if needed == 0 || needed <= pool.available() {
        return Ok(());
    }
    let (needed, free) = (resource.quantity(needed), resource.quantity(pool.available()));
    let (resource, backend) = (resource.clone(), backend.into());
    Err(Reason::Short { resource, needed, free, backend, node_group: None })
}

/// The same amount in 64 bits; what is beyond them is more than any pool has.
pub(super) fn narrow(amount: u128) -> u64 {
    u64::try_from(amount).unwrap_or(u64::MAX)
}

//! The sums of one run.

use super::footprint::Footprint;
use super::inventory::{EndpointKinds, Inventory};
use super::pool::Pool;
use super::shelf::{FOUR, Shelf, check, narrow};
use crate::domain::amount::{Dec18, Rounding};
use crate::domain::bid::demand::Asked;
use crate::domain::bid::gpu::{GpuModel, GpuWish};
use crate::domain::bid::reason::{Reason, Resource};

/// A back end that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackEnd {
    /// Its name: `kubernetes`.
    pub name: Box<str>,
    /// What it has; `None` where nobody has said.
    pub inventory: Option<Inventory>,
    /// Which ways in it gives.
    pub endpoints: EndpointKinds,
}

/// What all back ends together may sell: the configured totals less what is reserved. `None` sets no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Overall {
    /// Thousandths of a core.
    pub cpu: Option<u64>,
    /// Bytes of memory.
    pub memory: Option<u64>,
    /// Bytes of storage of every kind.
    pub storage: Option<u64>,
    /// GPUs.
    pub gpus: Option<u64>,
}

/// The GPU model that a back end would use for a unit of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GpuChoice {
    /// The unit.
    pub unit: u32,
    /// How many, all instances together.
    pub number: u64,
    /// The model.
    pub model: GpuModel,
    /// Its pool in the back end.
    pub(super) pool: usize,
}

/// What each back end has, and what of it is taken. The back ends stand in the order of preference.
#[derive(Debug, Clone)]
pub struct Ledger {
    shelves: Vec<Shelf>,
    overall: [Option<Pool>; 4],
    /// Bids stop at this share.
    limit: Dec18,
}

impl Ledger {
    /// What is there, nothing of it taken. Bids stop when a share of `limit` of something that they need is taken.
    pub fn new(back_ends: &[BackEnd], overall: Overall, limit: Dec18) -> Self {
        let pool = |total: Option<u64>| total.map(|total| Pool::new(total, limit));
        Self {
            shelves: back_ends.iter().map(|back_end| Shelf::new(back_end, limit)).collect(),
            overall: [pool(overall.cpu), pool(overall.memory), pool(overall.storage), pool(overall.gpus)],
            limit,
        }
    }

    /// How many back ends there are; they are numbered from 0 in the order of preference.
    pub fn len(&self) -> usize {
        self.shelves.len()
    }

    /// Whether no back end is sold.
    pub fn is_empty(&self) -> bool {
        self.shelves.is_empty()
    }

    /// The name of a back end.
    pub fn name(&self, back_end: usize) -> &str {
        self.shelves.get(back_end).map_or("", |shelf| &shelf.name)
    }

    /// The back end of that name.
    pub fn find(&self, name: &str) -> Option<usize> {
        self.shelves.iter().position(|shelf| &*shelf.name == name)
    }

    pub(super) fn shelves(&self) -> &[Shelf] {
        &self.shelves
    }

    pub(super) fn overall(&self) -> &[Option<Pool>; 4] {
        &self.overall
    }

    /// A lease uses this, whether or not it fits: the lease is a fact.
    pub fn occupy(&mut self, back_end: usize, footprint: &Footprint) {
        self.take(back_end, footprint, Pool::occupy);
    }

    /// An open bid was promised this, whether or not it fits: the bid is a fact.
    pub fn promise(&mut self, back_end: usize, footprint: &Footprint) {
        self.take(back_end, footprint, Pool::promise);
    }

    /// Promises this to a new bid, or refuses it with the reason and promises nothing.
    pub fn reserve(&mut self, back_end: usize, footprint: &Footprint) -> Result<(), Reason> {
        let shelf = self.shelves.get(back_end).ok_or(Reason::NoBackEnd {})?;
        shelf.room(footprint)?;
        for (resource, (pool, needed)) in FOUR.iter().zip(shelf.pools.iter().zip(shelf.four(footprint))) {
            self.stop_when_full(pool, narrow(needed), resource, &shelf.name)?;
        }
        for (resource, (pool, needed)) in FOUR.iter().zip(self.overall.iter().zip(everything(footprint))) {
            if let Some(pool) = pool {
                check(pool, narrow(needed), resource, ALL)?;
                self.stop_when_full(pool, narrow(needed), resource, ALL)?;
            }
        }
        shelf.nodes_hold(footprint)?;
        self.take(back_end, footprint, Pool::promise);
        Ok(())
    }

    /// The greatest share that a footprint takes of what is free of anything: 1 takes the last of it.
    pub fn scarcest_share(&self, back_end: usize, footprint: &Footprint) -> Dec18 {
        let Some(shelf) = self.shelves.get(back_end) else { return Dec18::ONE };
        let share = |needed: u128, pool: &Pool| {
            if needed == 0 {
                return Dec18::ZERO;
            }
            let part = Dec18::ONE.checked_times(needed);
            let share = part.and_then(|part| part.checked_part(u128::from(pool.available()), Rounding::HalfEven));
            share.unwrap_or(Dec18::MAX)
        };
        let four = shelf.pools.iter().zip(shelf.four(footprint)).map(|(pool, needed)| share(needed, pool));
        let models =
            shelf.of_models.iter().zip(shelf.gpus_by_pool(footprint)).map(|(pool, needed)| share(needed, pool));
        let ips = share(u128::from(footprint.leased_ips), &shelf.leased_ips);
        four.chain(models).fold(ips, Dec18::max)
    }

    fn stop_when_full(&self, pool: &Pool, needed: u64, resource: &Resource, backend: &str) -> Result<(), Reason> {
        if needed == 0 || !pool.is_full() {
            return Ok(());
        }
        let share = pool.taken_share().unwrap_or(Dec18::ONE);
        Err(Reason::TooFull { resource: resource.clone(), share, limit: self.limit, backend: backend.into() })
    }

    fn take(&mut self, back_end: usize, footprint: &Footprint, how: fn(&mut Pool, u128)) {
        let Some(shelf) = self.shelves.get_mut(back_end) else { return };
        shelf.take(footprint, how);
        for (pool, amount) in self.overall.iter_mut().zip(everything(footprint)) {
            if let Some(pool) = pool {
                how(pool, amount);
            }
        }
    }

    /// Models of a back end for the GPUs of an order, whether or not they are free: what is on chain is somewhere. `None`
    /// where it has none that the order takes.
    pub fn any_gpus(&self, back_end: usize, asked: &Asked<'_>) -> Option<Vec<GpuChoice>> {
        let shelf = self.shelves.get(back_end)?;
        let mut chosen = Vec::new();
        for (unit, wish) in asked.gpu_units() {
            let fitting =
                shelf.models.iter().zip(&shelf.of_models).enumerate().filter(|(_, (model, _))| wish.takes(model));
            let (pool, (model, _)) = fitting.max_by_key(|(_, (_, pool))| pool.available())?;
            let number = unit.resources.gpu.units.saturating_mul(u64::from(unit.count));
            chosen.push(GpuChoice { unit: unit.resources.id, number, model: model.clone(), pool });
        }
        Some(chosen)
    }

    /// Whether an order may go to a back end, by what it gives, by its totals and by its largest nodes. `rank` says
    /// which GPU model is preferred: the least. Gives back the models for its units.
    ///
    /// Single nodes are looked at only for an order of several instances: for one, the largest free node says it all.
    pub fn fits(
        &self,
        back_end: usize,
        asked: &Asked<'_>,
        rank: &dyn Fn(&GpuModel, GpuWish<'_>) -> Dec18,
    ) -> Result<Vec<GpuChoice>, Reason> {
        let shelf = self.shelves.get(back_end).ok_or(Reason::NoBackEnd {})?;
        shelf.gives_endpoints(asked)?;
        if !shelf.known {
            return Err(Reason::CapacityUnknown { backend: shelf.name.clone() });
        }
        let demand = &asked.demand;
        let shared: u64 = demand
            .volumes
            .iter()
            .filter(|(class, _)| shelf.class(class).is_none())
            .fold(demand.storage, |sum, (_, bytes)| sum.saturating_add(*bytes));
        let of_shelf = [demand.cpu, demand.memory, shared, demand.gpus];
        let of_all = [demand.cpu, demand.memory, demand.all_storage(), demand.gpus];
        for (resource, (pool, needed)) in FOUR.iter().zip(shelf.pools.iter().zip(of_shelf)) {
            check(pool, needed, resource, &shelf.name)?;
            self.stop_when_full(pool, needed, resource, &shelf.name)?;
        }
        for (class, bytes) in &demand.volumes {
            if let Some(pool) = shelf.class(class) {
                check(pool, *bytes, &Resource::Volume((*class).into()), &shelf.name)?;
            }
        }
        check(&shelf.leased_ips, demand.leased_ips, &Resource::LeasedIp, &shelf.name)?;
        for (resource, (pool, needed)) in FOUR.iter().zip(self.overall.iter().zip(of_all)) {
            if let Some(pool) = pool {
                check(pool, needed, resource, ALL)?;
                self.stop_when_full(pool, needed, resource, ALL)?;
            }
        }
        let gpus = shelf.choose_gpus(asked, rank)?;
        shelf.nodes_may_hold(asked, &gpus)?;
        if asked.spec.units.len() > 1 || asked.spec.units.iter().any(|unit| unit.count > 1) {
            shelf.nodes_hold(&Footprint::of(asked, &gpus))?;
        }
        Ok(gpus)
    }
}

/// The name of all back ends together, in reasons.
const ALL: &str = "all";

/// What a footprint takes of all back ends together.
fn everything(footprint: &Footprint) -> [u128; 4] {
    let volumes: u128 = footprint.volumes.values().map(|bytes| u128::from(*bytes)).sum();
    [
        footprint.sum(|unit| unit.cpu),
        footprint.sum(|unit| unit.memory),
        footprint.sum(|unit| unit.storage) + volumes,
        footprint.sum(|unit| unit.gpus),
    ]
}

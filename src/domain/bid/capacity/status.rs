//! What is in use, for prices and for people.

use serde::Serialize;

use super::ledger::Ledger;
use super::pool::Pool;
use super::shelf::FOUR;
use crate::domain::amount::Dec18;
use crate::domain::bid::reason::{Quantity, Resource};

/// Which shares of a back end leases use. Open bids do not count: most are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    /// Of its GPUs; `None` where it has none.
    pub gpus: Option<Dec18>,
    /// Of the resource that is used most: processor, memory, storage or GPUs; `None` where nothing is known.
    pub fullest: Option<Dec18>,
}

/// One resource of one back end, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourceStatus {
    /// The back end.
    pub backend: Box<str>,
    /// The resource.
    pub resource: Resource,
    /// How much there is.
    pub total: Quantity,
    /// How much leases use.
    pub used: Quantity,
    /// How much is promised to open bids.
    pub promised: Quantity,
    /// How much can still be taken.
    pub free: Quantity,
    /// The share that leases use and bids are promised; `None` where there is nothing.
    pub share: Option<Dec18>,
}

impl ResourceStatus {
    /// What leases use and open bids are promised.
    pub fn allocated(&self) -> Quantity {
        match (self.used, self.promised) {
            (Quantity::Cpu(used), Quantity::Cpu(promised)) => self.resource.quantity(used.0.saturating_add(promised.0)),
            (Quantity::Bytes(used), Quantity::Bytes(promised)) => {
                self.resource.quantity(used.0.saturating_add(promised.0))
            }
            (Quantity::Count(used), Quantity::Count(promised)) => self.resource.quantity(used.saturating_add(promised)),
            // All three are of one resource.
            (used, _) => used,
        }
    }
}

impl Ledger {
    /// What leases use of a back end.
    pub fn used(&self, back_end: usize) -> Used {
        let Some(shelf) = self.shelves().get(back_end) else { return Used::default() };
        let [.., gpus] = &shelf.pools;
        Used { gpus: gpus.used_share(), fullest: shelf.pools.iter().filter_map(Pool::used_share).max() }
    }

    /// Every resource of every back end, and of all together where that is limited.
    pub fn status(&self) -> Vec<ResourceStatus> {
        let mut rows = Vec::new();
        for shelf in self.shelves() {
            let mut add = |resource: Resource, pool: &Pool| rows.push(row(&shelf.name, resource, pool));
            for (resource, pool) in FOUR.into_iter().zip(&shelf.pools) {
                add(resource, pool);
            }
            for (class, pool) in &shelf.classes {
                add(Resource::Volume(class.clone()), pool);
            }
            for (model, pool) in shelf.models.iter().zip(&shelf.of_models) {
                add(Resource::GpuModel(model.to_string().into()), pool);
            }
            if shelf.leased_ips.total > 0 {
                add(Resource::LeasedIp, &shelf.leased_ips);
            }
        }
        for (resource, pool) in FOUR.into_iter().zip(self.overall()) {
            if let Some(pool) = pool {
                rows.push(row("all", resource, pool));
            }
        }
        rows
    }
}

fn row(backend: &str, resource: Resource, pool: &Pool) -> ResourceStatus {
    let narrow = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
    ResourceStatus {
        backend: backend.into(),
        total: resource.quantity(pool.total),
        used: resource.quantity(narrow(pool.used)),
        promised: resource.quantity(narrow(pool.promised)),
        free: resource.quantity(pool.available()),
        share: pool.taken_share(),
        resource,
    }
}

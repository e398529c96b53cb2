//! What a lease or a bid takes of its back end.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::GpuChoice;
use crate::domain::bid::demand::{Asked, Instance};
use crate::domain::bid::gpu::GpuModel;

/// What a lease or a bid takes of its back end. A row of the state file holds it as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Footprint {
    /// The units, each with its instances.
    pub units: Vec<UnitPrint>,
    /// Bytes of persistent storage by class.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub volumes: BTreeMap<Box<str>, u64>,
    /// Leased IPs.
    #[serde(default)]
    pub leased_ips: u64,
}

/// A unit of a footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitPrint {
    /// Its number in the order.
    pub id: u32,
    /// How many instances.
    pub count: u32,
    /// Thousandths of a core of each.
    pub cpu: u64,
    /// Bytes of memory of each.
    pub memory: u64,
    /// Bytes of storage of each.
    pub storage: u64,
    /// GPUs of each.
    #[serde(default)]
    pub gpus: u64,
    /// Of this model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<GpuModel>,
}

impl Footprint {
    /// What an order takes, its GPUs being of the chosen models.
    pub fn of(asked: &Asked<'_>, gpus: &[GpuChoice]) -> Self {
        let unit = |unit: &crate::domain::manifest::ResourceUnit| {
            let one = Instance::of(unit)?;
            let chosen = gpus.iter().find(|choice| choice.unit == unit.resources.id);
            Some(UnitPrint {
                id: unit.resources.id,
                count: unit.count,
                cpu: one.cpu,
                memory: one.memory,
                storage: one.storage,
                gpus: one.gpus,
                model: chosen.map(|choice| choice.model.clone()),
            })
        };
        Self {
            // Their sums fit into 64 bits, so each of them does.
            units: asked.spec.units.iter().filter_map(unit).collect(),
            volumes: asked.demand.volumes.iter().map(|(class, bytes)| ((*class).into(), *bytes)).collect(),
            leased_ips: asked.demand.leased_ips,
        }
    }

    /// The sum of something over all instances.
    pub(super) fn sum(&self, of: impl Fn(&UnitPrint) -> u64) -> u128 {
        self.units.iter().map(|unit| u128::from(of(unit)) * u128::from(unit.count)).sum()
    }
}

//! Price lists: three written forms, one canonical one.

use std::collections::BTreeMap;

use super::overflow;
use crate::domain::amount::{Dec18, Denom, Rounding};
use crate::domain::bid::demand::Demand;
use crate::domain::bid::gpu::{GpuModel, GpuWish};
use crate::domain::bid::reason::{Reason, Resource};

/// For how long a list's prices are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// An hour.
    Hour,
    /// A block.
    Block,
}

impl Period {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hour => "hour",
            Self::Block => "block",
        }
    }
}

/// A price list in its canonical form: cores, GiB and pieces, for an hour or a block, in one denomination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceList {
    /// In which denomination.
    pub denomination: Denom,
    /// For how long.
    pub period: Period,
    /// A core.
    pub cpu_core: Option<Dec18>,
    /// A GiB of memory.
    pub memory_gib: Option<Dec18>,
    /// A GiB of storage, of every class without a price of its own.
    pub storage_gib: Option<Dec18>,
    /// A GiB of persistent storage, by class.
    pub classes: BTreeMap<Box<str>, Dec18>,
    /// A GPU of a model without a price of its own.
    pub gpu: Option<Dec18>,
    /// A GPU, by model; the entry that says most counts.
    pub gpu_models: Vec<(GpuModel, Dec18)>,
    /// A way in from outside.
    pub endpoint: Dec18,
    /// A leased IP.
    pub leased_ip: Dec18,
    /// A GiB of traffic, whatever the period.
    pub traffic_gib: Dec18,
    /// Added to the cost, as a share of it.
    pub margin: Dec18,
    /// The least price of a bid.
    pub minimum: Dec18,
}

/// A part of the cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Component {
    /// Processor.
    Cpu,
    /// Memory.
    Memory,
    /// Storage that goes with its instance.
    Storage,
    /// Persistent storage.
    Volumes,
    /// GPUs.
    Gpus,
    /// Ways in from outside.
    Endpoints,
    /// Leased IPs.
    LeasedIps,
    /// Expected traffic.
    Traffic,
}

impl Component {
    /// Every component, in the order of explanations.
    pub const ALL: [Self; 8] = [
        Self::Cpu,
        Self::Memory,
        Self::Storage,
        Self::Volumes,
        Self::Gpus,
        Self::Endpoints,
        Self::LeasedIps,
        Self::Traffic,
    ];

    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Memory => "memory",
            Self::Storage => "storage",
            Self::Volumes => "volumes",
            Self::Gpus => "gpus",
            Self::Endpoints => "endpoints",
            Self::LeasedIps => "leased_ips",
            Self::Traffic => "traffic",
        }
    }
}

/// GPUs of one unit of an order, all instances together.
#[derive(Debug, Clone, Copy)]
pub struct GpuNeed<'a> {
    /// How many.
    pub number: u64,
    /// The model that the back end will use for it.
    pub model: &'a GpuModel,
    /// What the order would take.
    pub wish: GpuWish<'a>,
}

const GIB: u128 = 1 << 30;
const HOUR: u128 = 3600;

impl PriceList {
    /// A list without any price.
    pub const fn empty(denomination: Denom, period: Period) -> Self {
        Self {
            denomination,
            period,
            cpu_core: None,
            memory_gib: None,
            storage_gib: None,
            classes: BTreeMap::new(),
            gpu: None,
            gpu_models: Vec::new(),
            endpoint: Dec18::ZERO,
            leased_ip: Dec18::ZERO,
            traffic_gib: Dec18::ZERO,
            margin: Dec18::ZERO,
            minimum: Dec18::ZERO,
        }
    }

    /// What each component costs for the list's period.
    pub fn components(
        &self,
        demand: &Demand<'_>,
        gpus: &[GpuNeed<'_>],
        expected_traffic: u64,
    ) -> Result<[Dec18; 8], Reason> {
        let cpu = part(self.cpu_core, demand.cpu, 1000, || Resource::Cpu)?;
        let memory = part(self.memory_gib, demand.memory, GIB, || Resource::Memory)?;
        let storage = part(self.storage_gib, demand.storage, GIB, || Resource::Storage)?;
        let mut volumes = Dec18::ZERO;
        for (class, bytes) in &demand.volumes {
            let price = self.classes.get(*class).copied().or(self.storage_gib);
            volumes = sum(volumes, part(price, *bytes, GIB, || Resource::Volume((*class).into()))?)?;
        }
        let mut gpu = Dec18::ZERO;
        for need in gpus {
            let price = self.gpu_price(need.model, need.wish);
            gpu = sum(gpu, part(price, need.number, 1, || Resource::GpuModel(need.model.to_string().into()))?)?;
        }
        let endpoints = part(Some(self.endpoint), demand.endpoints, 1, || Resource::Endpoint)?;
        let leased = part(Some(self.leased_ip), demand.leased_ips, 1, || Resource::LeasedIp)?;
        let traffic = self.traffic(demand.exposed, expected_traffic)?;
        Ok([cpu, memory, storage, volumes, gpu, endpoints, leased, traffic])
    }

    /// Traffic is expected by the hour; lists by the block have no price for it.
    fn traffic(&self, exposed: u64, expected: u64) -> Result<Dec18, Reason> {
        if self.traffic_gib.is_zero() || expected == 0 || exposed == 0 {
            return Ok(Dec18::ZERO);
        }
        let bytes = u128::from(exposed) * u128::from(expected);
        self.traffic_gib
            .checked_times(bytes)
            .and_then(|all| all.checked_part(GIB, Rounding::HalfEven))
            .map_err(overflow)
    }

    /// What a GPU of a model costs. Of GPUs that nobody has named it is the dearest that the order would take.
    fn gpu_price(&self, model: &GpuModel, wish: GpuWish<'_>) -> Option<Dec18> {
        if *model == GpuModel::UNNAMED {
            let taken = self.gpu_models.iter().filter(|(listed, _)| wish.takes(listed)).map(|(_, price)| *price);
            return taken.max().or(self.gpu);
        }
        let covering = self.gpu_models.iter().filter_map(|(listed, price)| Some((listed.covers(model)?, *price)));
        covering.max_by_key(|(parts, _)| *parts).map(|(_, price)| price).or(self.gpu)
    }

    /// What a GPU of a model costs, to prefer the cheapest that will do; the dearest comes last, and what has no price.
    pub fn gpu_rank(&self, model: &GpuModel, wish: GpuWish<'_>) -> Dec18 {
        self.gpu_price(model, wish).unwrap_or(Dec18::MAX)
    }

    /// An amount for the list's period as an amount for a block.
    pub(super) fn by_the_block(&self, amount: Dec18, block: super::BlockTime) -> Result<Dec18, Reason> {
        const NANOS: u128 = HOUR * 1_000_000_000;
        match self.period {
            Period::Block => Ok(amount),
            Period::Hour => amount
                .checked_times(u128::from(block.nanos()))
                .and_then(|all| all.checked_part(NANOS, Rounding::HalfEven))
                .map_err(overflow),
        }
    }
}

fn sum(one: Dec18, other: Dec18) -> Result<Dec18, Reason> {
    one.checked_add(other).map_err(overflow)
}

/// `number / unit` times a price. Nothing costs nothing, also without a price.
fn part(price: Option<Dec18>, number: u64, unit: u128, what: impl Fn() -> Resource) -> Result<Dec18, Reason> {
    if number == 0 {
        return Ok(Dec18::ZERO);
    }
    let price = price.ok_or_else(|| Reason::Unpriced { resource: what() })?;
    let all = price.checked_times(u128::from(number)).map_err(overflow)?;
    if unit == 1 { Ok(all) } else { all.checked_part(unit, Rounding::HalfEven).map_err(overflow) }
}

//! Orders, lists and back ends for tests.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::{BackEnd, EndpointKinds, Inventory, Ledger, Overall};
use crate::domain::bid::price::{BlockTime, Period, PriceList, Pricing, Strategy};
use crate::domain::bid::{Filters, Standing, Terms, World};
use crate::domain::height::Height;
use crate::domain::manifest::{Attribute, Gpu, GroupSpec, Memory, Requirements, ResourceUnit, Resources, Volume};
use crate::domain::resources::{Bytes, MilliCpu};

/// A unit with 1 GiB of storage that pays at most 1000 uve for an instance and block.
pub fn unit(id: u32, cpu: u64, memory: u64, count: u32) -> ResourceUnit {
    let mut resources = Resources { id, ..Resources::default() };
    resources.cpu.units = MilliCpu(cpu);
    resources.memory = Memory { size: Bytes(memory), attributes: Vec::new() };
    resources.storage = vec![Volume { name: "default".to_owned(), size: Bytes(1 << 30), attributes: Vec::new() }];
    ResourceUnit { resources, count, price: "1000uve".parse().unwrap() }
}

/// A unit of one core, 1 GiB and GPUs of any of these models.
pub fn gpu_unit(id: u32, gpus: u64, models: &[&str]) -> ResourceUnit {
    let mut built = unit(id, 1000, 1 << 30, 1);
    built.resources.gpu = Gpu { units: gpus, attributes: models.iter().map(|key| attribute(key, "true")).collect() };
    built
}

/// An order of these units.
pub fn order(units: Vec<ResourceUnit>) -> GroupSpec {
    GroupSpec { name: "group".to_owned(), requirements: Requirements::default(), units }
}

/// An attribute.
pub fn attribute(key: &str, value: &str) -> Attribute {
    Attribute { key: key.to_owned(), value: value.to_owned() }
}

/// A decimal.
pub fn dec(text: &str) -> Dec18 {
    text.parse().unwrap()
}

/// The operations manual's `base_prices`: by the hour in uve.
pub fn hourly() -> PriceList {
    PriceList {
        cpu_core: Some(dec("10")),
        memory_gib: Some(dec("5")),
        storage_gib: Some(dec("1")),
        gpu: Some(dec("500")),
        traffic_gib: dec("0.5"),
        ..PriceList::empty("uve".parse().unwrap(), Period::Hour)
    }
}

/// The marketplace manual's `pricing`: by the block in uve, for a millicore, a MB, a GPU.
pub fn by_block() -> PriceList {
    PriceList {
        cpu_core: Some(dec("0.001")),
        memory_gib: Some(dec("0.0001024")),
        storage_gib: Some(dec("0.00001024")),
        gpu: Some(dec("0.001")),
        ..PriceList::empty("uve".parse().unwrap(), Period::Block)
    }
}

/// Terms with one list and nothing else.
pub fn terms(list: PriceList) -> Terms {
    Terms {
        filters: Filters::default(),
        pricing: Pricing {
            strategy: Strategy::Fixed,
            lists: vec![list],
            rates: BTreeMap::new(),
            min_margin: Dec18::ZERO,
            expected_traffic: 0,
        },
        max_utilization: Dec18::ONE,
    }
}

/// A registration without attributes.
pub fn standing() -> Standing {
    Standing::new("ve1provider", true, Vec::new(), BTreeMap::new())
}

/// Blocks of five seconds.
pub fn block() -> BlockTime {
    BlockTime::new(Duration::from_secs(5)).unwrap()
}

/// A moment.
pub fn world() -> World {
    World { now: "2026-11-21T12:00:00Z".parse().unwrap(), height: Height(1000), block: block() }
}

/// 100 cores, 400 GiB, 10 TiB and 8 GPUs, on nobody knows which nodes.
pub fn inventory() -> Inventory {
    Inventory {
        cpu: Some(100_000),
        memory: Some(400 << 30),
        storage: Some(10 << 40),
        gpus: Some(8),
        ..Inventory::default()
    }
}

/// A back end of that inventory.
pub fn back_end(name: &str, inventory: Inventory) -> BackEnd {
    BackEnd { name: name.into(), inventory: Some(inventory), endpoints: EndpointKinds::ALL }
}

/// A ledger of one back end, of which nothing is taken.
pub fn ledger(inventory: Inventory) -> Ledger {
    Ledger::new(&[back_end("kubernetes", inventory)], Overall::default(), Dec18::ONE)
}

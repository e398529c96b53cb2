//! Pricing and deciding 100,000 orders in memory, on one core: under 0.5 s.
//!
//! `cargo bench --bench deciding`. Beside it, in the same run: the floor (the same prices in bare integers, of orders
//! that are summed up already), and Akash's price script, whose 0.38 s for a bid were measured elsewhere (the script
//! is not part of this repository; nothing of it runs here).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::float_arithmetic,
    reason = "a benchmark prints figures, and fails loudly"
)]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use provider::domain::amount::Dec18;
use provider::domain::bid::capacity::{BackEnd, EndpointKinds, Inventory, Ledger, NodeGroup, Overall};
use provider::domain::bid::price::{BlockTime, Multipliers, Period, PriceList, Pricing, Strategy, Threshold};
use provider::domain::bid::{Asked, Desk, Filters, Standing, Terms, World};
use provider::domain::height::Height;
use provider::domain::manifest::{Attribute, GroupSpec, Requirements, ResourceUnit, Resources, Volume};
use provider::domain::resources::{Bytes, MilliCpu};

const ORDERS: u64 = 100_000;
const LIMIT: Duration = Duration::from_millis(500);
const ROUNDS: usize = 7;
/// Akash's stock script `price_script_generic.sh` with a warm cache, on two cores: measured by others than this run.
const STOCK_SCRIPT: Duration = Duration::from_millis(380);

fn attribute(key: &str, value: &str) -> Attribute {
    Attribute { key: key.to_owned(), value: value.to_owned() }
}

/// Orders of many shapes: one to three units, regions, volumes, some with GPUs.
fn book() -> Vec<GroupSpec> {
    let order = |number: u64| {
        let unit = |id: u64| {
            let seed = number.wrapping_mul(31).wrapping_add(id);
            let mut resources = Resources { id: u32::try_from(id).unwrap(), ..Resources::default() };
            resources.cpu.units = MilliCpu(100 * (1 + seed % 40));
            resources.memory.size = Bytes((1 + seed % 32) << 28);
            let volume = |name: &str, gib: u64, attributes: Vec<Attribute>| Volume {
                name: name.to_owned(),
                size: Bytes(gib << 30),
                attributes,
            };
            resources.storage.push(volume("default", 1 + seed % 20, Vec::new()));
            if seed.is_multiple_of(3) {
                let class = vec![attribute("class", "beta2"), attribute("persistent", "true")];
                resources.storage.push(volume("data", 10, class));
            }
            if seed.is_multiple_of(10) {
                resources.gpu.units = 1;
                resources.gpu.attributes.push(attribute("vendor/nvidia/model/*", "true"));
            }
            let price = if number.is_multiple_of(5) { "0.001uve" } else { "100uve" };
            ResourceUnit { resources, count: 1 + u32::try_from(seed % 4).unwrap(), price: price.parse().unwrap() }
        };
        let region = if number.is_multiple_of(7) { "eu-west" } else { "us-east" };
        let attributes = vec![attribute("region", region), attribute("tier", "community")];
        GroupSpec {
            name: "group".to_owned(),
            requirements: Requirements { attributes, ..Requirements::default() },
            units: (1..=1 + number % 3).map(unit).collect(),
        }
    };
    (0..ORDERS).map(order).collect()
}

fn terms() -> Terms {
    let price = |text: &str| Some(text.parse().unwrap());
    let list = PriceList {
        cpu_core: price("10"),
        memory_gib: price("5"),
        storage_gib: price("1"),
        classes: BTreeMap::from([("beta2".into(), "2".parse().unwrap())]),
        gpu: price("500"),
        gpu_models: vec![("a100".parse().unwrap(), "2000".parse().unwrap())],
        margin: "0.1".parse().unwrap(),
        ..PriceList::empty("uve".parse().unwrap(), Period::Hour)
    };
    let idle = Threshold { share: "0.3".parse().unwrap(), factor: "0.95".parse().unwrap() };
    let multipliers = Multipliers { low_utilization: Some(idle), ..Multipliers::default() };
    Terms {
        filters: Filters {
            allowed_regions: vec!["us-east".to_owned(), "us-west".to_owned(), "eu-west".to_owned()],
            blocked_addresses: (0..1000).map(|number| format!("ve1blocked{number}")).collect(),
            excluded_attributes: vec!["gpu-type=nvidia-h100".parse().unwrap()],
            max_cpu: Some(MilliCpu(64_000)),
            ..Filters::default()
        },
        pricing: Pricing {
            strategy: Strategy::Dynamic(Box::new(multipliers)),
            lists: vec![list],
            rates: BTreeMap::new(),
            min_margin: "0.05".parse().unwrap(),
            expected_traffic: 0,
        },
        max_utilization: Dec18::ONE,
    }
}

/// The median of several rounds.
fn median(mut round: impl FnMut() -> usize) -> (Duration, usize) {
    let mut times = Vec::new();
    let mut result = 0;
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        result = black_box(round());
        times.push(begun.elapsed());
    }
    times.sort();
    (times.get(ROUNDS / 2).copied().unwrap(), result)
}

fn main() -> ExitCode {
    let (book, terms) = (book(), terms());
    let declared = vec![
        attribute("region", "us-east"),
        attribute("tier", "community"),
        attribute("capabilities/storage/1/class", "beta2"),
        attribute("capabilities/storage/1/persistent", "true"),
        attribute("capabilities/gpu/vendor/nvidia/model/a100", "true"),
    ];
    let us = Standing::new("ve1provider", true, declared, BTreeMap::new());
    let models = BTreeMap::from([("nvidia/a100".parse().unwrap(), 4)]);
    let node = |name: &str| NodeGroup {
        name: name.into(),
        count: 250,
        cpu: 64_000,
        memory: 256 << 30,
        storage: Some(4 << 40),
        gpu_models: models.clone(),
    };
    let inventory =
        Inventory { nodes: vec![node("one"), node("two"), node("three"), node("four")], ..Inventory::default() };
    let back_ends = [BackEnd { name: "kubernetes".into(), inventory: Some(inventory), endpoints: EndpointKinds::ALL }];
    let ledger = Ledger::new(&back_ends, Overall::default(), Dec18::ONE);
    let world = World {
        now: "2026-11-21T12:00:00Z".parse().unwrap(),
        height: Height(1),
        block: BlockTime::new(Duration::from_secs(5)).unwrap(),
    };
    let desk = Desk::new(&terms, &us, world, &back_ends, Overall::default(), &ledger);
    let (deciding, bids) = median(|| {
        let decide = |spec: &&GroupSpec| {
            let asked = Asked::read("ve1tenant", spec).ok()?;
            let fit = desk.fit(&ledger, &asked).ok()?;
            desk.price(&asked, &fit).ok()
        };
        book.iter().filter_map(|spec| decide(&spec)).count()
    });

    let sums: Vec<_> = book.iter().map(|spec| Asked::read("ve1tenant", spec).unwrap().demand).collect();
    let (floor, _) = median(|| {
        let price = |demand: &provider::domain::bid::Demand<'_>| {
            let of = |price: u128, number: u64, unit: u128| price * u128::from(number) / unit;
            of(10_000_000, demand.cpu, 1000)
                + of(5_000_000, demand.memory, 1 << 30)
                + of(1_000_000, demand.storage, 1 << 30)
                + of(500_000_000, demand.gpus, 1)
        };
        sums.iter().filter(|demand| price(demand) * 5 / 3600 < 100_000_000).count()
    });

    let each = deciding.as_secs_f64() / 100_000.0;
    println!("{ORDERS} orders, {bids} of them would get a bid");
    println!("deciding        {:>9.1} ms   limit {} ms", deciding.as_secs_f64() * 1e3, LIMIT.as_millis());
    println!(
        "floor           {:>9.1} ms   {:.0} times",
        floor.as_secs_f64() * 1e3,
        deciding.as_secs_f64() / floor.as_secs_f64()
    );
    println!("each order      {:>9.2} µs", each * 1e6);
    println!(
        "Akash's script  {:>9.0} µs   {:.0} times ours (0.38 s a bid, not measured here)",
        STOCK_SCRIPT.as_secs_f64() * 1e6,
        STOCK_SCRIPT.as_secs_f64() / each
    );
    if deciding < LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

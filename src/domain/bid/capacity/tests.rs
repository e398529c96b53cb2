//! Capacity: what fits, what is told where it does not, and that nothing is ever sold twice.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::amount::Dec18;
use crate::domain::bid::gpu::{GpuModel, GpuWish};
use crate::domain::bid::tests::fixtures::{attribute, back_end, dec, gpu_unit, inventory, ledger, order, unit};
use crate::domain::bid::{Asked, Quantity, Reason, Resource};
use crate::domain::manifest::{Endpoint, EndpointKind, GroupSpec, Volume};
use crate::domain::resources::{Bytes, MilliCpu};

const NO_RANK: &dyn Fn(&GpuModel, GpuWish<'_>) -> Dec18 = &|_, _| Dec18::ZERO;

fn fits(ledger: &Ledger, spec: &GroupSpec) -> Result<Vec<GpuChoice>, Reason> {
    ledger.fits(0, &Asked::read("ve1tenant", spec).unwrap(), NO_RANK)
}

fn print(spec: &GroupSpec, gpus: &[GpuChoice]) -> Footprint {
    Footprint::of(&Asked::read("ve1tenant", spec).unwrap(), gpus)
}

fn told(result: Result<impl std::fmt::Debug, Reason>) -> serde_json::Value {
    serde_json::to_value(result.unwrap_err()).unwrap()
}

/// Fits and is reserved.
fn sell(ledger: &mut Ledger, spec: &GroupSpec) -> Result<(), Reason> {
    let gpus = fits(ledger, spec)?;
    ledger.reserve(0, &print(spec, &gpus))
}

fn group(name: &str, count: u32, cpu: u64, gib: u64) -> NodeGroup {
    NodeGroup { name: name.into(), count, cpu, memory: gib << 30, storage: None, gpu_models: BTreeMap::new() }
}

#[test]
fn totals_are_sold_to_the_last_and_no_further() {
    let mut ledger = ledger(inventory());
    let half = order(vec![unit(1, 25_000, 1 << 30, 2)]);
    assert_eq!(sell(&mut ledger, &half), Ok(()));
    assert_eq!(sell(&mut ledger, &half), Ok(()));
    let expected = json!({
        "reason": "short", "resource": "cpu", "needed": "1", "free": "0", "backend": "kubernetes", "node_group": null,
    });
    let one_more = order(vec![unit(1, 1000, 1 << 30, 1)]);
    assert_eq!(told(fits(&ledger, &one_more)), expected);
    assert_eq!(told(ledger.reserve(0, &print(&one_more, &[]))), expected);
}

#[test]
fn each_resource_can_be_what_is_short() {
    let ledger = ledger(inventory());
    let mut leased = order(vec![unit(1, 10, 1, 1)]);
    leased.units[0].resources.endpoints = vec![Endpoint { kind: EndpointKind::LeasedIp, sequence_number: 1 }];
    for (spec, resource) in [
        (order(vec![unit(1, 100_001, 1, 1)]), json!("cpu")),
        (order(vec![unit(1, 10, (400 << 30) + 1, 1)]), json!("memory")),
        (order(vec![unit(1, 1, 1, 10_241)]), json!("storage")),
        (order(vec![gpu_unit(1, 9, &[])]), json!("gpu")),
    ] {
        assert_eq!(told(fits(&ledger, &spec))["resource"], resource);
    }
    let no_address = json!({"reason": "endpoint_kind", "kind": "leased_ip", "backend": "kubernetes"});
    assert_eq!(told(fits(&ledger, &leased)), no_address);
}

/// What is on chain is somewhere, also where nobody says what it is: it is never sold a second time.
#[test]
fn gpus_of_which_nobody_says_what_they_are_are_somewhere() {
    let models = |pairs: &[(&str, u64)]| pairs.iter().map(|(name, number)| (name.parse().unwrap(), *number)).collect();
    let stock = Inventory { gpus: None, gpu_models: models(&[("nvidia/a100", 4), ("nvidia/t4", 4)]), ..inventory() };
    let mut ledger = ledger(stock);
    let spec = |number: u64, model: &str| order(vec![gpu_unit(1, number, &[model])]);
    let nameless = print(&spec(4, "vendor/nvidia/model/a100"), &[]);
    assert_eq!(nameless.units[0].model, None);
    ledger.occupy(0, &nameless);
    let left: Vec<bool> = ["a100", "t4"]
        .iter()
        .map(|model| fits(&ledger, &spec(4, &format!("vendor/nvidia/model/{model}"))).is_ok())
        .collect();
    assert_eq!(left.iter().filter(|fits| **fits).count(), 1, "{left:?}");
    // A lease whose place is full is somewhere too, with a model that it takes.
    let wanted = spec(4, "vendor/nvidia/model/t4");
    let asked = Asked::read("ve1tenant", &wanted).unwrap();
    assert_eq!(ledger.any_gpus(0, &asked).unwrap()[0].model, "nvidia/t4".parse().unwrap());
}

#[test]
fn of_nodes_that_are_described_and_seen_the_lesser_counts() {
    let described = Inventory { nodes: vec![group("big", 4, 8000, 32)], ..Inventory::default() };
    let seen = Inventory { nodes: vec![group("big", 2, 16_000, 64), group("new", 1, 4000, 8)], ..Inventory::default() };
    let (both, _) = lesser(Some(&described), Some(&seen));
    assert_eq!(both.unwrap().nodes, [group("big", 2, 8000, 32), group("new", 1, 4000, 8)]);
}

#[test]
fn classes_with_an_inventory_are_apart_from_the_rest() {
    let mut stock = inventory();
    stock.classes.insert("beta3".into(), 5 << 30);
    let mut ledger = ledger(stock);
    let mut spec = order(vec![unit(1, 10, 1, 1)]);
    let volume = |gib: u64, class: &str| Volume {
        name: class.to_owned(),
        size: Bytes(gib << 30),
        attributes: vec![attribute("class", class), attribute("persistent", "true")],
    };
    spec.units[0].resources.storage = vec![volume(4, "beta3"), volume(10 << 10, "beta2")];
    assert_eq!(sell(&mut ledger, &spec), Ok(()));
    spec.units[0].resources.storage = vec![volume(2, "beta3")];
    assert_eq!(told(fits(&ledger, &spec))["resource"], "storage/beta3");
    spec.units[0].resources.storage = vec![volume(1, "beta2")];
    assert_eq!(told(fits(&ledger, &spec))["resource"], "storage", "beta2 shares what has no class");
}

#[test]
fn the_cheapest_model_that_will_do_is_used() {
    let mut stock = inventory();
    stock.gpu_models = BTreeMap::from([("nvidia/a100".parse().unwrap(), 2), ("nvidia/t4".parse().unwrap(), 4)]);
    stock.gpus = None;
    let mut ledger = ledger(stock);
    let dearer =
        |model: &GpuModel, _: GpuWish<'_>| if model.to_string().contains("a100") { dec("9") } else { dec("2") };
    let choose = |ledger: &Ledger, spec: &GroupSpec| {
        let asked = Asked::read("ve1tenant", spec).unwrap();
        let chosen = ledger.fits(0, &asked, &dearer)?;
        Ok::<_, Reason>(chosen.into_iter().map(|choice| (choice.unit, choice.model.to_string())).collect::<Vec<_>>())
    };
    let any = order(vec![gpu_unit(1, 4, &[])]);
    assert_eq!(choose(&ledger, &any).unwrap(), [(1, "nvidia/t4".to_owned())]);
    let two_units = order(vec![gpu_unit(1, 3, &["vendor/nvidia/model/*"]), gpu_unit(2, 2, &["vendor/nvidia/model/*"])]);
    assert_eq!(
        choose(&ledger, &two_units).unwrap(),
        [(1, "nvidia/t4".to_owned()), (2, "nvidia/a100".to_owned())],
        "the second does not take what the first has"
    );
    assert_eq!(sell(&mut ledger, &order(vec![gpu_unit(1, 2, &["vendor/nvidia/model/a100"])])), Ok(()));
    assert_eq!(
        told(choose(&ledger, &order(vec![gpu_unit(1, 1, &["vendor/nvidia/model/a100"])]))),
        json!({"reason": "short", "resource": "gpu/nvidia/a100", "needed": "1", "free": "0", "backend": "kubernetes",
            "node_group": null})
    );
    assert_eq!(
        told(choose(&ledger, &order(vec![gpu_unit(7, 1, &["vendor/amd/model/*"])]))),
        json!({"reason": "gpu_models", "unit": 7, "asked": ["vendor/amd/model/*"], "backend": "kubernetes"})
    );
}

#[test]
fn an_instance_fits_on_one_node() {
    let stock = Inventory { nodes: vec![group("small", 10, 4000, 16), group("large", 2, 32_000, 128)], ..inventory() };
    let mut ledger = ledger(Inventory { cpu: None, memory: None, ..stock });
    assert_eq!(
        told(fits(&ledger, &order(vec![unit(1, 40_000, 1 << 30, 1)]))),
        json!({"reason": "short", "resource": "cpu", "needed": "40", "free": "4", "backend": "kubernetes",
            "node_group": "small"})
    );
    assert_eq!(sell(&mut ledger, &order(vec![unit(1, 20_000, 1 << 30, 2)])), Ok(()));
    // 12 cores are left on each large node: in all there is enough, on one node there is not.
    assert_eq!(told(fits(&ledger, &order(vec![unit(1, 20_000, 1 << 30, 1)])))["node_group"], "small");
    assert_eq!(sell(&mut ledger, &order(vec![unit(1, 12_000, 1 << 30, 1)])), Ok(()));
    let two = order(vec![unit(1, 12_000, 1 << 30, 2)]);
    let refused = json!({"reason": "fragmented", "unit": 1, "instances": 2, "placed": 1, "backend": "kubernetes"});
    assert_eq!(told(sell(&mut ledger, &two)), refused);
}

#[test]
fn what_is_reserved_of_all_counts_for_each() {
    let back_ends = [back_end("slurm", inventory()), back_end("kubernetes", inventory())];
    let overall = Overall { cpu: Some(120_000), ..Overall::default() };
    let mut ledger = Ledger::new(&back_ends, overall, Dec18::ONE);
    let spec = order(vec![unit(1, 80_000, 1 << 30, 1)]);
    let asked = Asked::read("ve1tenant", &spec).unwrap();
    assert!(ledger.fits(0, &asked, NO_RANK).is_ok() && ledger.fits(1, &asked, NO_RANK).is_ok());
    ledger.reserve(0, &print(&spec, &[])).unwrap();
    let expected = json!({
        "reason": "short", "resource": "cpu", "needed": "80", "free": "40", "backend": "all", "node_group": null,
    });
    assert_eq!(told(ledger.fits(1, &asked, NO_RANK)), expected);
    assert_eq!(told(ledger.reserve(1, &print(&spec, &[]))), expected);
}

#[test]
fn bids_stop_at_a_share() {
    let mut ledger = Ledger::new(&[back_end("kubernetes", inventory())], Overall::default(), dec("0.9"));
    let spec = |cpu: u64| order(vec![unit(1, cpu, 1 << 30, 1)]);
    sell(&mut ledger, &spec(89_999)).unwrap();
    assert_eq!(sell(&mut ledger, &spec(1)), Ok(()), "90 % was not reached yet");
    assert_eq!(
        told(sell(&mut ledger, &spec(1))),
        json!({"reason": "too_full", "resource": "cpu", "share": "0.9", "limit": "0.9", "backend": "kubernetes"})
    );
    let mut single =
        Ledger::new(&[back_end("local", Inventory { gpus: Some(1), ..inventory() })], Overall::default(), dec("0.9"));
    assert_eq!(sell(&mut single, &order(vec![gpu_unit(1, 1, &[])])), Ok(()), "the only GPU can be sold");
}

#[test]
fn a_back_end_that_shrank_has_nothing_free() {
    let mut ledger = ledger(Inventory { cpu: Some(1000), ..inventory() });
    ledger.occupy(0, &print(&order(vec![unit(1, 64_000, 500 << 30, 1)]), &[]));
    let rows = ledger.status();
    let cpu = rows.iter().find(|row| row.resource == Resource::Cpu).unwrap();
    assert_eq!((cpu.free, cpu.used), (Quantity::Cpu(MilliCpu(0)), Quantity::Cpu(MilliCpu(64_000))));
    assert_eq!(cpu.share, Some(dec("64")));
    assert_eq!(told(fits(&ledger, &order(vec![unit(1, 10, 1, 1)])))["free"], "0");
}

#[test]
fn nothing_is_sold_of_what_nobody_knows() {
    let unknown = BackEnd { name: "aws".into(), inventory: None, endpoints: EndpointKinds::ALL };
    let mut ledger = Ledger::new(&[unknown], Overall::default(), Dec18::ONE);
    let spec = order(vec![unit(1, 10, 1, 1)]);
    let refused = json!({"reason": "capacity_unknown", "backend": "aws"});
    assert_eq!(told(fits(&ledger, &spec)), refused);
    assert_eq!(told(ledger.reserve(0, &print(&spec, &[]))), refused);
}

#[test]
fn the_lesser_counts_and_a_difference_is_told() {
    let configured =
        Inventory { gpu_models: BTreeMap::from([("nvidia/a100".parse().unwrap(), 8)]), gpus: None, ..inventory() };
    let observed = Inventory {
        cpu: Some(96_000),
        memory: Some(500 << 30),
        storage: Some(10 << 40),
        gpu_models: BTreeMap::from([("nvidia/a100".parse().unwrap(), 7), ("nvidia/t4".parse().unwrap(), 1)]),
        nodes: vec![NodeGroup {
            gpu_models: BTreeMap::from([("nvidia/a100".parse().unwrap(), 3)]),
            ..group("node", 3, 32_000, 160)
        }],
        ..Inventory::default()
    };
    let (joined, differences) = lesser(Some(&configured), Some(&observed));
    let joined = joined.unwrap();
    assert_eq!((joined.cpu, joined.memory, joined.storage), (Some(96_000), Some(400 << 30), Some(10 << 40)));
    let models: Vec<_> = joined.gpu_models.iter().map(|(model, number)| (model.to_string(), *number)).collect();
    assert_eq!(models, [("nvidia/a100".to_owned(), 7), ("nvidia/t4".to_owned(), 0)]);
    let words: Vec<_> =
        differences.iter().map(|one| format!("{} {} {}", one.resource, one.configured, one.observed)).collect();
    assert_eq!(words, ["cpu 100 96", "memory 400Gi 480Gi", "gpu 8 9", "gpu/nvidia/a100 8 7", "gpu/nvidia/t4 0 1"]);
    assert_eq!(lesser(Some(&configured), None), (Some(configured), vec![]));
    assert_eq!(lesser(None, None), (None, vec![]));
}

/// A back end that has no address to lease is another thing than one that cannot count them.
#[test]
fn no_address_to_lease_is_not_an_unknown_number() {
    let has = |leased_ips| Inventory { leased_ips, ..Inventory::default() };
    let joined = |configured, observed| {
        let (joined, differences) = lesser(Some(&has(configured)), Some(&has(observed)));
        let told: Vec<_> = differences.iter().map(|one| format!("{} {}", one.configured, one.observed)).collect();
        (joined.unwrap().leased_ips, told.join(", "))
    };
    assert_eq!(joined(Some(4), None), (Some(4), String::new()));
    assert_eq!(joined(Some(4), Some(0)), (Some(0), "4 0".to_owned()));
    assert_eq!(joined(Some(4), Some(9)), (Some(4), "4 9".to_owned()));
    assert_eq!(joined(Some(0), Some(9)), (Some(0), "0 9".to_owned()));
    assert_eq!(joined(None, Some(9)), (Some(9), String::new()));
    assert_eq!(joined(None, None), (None, String::new()), "and then none is leased");
}

#[test]
fn a_footprint_survives_its_row() {
    let stock = Inventory { gpu_models: BTreeMap::from([("nvidia/a100/80Gi".parse().unwrap(), 8)]), ..inventory() };
    let ledger = ledger(Inventory { gpus: None, ..stock });
    let spec = order(vec![unit(1, 500, 1 << 30, 2), gpu_unit(2, 1, &["vendor/nvidia/model/a100"])]);
    let footprint = print(&spec, &fits(&ledger, &spec).unwrap());
    let json = serde_json::to_string(&footprint).unwrap();
    assert!(json.contains("\"model\":\"nvidia/a100/80Gi\""), "{json}");
    assert_eq!(serde_json::from_str::<Footprint>(&json).unwrap(), footprint);
}

/// An order of up to three units.
fn any_order() -> impl Strategy<Value = GroupSpec> {
    let one = (1u64..40_000, 1u64..100 << 30, 1u32..6, 0u64..3);
    proptest::collection::vec(one, 1..4).prop_map(|shapes| {
        let unit_of = |(id, (cpu, memory, count, gpus)): (u32, (u64, u64, u32, u64))| {
            let mut built = unit(id, cpu, memory, count);
            built.resources.gpu.units = gpus;
            built
        };
        order((1..).zip(shapes).map(unit_of).collect())
    })
}

fn any_inventory() -> impl Strategy<Value = Inventory> {
    let node = (1u32..6, 1000u64..64_000, 1u64..256, proptest::array::uniform2(0u64..9));
    (proptest::collection::vec(node, 0..4), 0u64..200_000, 0u64..1 << 40, 0u64..20).prop_map(
        |(nodes, cpu, memory, gpus)| {
            let named = |(place, (count, cpu, gib, [t4, a100])): (usize, (u32, u64, u64, [u64; 2]))| {
                let mut built = group(&format!("group-{place}"), count, cpu, gib);
                let of = |model: &str, number| (model.parse::<GpuModel>().unwrap(), number);
                built.gpu_models = BTreeMap::from([of("nvidia/t4", t4), of("nvidia/a100", a100)]);
                built
            };
            let nodes: Vec<_> = nodes.into_iter().enumerate().map(named).collect();
            let gpus = nodes.is_empty().then_some(gpus);
            Inventory {
                cpu: Some(cpu),
                memory: Some(memory),
                storage: Some(100 << 30),
                gpus,
                nodes,
                ..Inventory::default()
            }
        },
    )
}

proptest! {
    /// Whatever is asked of whatever there is: what is free is never below zero, and what was sold fits into what
    /// there is, in all and on the nodes.
    #[test]
    fn nothing_is_sold_twice(stock in any_inventory(), orders in proptest::collection::vec(any_order(), 0..25), limit in 0u64..=10) {
        let share = Dec18::ONE.checked_times(u128::from(limit)).unwrap().checked_part(10, crate::domain::amount::Rounding::Down).unwrap();
        let mut ledger = Ledger::new(&[back_end("kubernetes", stock.clone())], Overall::default(), share);
        let nodes_before = ledger.shelves()[0].nodes.free();
        let mut sold: Vec<Footprint> = Vec::new();
        for spec in &orders {
            let before = format!("{ledger:?}");
            if let Ok(gpus) = fits(&ledger, spec) {
                let footprint = print(spec, &gpus);
                if ledger.reserve(0, &footprint).is_ok() {
                    sold.push(footprint);
                } else {
                    prop_assert_eq!(before, format!("{ledger:?}"), "a refusal changes nothing");
                }
            }
        }
        let sum = |of: fn(&UnitPrint) -> u64| -> u128 { sold.iter().map(|one| one.sum(of)).sum() };
        let (cpu, memory, gpus) = (sum(|unit| unit.cpu), sum(|unit| unit.memory), sum(|unit| unit.gpus));
        prop_assert!(cpu <= u128::from(stock.cpu.unwrap()) && memory <= u128::from(stock.memory.unwrap()));
        let all_gpus = stock.clone().summed().all_gpus();
        prop_assert!(gpus <= u128::from(all_gpus));
        for row in ledger.status() {
            prop_assert!(row.share.is_none_or(|share| share <= Dec18::ONE), "{row:?}");
        }
        if ledger.shelves()[0].nodes.are_known() {
            // Every instance that was sold is on a node: what left the nodes is exactly what was sold.
            let (cpu_left, memory_left, gpus_left) = ledger.shelves()[0].nodes.free();
            prop_assert_eq!(nodes_before.0 - cpu_left, cpu);
            prop_assert_eq!(nodes_before.1 - memory_left, memory);
            prop_assert_eq!(nodes_before.2 - gpus_left, gpus);
        }
    }

    /// Facts beyond all capacity neither wrap nor panic.
    #[test]
    fn facts_never_wrap(stock in any_inventory(), counts in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<u32>()), 0..8)) {
        let mut ledger = ledger(stock);
        for (cpu, memory, count) in counts {
            let one = UnitPrint { id: 1, count, cpu, memory, storage: memory, gpus: cpu, model: None };
            ledger.occupy(0, &Footprint { units: vec![one], ..Footprint::default() });
        }
        for row in ledger.status() {
            prop_assert!(matches!(row.free, Quantity::Cpu(_) | Quantity::Bytes(_) | Quantity::Count(_)));
        }
        prop_assert!(ledger.used(0).fullest.is_none_or(|share| !share.is_negative()));
    }
}

//! Each option of bidding, pricing and capacity: changing it changes what becomes of an order. The figures are worked
//! out by hand from the options' own words.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::*;
use crate::config::{Build, Environment, Request, load};
use crate::domain::amount::Dec18;
use crate::domain::bid::capacity::{Footprint, Inventory, Ledger};
use crate::domain::bid::price::BlockTime;
use crate::domain::bid::{Asked, Behind, Desk, Reason, Standing, World};
use crate::domain::deployment::{Deployment, DeploymentState, Group, GroupState};
use crate::domain::escrow::{Account, AccountId, EscrowState};
use crate::domain::height::Height;
use crate::domain::id::OrderId;
use crate::domain::manifest::{Attribute, Gpu, GroupSpec, read_groups};

const TENANT: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";

fn settings(yaml: &str) -> Settings {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, yaml).unwrap();
    let environment = Environment::of([("HOME", "/nowhere")]);
    let request = Request {
        file: Some(&file),
        flags: Vec::new(),
        environment: &environment,
        working_folder: PathBuf::from("/"),
        build: Build::COMPLETE,
    };
    let loaded = load(&request);
    let told: Vec<_> = loaded.diagnostics.iter().map(|one| one.message.clone()).collect();
    loaded.settings.unwrap_or_else(|| panic!("{told:?}\n{yaml}"))
}

/// Two instances of one core, 1 GiB of memory, 10 GiB of storage, 1 GiB of beta2, one way in and one leased IP, one
/// a100; for a tenant in us-east-1 who pays for 2 hours at 1 uve a block.
fn order() -> GroupSpec {
    let text = r#"[{"name": "east",
        "requirements": {"attributes": [{"key": "region", "value": "us-east-1"}, {"key": "tier", "value": "gold"}]},
        "resources": [{"count": 2, "price": {"denom": "uve", "amount": "500"}, "resource": {"id": 1,
            "cpu": {"units": {"val": "1000"}}, "memory": {"size": {"val": "1073741824"}},
            "storage": [{"name": "default", "size": {"val": "10737418240"}}, {"name": "data",
                "size": {"val": "1073741824"}, "attributes": [{"key": "class", "value": "beta2"},
                {"key": "persistent", "value": "true"}]}],
            "gpu": {"units": {"val": "1"}, "attributes": [{"key": "vendor/nvidia/model/*", "value": "true"}]},
            "endpoints": [{"kind": 0, "sequence_number": 0}, {"kind": 2, "sequence_number": 1}]}}]}]"#;
    read_groups(text).unwrap().remove(0)
}

/// The same without GPU, volume and ways in.
fn plain() -> GroupSpec {
    let mut spec = order();
    let resources = &mut spec.units[0].resources;
    resources.gpu = Gpu::default();
    resources.endpoints.clear();
    resources.storage.truncate(1);
    spec
}

/// A moment at which it is 10:00 in UTC and 05:00 in New York.
const NOW: &str = "2026-11-20T10:00:00Z";

/// What becomes of an order: the back end and the price of 3600 blocks of a second, or the reason.
fn outcome(yaml: &str, spec: &GroupSpec) -> String {
    outcome_with(yaml, spec, &[])
}

fn outcome_with(yaml: &str, spec: &GroupSpec, leases: &[GroupSpec]) -> String {
    let settings = settings(yaml);
    let (terms, back_ends, overall) =
        (terms(&settings), back_ends(&settings, &Observations::new()), overall(&settings.capacity));
    let attribute = |(key, value): (&str, &str)| Attribute { key: key.to_owned(), value: value.to_owned() };
    let declared = [
        ("region", "us-east-1"),
        ("tier", "gold"),
        ("capabilities/storage/1/class", "beta2"),
        ("capabilities/storage/1/persistent", "true"),
        ("capabilities/gpu/vendor/nvidia/model/a100", "true"),
    ];
    let us = Standing::new("ve1provider", true, declared.map(attribute).to_vec(), BTreeMap::new());
    let block = BlockTime::new(Duration::from_secs(1)).unwrap();
    let world = World { now: NOW.parse().unwrap(), height: Height(100), block };
    let mut ledger = Ledger::new(&back_ends, overall, terms.max_utilization);
    for lease in leases {
        let asked = Asked::read(TENANT, lease).unwrap();
        let gpus = ledger.fits(0, &asked, &|_, _| Dec18::ZERO).unwrap_or_default();
        ledger.occupy(0, &Footprint::of(&asked, &gpus));
    }
    let desk = Desk::new(&terms, &us, world, &back_ends, overall, &ledger);
    let decide = || -> Result<String, Reason> {
        let asked = Asked::read(TENANT, spec)?;
        let fit = desk.fit(&ledger, &asked)?;
        let quote = desk.price(&asked, &fit)?;
        desk.fund(&asked, &quote, Behind { deployment: &deployment(spec), gseq: 1, others: Dec18::ZERO })?;
        let hour = quote.price.checked_times(3600).unwrap();
        let hour = hour.round(6, crate::domain::amount::Rounding::HalfEven).unwrap();
        Ok(format!("{} {hour}", ledger.name(fit.back_end)))
    };
    decide().unwrap_or_else(|reason| reason.word())
}

/// 7200 uve, in the order's denomination.
fn deployment(spec: &GroupSpec) -> Deployment {
    let id = OrderId::parse(&format!("{TENANT}/1/1/1"), "ve").unwrap();
    let funds = vec![format!("7200{}", spec.units[0].price.denom).parse().unwrap()];
    let account = AccountId::Deployment(id.deployment().clone());
    let (owner, state) = (id.owner().clone(), EscrowState::Open);
    let (transferred, deposits) = (Vec::new(), Vec::new());
    let escrow = Account { id: account, owner, state, transferred, settled_at: Height(100), funds, deposits };
    let group = Group { id: id.group().clone(), state: GroupState::Open, spec: spec.clone(), created_at: Height(1) };
    Deployment {
        id: id.deployment().clone(),
        state: DeploymentState::Active,
        hash: [0; 32],
        created_at: Height(1),
        reclamation: None,
        groups: vec![group],
        escrow,
    }
}

const BASE: &str = "
orchestration: { adapter: local }
capacity: { total_cpu: 64, total_memory: 256Gi, total_storage: 1Ti, total_gpus: 8, leased_ips: 4 }
bidding:
  base_prices: { cpu_core: 100, memory_gb: 50, storage_gb: 1, gpu_unit: 1000 }
";

/// Lines of a section.
fn indented(lines: &str) -> String {
    lines.lines().flat_map(|line| ["  ", line, "\n"]).collect()
}

/// The base with keys added to `bidding`, and further sections.
fn with(bidding: &str, rest: &str) -> String {
    let bidding = indented(bidding);
    format!("{BASE}{bidding}{rest}\n")
}

/// The base with other prices.
fn priced(prices: &str) -> String {
    format!("{}\n{prices}\n", BASE.split("bidding:").next().unwrap())
}

/// The base with another capacity.
fn stocked(capacity: &str) -> String {
    BASE.lines()
        .map(|line| if line.starts_with("capacity") { format!("{capacity}\n") } else { format!("{line}\n") })
        .collect()
}

#[test]
fn the_base() {
    // 2 × (100 + 50 + 10) = 320 an hour; with GPUs and 2 GiB of beta2: + 2 + 2000.
    assert_eq!(outcome(BASE, &plain()), "local 320");
    assert_eq!(outcome(BASE, &order()), "local 2322");
}

#[test]
fn every_filter() {
    // The escrow holds 7200 uve: at 320/3600 uve a block that is 81000 s = 22.5 h.
    for (option, before, after) in [
        ("min_duration", "22h", "23h"),
        ("max_duration", "23h", "22h"),
        ("min_value", "7199uve", "7201uve"),
        ("allowed_regions", "[us-east]", "[us-west]"),
        ("blocked_addresses", "[]", "[ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw]"),
        ("max_cpu", "2", "1999m"),
        ("max_memory", "2Gi", "2047Mi"),
        ("max_storage", "20Gi", "19Gi"),
        ("excluded_attributes", "[tier=silver]", "[tier=gold]"),
        ("required_attributes", "[tier=gold]", "[tier=silver]"),
    ] {
        let judged = |value: &str| outcome(&with(&format!("filters: {{ {option}: {value} }}"), ""), &plain());
        assert_eq!(judged(before), "local 320", "{option}: {before}");
        assert!(!judged(after).starts_with("local"), "{option}: {after} gives {}", judged(after));
    }
    assert_eq!(outcome(&with("filters: { min_profit_margin: 0.5 }", ""), &plain()), "local 480");
}

#[test]
fn every_factor() {
    let dynamic = |multipliers: &str| {
        // A margin of half makes room for a discount above the cost.
        let text = "pricing: { cpu_price_per_core: 100uve, memory_price_per_gb: 50uve, storage_price_per_gb: 1uve, \
                    gpu_price_per_hour: 1000uve, bid_markup_percent: 50 }\n";
        priced(&format!("{text}bidding:\n  strategy: dynamic\n  multipliers: {{ {multipliers} }}\n"))
    };
    let peak = |options: &str| outcome(&dynamic(&format!("peak_hours: {{ {options} }}")), &plain());
    assert_eq!(outcome(&dynamic(""), &plain()), "local 480");
    assert_eq!(peak("enabled: false, time_zone: UTC"), "local 480");
    assert_eq!(peak("enabled: true, time_zone: UTC"), "local 720");
    assert_eq!(peak("enabled: true, time_zone: America/New_York"), "local 480");
    assert_eq!(peak("enabled: true, time_zone: UTC, factor: 2"), "local 960");
    assert_eq!(peak("enabled: true, time_zone: UTC, start: '10:01'"), "local 480");
    assert_eq!(peak("enabled: true, time_zone: UTC, end: '10:00'"), "local 480");
    let idle = |options: &str| outcome(&dynamic(&format!("low_utilization: {{ {options} }}")), &plain());
    assert_eq!(idle("enabled: false"), "local 480");
    assert_eq!(idle("enabled: true"), "local 384");
    assert_eq!(idle("enabled: true, factor: 0.9"), "local 432");
    assert_eq!(idle("enabled: true, threshold: 0"), "local 480");
    // Seven of eight GPUs in use.
    let mut seven = order();
    seven.units[0].count = 1;
    seven.units[0].resources.gpu.units = 7;
    let scarce = |options: &str| {
        outcome_with(&dynamic(&format!("gpu_scarcity: {{ {options} }}")), &one_gpu(), std::slice::from_ref(&seven))
    };
    assert_eq!(scarce("enabled: false"), "local 1741.5");
    assert_eq!(scarce("enabled: true"), "local 3483");
    assert_eq!(scarce("enabled: true, factor: 1.5"), "local 2612.25");
    assert_eq!(scarce("enabled: true, threshold: 0.9"), "local 1741.5");
    let fixed = dynamic("low_utilization: { enabled: true }").replace("strategy: dynamic", "strategy: fixed");
    assert_eq!(outcome(&fixed, &plain()), "local 480");
}

fn one_gpu() -> GroupSpec {
    let mut spec = order();
    spec.units[0].count = 1;
    spec
}

#[test]
fn every_price_of_every_form() {
    let base = |prices: &str| outcome(&priced(&format!("bidding:\n  base_prices: {{ {prices} }}")), &order());
    let all = "cpu_core: 1, memory_gb: 1, storage_gb: 1, gpu_unit: 1";
    // 2 cores, 2 GiB, 20 GiB, 2 GiB of beta2, 2 GPUs.
    assert_eq!(base(all), "local 28");
    assert_eq!(base(&all.replace("cpu_core: 1", "cpu_core: 2")), "local 30");
    assert_eq!(base(&all.replace("memory_gb: 1", "memory_gb: 2")), "local 30");
    assert_eq!(base(&all.replace("storage_gb: 1", "storage_gb: 2")), "local 50");
    assert_eq!(base(&all.replace("gpu_unit: 1", "gpu_unit: 2")), "local 30");
    assert_eq!(base(&format!("{all}, gpu_models: {{ a100: 9 }}")), "local 44");
    assert_eq!(base(&format!("{all}, storage_classes: {{ beta2: 3 }}")), "local 32");
    assert_eq!(base(&format!("{all}, endpoint: 5")), "local 33");
    assert_eq!(base(&format!("{all}, leased_ip: 7")), "local 35");
    assert_eq!(base("cpu_core: 1, memory_gb: 1, storage_gb: 1"), "unpriced");
    let traffic = |gib: &str| {
        let text = format!("bidding:\n  expected_traffic: {gib}\n  base_prices: {{ {all}, bandwidth_gb: 0.5 }}");
        outcome(&priced(&text), &order())
    };
    assert_eq!((traffic("0"), traffic("4Gi")), ("local 28".to_owned(), "local 32".to_owned()));

    let hourly = |prices: &str| outcome(&priced(&format!("pricing: {{ {prices} }}")), &order());
    let all = "cpu_price_per_core: 1, memory_price_per_gb: 1, storage_price_per_gb: 1, gpu_price_per_hour: 1";
    assert_eq!(hourly(all), "local 28");
    assert_eq!(hourly(&all.replace("core: 1", "core: 2")), "local 30");
    assert_eq!(hourly(&all.replace("memory_price_per_gb: 1", "memory_price_per_gb: 2")), "local 30");
    assert_eq!(hourly(&all.replace("storage_price_per_gb: 1", "storage_price_per_gb: 2")), "local 50");
    assert_eq!(hourly(&all.replace("hour: 1", "hour: 2")), "local 30");
    assert_eq!(hourly(&format!("{all}, gpu_model_prices_per_hour: {{ nvidia/a100: 9 }}")), "local 44");
    assert_eq!(hourly(&format!("{all}, storage_class_prices_per_gb: {{ beta2: 3 }}")), "local 32");
    assert_eq!(hourly(&format!("{all}, endpoint_price_per_hour: 5")), "local 33");
    assert_eq!(hourly(&format!("{all}, ip_price_per_hour: 7")), "local 35");
    assert_eq!(hourly(&format!("{all}, bid_markup_percent: 25")), "local 35");
    assert_eq!(hourly(&format!("{all}, min_bid_price: 100")), "local 100");
    // In the currency's own unit: a thousand times as much.
    assert_eq!(hourly(&format!("{all}, currency: mve")), "local 28000");
    let tables = "gpu_model_prices_per_hour: { a100: 9 }, storage_class_prices_per_gb: { beta2: 3 }";
    assert_eq!(hourly(&format!("{all}, {tables}, currency: mve")), "local 48000");

    let block = |prices: &str| outcome(&priced(&format!("pricing: {{ {prices} }}")), &order());
    // 0.01 uve a block are 36 an hour. 2000 millicores, 2048 MiB, 20480 MiB, 2048 MiB of beta2, 2 GPUs.
    let all = "cpu_millicores: 0.00001, memory_mb: 0.00001, storage_mb: 0.00001, gpu: 0.01";
    assert_eq!(block(all), "local 1028.736");
    assert_eq!(block(&all.replace("millicores: 0.00001", "millicores: 0.00002")), "local 1100.736");
    assert_eq!(block(&all.replace("memory_mb: 0.00001", "memory_mb: 0.00002")), "local 1102.464");
    assert_eq!(block(&all.replace("storage_mb: 0.00001", "storage_mb: 0.00002")), "local 1839.744");
    assert_eq!(block(&all.replace("gpu: 0.01", "gpu: 0.02")), "local 1100.736");
    assert_eq!(block(&format!("{all}, gpu_models: {{ a100: 0.03 }}")), "local 1172.736");
    assert_eq!(block(&format!("{all}, storage_classes_mb: {{ beta2: 0.00002 }}")), "local 1102.464");
    assert_eq!(block(&format!("{all}, endpoint: 0.01")), "local 1064.736");
    assert_eq!(block(&format!("{all}, leased_ip: 0.02")), "local 1100.736");
    assert_eq!(block(&format!("{all}, profit_margin: 0.25")), "local 1285.92");
}

#[test]
fn other_denominations() {
    let mut spec = plain();
    spec.units[0].price = "500ibc/usdc".parse().unwrap();
    assert_eq!(outcome(BASE, &spec), "denomination");
    assert_eq!(outcome(&with("", "pricing: { rates: { ibc/usdc: 4uve } }"), &spec), "local 80");
    let list =
        |prices: &str| outcome(&with("", &format!("pricing: {{ lists: {{ ibc/usdc: {{ {prices} }} }} }}")), &spec);
    let all = "cpu_core: 1, memory_gb: 1, storage_gb: 1";
    assert_eq!(list(all), "local 24");
    assert_eq!(list(&format!("{all}, per: block")), "local 86400");
    assert_eq!(list(&all.replace("cpu_core: 1", "cpu_core: 2")), "local 26");
    assert_eq!(list(&all.replace("memory_gb: 1", "memory_gb: 2")), "local 26");
    assert_eq!(list(&all.replace("storage_gb: 1", "storage_gb: 2")), "local 44");
    assert_eq!(list(&format!("{all}, markup: 50%")), "local 36");
    assert_eq!(list(&format!("{all}, minimum: 99")), "local 99");
    let mut spec = order();
    spec.units[0].price = "500ibc/usdc".parse().unwrap();
    let list = |prices: &str| {
        let text = format!("pricing: {{ lists: {{ ibc/usdc: {{ {all}, {prices} }} }} }}");
        outcome(&with("expected_traffic: 1Gi", &text), &spec)
    };
    assert_eq!(list("markup: 0"), "unpriced");
    assert_eq!(list("gpu_unit: 2"), "local 30");
    assert_eq!(list("gpu_unit: 2, gpu_models: { a100: 3 }"), "local 32");
    assert_eq!(list("gpu_unit: 2, storage_classes: { beta2: 5 }"), "local 38");
    assert_eq!(list("gpu_unit: 2, endpoint: 4"), "local 34");
    assert_eq!(list("gpu_unit: 2, leased_ip: 6"), "local 36");
    assert_eq!(list("gpu_unit: 2, bandwidth_gb: 10"), "local 50");
}

#[test]
fn every_part_of_the_capacity() {
    let all = "total_cpu: 64, total_memory: 256Gi, total_storage: 1Ti, total_gpus: 8, leased_ips: 4";
    let has = |capacity: &str| outcome(&stocked(&format!("capacity: {{ {capacity} }}")), &order());
    assert_eq!(has(all), "local 2322");
    for change in [
        all.replace("cpu: 64", "cpu: 1"),
        all.replace("256Gi", "1Gi"),
        all.replace("1Ti", "21Gi"),
        all.replace("gpus: 8", "gpus: 1"),
        format!("{all}, reserved_cpu: 63"),
        format!("{all}, reserved_memory: 255Gi"),
        format!("{all}, reserved_storage: 1003Gi"),
        format!("{all}, storage_classes: {{ beta2: 1Gi }}"),
        format!("{all}, gpu_models: {{ nvidia/a100: 1 }}").replace("total_gpus: 8, ", ""),
        format!("{all}, nodes: [{{ name: small, count: 9, cpu: 900m, memory: 64Gi, gpus: 8 }}]"),
        format!("{all}, nodes: [{{ count: 9, cpu: 4, memory: 1Gi }}]"),
        format!("{all}, nodes: [{{ count: 9, cpu: 4, memory: 900Mi, gpus: 1 }}]"),
        format!("{all}, nodes: [{{ count: 9, cpu: 4, memory: 64Gi, storage: 9Gi, gpus: 1 }}]"),
    ] {
        assert_eq!(has(&change), "short", "{change}");
    }
    assert_eq!(has(&all.replace("leased_ips: 4", "leased_ips: 0")), "endpoint_kind");
    let nodes = format!("{all}, nodes: [{{ count: 2, cpu: 4, memory: 64Gi, gpu_models: {{ nvidia/a100: 1 }} }}]");
    assert_eq!(has(&nodes), "local 2322");
    assert_eq!(outcome(&stocked(""), &plain()), "capacity_unknown");
}

#[test]
fn bids_stop_at_the_share_of_auto_accept() {
    let mut half = plain();
    half.units[0].resources.cpu.units = MilliCpu(16_000);
    let at = |share: &str| {
        let text = with(&format!("auto_accept: {{ max_utilization: {share} }}"), "");
        outcome_with(&text, &plain(), std::slice::from_ref(&half))
    };
    assert_eq!((at("0.51"), at("0.5")), ("local 320".to_owned(), "too_full".to_owned()));
}

#[test]
fn back_ends_by_preference_capability_and_capacity() {
    let several = |bidding: &str, rest: &str| {
        let text = BASE.replace("adapter: local", "adapter: [slurm, kubernetes, local]");
        let bidding = indented(bidding);
        format!(
            "{}{bidding}{rest}\n",
            text.replace("leased_ips: 4", "back_ends: { slurm: ALL, kubernetes: ALL, local: ALL }")
        )
        .replace("ALL", "{ cpu: 64, memory: 64Gi, storage: 1Ti, gpus: 8, leased_ips: 4 }")
    };
    assert_eq!(outcome(&several("", ""), &plain()), "slurm 320");
    assert_eq!(outcome(&several("", ""), &order()), "kubernetes 2322", "nothing reaches a job from outside");
    assert_eq!(outcome(&several("back_end_preference: [local]", ""), &plain()), "local 320");
    let short =
        several("back_end_preference: [local, kubernetes]", "").replacen("local: { cpu: 64", "local: { cpu: 1", 1);
    assert_eq!(outcome(&short, &plain()), "kubernetes 320");
    let quota = short.replace("orchestration: { ", "orchestration: { kubernetes: { resource_quota: { cpu: \"1\" } }, ");
    assert_eq!(outcome(&quota, &plain()), "slurm 320");
    // Each has enough, all together may not.
    let reserved = several("", "").replace("total_cpu: 64", "total_cpu: 64, reserved_cpu: 63");
    assert_eq!(outcome(&reserved, &plain()), "short");
    let one = BASE.replace("adapter: local", "adapter: kubernetes, kubernetes: { resource_quota: { memory: 1Gi } }");
    assert_eq!(outcome(&one, &plain()), "short");
    let told: Vec<String> = differences(&settings(&one), &Observations::new())
        .into_iter()
        .map(|(name, one)| format!("{name}: {one}"))
        .collect();
    assert_eq!(told, ["kubernetes: 256Gi of memory is configured, and it has 1Gi; the lesser counts"]);
    assert_eq!(differences(&settings(BASE), &Observations::new()), [], "nobody says anything else");
    assert_eq!(outcome(&BASE.replace("orchestration: { adapter: local }", ""), &plain()), "no_back_end");
}

/// What a back end says of itself counts where it is less, alone where nothing is configured, and against everything where
/// it does not answer.
#[test]
fn back_ends_are_believed_where_they_have_less() {
    let of = |text: &str, observation: Observation| {
        let settings = settings(text);
        let observations = Observations::from([("local".to_owned(), observation)]);
        let told = differences(&settings, &observations).into_iter().map(|(_, one)| one.to_string()).collect();
        (back_ends(&settings, &observations).remove(0).inventory, told)
    };
    let machine = Inventory {
        cpu: Some(2000),
        memory: Some(1 << 50),
        storage: Some(1 << 30),
        gpus: Some(0),
        ..Inventory::default()
    };
    let has = || Observation::Has(Box::new(machine.clone()));
    let (inventory, told): (_, Vec<String>) = of(BASE, has());
    let inventory = inventory.unwrap();
    assert_eq!((inventory.cpu, inventory.storage, inventory.gpus), (Some(2000), Some(1 << 30), Some(0)));
    assert_eq!(inventory.memory, Some(256 << 30), "what is configured is less");
    assert_eq!(told.len(), 4, "{told:?}");
    assert_eq!(told[0], "64 of cpu is configured, and it has 2; the lesser counts");
    let bare = "orchestration: { adapter: local }\n";
    assert_eq!(of(bare, has()), (Some(machine), Vec::<String>::new()));
    assert_eq!(of(BASE, Observation::Silent), (None, Vec::<String>::new()));
}

#[test]
fn limits_are_read() {
    let of = |text: &str| limits(&settings(&with(text, "")).bidding);
    let usual = of("");
    assert_eq!(
        (usual.per_minute.get(), usual.per_hour.get(), usual.in_flight.get(), usual.open.get()),
        (10, 100, 5, 50)
    );
    assert_eq!(of("max_bids_per_minute: 3").per_minute.get(), 3);
    assert_eq!(of("max_bids_per_hour: 4").per_hour.get(), 4);
    assert_eq!(of("max_concurrent_bids: 6").in_flight.get(), 6);
    assert_eq!(of("max_open_bids: 7").open.get(), 7);
    assert_eq!((of("max_retries: 8").retries, usual.retries), (8, 3));
    assert_eq!(
        (of("retry_delay: 9s").retry_delay, usual.retry_delay),
        (Duration::from_secs(9), Duration::from_secs(5))
    );
    assert_eq!((of("bid_timeout: 1h").timeout, usual.timeout), (Duration::from_hours(1), Duration::from_mins(5)));
}

#[test]
fn the_strategy_with_a_program_prices_by_it() {
    let text = with("strategy: custom\ncustom: { program: /bin/price }", "");
    assert!(terms(&settings(&text)).pricing.by_program());
    let settings = settings(&text);
    assert_eq!(program(&settings.bidding).unwrap().program.as_deref(), Some("/bin/price".as_ref()));
    assert!(!terms(&self::settings(BASE)).pricing.by_program() && program(&self::settings(BASE).bidding).is_none());
}

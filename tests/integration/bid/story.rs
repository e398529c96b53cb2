//! A thousand orders of many shapes, and the documents' word on each.
//!
//! `fixtures/bidding/story.jsonl` says which must get a bid and at what price, by the documents' own configuration files;
//! a program in another language made it, which knows nothing of ours. Here its orders are made on a development chain,
//! and `bid run` decides them with those very files.

use std::collections::BTreeMap;
use std::process::Command;
use std::time::Duration;

use jiff::Timestamp;
use provider::chain::wire::audit::MsgSignProviderAttributes;
use provider::chain::wire::base::{
    Attribute, Cpu, Endpoint, EndpointKind, Gpu, Memory, PlacementRequirements, ResourceValue, Resources, SignedBy,
    Storage,
};
use provider::chain::wire::cosmos::coin::DecCoin;
use provider::chain::wire::deployment::{GroupSpec, ResourceUnit};
use provider::chain::wire::provider::{Info, MsgUpdateProvider};
use provider::domain::amount::{Dec18, Int};
use provider::store::bids::pace::{self, Pace};
use serde::Deserialize;
use serde_json::Value;

use super::world::{decision, deploy, in_state, on_chain, tenant};
use crate::devnet::client::Key;
use crate::tx::world::{Ran, World};
use provider::devnet::tenant::Action;

/// An order of the table.
#[derive(Deserialize)]
struct Row {
    tenant: String,
    attributes: Vec<(String, String)>,
    all_of: Vec<String>,
    any_of: Vec<String>,
    units: Vec<Unit>,
    deposit: u64,
    expected: BTreeMap<String, Expected>,
}

/// One of its units; sizes are MiB.
#[derive(Deserialize)]
struct Unit {
    count: u32,
    cpu: u64,
    memory: u64,
    storage: Vec<(u64, Option<String>)>,
    gpus: u64,
    wishes: Vec<String>,
    ports: u32,
    price: String,
}

/// What a column says of an order: the price of its bid, or the reasons for none.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expected {
    Bid(String),
    None(Vec<String>),
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string("fixtures/bidding/story.jsonl").unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What `story.py` says that the registration has.
fn registration(region: &str) -> Vec<Attribute> {
    let attribute = |key: &str, value: &str| Attribute { key: key.to_owned(), value: value.to_owned() };
    vec![
        attribute("region", region),
        attribute("tier", "gold"),
        attribute("gpu-type", "nvidia-a100"),
        attribute("capabilities/gpu/vendor/nvidia/model/a100", "true"),
        attribute("capabilities/gpu/vendor/nvidia/model/h100", "true"),
        attribute("capabilities/storage/1/class", "beta2"),
        attribute("capabilities/storage/1/persistent", "true"),
    ]
}

fn auditor(name: &str, world: &World) -> Key {
    Key::of(if name == "auditor" { "a" } else { "b" }, world.network)
}

fn group(row: &Row, number: usize, world: &World) -> GroupSpec {
    let value = |value: u64| ResourceValue::from(Int::from(value));
    let pairs = |pairs: &[(&str, &str)]| -> Vec<Attribute> {
        pairs.iter().map(|(key, value)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() }).collect()
    };
    let volume = |(place, (mib, class)): (usize, &(u64, Option<String>))| Storage {
        name: format!("volume-{place}"),
        quantity: value(mib << 20),
        attributes: class.as_ref().map(|class| pairs(&[("class", class), ("persistent", "true")])).unwrap_or_default(),
    };
    let unit = |(place, unit): (usize, &Unit)| {
        let wishes: Vec<(&str, &str)> = unit.wishes.iter().map(|wish| (wish.as_str(), "true")).collect();
        let endpoint = |_| Endpoint { kind: EndpointKind::RandomPort.into(), sequence_number: 0 };
        let resource = Resources {
            id: u32::try_from(place + 1).unwrap(),
            cpu: Some(Cpu { units: value(unit.cpu), attributes: Vec::new() }),
            memory: Some(Memory { quantity: value(unit.memory << 20), attributes: Vec::new() }),
            storage: unit.storage.iter().enumerate().map(volume).collect(),
            gpu: Some(Gpu { units: value(unit.gpus), attributes: pairs(&wishes) }),
            endpoints: (0..unit.ports).map(endpoint).collect(),
        };
        let price = DecCoin { denom: "uve".to_owned(), amount: unit.price.parse::<Dec18>().unwrap().to_wire() };
        ResourceUnit { resource, count: unit.count, price }
    };
    let named = |names: &[String]| names.iter().map(|name| auditor(name, world).address).collect();
    let attributes: Vec<(&str, &str)> =
        row.attributes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    GroupSpec {
        name: format!("story-{number}"),
        requirements: PlacementRequirements {
            signed_by: SignedBy { all_of: named(&row.all_of), any_of: named(&row.any_of) },
            attributes: pairs(&attributes),
        },
        resources: row.units.iter().enumerate().map(unit).collect(),
    }
}

/// A chain with all orders of the table; their ids.
async fn told(rows: &[Row]) -> (World, Vec<String>) {
    let world = World::with(0, "", |_| {}).await;
    register(&world, "us-east-1").await;
    let (vouching, owner) = (auditor("auditor", &world), world.address.to_string());
    let attributes = registration("us-east").into_iter().take(2).collect();
    let message = MsgSignProviderAttributes { owner, auditor: vouching.address.clone(), attributes };
    world.client.run(&vouching, &message).await;
    let mut orders = Vec::new();
    for (number, row) in rows.iter().enumerate() {
        let deposit = format!("{}uve", row.deposit);
        orders.push(deploy(&world, &row.tenant, &group(row, number, &world), &deposit).await.1.to_string());
    }
    (world, orders)
}

/// Blocks take six seconds, as far as anybody has measured.
fn pace(world: &World) {
    let height = world.server.node.moment(0).unwrap().height();
    let block = Duration::from_secs(6);
    let measured = Pace { block, height: u64::try_from(height).unwrap(), time: Timestamp::now() };
    world.store().write("pace", |change| pace::set(change, &world.client.chain_id, measured)).unwrap();
}

async fn register(world: &World, region: &str) {
    let message = MsgUpdateProvider {
        owner: world.address.to_string(),
        host_uri: "https://provider.example.com:8443".to_owned(),
        attributes: registration(region),
        info: Info::default(),
    };
    world.client.run(&world.foreign_key(), &message).await;
}

/// The time zone in which it is this hour of the day now: the documents' peak hours are local time.
fn zone(hour: i32) -> String {
    let now = Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let east = (hour - i32::from(now.hour())).rem_euclid(24);
    // Its names count the other way round, and to the west as far as 12.
    if east <= 14 { format!("Etc/GMT-{east}") } else { format!("Etc/GMT+{}", 24 - east) }
}

/// Runs `bid run` by a document. Its limits for a rehearsing beginner are lifted, and what it cannot know is added.
async fn run(world: &World, document: &str, more: &[(&str, &str)], dry: bool) -> Ran {
    let text = std::fs::read_to_string(format!("fixtures/config/valid/{document}")).unwrap();
    let text = text.replace("ve1t3xpjep5pt99kefe8wlf6vjfeht3hcnx8e5599", world.address.as_str());
    world.configure(&format!("---\norchestration: {{ adapter: local }}\n{text}"));
    pace(world);
    let mut arguments = vec!["bid", "run", "--passphrase-file", "passphrase", "-o", "json"];
    arguments.extend(dry.then_some("--dry-run"));
    let mut command = world.command(&arguments);
    command.envs([
        ("PROVIDER_CAPACITY_OBSERVE", "false"),
        ("PROVIDER_BIDDING_MAX_BIDS_PER_MINUTE", "10000"),
        ("PROVIDER_BIDDING_MAX_BIDS_PER_HOUR", "100000"),
        ("PROVIDER_BIDDING_MAX_CONCURRENT_BIDS", "1000"),
        ("PROVIDER_BIDDING_MAX_OPEN_BIDS", "100000"),
        ("PROVIDER_WORKLOADS_MAX_CONCURRENT", "10000"),
        ("PROVIDER_CAPACITY_TOTAL_CPU", "8000"),
        ("PROVIDER_CAPACITY_TOTAL_MEMORY", "64Ti"),
        ("PROVIDER_CAPACITY_TOTAL_STORAGE", "8192Ti"),
        ("PROVIDER_CAPACITY_TOTAL_GPUS", "6000"),
        ("PROVIDER_CAPACITY_RESERVED_CPU", "0"),
        ("PROVIDER_CAPACITY_RESERVED_MEMORY", "0"),
        ("PROVIDER_CAPACITY_RESERVED_STORAGE", "0"),
    ]);
    command.envs(more.iter().copied());
    world.run(command).await
}

/// Compares the bids of a run with a column; how many there are.
fn compare(ran: &Ran, column: &str, rows: &[Row], orders: &[String]) -> usize {
    assert_eq!(ran.code, Some(0), "{column}: {}{}", ran.stdout, ran.stderr);
    let run: Value = ran.json();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let bids = run["bids"].as_array().unwrap();
    let found: BTreeMap<String, String> = bids.iter().map(|bid| (text(&bid["order"]), text(&bid["price"]))).collect();
    assert_eq!((bids.len(), run["orders"].as_u64()), (found.len(), Some(1000)), "{column}: an order has two bids");
    let mut wrong = Vec::new();
    for (row, order) in rows.iter().zip(orders) {
        match (&row.expected[column], found.get(order)) {
            (Expected::None(_), None) => {}
            (Expected::Bid(wanted), Some(price)) if is_price(price.trim_end_matches("uve"), wanted) => {}
            (Expected::Bid(wanted), found) => wrong.push(format!("{order}: {found:?}, and {wanted} is right")),
            (Expected::None(why), Some(price)) => wrong.push(format!("{order}: {price}, and none is right: {why:?}")),
        }
    }
    assert!(wrong.is_empty(), "{column}: {} wrong\n{}\n{}", wrong.len(), wrong.join("\n"), run["declined"]);
    found.len()
}

/// The table has fifteen places; ours are rounded at the eighteenth.
fn is_price(found: &str, wanted: &str) -> bool {
    let [found, wanted]: [Dec18; 2] = [found, wanted].map(|text| text.parse().unwrap());
    let difference = found.checked_sub(wanted).unwrap();
    let most: Dec18 = "0.000000000000001".parse().unwrap();
    difference <= most && Dec18::ZERO.checked_sub(difference).unwrap() <= most
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_orders_get_what_the_documents_say() {
    let rows = rows();
    assert_eq!(rows.len(), 1000);
    let (world, orders) = told(&rows).await;
    let (noon, late) = (zone(12), zone(23));
    let peak = |zone: &str| ("PROVIDER_BIDDING_MULTIPLIERS_PEAK_HOURS_TIME_ZONE", zone.to_owned());
    let of = |pair: &(&'static str, String)| (pair.0, pair.1.clone());
    let marketplace = run(&world, "marketplace-manual-whole.yaml", &[], true).await;
    assert!(compare(&marketplace, "marketplace", &rows, &orders) > 250);
    register(&world, "us-east").await;
    let training = run(&world, "training-manual.yaml", &[], true).await;
    assert!(compare(&training, "training", &rows, &orders) > 100);
    let blocked = tenant(&world, "tenant-7", Action::Show).await.address;
    let (name, late) = of(&peak(&late));
    let night = [(name, late.as_str()), ("PROVIDER_BIDDING_FILTERS_BLOCKED_ADDRESSES", blocked.as_str())];
    let night = run(&world, "operations-manual-bidding.yaml", &night, true).await;
    assert!(compare(&night, "night", &rows, &orders) > 30);
    assert!(on_chain(&world).await.is_empty() && in_state(&world).is_empty(), "rehearsals change nothing");

    let (name, noon) = of(&peak(&noon));
    let day = run(&world, "operations-manual-bidding.yaml", &[(name, noon.as_str())], false).await;
    let bids = compare(&day, "day", &rows, &orders);
    assert!(bids > 60, "{bids}");
    let chain = on_chain(&world).await;
    assert_eq!(chain.len(), bids);
    for (row, order) in rows.iter().zip(&orders) {
        match &row.expected["day"] {
            Expected::Bid(wanted) => {
                let price = Dec18::from_wire(&chain[order].bid.price.amount).unwrap().to_string();
                assert!(is_price(&price, wanted), "{order}: {price} on the chain, {wanted} in the table");
            }
            Expected::None(why) => {
                let code = decision(&world, order).unwrap().code;
                assert!(why.contains(&code), "{order}: {code}, and the table knows {why:?}");
            }
        }
    }
    let again = run(&world, "operations-manual-bidding.yaml", &[(name, noon.as_str())], false).await;
    let again = again.json();
    assert_eq!(again["bids"], serde_json::json!([]));
    assert_eq!(again["ours"].as_u64(), u64::try_from(bids).ok());
    assert_eq!(on_chain(&world).await.len(), bids, "an order takes one bid");
}

#[test]
fn the_table_is_what_its_program_writes() {
    let checked = Command::new("python3").args(["fixtures/bidding/story.py", "--check"]).output();
    match checked {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
        Err(error) => eprintln!("skipped: the table was not made anew: python3: {error}"),
    }
}

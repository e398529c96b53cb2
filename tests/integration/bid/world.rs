//! A chain with a provider that declares something, a configuration that sells something, and tenants that ask.

use std::collections::BTreeMap;

use provider::chain::wire::deployment::GroupSpec;
use provider::chain::wire::market::{BidFilters, QueryBidResponse, QueryBidsRequest};
use provider::devnet::app::genesis::KeyValue;
use provider::devnet::control::{Answer, Request, perform};
use provider::devnet::seed;
use provider::devnet::tenant::{Action, Done};
use provider::domain::id::{BidId, OrderId};
use provider::store::bids::rows::{self, Filter};
use provider::store::bids::{Bid, decisions};
use serde_json::Value;

use crate::tx::world::{Ran, World};

/// What is sold: one core is 10 uve an hour, a GiB of memory 5, a GiB of storage 1.
pub const SELLING: &str = "low_balance: 1\n---\n\
    orchestration: { adapter: local }\n\
    capacity: { observe: false, total_cpu: 1000, total_memory: 4Ti, total_storage: 100Ti, total_gpus: 8 }\n";

/// The world, selling; `bidding` are lines of that section.
pub async fn selling(block_milliseconds: u64, bidding: &str) -> World {
    let world = World::with(block_milliseconds, "", |options| {
        let attribute = |key: &str, value: &str| KeyValue { key: key.to_owned(), value: value.to_owned() };
        let provider = options.genesis.providers.last_mut().unwrap();
        provider.attributes = vec![attribute("region", "us-east"), attribute("tier", "gold")];
    })
    .await;
    sell(&world, bidding);
    world
}

/// Writes the configuration anew.
pub fn sell(world: &World, bidding: &str) {
    let bidding: String = bidding.lines().flat_map(|line| ["  ", line, "\n"]).collect();
    let prices = "  base_prices: { cpu_core: 10, memory_gb: 5, storage_gb: 1, gpu_unit: 500 }\n";
    let selling = SELLING.split_once("---\n").unwrap().1;
    world.configure(&format!("---\n{selling}bidding:\n{prices}{bidding}"));
}

/// Runs a command that bids.
pub async fn run(world: &World, arguments: &[&str]) -> Ran {
    let secret = ["--passphrase-file", "passphrase", "-o", "json"];
    world.run(world.command(&[arguments, &secret].concat())).await
}

/// Runs `bid run`, which must end well.
pub async fn bid(world: &World) -> Value {
    let ran = run(world, &["bid", "run"]).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    ran.json()
}

/// A command that needs no key.
pub async fn ask(world: &World, arguments: &[&str]) -> Value {
    let ran = world.run(world.command(&[arguments, &["-o", "json"]].concat())).await;
    assert_eq!(ran.code, Some(0), "{}{}", ran.stdout, ran.stderr);
    ran.json()
}

/// Makes open orders with this group.
pub async fn seed_orders(world: &World, count: u32, group: GroupSpec) {
    let node = world.server.node.clone();
    tokio::task::spawn_blocking(move || seed::orders(&node, count, &[group]).unwrap()).await.unwrap();
}

/// The usual group: one core, half a GiB, a GiB of storage, one way in.
pub fn usual(world: &World) -> GroupSpec {
    seed::usual_group(world.network)
}

/// Lets a tenant do something.
pub async fn tenant(world: &World, name: &str, action: Action) -> Done {
    let (node, grpc, rpc) = (world.server.node.clone(), world.server.grpc, world.server.rpc);
    let request = Request::Tenant { name: name.to_owned(), action };
    match tokio::task::spawn_blocking(move || perform(&node, grpc, rpc, request)).await.unwrap() {
        Answer::Tenant(done) => done,
        other => panic!("{other:?}"),
    }
}

/// A deployment of a tenant with this group; gives its number and its order.
pub async fn deploy(world: &World, name: &str, group: &GroupSpec, deposit: &str) -> (u64, OrderId) {
    let action = Action::Deploy {
        groups: vec![provider::domain::hex::encode(&prost::Message::encode_to_vec(group))],
        hash: "00".repeat(32),
        deposit: Some(deposit.to_owned()),
        dseq: None,
    };
    let done = tenant(world, name, action).await;
    let order = done.ids.iter().find_map(|id| OrderId::parse(id, world.network.address_prefix).ok()).unwrap();
    (order.dseq(), order)
}

/// The bids that the chain has of us, by order.
pub async fn on_chain(world: &World) -> BTreeMap<String, QueryBidResponse> {
    let filters = BidFilters { provider: world.address.to_string(), ..BidFilters::default() };
    let pagination = Some(provider::chain::wire::cosmos::page::PageRequest { limit: 10_000, ..Default::default() });
    let found = world.client.call(QueryBidsRequest { filters, pagination }).await.unwrap().bids;
    let order = |row: &QueryBidResponse| {
        let id = &row.bid.id;
        format!("{}/{}/{}/{}", id.owner, id.dseq, id.gseq, id.oseq)
    };
    let count = found.len();
    let by_order: BTreeMap<String, QueryBidResponse> = found.into_iter().map(|row| (order(&row), row)).collect();
    assert_eq!(by_order.len(), count, "an order has two bids of ours");
    by_order
}

/// What the state file says of our bids, by order.
pub fn in_state(world: &World) -> BTreeMap<String, Bid> {
    let rows = world.store().read("read", |snapshot| rows::list(snapshot, &Filter::default())).unwrap();
    rows.into_iter().map(|row| (row.order.clone(), row)).collect()
}

/// The last decision against an order.
pub fn decision(world: &World, order: &str) -> Option<decisions::Decision> {
    let key = decisions::key(&world.client.chain_id, order);
    world.store().read("read", |snapshot| decisions::of(snapshot, key)).unwrap()
}

/// `owner/dseq/gseq/oseq/provider`.
pub fn bid_id(world: &World, order: &OrderId) -> BidId {
    BidId::new(order.clone(), world.address.clone())
}

//! The client against two recorded nodes: every query that was recorded is asked with the client's own functions, and
//! what comes back is what the recording says in words.

mod cosmos;
mod market;
mod register;
mod usage;

use std::collections::BTreeMap;

use super::world::settings;
use crate::replay::{Line, Replay, recorded};
use provider::chain::client::{Client, Settings};
use provider::domain::address::Address;
use provider::domain::network::Name;
use serde_json::Value;

fn client(replay: &Replay) -> Client {
    Client::new(Settings {
        grpc: vec![replay.grpc.to_string()],
        rpc: vec![replay.rpc.to_string()],
        // The recording goes on for hundreds of blocks; which of them is the newest does not matter here.
        max_lag: u64::MAX,
        ..settings(replay.network, &replay.chain_id)
    })
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value.pointer(path).and_then(Value::as_str).unwrap_or_default()
}

/// A number, which proto-JSON writes as text where it has 64 bits.
fn number(value: &Value, path: &str) -> u64 {
    match value.pointer(path) {
        Some(Value::String(text)) => text.parse().unwrap(),
        Some(value) => value.as_u64().unwrap(),
        None => 0,
    }
}

/// The id of an order, bid or lease in proto-JSON, as text.
fn id(value: &Value) -> String {
    let mut id = text(value, "/owner").to_owned();
    for part in ["/dseq", "/gseq", "/oseq"] {
        if value.pointer(part).is_some() {
            id.push_str(&format!("/{}", number(value, part)));
        }
    }
    if value.get("provider").is_some() {
        id.push_str(&format!("/{}", text(value, "/provider")));
    }
    id
}

fn rows<'a>(line: &'a Line, field: &str) -> Vec<&'a Value> {
    line["response"][field].as_array().map(|rows| rows.iter().collect()).unwrap_or_default()
}

/// What a page of a listing was asked with, beside the filter: only from the front, with or without a limit.
fn is_from_the_front(request: &Value) -> Option<u64> {
    let page = &request["pagination"];
    let odd = ["key", "offset", "reverse", "count_total"].iter().any(|field| page.get(field).is_some());
    (!odd).then(|| if page.get("limit").is_some() { number(page, "/limit") } else { 500 })
}

struct Reader {
    client: Client,
    prefix: &'static str,
    /// How often each method was asked.
    asked: BTreeMap<String, u32>,
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_query_of_virtengine_reads_as_it_was_recorded() {
    let asked = read_all(Name::Virtengine).await;
    for (method, times) in [
        ("Account", 2),
        ("AllBalances", 1),
        ("Balance", 1),
        ("BroadcastTx", 100),
        ("GetTx", 80),
        ("Simulate", 80),
        ("ProviderAttributes", 2),
        ("Certificates", 2),
        ("Deployment", 5),
        ("Group", 2),
        ("RecipientKey", 3),
        ("Accounts", 3),
        ("Payments", 3),
        ("Bid", 4),
        ("Bids", 3),
        ("Lease", 7),
        ("Leases", 2),
        ("Order", 2),
        ("Orders", 8),
        ("Params", 5),
        ("Provider", 2),
        ("Providers", 1),
        ("Escrow", 1),
        ("EscrowsByOrder", 3),
        ("SettlementsByOrder", 1),
        ("UsageRecord", 1),
        ("UsageRecordsByOrder", 1),
        ("UsageSummary", 1),
        ("Config", 1),
        ("tx", 80),
        ("block_results", 1),
    ] {
        assert!(asked.get(method).is_some_and(|asked| *asked >= times), "{method}: {:?}", asked.get(method));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_recorded_query_of_akash_reads_as_it_was_recorded() {
    let asked = read_all(Name::Akash).await;
    for (method, times) in [
        ("Account", 2),
        ("BroadcastTx", 80),
        ("GetTx", 60),
        ("Simulate", 60),
        ("ProviderAttributes", 2),
        ("Certificates", 2),
        ("Deployment", 5),
        ("Accounts", 3),
        ("Payments", 3),
        ("Bid", 4),
        ("Bids", 3),
        ("Lease", 7),
        ("Leases", 2),
        ("Orders", 8),
        ("Params", 3),
        ("tx", 60),
    ] {
        assert!(asked.get(method).is_some_and(|asked| *asked >= times), "{method}: {:?}", asked.get(method));
    }
}

async fn read_all(name: Name) -> BTreeMap<String, u32> {
    let replay = Replay::start(name).await;
    let client = client(&replay);
    let mut reader = Reader { client, prefix: replay.network.address_prefix, asked: BTreeMap::new() };
    for line in recorded(name) {
        reader.read(&line).await;
    }
    reader.asked
}

impl Reader {
    async fn read(&mut self, line: &Line) {
        let path = text(line, "/method");
        let method = path.rsplit('/').next().unwrap().to_owned();
        let of_module = path.split('.').nth(1).unwrap_or_default().to_owned();
        let known = match (text(line, "/kind"), of_module.as_str()) {
            ("rpc", _) => self.rpc(&method, line).await,
            ("grpc", "market") => self.market(&method, line).await,
            ("grpc", "settlement" | "encryption") => self.usage(&method, line).await,
            ("grpc", _) if path.starts_with("/cosmos.") => self.cosmos(&method, line).await,
            ("grpc", _) => self.register(&method, line).await,
            _ => false,
        };
        if known {
            *self.asked.entry(method).or_default() += 1;
        }
    }

    fn address(&self, text: &str) -> Address {
        Address::parse(text, self.prefix).unwrap()
    }
}

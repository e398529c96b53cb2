//! What the development chain is to reach: 100,000 open orders in 30 s, a page of 500 of them in 20 ms, 500
//! transactions a second, less than 256 MiB of memory.
//!
//! `cargo bench --bench devnet`. Prints each figure beside its goal; ends with 1 where one is missed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "a benchmark prints figures, and fails loudly"
)]
#![allow(dead_code, reason = "the client is that of the tests, and this needs a part of it")]

#[path = "../integration/devnet/client.rs"]
mod client;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use client::{Client, Key, options};
use provider::chain::wire::Named;
use provider::chain::wire::cosmos::bank::MsgSend;
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::page::PageRequest;
use provider::chain::wire::market::{OrderFilters, QueryOrdersRequest};
use provider::devnet::seed;
use provider::devnet::server::Server;
use provider::domain::network::Name;

const ORDERS: u32 = 100_000;
const SENDERS: usize = 500;
const ROUNDS: u64 = 10;

fn main() -> ExitCode {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let good = runtime.block_on(async {
        let home = tempfile::tempdir().unwrap();
        let senders: Vec<String> = (0..SENDERS).map(|number| format!("sender {number}")).collect();
        let names: Vec<&str> = senders.iter().map(String::as_str).collect();
        let blocks = Duration::from_secs(1);
        let server = Server::start(options(home.path(), Name::Virtengine, &names, blocks)).await.unwrap();
        let client = Client::of(&server).await;
        let mut good = true;
        let mut show = |what: &str, found: f64, unit: &str, goal: &str, met: bool| {
            println!("{what:<28} {found:>10.1} {unit:<6} goal: {goal}{}", if met { "" } else { "  MISSED" });
            good &= met;
        };
        let (node, begun) = (server.node.clone(), Instant::now());
        let group = seed::usual_group(client.network);
        tokio::task::spawn_blocking(move || seed::orders(&node, ORDERS, &[group])).await.unwrap().unwrap();
        let seeding = begun.elapsed().as_secs_f64();
        show("100,000 open orders", seeding, "s", "< 30", seeding < 30.0);

        let (median, slowest) = pages(&client).await;
        show("page of 500 orders, median", median, "ms", "< 20", median < 20.0);
        show("page of 500 orders, slowest", slowest, "ms", "< 20", slowest < 20.0);

        let rate = transactions(&client, &names).await;
        show("transactions", rate, "/s", ">= 500", rate >= 500.0);

        let memory = memory();
        show("memory", memory, "MiB", "< 256", memory < 256.0);
        server.stop().await.unwrap();
        good
    });
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Lists all open orders in pages of 500; the median and the slowest page, in milliseconds.
async fn pages(client: &Client) -> (f64, f64) {
    let (mut times, mut key, mut found) = (Vec::new(), Vec::new(), 0);
    loop {
        let pagination = Some(PageRequest { key, limit: 500, ..PageRequest::default() });
        let filters = OrderFilters { state: "open".to_owned(), ..OrderFilters::default() };
        let begun = Instant::now();
        let answer = client.call(QueryOrdersRequest { filters, pagination }).await.unwrap();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        found += answer.orders.len();
        key = answer.pagination.unwrap().next_key;
        if key.is_empty() {
            break;
        }
    }
    assert_eq!(found, ORDERS as usize);
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() - 1])
}

/// Sends signed transactions of many accounts, and waits until all of them are in blocks; how many a second.
async fn transactions(client: &Client, names: &[&str]) -> f64 {
    let keys: Vec<Key> = names.iter().map(|name| Key::of(name, client.network)).collect();
    let mut signed = vec![Vec::new(); ROUNDS as usize];
    for (index, key) in keys.iter().enumerate() {
        let to_address = keys[(index + 1) % keys.len()].address.clone();
        let amount = vec![Coin { denom: "uve".to_owned(), amount: "1".to_owned() }];
        let message = MsgSend { from_address: key.address.clone(), to_address, amount };
        let draft = client.draft(vec![message.pack(client.network)]);
        let account = client.account(&key.address).await;
        for round in 0..ROUNDS {
            signed[round as usize].push(client.sign(&draft, key, account.account_number, account.sequence + round));
        }
    }
    let begun = Instant::now();
    let mut last = String::new();
    // A round holds one transaction of each account, so their order does not matter.
    for round in signed {
        let mut sending = Vec::new();
        for part in round.chunks(SENDERS / 10) {
            let (client, part) = (client.clone(), part.to_vec());
            sending.push(tokio::spawn(async move {
                let mut last = String::new();
                for bytes in part {
                    let sent = client.broadcast(bytes).await.unwrap();
                    assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
                    last = sent.txhash;
                }
                last
            }));
        }
        for task in sending {
            last = task.await.unwrap();
        }
    }
    client.included(&last).await;
    let taken = begun.elapsed();
    // Not only taken: each of them is in a block, done.
    for key in &keys {
        assert_eq!(client.account(&key.address).await.sequence, ROUNDS, "{} sent fewer", key.address);
    }
    (SENDERS as u64 * ROUNDS) as f64 / taken.as_secs_f64()
}

/// What this process, chain and client together, has held at most, in MiB.
fn memory() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    let kib: f64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kib / 1024.0
}

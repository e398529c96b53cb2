//! What the chain client is to reach: a stream of 100,000 open orders in less than 64 MiB, and within 1.3 times of a
//! bare tonic client that fetches the same pages and throws them away.
//!
//! `cargo bench --bench paging`. The chain runs in a process of its own, so that memory is the client's alone. Both
//! clients decode; they take turns, and the best of each counts. Ends with 1 where a goal is missed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    reason = "a benchmark prints figures, and fails loudly"
)]

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use provider::chain::client::{Client, OrderFilter, Settings};
use provider::chain::wire::Call;
use provider::chain::wire::cosmos::page::PageRequest;
use provider::chain::wire::market::{OrderFilters, QueryOrdersRequest, QueryOrdersResponse};
use provider::devnet::app::engine::Identity;
use provider::devnet::app::genesis::Genesis;
use provider::devnet::context::Profile;
use provider::devnet::seed;
use provider::devnet::server::{Options, Server};
use provider::domain::network::{Name, Network};
use provider::domain::order::OrderState;
use tonic::transport::Channel;
use tonic_prost::ProstCodec;

const ORDERS: u32 = 100_000;
const CHAIN: &str = "bench-1";
const PAGE: u64 = 500;
const ROUNDS: usize = 5;
/// The argument by which this program becomes the chain.
const AS_CHAIN: &str = "--as-chain";

fn network() -> &'static Network {
    Name::Virtengine.facts()
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == AS_CHAIN) {
        serve();
        return ExitCode::SUCCESS;
    }
    let (mut chain, grpc, rpc) = start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let before = resident();
    let (bare, ours) = runtime.block_on(compare(&grpc, &rpc));
    let (peak, grown) = (peak(), peak().saturating_sub(before));
    chain.kill().unwrap();
    chain.wait().unwrap();
    let ratio = ours.as_secs_f64() / bare.as_secs_f64();
    println!("bare tonic                   {:>10.0} ms", bare.as_secs_f64() * 1e3);
    println!("stream of orders             {:>10.0} ms", ours.as_secs_f64() * 1e3);
    let met = |met: bool| if met { "" } else { "  MISSED" };
    println!("ratio                        {ratio:>10.2}        goal: <= 1.3{}", met(ratio <= 1.3));
    let small = peak < 64 << 10;
    println!(
        "peak of memory               {:>10} KiB    goal: < 65536 ({grown} KiB more than at its start){}",
        peak,
        met(small)
    );
    if ratio <= 1.3 && small { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The best time of a bare client and of ours, in turns.
async fn compare(grpc: &str, rpc: &str) -> (Duration, Duration) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let channel = Channel::from_shared(format!("http://{grpc}")).unwrap().connect().await.unwrap();
    let client = Client::new(Settings {
        network: network(),
        chain_id: CHAIN.to_owned(),
        grpc: vec![grpc.to_owned()],
        rpc: vec![rpc.to_owned()],
        timeout: Duration::from_secs(30),
        max_lag: 5,
    });
    let (mut best_bare, mut best_ours) = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let rows = bare(&channel).await;
        best_bare = best_bare.min(begun.elapsed());
        let begun = Instant::now();
        let mut seen = 0_usize;
        let filter = OrderFilter { state: Some(OrderState::Open), ..OrderFilter::default() };
        let complete = client.orders(&filter).rows_a_page(PAGE).for_each(|order| seen += order.spec.units.len()).await;
        best_ours = best_ours.min(begun.elapsed());
        assert_eq!((complete.unwrap().rows(), rows), (u64::from(ORDERS), ORDERS as usize));
        assert!(seen >= rows);
    }
    (best_bare, best_ours)
}

/// All pages, each thrown away.
async fn bare(channel: &Channel) -> usize {
    let (mut rows, mut key) = (0, Vec::new());
    loop {
        let filters = OrderFilters { state: "open".to_owned(), ..OrderFilters::default() };
        let pagination = Some(PageRequest { key, limit: PAGE, ..PageRequest::default() });
        let request = QueryOrdersRequest { filters, pagination };
        let mut grpc = tonic::client::Grpc::new(channel.clone());
        grpc.ready().await.unwrap();
        let path = QueryOrdersRequest::path(network()).parse().unwrap();
        let codec = ProstCodec::<QueryOrdersRequest, QueryOrdersResponse>::default();
        let answer = grpc.unary(tonic::Request::new(request), path, codec).await.unwrap().into_inner();
        rows += answer.orders.len();
        key = answer.pagination.unwrap().next_key;
        if key.is_empty() {
            return rows;
        }
    }
}

/// Starts the chain in a process of its own, and waits until it holds the orders.
fn start() -> (Child, String, String) {
    let mut chain = Command::new(std::env::current_exe().unwrap())
        .arg(AS_CHAIN)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(chain.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let (grpc, rpc) = (line(), line());
    (chain, grpc, rpc)
}

/// The chain, until its stdin ends.
fn serve() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let home = tempfile::tempdir().unwrap();
    runtime.block_on(async {
        let identity = Identity {
            network: network(),
            chain_id: CHAIN.to_owned(),
            profile: Profile::Localnet,
            refuses_provider_messages: false,
        };
        let at = "127.0.0.1:0".parse().unwrap();
        let block_time = Duration::from_secs(1);
        let options = Options {
            home: home.path().to_owned(),
            identity,
            genesis: Genesis::default(),
            block_time,
            grpc: at,
            rpc: at,
        };
        let server = Server::start(options).await.unwrap();
        let node = server.node.clone();
        let group = seed::usual_group(network());
        tokio::task::spawn_blocking(move || seed::orders(&node, ORDERS, &[group])).await.unwrap().unwrap();
        println!("{}\n{}", server.grpc, server.rpc);
        std::io::stdout().flush().unwrap();
        tokio::task::spawn_blocking(|| std::io::stdin().lines().for_each(drop)).await.unwrap();
        server.stop().await.unwrap();
    });
}

/// A figure of this process in KiB.
fn figure(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.split_ascii_whitespace().nth(1).unwrap().parse().unwrap()
}

fn resident() -> u64 {
    figure("VmRSS:")
}

fn peak() -> u64 {
    figure("VmHWM:")
}

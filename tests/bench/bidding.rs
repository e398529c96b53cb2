//! Bidding against a development chain on loopback: what a run over a full book costs beside the bare fetch of it, how
//! soon a bid follows a block, and what a price program costs an order.
//!
//! `cargo bench --bench bidding -- [book | follow | program]`; without a word all three. Ends with 1 where a goal is
//! missed: a run at most 1.5 times the fetch and below 96 MiB, a bid within 50 ms of its order's transaction (median).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::float_arithmetic,
    clippy::cast_precision_loss,
    dead_code,
    reason = "a benchmark prints figures, and fails loudly; not all of what the tests share is used here"
)]

#[path = "../integration/devnet"]
mod devnet {
    pub mod client;
}

#[path = "../integration/tx"]
mod tx {
    pub mod world;
}

#[path = "../integration/bid"]
mod bid {
    pub mod world;
}

use std::os::unix::fs::PermissionsExt as _;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};

use bid::world::{deploy, in_state, on_chain, sell, selling, usual};
use provider::chain::wire::Call;
use provider::chain::wire::cosmos::page::PageRequest;
use provider::chain::wire::market::{OrderFilters, QueryOrdersRequest, QueryOrdersResponse};
use provider::devnet::seed;
use provider::jobs::bid_run::program::{Program, Question};
use tonic::transport::Channel;
use tonic_prost::ProstCodec;
use tx::world::World;

const UNCHANGED: u32 = 99_900;
const FRESH: u32 = 100;
const ROUNDS: u32 = 5;
const FOLLOWED: usize = 40;
/// Akash's stock script `price_script_generic.sh` with a warm cache, on two cores: measured by others than this run, and
/// no part of this repository.
const STOCK_SCRIPT: Duration = Duration::from_millis(380);

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn met(met: bool) -> &'static str {
    if met { "" } else { "  MISSED" }
}

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let wanted = |word: &str| words.is_empty() || words.iter().any(|one| one == word);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut good = true;
    if wanted("book") {
        good &= runtime.block_on(book());
    }
    if wanted("follow") {
        good &= runtime.block_on(follow());
    }
    if wanted("program") {
        runtime.block_on(program());
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Makes orders that the filters refuse: of three cores each.
async fn large_orders(world: &World, count: u32) {
    let mut group = usual(world);
    group.resources[0].resource.cpu.as_mut().unwrap().units.val = b"3000".to_vec();
    let node = world.server.node.clone();
    tokio::task::spawn_blocking(move || seed::orders(&node, count, &[group]).unwrap()).await.unwrap();
}

/// Runs `bid run`; how long that took, and its peak of memory in KiB.
async fn run(world: &World) -> (Duration, u64, serde_json::Value) {
    let mut command = world.command(&["bid", "run", "--passphrase-file", "passphrase", "-o", "json"]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    let id = child.id();
    let waited = tokio::task::spawn_blocking(move || {
        let mut peak = 0;
        while child.try_wait().unwrap().is_none() {
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            peak = kib.unwrap_or(0).max(peak);
            std::thread::sleep(Duration::from_millis(2));
        }
        let time = begun.elapsed();
        let output = child.wait_with_output().unwrap();
        (time, peak, serde_json::from_slice(&output.stdout).unwrap())
    });
    waited.await.unwrap()
}

/// All pages, each thrown away.
async fn bare(world: &World, channel: &Channel) -> u32 {
    let (mut rows, mut key) = (0, Vec::new());
    loop {
        let filters = OrderFilters { state: "open".to_owned(), ..OrderFilters::default() };
        let pagination = Some(PageRequest { key, limit: 500, ..PageRequest::default() });
        let mut grpc = tonic::client::Grpc::new(channel.clone()).max_decoding_message_size(64 << 20);
        grpc.ready().await.unwrap();
        let path = QueryOrdersRequest::path(world.network).parse().unwrap();
        let codec = ProstCodec::<QueryOrdersRequest, QueryOrdersResponse>::default();
        let request = tonic::Request::new(QueryOrdersRequest { filters, pagination });
        let answer = grpc.unary(request, path, codec).await.unwrap().into_inner();
        rows += u32::try_from(answer.orders.len()).unwrap();
        key = answer.pagination.unwrap().next_key;
        if key.is_empty() {
            return rows;
        }
    }
}

/// 99,900 orders that were declined before, and 100 that are new each time.
async fn book() -> bool {
    let world = selling(0, "filters: { max_cpu: 2 }").await;
    large_orders(&world, UNCHANGED).await;
    let (first, _, said) = run(&world).await;
    assert_eq!(said["declined"]["filtered"], UNCHANGED, "{said}");
    let channel = Channel::from_shared(format!("http://{}", world.server.grpc)).unwrap().connect().await.unwrap();
    let (mut best_bare, mut best, mut peak) = (Duration::MAX, Duration::MAX, 0);
    for round in 1..=ROUNDS {
        large_orders(&world, FRESH).await;
        let begun = Instant::now();
        assert_eq!(bare(&world, &channel).await, UNCHANGED + round * FRESH);
        best_bare = best_bare.min(begun.elapsed());
        let (time, memory, said) = run(&world).await;
        assert_eq!(
            (&said["unchanged"], &said["declined"]["filtered"]),
            (&(UNCHANGED + (round - 1) * FRESH).into(), &FRESH.into())
        );
        (best, peak) = (best.min(time), memory.max(peak));
    }
    let ratio = best.as_secs_f64() / best_bare.as_secs_f64();
    println!("bare fetch of 100,000 orders      {:>8.0} ms", milliseconds(best_bare));
    println!("bid run, nothing decided before   {:>8.0} ms", milliseconds(first));
    println!("bid run, 99,900 unchanged         {:>8.0} ms", milliseconds(best));
    println!("ratio                             {ratio:>8.2}      goal: <= 1.5{}", met(ratio <= 1.5));
    println!("peak of memory                    {peak:>8} KiB  goal: < 98304{}", met(peak < 96 << 10));
    ratio <= 1.5 && peak < 96 << 10
}

/// From before a tenant's transaction is sent to our bid in a block: more than from the block to the bid handed out.
async fn follow() -> bool {
    let world = selling(0, "").await;
    sell(&world, "max_bids_per_minute: 1000\nmax_concurrent_bids: 100\nmax_open_bids: 1000");
    let mut command = world.command(&["bid", "run", "--follow", "--passphrase-file", "passphrase", "-o", "json"]);
    let said = world.folder.path().join("follow.json");
    let mut child = command.stdout(std::fs::File::create(&said).unwrap()).spawn().unwrap();
    let mut times = Vec::new();
    for number in 0..=FOLLOWED {
        let before = on_chain(&world).await.len();
        let begun = Instant::now();
        let ordered = async {
            deploy(&world, "follow", &usual(&world), "5000000uve").await;
        };
        let bid = async {
            while on_chain(&world).await.len() == before {
                assert!(begun.elapsed() < Duration::from_mins(1), "no bid on order {number}");
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            begun.elapsed()
        };
        let ((), time) = tokio::join!(ordered, bid);
        // The first one waits for the program to start, and for the key to be unlocked.
        if number == 0 {
            println!(
                "first bid, with the start of the program and the unlocking of the key {:>8.1} ms",
                milliseconds(time)
            );
        } else {
            times.push(time);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let id = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let status = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    // 75: it was told to stop between a bid and its confirmation.
    assert!(matches!(status.code(), Some(0 | 75)), "{status}: {}", std::fs::read_to_string(&said).unwrap());
    assert_eq!(in_state(&world).len(), FOLLOWED + 1);
    times.sort();
    let median = times[times.len() / 2];
    let (least, most) = (times[0], times[times.len() - 1]);
    let good = median < Duration::from_millis(50);
    println!(
        "from an order's transaction to our bid in a block: median {:.1} ms ({:.1} … {:.1})   goal: < 50{}",
        milliseconds(median),
        milliseconds(least),
        milliseconds(most),
        met(good)
    );
    good
}

/// A stand-in for an operator's price script: it reads its question and names one price.
async fn program() {
    let folder = tempfile::tempdir().unwrap();
    let question = |number: u32| Question {
        order: format!("ve1tenant/{number}/1/1"),
        owner: "ve1tenant".to_owned(),
        denomination: "uve".to_owned(),
        json: format!(
            r#"{{"order":"ve1tenant/{number}/1/1","resources":[],"price":{{"denom":"uve","amount":"1000"}}}}"#
        ),
    };
    let questions: Vec<Question> = (0..200).map(question).collect();
    let one = "#!/bin/sh\nread -r question\necho 5\n";
    let many = "#!/bin/sh\nexec sed 's/^{\"order\":\\(\"[^\"]*\"\\).*/{\"order\":\\1,\"price\":\"5\"}/'\n";
    for (name, text, batch) in [("a process for each order", one, false), ("one process for all", many, true)] {
        let path = folder.path().join(if batch { "batch" } else { "single" });
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
        let program = Program {
            path,
            arguments: Vec::new(),
            batch,
            timeout: Duration::from_mins(1),
            concurrency: 2,
            environment: Vec::new(),
            recheck: Duration::from_mins(5),
        };
        let begun = Instant::now();
        let said = program.ask(&questions).await;
        let time = begun.elapsed() / u32::try_from(questions.len()).unwrap();
        assert!(said.iter().all(|price| price.as_ref().is_ok_and(|price| price.to_string() == "5")), "{:?}", said[0]);
        println!(
            "{name}: {:.3} ms an order, by a stand-in script; Akash's stock script takes {:.0} ms: {:.0} times as long",
            milliseconds(time),
            milliseconds(STOCK_SCRIPT),
            STOCK_SCRIPT.as_secs_f64() / time.as_secs_f64()
        );
    }
}

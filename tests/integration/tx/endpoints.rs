//! Several endpoints, one of which cannot be believed, or is not there.

use std::time::{Duration, Instant};

use prost::Message as _;
use prost::bytes::Bytes;
use provider::chain::wire::cosmos::abci::{GasInfo, TxResponse};
use provider::chain::wire::cosmos::tx_service::{BroadcastTxRequest, BroadcastTxResponse, SimulateResponse};
use provider::domain::outbox::intent::State;
use provider::domain::tx_hash::TxHash;
use provider::store::outbox::intents;
use tonic::Status;

use super::books;
use super::world::World;
use crate::chain_client::fake::{Fake, NodeSays};

/// A node of this chain that answers one method so, and nothing else; it is asked first.
async fn first(world: &World, method: &'static str, answer: impl Fn(Bytes) -> Bytes + Send + Sync + 'static) -> Fake {
    let itself = NodeSays { chain_id: world.client.chain_id.clone(), ..NodeSays::default() };
    let grpc = move |path: &str, request: Bytes| {
        if path.ends_with(method) { Ok(answer(request)) } else { Err(Status::unavailable("not today")) }
    };
    let fake = Fake::start(itself, grpc, |_, _| Vec::new()).await;
    replace(world, "grpc_url: ", &format!("grpc_url: [\"http://{}\", \"", fake.grpc), "\"]");
    fake
}

/// Puts something before and behind a value of the configuration.
fn replace(world: &World, key: &str, before: &str, behind: &str) {
    let text = std::fs::read_to_string(world.path("config.yaml")).unwrap();
    let lines = text.lines().map(|line| match line.trim_start().strip_prefix(key) {
        Some(value) => format!("  {before}{value}{behind}\n"),
        None => format!("{line}\n"),
    });
    let text: String = lines.collect();
    std::fs::write(world.path("config.yaml"), text).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_that_refuses_everything_is_passed_over() {
    for (codespace, code, log) in [
        ("foo", 77, &b"bad \xff\xfe\x1b[31m log"[..]),
        ("sdk", 13, b"insufficient fees; got: 1uve required: 9999999uve: insufficient fee"),
        ("sdk", 20, b"mempool is full"),
    ] {
        let world = World::new(20, "").await;
        let fake = first(&world, "/BroadcastTx", move |request| {
            let request = BroadcastTxRequest::decode(request).unwrap();
            let response = TxResponse {
                txhash: TxHash::of(&request.tx_bytes).to_string(),
                codespace: codespace.to_owned(),
                code,
                raw_log: log.to_vec(),
                ..TxResponse::default()
            };
            BroadcastTxResponse { tx_response: Some(response) }.encode_to_vec().into()
        })
        .await;
        world.enqueue(&world.store(), "send", &world.send(1), None);
        let ran = world.flush().await;
        assert_eq!((ran.code, &ran.json()["messages_done"]), (Some(0), &1.into()), "{code} {}", ran.stderr);
        assert!(fake.calls() > 0);
        books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_that_no_transaction_can_have_is_one_endpoints_fault() {
    for used in [u64::MAX, i64::MAX.unsigned_abs(), 20_000_000] {
        let world = World::new(20, "").await;
        let fake = first(&world, "/Simulate", move |_| {
            let gas_info = Some(GasInfo { gas_wanted: used, gas_used: used });
            SimulateResponse { gas_info, ..SimulateResponse::default() }.encode_to_vec().into()
        })
        .await;
        world.enqueue(&world.store(), "one", &world.send(1), None);
        world.enqueue(&world.store(), "two", &world.send(2), None);
        let ran = world.flush().await;
        assert_eq!((ran.code, &ran.json()["messages_done"]), (Some(0), &2.into()), "{used} {}", ran.stderr);
        assert!(fake.calls() > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn gas_beyond_all_numbers_ends_no_run() {
    let world = World::new(20, "  confirm_within: 1s").await;
    let used = i64::MAX.unsigned_abs();
    // Nobody else simulates: the honest one fails each time.
    let refused = provider::devnet::fault::Fault::Status { code: 14, message: "not now".to_owned() };
    world.server.node.faults().set(provider::devnet::fault::Rule::of(refused, Some("Simulate")));
    let _fake = first(&world, "/Simulate", move |_| {
        let gas_info = Some(GasInfo { gas_wanted: used, gas_used: used });
        SimulateResponse { gas_info, ..SimulateResponse::default() }.encode_to_vec().into()
    })
    .await;
    // The factor takes it beyond 64 bits.
    replace(&world, "max_lag: 10000", "max_lag: 10000\n  gas_adjustment: 3", "");
    let id = world.enqueue(&world.store(), "send", &world.send(1), None);
    let ran = world.flush().await;
    assert_eq!(ran.code, Some(75), "{} {}", ran.stdout, ran.stderr);
    assert!(ran.stderr.contains("which no transaction can have"), "{}", ran.stderr);
    assert_eq!(world.store().read("look", |snapshot| intents::state(snapshot, id)).unwrap(), Some(State::Queued));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_any_block_the_hash_is_looked_up() {
    let world = World::new(50, "").await;
    replace(&world, "node_url: ", "node_url: http://127.0.0.1:1 # ", "");
    world.enqueue(&world.store(), "send", &world.send(1), None);
    let begun = Instant::now();
    let ran = world.flush().await;
    assert_eq!((ran.code, &ran.json()["messages_done"]), (Some(0), &1.into()), "{} {}", ran.stdout, ran.stderr);
    // Far from the 90 seconds after which a run gives up.
    assert!(begun.elapsed() < Duration::from_secs(45), "{:?}", begun.elapsed());
    books::check(&world, &[world.packed(&world.send(1))], 1_001, 0).await;
}

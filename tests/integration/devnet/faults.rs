//! Misbehaviour on purpose, as a client meets it.

use std::time::{Duration, Instant};

use super::client::{Client, Key, options, start};
use super::services::send;
use provider::chain::wire::Named;
use provider::chain::wire::cosmos::bank::QueryBalanceRequest;
use provider::chain::wire::cosmos::comet::{GetLatestBlockRequest, GetSyncingRequest};
use provider::chain::wire::cosmos::tx_service::GetTxRequest;
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::server::Server;
use provider::domain::network::Name;
use tempfile::tempdir;
use tonic::Code;

async fn height(client: &Client) -> i64 {
    client.call(GetLatestBlockRequest {}).await.unwrap().block.unwrap().header.height
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_come_late_broken_off_wrong_or_not_at_all() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let client = Client::of(&server).await;
    let a = Key::of("a", client.network);
    let ask = || QueryBalanceRequest { address: a.address.clone(), denom: "uve".to_owned() };
    let faults = server.node.faults();
    faults.set(Rule::of(Fault::Delay { milliseconds: 300 }, Some("Balance")).only_call(1));
    let begun = Instant::now();
    client.call(ask()).await.unwrap();
    assert!(begun.elapsed() >= Duration::from_millis(300));
    for fault in [Fault::Drop, Fault::Half] {
        faults.set(Rule::of(fault.clone(), Some("Balance")).only_call(2));
        client.call(ask()).await.unwrap();
        let error = client.call(ask()).await.unwrap_err();
        assert_ne!(error.code(), Code::NotFound, "{fault:?}: {error}");
        // It is over, and a new connection finds the node well.
        let again = Client::of(&server).await;
        again.call(ask()).await.unwrap();
        faults.clear();
    }
    let client = Client::of(&server).await;
    faults.set(Rule::of(Fault::Status { code: 14, message: "away".to_owned() }, None).only_call(1));
    let error = client.call(ask()).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Unavailable, "away"));
    faults.set(Rule::of(Fault::CatchingUp, Some("GetSyncing")));
    assert!(client.call(GetSyncingRequest {}).await.unwrap().syncing);
    faults.clear();
    assert!(!client.call(GetSyncingRequest {}).await.unwrap().syncing);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stale_node_knows_nothing_newer() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    for amount in 1..=3 {
        client.run(&a, &send(&a, &b, amount)).await;
    }
    let last = client.run(&a, &send(&a, &b, 4)).await;
    server.node.faults().set(Rule::of(Fault::Stale { blocks: 2 }, None));
    assert_eq!(height(&client).await, last.height - 2);
    let ask = QueryBalanceRequest { address: b.address.clone(), denom: "uve".to_owned() };
    assert_eq!(client.call(ask).await.unwrap().balance.unwrap().amount, "1000000000003");
    let error = client.call(GetTxRequest { hash: last.txhash.clone() }).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    server.node.faults().clear();
    assert_eq!(client.included(&last.txhash).await.tx_response.unwrap().height, last.height);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn transactions_are_refused_swallowed_or_late() {
    let home = tempdir().unwrap();
    let blocks = Duration::from_millis(100);
    let server = Server::start(options(home.path(), Name::Akash, &["a", "b", "c"], blocks)).await.unwrap();
    let client = Client::of(&server).await;
    let [a, b, c] = ["a", "b", "c"].map(|name| Key::of(name, client.network));
    let draft = |from: &Key| {
        let mut message = send(from, &a, 1);
        message.amount[0].denom = "uakt".into();
        client.draft(vec![message.pack(client.network)])
    };
    let faults = server.node.faults();
    let refuse = Fault::Refuse { codespace: "sdk".to_owned(), code: 13, log: "too poor".to_owned() };
    faults.set(Rule::of(refuse, Some("BroadcastTx")).only_call(1));
    let refused = client.send(&a, &draft(&a)).await;
    assert_eq!((refused.code, refused.raw_log.as_slice()), (13, b"too poor".as_slice()));
    faults.set(Rule::of(Fault::Swallow, Some("BroadcastTx")).only_call(1));
    let swallowed = client.send(&b, &draft(&b)).await;
    assert_eq!(swallowed.code, 0);
    faults.set(Rule::of(Fault::Late { blocks: 5 }, Some("BroadcastTx")).only_call(1));
    let sent_at = height(&client).await;
    let late = client.send(&c, &draft(&c)).await;
    let prompt = client.send(&a, &draft(&a)).await;
    let prompt = client.included(&prompt.txhash).await.tx_response.unwrap();
    let late = client.included(&late.txhash).await.tx_response.unwrap();
    assert!(late.height >= sent_at + 5 && late.height > prompt.height, "{} {} {sent_at}", late.height, prompt.height);
    let error = client.call(GetTxRequest { hash: swallowed.txhash }).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_halt_a_restart_and_a_jump_of_the_clock_happen_at_once() {
    let home = tempdir().unwrap();
    let blocks = Duration::from_millis(50);
    let server = Server::start(options(home.path(), Name::Akash, &["a"], blocks)).await.unwrap();
    let client = Client::of(&server).await;
    server.node.halt(true);
    let stopped = height(&client).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(height(&client).await <= stopped + 1);
    server.node.halt(false);
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(height(&client).await > stopped + 1);
    // A restart ends connections, and nobody gets in for a while.
    let node = server.node.clone();
    tokio::task::spawn_blocking(move || node.restart(Duration::from_millis(400))).await.unwrap().unwrap();
    assert!(client.call(GetLatestBlockRequest {}).await.is_err());
    tokio::time::sleep(Duration::from_millis(900)).await;
    let client = Client::of(&server).await;
    let time = async || client.call(GetLatestBlockRequest {}).await.unwrap().block.unwrap().header.time.seconds;
    let before = time().await;
    server.node.jump(jiff::SignedDuration::from_hours(1)).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(time().await >= before + 3_600);
    server.node.jump(jiff::SignedDuration::from_hours(-2)).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(time().await >= before + 3_600, "a block is never older than the one before");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_node_stops_jumps_and_restarts_in_the_call_that_is_named() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let faults = server.node.faults();
    faults.set(Rule::of(Fault::Halt, Some("BroadcastTx")).only_call(2));
    client.run(&a, &send(&a, &b, 1)).await;
    assert!(!server.node.is_halted());
    let waiting = client.send(&a, &client.draft(vec![send(&a, &b, 2).pack(client.network)])).await;
    assert!(waiting.code == 0 && server.node.is_halted());
    let error = client.call(GetTxRequest { hash: waiting.txhash.clone() }).await.unwrap_err();
    assert_eq!(error.code(), Code::NotFound, "taken, and in no block");
    server.node.halt(false);
    faults.clear();
    faults.set(Rule::of(Fault::Clock { by: 3_600_000 }, Some("Balance")).only_call(2));
    let ask = || QueryBalanceRequest { address: b.address.clone(), denom: "uve".to_owned() };
    let time = async || {
        // The next block has both transactions.
        client.run(&b, &send(&b, &a, 1)).await;
        client.call(GetLatestBlockRequest {}).await.unwrap().block.unwrap().header.time.seconds
    };
    client.call(ask()).await.unwrap();
    let before = time().await;
    assert_eq!(client.included(&waiting.txhash).await.tx_response.unwrap().code, 0);
    client.call(ask()).await.unwrap();
    assert!(time().await >= before + 3_600);
    faults.set(Rule::of(Fault::Restart { down: 300 }, Some("GetSyncing")).only_call(1));
    assert!(client.call(GetSyncingRequest {}).await.is_err(), "whoever asks when it restarts gets no answer");
    tokio::time::sleep(Duration::from_millis(900)).await;
    let client = Client::of(&server).await;
    assert!(!client.call(GetSyncingRequest {}).await.unwrap().syncing);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transaction_fails_in_its_block_as_it_is_told_to() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let balance = async |of: &Key| {
        let ask = QueryBalanceRequest { address: of.address.clone(), denom: "uve".to_owned() };
        client.call(ask).await.unwrap().balance.unwrap().amount.parse::<u64>().unwrap()
    };
    let (had, other) = (balance(&a).await, balance(&b).await);
    let fail = Fault::Fail { codespace: "market".to_owned(), code: 13, log: "order not open".to_owned() };
    server.node.faults().set(Rule::of(fail, None).only_call(1));
    let failed = client.run(&a, &send(&a, &b, 5)).await;
    assert_eq!((failed.codespace.as_str(), failed.code), ("market", 13));
    assert_eq!(failed.raw_log, b"order not open");
    assert_eq!((balance(&a).await, balance(&b).await), (had - 50_000, other), "only the fee is gone");
    assert_eq!(client.account(&a.address).await.sequence, 1);
    assert_eq!(client.run(&a, &send(&a, &b, 5)).await.code, 0, "only once");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_before_a_node_answers_with_its_own_status() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let faults = server.node.faults();
    let busy = Fault::Status { code: 429, message: "too many requests".to_owned() };
    faults.set(Rule::of(busy.clone(), Some("health")));
    let (web, url) = (reqwest::Client::new(), format!("http://{}", server.rpc));
    let answer = web.get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(answer.status(), 429);
    assert_eq!(answer.text().await.unwrap(), "too many requests\n");
    let body = r#"[{"jsonrpc":"2.0","id":1,"method":"status"},{"jsonrpc":"2.0","id":2,"method":"health"}]"#;
    assert_eq!(web.post(&url).body(body).send().await.unwrap().status(), 429, "a batch has one status");
    faults.clear();
    assert_eq!(web.post(&url).body(body).send().await.unwrap().status(), 200);
    let client = Client::of(&server).await;
    faults.set(Rule::of(Fault::Status { code: 503, message: "away".to_owned() }, Some("GetSyncing")).only_call(1));
    let web = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let path = "cosmos.base.tendermint.v1beta1.Service/GetSyncing";
    let answer = web.post(format!("http://{}/{path}", server.grpc)).body(vec![0; 5]).send().await.unwrap();
    assert_eq!(answer.status(), 503);
    assert!(client.call(GetSyncingRequest {}).await.is_ok(), "only once");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_websocket_ends_where_a_connection_would() {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::Message;
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let faults = server.node.faults();
    for fault in [Fault::Drop, Fault::Status { code: 502, message: String::new() }, Fault::Restart { down: 0 }] {
        faults.set(Rule::of(fault.clone(), Some("health")).only_call(1));
        let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.rpc)).await.unwrap();
        let (mut sink, mut stream) = socket.split();
        sink.send(Message::text(r#"{"jsonrpc":"2.0","id":1,"method":"health"}"#)).await.unwrap();
        let ended = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
        assert!(matches!(ended, Ok(None | Some(Err(_)))), "{fault:?}: {ended:?}");
        faults.clear();
    }
    server.stop().await.unwrap();
}

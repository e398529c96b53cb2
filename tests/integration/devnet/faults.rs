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

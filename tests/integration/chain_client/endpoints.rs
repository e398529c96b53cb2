//! Several endpoints: late, dead, behind, of another chain, or out of their minds.

use std::time::{Duration, Instant};

use super::fake::{CHAIN, Fake, NodeSays, network};
use super::world::{address, client_of, settings, settings_of};
use crate::devnet::client::{Key, options, start};
use prost::Message;
use provider::chain::client::{CallError, Client, Doubt, Problem, Protocol, Settings, Standing};
use provider::chain::wire::cosmos::bank::QueryBalanceResponse;
use provider::chain::wire::cosmos::coin::Coin;
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::server::Server;
use provider::domain::address::Address;
use provider::domain::fault::{Classified, Fault as Kind};
use provider::domain::height::Height;
use provider::domain::network::Name;
use provider::domain::tx_hash::TxHash;
use tempfile::tempdir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tonic::Status;

/// An address where nobody listens.
async fn dead() -> String {
    tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string()
}

/// An address where whoever connects is sent these bytes.
async fn shouting(bytes: &'static [u8]) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut heard = [0; 1024];
                let _ = stream.read(&mut heard).await;
                let _ = stream.write_all(bytes).await;
            });
        }
    });
    address
}

/// A node with a balance of so much for everybody.
async fn rich(itself: NodeSays, amount: &'static str) -> Fake {
    let answer = move |_: &str, _| {
        let coin = Coin { denom: "uve".to_owned(), amount: amount.to_owned() };
        Ok(QueryBalanceResponse { balance: Some(coin) }.encode_to_vec().into())
    };
    Fake::start(itself, answer, |_, _| Vec::new()).await
}

fn somebody() -> Address {
    address(&Key::of("a", network()), network())
}

async fn balance(client: &Client) -> Result<String, CallError> {
    let reading = client.balance(&somebody(), &"uve".parse().unwrap()).await?;
    Ok(reading.believed()?.value().amount.to_string())
}

fn of_all(grpc: Vec<String>, rpc: Vec<String>) -> Client {
    Client::new(Settings { grpc, rpc, ..settings(network(), CHAIN) })
}

#[tokio::test(flavor = "multi_thread")]
async fn one_lags_and_one_is_dead_and_the_third_is_believed() {
    let behind = rich(NodeSays { height: 94, ..NodeSays::default() }, "1").await;
    let good = rich(NodeSays::default(), "2").await;
    let client = of_all(vec![behind.grpc.to_string(), dead().await, good.grpc.to_string()], Vec::new());
    assert_eq!(balance(&client).await.unwrap(), "2", "not the preferred one, but one that is in step");
    assert_eq!(behind.calls(), 0);
    let endpoints = client.endpoints().await;
    assert_eq!(endpoints[0].doubt, Some(Doubt::Lagging { behind: 6, most: 5 }));
    assert!(matches!(&endpoints[1].standing, Standing::Unusable(Problem::Connection(_))), "{:?}", endpoints[1]);
    assert_eq!((endpoints[2].doubt, endpoints[2].protocol), (None, Protocol::Grpc));
    // With one block more allowed, the preferred one is asked.
    let patient = Client::new(Settings { max_lag: 6, ..client.settings().clone() });
    assert_eq!(balance(&patient).await.unwrap(), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_believed_of_a_node_that_is_known_to_be_behind() {
    // Only the RPC endpoint knows how far the chain is.
    let behind = rich(NodeSays { height: 90, ..NodeSays::default() }, "1").await;
    let ahead = rich(NodeSays::default(), "2").await;
    let client = of_all(vec![behind.grpc.to_string()], vec![ahead.rpc.to_string()]);
    let reading = client.balance(&somebody(), &"uve".parse().unwrap()).await.unwrap();
    assert_eq!((reading.value.amount.to_string(), reading.height()), ("1".to_owned(), Height(90)));
    let error = reading.believed().unwrap_err();
    assert_eq!(error.fault(), Kind::Unavailable);
    assert!(error.to_string().contains("is 10 blocks behind another endpoint (5 are allowed)"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_catches_up_is_shown_but_not_believed() {
    let catching_up = rich(NodeSays { catching_up: true, ..NodeSays::default() }, "1").await;
    let client = of_all(vec![catching_up.grpc.to_string()], Vec::new());
    let error = balance(&client).await.unwrap_err();
    assert!(matches!(error, CallError::Unbelieved { doubt: Doubt::CatchingUp, .. }), "{error}");
    let good = rich(NodeSays::default(), "2").await;
    let client = of_all(vec![catching_up.grpc.to_string(), good.grpc.to_string()], Vec::new());
    assert_eq!(balance(&client).await.unwrap(), "2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_of_another_chain_is_never_asked_for_anything() {
    let other = rich(NodeSays { chain_id: "other-1".to_owned(), height: 1_000_000, ..NodeSays::default() }, "1").await;
    let client = of_all(vec![other.grpc.to_string()], vec![other.rpc.to_string()]);
    let error = balance(&client).await.unwrap_err();
    assert_eq!(error.fault(), Kind::Unavailable);
    assert!(error.to_string().contains("serves the chain `other-1`"), "{error}");
    assert!(client.head().await.unwrap_err().to_string().contains("serves the chain `other-1`"));
    // Its height is nobody's measure either.
    let good = rich(NodeSays::default(), "2").await;
    let client = of_all(vec![other.grpc.to_string(), good.grpc.to_string()], vec![other.rpc.to_string()]);
    assert_eq!(balance(&client).await.unwrap(), "2");
    assert_eq!(other.calls(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_node_is_passed_over() {
    const HTML: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n<html>hi</html>";
    // An HTTP/2 preface of a server, and then nonsense.
    const FRAMES: &[u8] = b"\x00\x00\x00\x04\x00\x00\x00\x00\x00\xff\xff\xff\x01\x05\x80\x00\x00\x01junk";
    let good = rich(NodeSays::default(), "2").await;
    for bytes in [HTML, FRAMES, b"\x00\xff\x00\xff", b""] {
        let bad = shouting(bytes).await;
        let client = of_all(vec![bad.clone(), good.grpc.to_string()], vec![bad.clone(), good.rpc.to_string()]);
        assert_eq!(balance(&client).await.unwrap(), "2");
        assert_eq!(client.head().await.unwrap().believed().unwrap().value().height, Height(100));
        let alone = of_all(vec![bad.clone()], vec![bad]);
        let error = alone.balance(&somebody(), &"uve".parse().unwrap()).await.unwrap_err();
        assert_eq!(error.fault(), Kind::Unavailable, "{error}");
    }
    let nowhere = of_all(vec!["http://[::".to_owned()], Vec::new());
    let error = balance(&nowhere).await.unwrap_err();
    assert!(error.to_string().contains("is no address"), "{error}");
    assert!(
        balance(&of_all(Vec::new(), Vec::new())).await.unwrap_err().to_string().contains("no endpoint is configured")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_mean_nothing_are_nobodys_answer() {
    let good = rich(NodeSays::default(), "2").await;
    let garbage = Fake::grpc(|_, _| Ok(vec![0xff; 64].into())).await;
    let foreign = rich(NodeSays::default(), "-5").await;
    let busy = Fake::grpc(|_, _| Err(Status::unavailable("starting"))).await;
    let old = Fake::grpc(|_, _| Err(Status::unimplemented("unknown service"))).await;
    for (bad, words) in [
        (&garbage, "answers what no node of such a chain answers"),
        (&foreign, "a Coin with a malformed amount"),
        (&busy, "cannot answer now: starting"),
        (&old, "unknown service"),
    ] {
        let error = balance(&of_all(vec![bad.grpc.to_string()], Vec::new())).await.unwrap_err();
        assert!(matches!(error, CallError::Unanswered { .. }) && error.to_string().contains(words), "{error}");
        let client = of_all(vec![bad.grpc.to_string(), good.grpc.to_string()], Vec::new());
        assert_eq!(balance(&client).await.unwrap(), "2");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_the_chain_s_and_goes_to_nobody_else() {
    let refusing = Fake::grpc(|_, _| Err(Status::invalid_argument("invalid state value"))).await;
    let good = rich(NodeSays::default(), "2").await;
    let client = of_all(vec![refusing.grpc.to_string(), good.grpc.to_string()], Vec::new());
    let error = balance(&client).await.unwrap_err();
    assert!(matches!(&error, CallError::Refused { .. }), "{error}");
    assert_eq!((good.calls(), error.fault()), (0, Kind::Invalid));
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("invalid state value"));
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_made_again_and_late_answers_are_left_behind() {
    let home = [tempdir().unwrap(), tempdir().unwrap()];
    let first = start(home[0].path(), Name::Virtengine, &["a"]).await;
    let second = start(home[1].path(), Name::Virtengine, &["a"]).await;
    let alone = client_of(&[&first]);
    let ask = async |client: &Client| client.balances(&somebody()).await.map(|reading| reading.source.endpoint);
    let faults = first.node.faults();
    for fault in [Fault::Drop, Fault::Half] {
        // Once is nothing; for good is no answer, and not "no".
        faults.set(Rule::of(fault.clone(), Some("AllBalances")).only_call(2));
        ask(&alone).await.unwrap();
        ask(&alone).await.unwrap();
        faults.clear();
        faults.set(Rule::of(fault.clone(), Some("AllBalances")));
        let error = ask(&alone).await.unwrap_err();
        assert_eq!(error.fault(), Kind::Unavailable, "{fault:?}: {error}");
        let both = client_of(&[&first, &second]);
        assert_eq!(*ask(&both).await.unwrap(), *second.grpc.to_string(), "{fault:?}");
        faults.clear();
    }
    let settings = Settings { timeout: Duration::from_millis(300), ..settings_of(&[&first, &second]) };
    faults.set(Rule::of(Fault::Delay { milliseconds: 60_000 }, Some("AllBalances")));
    let client = Client::new(settings);
    let begun = Instant::now();
    assert_eq!(*ask(&client).await.unwrap(), *second.grpc.to_string());
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    // The one that was late is not waited for again.
    let begun = Instant::now();
    ask(&client).await.unwrap();
    assert!(begun.elapsed() < Duration::from_millis(250), "{:?}", begun.elapsed());
    first.stop().await.unwrap();
    second.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_older_than_the_best_height_is_doubted_by_itself() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    server.node.advance(20, jiff::SignedDuration::from_secs(1)).unwrap();
    let client = client_of(&[&server]);
    client.balances(&somebody()).await.unwrap().believed().unwrap();
    // Behind one address there may be several nodes, and one of them is behind.
    server.node.faults().set(Rule::of(Fault::Stale { blocks: 9 }, Some("AllBalances")));
    let reading = client.balances(&somebody()).await.unwrap();
    assert_eq!(reading.source.doubt, Some(Doubt::Lagging { behind: 9, most: 5 }));
    assert!(reading.believed().is_err());
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_that_were_made_meanwhile_make_nobody_late() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let client = client_of(&[&server]);
    client.head().await.unwrap();
    for _ in 0..2 {
        server.node.advance(20, jiff::SignedDuration::from_secs(1)).unwrap();
        // The RPC endpoint tells of the blocks; the answer of the other tells no height.
        client.head().await.unwrap();
        let absent = client.transaction(&TxHash::of(b"nothing")).await.unwrap();
        assert_eq!(absent.believed().unwrap().into_value(), None);
    }
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_block_is_asked_for_everywhere_and_gone_only_where_all_say_so() {
    let error = |words: &'static str| {
        move |_: &str, _: &serde_json::Value| {
            let error = serde_json::json!({ "code": -32603, "message": "Internal error", "data": words });
            serde_json::json!({ "jsonrpc": "2.0", "id": 1, "error": error }).to_string().into_bytes()
        }
    };
    let fake =
        async |words| Fake::start(NodeSays::default(), |_, _| Err(Status::unavailable("no")), error(words)).await;
    let pruned = fake("height 7 is not available, lowest height is 50").await;
    let troubled = fake("context canceled").await;
    let of = |nodes: &[&Fake]| of_all(Vec::new(), nodes.iter().map(|node| node.rpc.to_string()).collect());
    assert!(of(&[&pruned, &pruned]).block(Height(7)).await.unwrap_err().is_pruned());
    for nodes in [&[&troubled][..], &[&pruned, &troubled], &[&troubled, &pruned]] {
        let failed = of(nodes).block(Height(7)).await.unwrap_err();
        assert!(matches!(failed, CallError::Unanswered { .. }) && !failed.is_pruned(), "{failed}");
    }
    // Whoever is asked first, the one that has it is asked as well.
    let (before, after) = (pruned.calls(), troubled.calls());
    let _ = of(&[&pruned, &troubled]).block(Height(7)).await;
    assert_eq!((pruned.calls(), troubled.calls()), (before + 1, after + 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_comes_back_is_asked_again() {
    let home = tempdir().unwrap();
    let server =
        Server::start(options(home.path(), Name::Virtengine, &["a"], Duration::from_millis(50))).await.unwrap();
    let client = client_of(&[&server]);
    client.head().await.unwrap();
    let node = server.node.clone();
    tokio::task::spawn_blocking(move || node.restart(Duration::from_millis(1_500))).await.unwrap().unwrap();
    let during = client.balances(&somebody()).await;
    assert!(during.is_err_and(|error| error.fault() == Kind::Unavailable));
    // It is back after a while, which may be long on a busy machine.
    for _ in 0..50 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        if client.balances(&somebody()).await.is_ok() {
            break;
        }
    }
    client.balances(&somebody()).await.unwrap();
    client.head().await.unwrap();
    server.stop().await.unwrap();
}

//! CometBFT's RPC.

use std::time::Duration;

use super::client::{Client, Key, options, start};
use super::services::send;
use base64::Engine;
use futures_util::{SinkExt, StreamExt};
use provider::chain::wire::Named;
use provider::devnet::fault::{Fault, Rule};
use provider::devnet::server::Server;
use provider::domain::network::Name;
use serde_json::{Value, json};
use tempfile::tempdir;
use tokio_tungstenite::tungstenite::Message;

async fn post(server: &Server, body: Value) -> Value {
    let request = reqwest::Client::new().post(format!("http://{}", server.rpc)).body(body.to_string());
    serde_json::from_str(&request.send().await.unwrap().text().await.unwrap()).unwrap()
}

async fn call(server: &Server, method: &str, params: Value) -> Value {
    post(server, json!({ "jsonrpc": "2.0", "id": 7, "method": method, "params": params })).await
}

async fn get(server: &Server, path: &str) -> (u16, Value) {
    let answer = reqwest::get(format!("http://{}/{path}", server.rpc)).await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_str(&answer.text().await.unwrap()).unwrap_or_default())
}

fn base64(bytes: &[u8]) -> String {
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

/// reqwest wants to know which TLS to use, even where there is none.
fn ready() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}

#[tokio::test(flavor = "multi_thread")]
async fn posts_gets_and_batches_are_answered() {
    ready();
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let status = call(&server, "status", json!({})).await;
    assert_eq!(status["id"], 7);
    assert_eq!(status["result"]["node_info"]["network"], "devnet-virtengine-1");
    let (code, same) = get(&server, "status").await;
    assert_eq!((code, &same["result"]), (200, &status["result"]));
    let ordered = call(&server, "block", json!(["1"])).await;
    let (_, by_url) = get(&server, "block?height=1").await;
    assert_eq!(ordered["result"], by_url["result"]);
    assert_eq!(ordered["result"]["block"]["header"]["height"], "1");
    let hash = ordered["result"]["block_id"]["hash"].as_str().unwrap();
    let (_, by_hash) = get(&server, &format!("block_by_hash?hash=0x{hash}")).await;
    assert_eq!(by_hash["result"], by_url["result"]);
    let wanted = json!([
        { "jsonrpc": "2.0", "id": 1, "method": "health" },
        { "jsonrpc": "2.0", "method": "health" },
        { "jsonrpc": "2.0", "id": "x", "method": "nothing" },
    ]);
    let batch = post(&server, wanted).await;
    assert_eq!(batch[0], json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    assert_eq!((&batch[1]["id"], &batch[1]["error"]["code"]), (&json!("x"), &json!(-32601)));
    assert_eq!(batch.as_array().unwrap().len(), 2, "a notification is not answered");
    let (code, error) = get(&server, "block?height=99").await;
    assert_eq!((code, &error["error"]["code"]), (500, &json!(-32603)));
    for method in ["net_info", "genesis", "consensus_params", "validators", "commit", "blockchain", "unconfirmed_txs"] {
        let answer = call(&server, method, json!({})).await;
        assert!(answer["result"].is_object(), "{method}: {answer}");
    }
    let broken = reqwest::Client::new().post(format!("http://{}", server.rpc)).body("{").send().await.unwrap();
    let broken: Value = serde_json::from_str(&broken.text().await.unwrap()).unwrap();
    assert_eq!(broken["error"]["code"], -32700);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_waits_for_its_block_and_a_search_finds_it() {
    ready();
    let home = tempdir().unwrap();
    let blocks = Duration::from_millis(200);
    let server = Server::start(options(home.path(), Name::Virtengine, &["a", "b"], blocks)).await.unwrap();
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let account = client.account(&a.address).await;
    let draft = client.draft(vec![send(&a, &b, 3).pack(client.network)]);
    let tx = base64(&client.sign(&draft, &a, account.account_number, 0));
    let answer = call(&server, "broadcast_tx_commit", json!({ "tx": tx })).await;
    let result = &answer["result"];
    assert_eq!((&result["check_tx"]["code"], &result["tx_result"]["code"]), (&json!(0), &json!(0)), "{answer}");
    let again = call(&server, "broadcast_tx_sync", json!({ "tx": tx })).await;
    assert_eq!(again["error"]["data"], "tx already exists in cache");
    let hash = result["hash"].as_str().unwrap();
    let (_, found) = get(&server, &format!("tx?hash=0x{hash}")).await;
    assert_eq!(found["result"]["height"], result["height"]);
    let query = format!("tx.hash='{hash}'");
    let search = call(&server, "tx_search", json!({ "query": query, "page": "1", "per_page": "5" })).await;
    assert_eq!((&search["result"]["total_count"], &search["result"]["txs"][0]), (&json!("1"), &found["result"]));
    let beyond = call(&server, "tx_search", json!({ "query": query, "page": 2 })).await;
    assert_eq!(beyond["error"]["data"], "page should be within [1, 1] range");
    let height = result["height"].as_str().unwrap();
    let results = call(&server, "block_results", json!({ "height": height })).await;
    assert_eq!(results["result"]["txs_results"][0], found["result"]["tx_result"]);
    // What is refused says so at once.
    let tx = base64(&client.sign(&draft, &a, account.account_number, 9));
    let refused = call(&server, "broadcast_tx_commit", json!({ "tx": tx })).await;
    assert_eq!((&refused["result"]["check_tx"]["code"], &refused["result"]["height"]), (&json!(32), &json!("0")));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn subscriptions_tell_of_what_they_are_about() {
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.rpc)).await.unwrap();
    let (mut sink, mut stream) = socket.split();
    let mut next = async || {
        let message = tokio::time::timeout(Duration::from_secs(10), stream.next()).await.unwrap().unwrap().unwrap();
        serde_json::from_str::<Value>(message.to_text().unwrap()).unwrap()
    };
    let queries = [
        format!("tm.event='Tx' AND transfer.recipient='{}'", b.address),
        "tm.event='NewBlockHeader'".to_owned(),
        "tm.event='Tx' OR tm.event='NewBlock'".to_owned(),
    ];
    for (id, query) in queries.iter().enumerate() {
        let ask = json!({ "jsonrpc": "2.0", "id": id, "method": "subscribe", "params": { "query": query } });
        sink.send(Message::text(ask.to_string())).await.unwrap();
        let answer = next().await;
        assert_eq!(answer["id"], id);
        assert_eq!(answer["error"].is_null(), id < 2, "{answer}");
    }
    client.run(&b, &send(&b, &a, 1)).await;
    let done = client.run(&a, &send(&a, &b, 2)).await;
    // The header of the first block, the header of the second, its transaction.
    assert_eq!(next().await["result"]["data"]["type"], "tendermint/event/NewBlockHeader");
    assert_eq!(next().await["id"], 1);
    let told = next().await;
    assert_eq!(told["id"], 0);
    assert_eq!(told["result"]["events"]["tx.hash"][0], done.txhash);
    assert_eq!(told["result"]["data"]["value"]["TxResult"]["height"], done.height.to_string());
    let ask = json!({ "jsonrpc": "2.0", "id": 5, "method": "unsubscribe_all" });
    sink.send(Message::text(ask.to_string())).await.unwrap();
    assert_eq!(next().await["result"], json!({}));
    let ask = json!({ "jsonrpc": "2.0", "id": 6, "method": "status" });
    sink.send(Message::text(ask.to_string())).await.unwrap();
    assert_eq!(next().await["id"], 6, "nothing was told after the end of the subscriptions");
    server.stop().await.unwrap();
}

/// What a connection gives for these bytes until it ends.
async fn raw(server: &Server, request: &[u8]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(server.rpc).await.unwrap();
    stream.write_all(request).await.unwrap();
    let mut got = Vec::new();
    let _ = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut got)).await;
    String::from_utf8(got).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn half_an_answer_arrives_and_then_the_connection_ends() {
    ready();
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    let (_, whole) = get(&server, "genesis").await;
    let whole = whole.to_string().len();
    let faults = server.node.faults();
    faults.set(Rule::of(Fault::Half, Some("genesis")));
    let got = raw(&server, b"GET /genesis HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {whole}")), "{head}");
    assert!(body.len() == whole / 2 && body.starts_with('{'), "{body}");

    let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.rpc)).await.unwrap();
    let (mut sink, mut stream) = socket.split();
    let ask = json!({ "jsonrpc": "2.0", "id": 1, "method": "genesis" });
    sink.send(Message::text(ask.to_string())).await.unwrap();
    let message = stream.next().await.unwrap().unwrap();
    assert!(serde_json::from_str::<Value>(message.to_text().unwrap()).is_err(), "{message}");
    assert!(!matches!(stream.next().await, Some(Ok(_))));

    faults.clear();
    faults.set(Rule::of(Fault::Half, Some("GetLatestBlock")));
    let client = reqwest::Client::builder().http2_prior_knowledge().build().unwrap();
    let path = "cosmos.base.tendermint.v1beta1.Service/GetLatestBlock";
    let request = client.post(format!("http://{}/{path}", server.grpc)).header("content-type", "application/grpc");
    let mut answer = request.header("te", "trailers").body(vec![0; 5]).send().await.unwrap();
    let mut body = Vec::new();
    let ended = loop {
        match answer.chunk().await {
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            ended => break ended,
        }
    };
    assert!(ended.is_err(), "it must not end as if it were whole");
    let promised = u32::from_be_bytes(body[1..5].try_into().unwrap()) as usize;
    assert!(body.len() > 5 && body.len() - 5 < promised, "{} of {promised}", body.len());
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_taken_as_cometbft_takes_them() {
    ready();
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a", "b"]).await;
    let client = Client::of(&server).await;
    let (a, b) = (Key::of("a", client.network), Key::of("b", client.network));
    let done = client.run(&a, &send(&a, &b, 3)).await;

    // Quotes as they are, in one request and in the next of the same connection.
    let ask = format!("GET /tx_search?query=\"tx.height={}\" HTTP/1.1\r\nHost: x\r\n", done.height);
    let got = raw(&server, format!("{ask}\r\n{ask}Connection: close\r\n\r\n").as_bytes()).await;
    assert_eq!(got.matches("HTTP/1.1 200 OK").count(), 2, "{got}");
    assert_eq!(got.matches(&done.txhash).count(), 2, "{got}");

    // A height is one from 1 on.
    for path in ["block?height=0", "commit?height=0", "validators?height=-1"] {
        let (code, error) = get(&server, path).await;
        let (number, data) = (&error["error"]["code"], error["error"]["data"].as_str().unwrap());
        assert_eq!((code, number), (500, &json!(-32603)), "{path}");
        assert!(data.starts_with("height must be greater than 0, but got "), "{path}: {data}");
    }

    // A list is no request, neither alone nor within a batch.
    let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.rpc)).await.unwrap();
    let (mut sink, mut stream) = socket.split();
    for text in ["[]", "[1, \"status\"]", "7"] {
        sink.send(Message::text(text)).await.unwrap();
        let message = stream.next().await.unwrap().unwrap();
        let answer: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        assert_eq!(answer["error"]["code"], -32700, "{text}");
    }
    let batch = post(&server, json!([[1, "status"]])).await;
    assert_eq!(batch[0]["error"]["code"], -32600);

    // What is too much is refused before it is read.
    let one = json!({ "jsonrpc": "2.0", "id": 1, "method": "health" });
    assert_eq!(post(&server, json!(vec![&one; 100])).await.as_array().unwrap().len(), 100);
    assert_eq!(post(&server, json!(vec![&one; 101])).await["error"]["code"], -32600);
    let large = json!({ "jsonrpc": "2.0", "id": 1, "method": "health", "params": { "x": "y".repeat(1_000_000) } });
    let data = post(&server, large).await["error"]["data"].as_str().unwrap().to_owned();
    assert!(data.ends_with("request body too large"), "{data}");
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn parameters_of_another_kind_and_queries_without_end_are_refused() {
    ready();
    let home = tempdir().unwrap();
    let server = start(home.path(), Name::Virtengine, &["a"]).await;
    for (method, params) in [
        ("tx", json!({ "hash": 5 })),
        ("tx", json!({ "hash": "qg==", "prove": "yes" })),
        ("abci_query", json!({ "path": "/cosmos.bank.v1beta1.Query/Params", "data": 5 })),
        ("broadcast_tx_sync", json!({ "tx": ["qg=="] })),
        ("check_tx", json!([7])),
        ("tx_search", json!({ "query": 5 })),
        ("block", json!({ "height": "x" })),
        ("genesis_chunked", json!({ "chunk": true })),
    ] {
        let answer = call(&server, method, params.clone()).await;
        assert_eq!(answer["error"]["code"], -32602, "{method} {params}: {answer}");
    }
    let long = ["message.sender EXISTS"; 40].join(" AND ");
    for method in ["tx_search", "block_search"] {
        let answer = call(&server, method, json!({ "query": long })).await;
        assert_eq!(answer["error"]["data"], "maximum query length exceeded", "{method}");
    }
    let (socket, _) = tokio_tungstenite::connect_async(format!("ws://{}/websocket", server.rpc)).await.unwrap();
    let (mut sink, mut stream) = socket.split();
    for (query, code) in [(json!(long), -32603), (json!(5), -32602)] {
        let ask = json!({ "jsonrpc": "2.0", "id": 1, "method": "subscribe", "params": { "query": query } });
        sink.send(Message::text(ask.to_string())).await.unwrap();
        let message = stream.next().await.unwrap().unwrap();
        let answer: Value = serde_json::from_str(message.to_text().unwrap()).unwrap();
        assert_eq!(answer["error"]["code"], code);
    }
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn blocks_are_found_and_transactions_are_proved_and_checked() {
    ready();
    let home = tempdir().unwrap();
    let blocks = Duration::from_millis(300);
    let server = Server::start(options(home.path(), Name::Virtengine, &["a", "b", "c"], blocks)).await.unwrap();
    let client = Client::of(&server).await;
    let [a, b, c] = ["a", "b", "c"].map(|name| Key::of(name, client.network));
    // Several in one block, so that there are aunts.
    let mut hashes = Vec::new();
    for key in [&a, &b, &c] {
        let draft = client.draft(vec![send(key, &a, 1).pack(client.network)]);
        hashes.push(client.send(key, &draft).await.txhash);
    }
    for hash in &hashes {
        client.included(hash).await;
        let (_, found) = get(&server, &format!("tx?hash=0x{hash}&prove=true")).await;
        let (found, proof) = (&found["result"], &found["result"]["proof"]);
        let (_, block) = get(&server, &format!("block?height={}", found["height"])).await;
        let block = &block["result"]["block"];
        assert_eq!(proof["root_hash"], block["header"]["data_hash"]);
        assert_eq!((&proof["data"], &proof["proof"]["index"]), (&found["tx"], &json!(found["index"].to_string())));
        let count = block["data"]["txs"].as_array().unwrap().len();
        assert_eq!(proof["proof"]["total"], count.to_string());
        assert_eq!(proof["proof"]["aunts"].as_array().unwrap().is_empty(), count == 1);
        let search = call(&server, "tx_search", json!({ "query": format!("tx.hash='{hash}'"), "prove": true })).await;
        assert_eq!(&search["result"]["txs"][0], found);
        let plain = call(&server, "tx_search", json!({ "query": format!("tx.hash='{hash}'") })).await;
        assert!(plain["result"]["txs"][0].get("proof").is_none());
    }
    let height = async || {
        let status = call(&server, "status", json!({})).await;
        status["result"]["sync_info"]["latest_block_height"].as_str().unwrap().parse::<u64>().unwrap()
    };
    while height().await < 3 {
        tokio::time::sleep(blocks).await;
    }
    let heights = async |query: &str, order: &str| {
        let params = json!({ "query": query, "per_page": "2", "order_by": order });
        let found = call(&server, "block_search", params).await["result"].clone();
        let heights: Vec<_> =
            found["blocks"].as_array().unwrap().iter().map(|one| one["block"]["header"]["height"].clone()).collect();
        (found["total_count"].as_str().unwrap().parse::<u64>().unwrap(), heights)
    };
    assert_eq!(heights("block.height <= 3 AND block.height > 1", "").await, (2, vec![json!("3"), json!("2")]));
    assert_eq!(heights("block.height <= 3", "asc").await, (3, vec![json!("1"), json!("2")]));
    assert_eq!(heights("block.height = 2 AND mint.amount EXISTS", "").await, (1, vec![json!("2")]));
    assert_eq!(heights("block.height < 3 AND nobody.tells EXISTS", "").await, (0, Vec::new()));
    // A check is a check: it says what is wrong, and leaves no transaction behind.
    let account = client.account(&a.address).await;
    let draft = client.draft(vec![send(&a, &b, 1).pack(client.network)]);
    for (sequence, code) in [(account.sequence, 0), (account.sequence + 7, 32)] {
        let tx = base64(&client.sign(&draft, &a, account.account_number, sequence));
        let answer = call(&server, "check_tx", json!({ "tx": tx })).await;
        assert_eq!(answer["result"]["code"], code, "{answer}");
    }
    let waiting = call(&server, "num_unconfirmed_txs", json!({})).await;
    assert_eq!(waiting["result"]["total"], "0");
    let (_, whole) = get(&server, "genesis").await;
    let (_, chunk) = get(&server, "genesis_chunked?chunk=0").await;
    let bytes = base64::engine::general_purpose::STANDARD.decode(chunk["result"]["data"].as_str().unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&bytes).unwrap(), whole["result"]["genesis"]);
    assert_eq!((&chunk["result"]["chunk"], &chunk["result"]["total"]), (&json!("0"), &json!("1")));
    assert_eq!(get(&server, "genesis_chunked?chunk=1").await.0, 500);
    server.stop().await.unwrap();
}

//! kill -9 at any moment, under load.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::client::{Client, Key, genesis};
use super::services::send;
use provider::chain::wire::Named;
use provider::chain::wire::cosmos::bank::QueryBalanceRequest;
use provider::chain::wire::cosmos::comet::{GetBlockByHeightRequest, GetLatestBlockRequest};
use provider::chain::wire::cosmos::tx_service::GetTxRequest;
use provider::chain::wire::tendermint::types::BlockId;
use provider::domain::network::{Name, Network};
use tempfile::tempdir;

const SENDERS: usize = 4;
const ROUNDS: usize = 20;

/// The program, and where its gRPC is.
struct Running {
    child: Child,
    grpc: String,
}

impl Running {
    #[allow(clippy::zombie_processes, reason = "a test that gives up leaves it behind")]
    fn start(home: &Path, genesis: &Path, block_time: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_provider"))
            .args(["devnet", "start", "--network", "akash", "--block-time", block_time])
            .args(["--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"])
            .arg("--home")
            .arg(home)
            .arg("--genesis")
            .arg(genesis)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        loop {
            let status = Command::new(env!("CARGO_BIN_EXE_provider"))
                .args(["devnet", "status", "-o", "json", "--home"])
                .arg(home)
                .output()
                .unwrap();
            if let Ok(state) = serde_json::from_slice::<serde_json::Value>(&status.stdout)
                && state["process"] == child.id()
            {
                return Self { child, grpc: state["grpc"].as_str().unwrap().to_owned() };
            }
            assert!(begun.elapsed() < Duration::from_secs(30), "it does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Sends one unit after the other until the chain is gone, and notes which were included.
async fn send_until_gone(client: Client, from: Key, to: Key, included: Arc<Mutex<Vec<String>>>) {
    let mut message = send(&from, &to, 1);
    message.amount[0].denom = "uakt".into();
    let draft = client.draft(vec![message.pack(client.network)]);
    let account = client.account(&from.address).await;
    for sequence in account.sequence.. {
        let bytes = client.sign(&draft, &from, account.account_number, sequence);
        let Ok(sent) = client.broadcast(bytes).await else { return };
        assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
        loop {
            match client.call(GetTxRequest { hash: sent.txhash.clone() }).await {
                Ok(_) => break,
                Err(status) if status.code() == tonic::Code::NotFound => {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                Err(_) => return,
            }
        }
        included.lock().unwrap().push(sent.txhash);
    }
}

/// How far the blocks were looked at.
#[derive(Default)]
struct Seen {
    height: i64,
    id: Option<BlockId>,
    sent: u64,
}

/// What the blocks say happened is what the state says: no block is in it by half.
async fn check(client: &Client, keys: &[Key], to: &Key, included: &[String], seen: &mut Seen) {
    for hash in included {
        assert!(client.call(GetTxRequest { hash: hash.clone() }).await.is_ok(), "{hash} was included and is gone");
    }
    let last = client.call(GetLatestBlockRequest {}).await.unwrap().block.unwrap().header.height;
    assert!(last >= seen.height, "the chain was at {} and is at {last}", seen.height);
    for height in seen.height + 1..=last {
        let answer = client.call(GetBlockByHeightRequest { height }).await.unwrap();
        let block = answer.block.unwrap();
        let before = seen.id.as_ref();
        assert!(before.is_none_or(|before| *before == block.header.last_block_id), "block {height} hangs in the air");
        seen.sent += block.data.txs.len() as u64;
        (seen.height, seen.id) = (height, answer.block_id);
    }
    let sent = seen.sent;
    let mut sequences = 0;
    for key in keys {
        sequences += client.account(&key.address).await.sequence;
    }
    assert_eq!(sequences, sent, "the state has other transactions than the blocks");
    let request = QueryBalanceRequest { address: to.address.clone(), denom: "uakt".to_owned() };
    let balance = client.call(request).await.unwrap().balance.unwrap().amount;
    assert_eq!(balance, sent.to_string(), "the state has other money than the blocks moved");
}

#[test]
fn kills_under_load_leave_whole_blocks_and_every_included_transaction() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let network: &'static Network = Name::Akash.facts();
    let folder = tempdir().unwrap();
    let home = folder.path().join("chain");
    let names: Vec<String> = (0..SENDERS).map(|number| format!("sender {number}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let keys: Vec<Key> = names.iter().map(|name| Key::of(name, network)).collect();
    let to = Key::of("receiver", network);
    let genesis_file = folder.path().join("genesis.json");
    std::fs::write(&genesis_file, serde_json::to_string(&genesis(network, &names)).unwrap()).unwrap();
    let included = Arc::new(Mutex::new(Vec::new()));
    let mut seen = Seen::default();
    for round in 0..ROUNDS {
        // In turn a block for each transaction, and blocks by the clock.
        let running = Running::start(&home, &genesis_file, if round % 2 == 0 { "0" } else { "20ms" });
        runtime.block_on(async {
            let client = Client::at(&running.grpc, network, "devnet-akash-1").await;
            if round > 0 {
                let known = included.lock().unwrap().clone();
                check(&client, &keys, &to, &known, &mut seen).await;
            }
            for key in &keys {
                let load = send_until_gone(client.clone(), key.clone(), to.clone(), Arc::clone(&included));
                tokio::spawn(load);
            }
            tokio::time::sleep(Duration::from_millis(40 + round as u64 * 7919 % 230)).await;
        });
        running.kill();
    }
    let running = Running::start(&home, &genesis_file, "0");
    runtime.block_on(async {
        let client = Client::at(&running.grpc, network, "devnet-akash-1").await;
        let known = included.lock().unwrap().clone();
        check(&client, &keys, &to, &known, &mut seen).await;
        assert!(known.len() > ROUNDS, "only {} transactions were included", known.len());
    });
    running.kill();
}

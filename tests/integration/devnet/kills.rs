//! kill -9 at any moment, under load.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::client::{Client, Key, genesis, options};
use super::services::send;
use provider::chain::wire::Named;
use provider::chain::wire::base::{Deposit, Source};
use provider::chain::wire::cosmos::bank::QueryBalanceRequest;
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::cosmos::comet::{GetBlockByHeightRequest, GetLatestBlockRequest};
use provider::chain::wire::cosmos::tx_service::GetTxRequest;
use provider::chain::wire::deployment::{DeploymentId, MsgCloseDeployment, MsgCreateDeployment};
use provider::chain::wire::market::{
    BidId, BidState, LeaseId, LeaseState, MsgCreateBid, MsgCreateLease, MsgWithdrawLease, OrderFilters, OrderState,
    QueryOrdersRequest,
};
use provider::chain::wire::tendermint::types::BlockId;
use provider::devnet::app::genesis::{Genesis, Identity, Info, Provider};
use provider::devnet::hex;
use provider::devnet::node::Node;
use provider::devnet::rules::{auth, bank, deployment, escrow, market};
use provider::devnet::seed::usual_group;
use provider::devnet::server::file_of;
use provider::domain::amount::{Dec18, Int};
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
    fn start(home: &Path, genesis: &Path, network: Name, block_time: &str) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_provider"))
            .args(["devnet", "start", "--network", network.word(), "--block-time", block_time])
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
        let running = Running::start(&home, &genesis_file, Name::Akash, if round % 2 == 0 { "0" } else { "20ms" });
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
    let running = Running::start(&home, &genesis_file, Name::Akash, "0");
    runtime.block_on(async {
        let client = Client::at(&running.grpc, network, "devnet-akash-1").await;
        let known = included.lock().unwrap().clone();
        check(&client, &keys, &to, &known, &mut seen).await;
        assert!(known.len() > ROUNDS, "only {} transactions were included", known.len());
    });
    running.kill();
}

/// Deploys, bids, leases, withdraws and closes, over and over, until the chain is gone; notes what was included.
async fn trade_until_gone(
    client: Client,
    [tenant, provider]: [Key; 2],
    round: usize,
    included: Arc<Mutex<Vec<String>>>,
) {
    let network = client.network;
    let mut sequences = [client.account(&tenant.address).await, client.account(&provider.address).await];
    for turn in 0u64.. {
        let dseq = 1 + round as u64 * 100_000 + turn;
        let owner = tenant.address.clone();
        let bid_id =
            BidId { owner: owner.clone(), dseq, gseq: 1, oseq: 1, provider: provider.address.clone(), bseq: 0 };
        let deposit = |amount: &str| Deposit {
            amount: Coin { denom: "uve".into(), amount: amount.into() },
            sources: vec![Source::Balance.into()],
        };
        let id = DeploymentId { owner: owner.clone(), dseq };
        let groups = vec![usual_group(network)];
        let create = MsgCreateDeployment {
            id: id.clone(),
            groups,
            hash: vec![7; 32],
            deposit: deposit("5000000"),
            reclamation: None,
        };
        let price = create.groups[0].resources[0].price.clone();
        let bid = MsgCreateBid { id: bid_id.clone(), price, deposit: deposit("500000"), ..MsgCreateBid::default() };
        let lease_id = LeaseId { owner, dseq, gseq: 1, oseq: 1, provider: provider.address.clone(), bseq: 0 };
        let messages = [
            (0, create.pack(network)),
            (1, bid.pack(network)),
            (0, MsgCreateLease { bid_id }.pack(network)),
            (1, MsgWithdrawLease { id: lease_id }.pack(network)),
            (0, MsgCloseDeployment { id }.pack(network)),
        ];
        for (who, message) in messages {
            let key = [&tenant, &provider][who];
            let account = &mut sequences[who];
            let bytes = client.sign(&client.draft(vec![message]), key, account.account_number, account.sequence);
            let Ok(sent) = client.broadcast(bytes).await else { return };
            if sent.codespace == "ratelimit" {
                // Many at once: the next block lets it in.
                tokio::time::sleep(Duration::from_millis(20)).await;
                break;
            }
            assert_eq!(sent.code, 0, "{}", String::from_utf8_lossy(&sent.raw_log));
            account.sequence += 1;
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
}

/// Whom a command funds, and with how much each time.
const GIFT: u64 = 7;

/// The rounds in which orders are seeded, of three.
const SEEDING: usize = 1;

/// Whether there are seeded orders.
async fn has_seeded(client: &Client) -> bool {
    let owner = auth::of_bytes(client.network, &auth::module_address("devnet seed"));
    let filters = OrderFilters { owner, ..OrderFilters::default() };
    !client.call(QueryOrdersRequest { filters, pagination: None }).await.unwrap().orders.is_empty()
}

/// What else happens to the chain when it is killed.
fn disturb(home: &Path, round: usize, gifted: &Path) -> Child {
    let program = env!("CARGO_BIN_EXE_provider");
    let (home, gifted) = (home.display(), gifted.display());
    let receiver = Key::of("receiver", Name::Virtengine.facts()).address;
    let command = match round % 3 {
        // A line for each gift that was said to be given.
        0 => format!(
            "while {program} devnet fund {receiver} {GIFT}uve --home {home} -q >/dev/null; do echo 1 >>{gifted}; done"
        ),
        SEEDING => format!("exec {program} devnet seed orders --count 1000000 --home {home}"),
        _ => format!("exec {program} devnet advance --blocks 1000000 --home {home}"),
    };
    Command::new("sh").args(["-c", &command]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// What was found at the last look.
#[derive(Default)]
struct Found {
    height: i64,
    id: Option<BlockId>,
    /// How often the checks of a block let a transaction through.
    signed: u64,
    messages: BTreeSet<String>,
    seeded: usize,
}

/// Opens what a kill has left, and looks whether it fits together.
fn look(home: &Path, keys: &[Key], included: &[String], gifts: u64, found: &mut Found) {
    let network = Name::Virtengine.facts();
    let identity = options(home, Name::Virtengine, &[], Duration::ZERO).identity;
    let node = Node::open(&file_of(home), identity, &Genesis::default(), Duration::ZERO).unwrap();
    let moment = node.moment(0).unwrap();
    for hash in included {
        assert!(moment.tx(&hex::decode(hash).unwrap()).unwrap().is_some(), "{hash} was included and is gone");
    }
    assert!(moment.height() >= found.height, "the chain was at {} and is at {}", found.height, moment.height());
    for height in found.height + 1..=moment.height() {
        let block = moment.block(height).unwrap().unwrap();
        let before = found.id.as_ref();
        assert!(before.is_none_or(|before| *before == block.header.last_block_id), "block {height} hangs in the air");
        for tx in moment.txs(height).unwrap() {
            found.signed += u64::from(!tx.result.events.is_empty());
            let told = tx.result.events.iter().filter(|event| event.r#type == "message" && tx.result.code == 0);
            let actions = told.flat_map(|event| &event.attributes).filter(|attribute| attribute.key == "action");
            found.messages.extend(actions.map(|action| action.value.clone()));
        }
        (found.height, found.id) = (height, Some(block.id()));
    }
    let address = |text: &str| auth::bytes_of(network, text).map_err(|refusal| refusal.text().into_owned()).unwrap();
    let sum = |sum: Dec18, wire: &str| sum.checked_add(Dec18::from_wire(wire).unwrap()).unwrap();
    moment
        .ask(None, |context| {
            let kv = &*context.kv;
            let sequences = keys.iter().map(|key| auth::find(kv, &address(&key.address)).unwrap().unwrap().sequence);
            assert_eq!(sequences.sum::<u64>(), found.signed, "the state has other transactions than the blocks");
            let money = bank::everything(kv)?.into_iter().filter(|coin| coin.denom == "uve");
            let money =
                money.fold(Int::ZERO, |sum, coin| sum.checked_add(Int::from_wire(&coin.amount).unwrap()).unwrap());
            assert_eq!(money, bank::supply(kv, "uve")?);
            let mut owed = Dec18::ZERO;
            for account in escrow::all_accounts(kv)? {
                owed = account.state.deposits.iter().fold(owed, |owed, deposit| sum(owed, &deposit.balance.amount));
            }
            owed = escrow::all_payments(kv)?.iter().fold(owed, |owed, one| sum(owed, &one.state.balance.amount));
            let held = bank::balance(kv, &auth::module_address("escrow"), "uve")?;
            assert_eq!(Dec18::try_from(held).unwrap(), owed, "the books of escrow");
            // Each gift is there as a whole, and those that were said to be are.
            let receiver = address(&Key::of("receiver", network).address);
            let given = u64::try_from(bank::balance(kv, &receiver, "uve")?).unwrap();
            assert!(given.is_multiple_of(GIFT) && given / GIFT >= gifts, "{given} of {gifts} gifts");
            // Each deployment has its order, and a block of seeded ones is there as a whole.
            let (groups, orders) = (deployment::all_groups(kv)?.len(), market::all_orders(kv)?.len());
            assert_eq!(groups, orders);
            let seeder = auth::of_bytes(network, &auth::module_address("devnet seed"));
            found.seeded = deployment::all(kv)?.iter().filter(|one| one.id.owner == seeder).count();
            assert!(found.seeded.is_multiple_of(2_000), "{} seeded orders", found.seeded);
            for lease in market::all_leases(kv)? {
                let bid_id = market::bid_of(&lease.id);
                let order = market::find_order(context, &market::order_of(&bid_id))?.unwrap();
                let bid = market::find_bid(context, &bid_id)?.unwrap();
                let running = lease.state() == LeaseState::Active;
                assert_eq!(running, order.state() == OrderState::Active, "{lease:?}");
                assert_eq!(running, bid.state() == BidState::Active, "{lease:?}");
            }
            Ok(())
        })
        .unwrap();
    node.end();
}

#[test]
fn kills_of_the_market_and_during_commands_leave_whole_blocks() {
    const ROUNDS: usize = 9;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let network: &'static Network = Name::Virtengine.facts();
    let folder = tempdir().unwrap();
    let (home, gifted) = (folder.path().join("chain"), folder.path().join("gifts"));
    let keys = ["tenant", "provider"].map(|name| Key::of(name, network));
    let mut begun = genesis(network, &["tenant", "provider"]);
    let owner = keys[1].address.clone();
    begun.identity.push(Identity { address: owner.clone(), score: 80, tier: "standard".to_owned() });
    let host_uri = "https://provider.example.com:8443".to_owned();
    begun.providers.push(Provider { owner, host_uri, attributes: Vec::new(), info: Info::default() });
    let genesis_file = folder.path().join("genesis.json");
    std::fs::write(&genesis_file, serde_json::to_string(&begun).unwrap()).unwrap();
    let included = Arc::new(Mutex::new(Vec::new()));
    let mut found = Found::default();
    for round in 0..ROUNDS {
        let blocks = if round % 2 == 0 { "0" } else { "20ms" };
        let running = Running::start(&home, &genesis_file, Name::Virtengine, blocks);
        let mut other = runtime.block_on(async {
            let client = Client::at(&running.grpc, network, "devnet-virtengine-1").await;
            let watcher = client.clone();
            let load = trade_until_gone(client, keys.clone(), round, Arc::clone(&included));
            let load = tokio::spawn(load);
            tokio::time::sleep(Duration::from_millis(300)).await;
            let other = disturb(&home, round, &gifted);
            if round % 3 == SEEDING {
                // Its first block takes a while; the kill is to fall into a later one.
                while !has_seeded(&watcher).await {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
            tokio::time::sleep(Duration::from_millis(900 + round as u64 * 7919 % 1_300)).await;
            assert!(!load.is_finished() || load.await.is_ok(), "the load gave up");
            other
        });
        running.kill();
        // It ends by itself when nobody answers.
        other.wait().unwrap();
        let known = included.lock().unwrap().clone();
        let gifts = std::fs::read_to_string(&gifted).unwrap_or_default().lines().count() as u64;
        look(&home, &keys, &known, gifts, &mut found);
    }
    let included = included.lock().unwrap().len();
    assert!(included > ROUNDS, "only {included} transactions were included");
    assert!(found.seeded > 0, "nothing was seeded");
    assert!(gifted.exists(), "nothing was given");
    for message in ["MsgCreateDeployment", "MsgCreateBid", "MsgCreateLease", "MsgWithdrawLease", "MsgCloseDeployment"] {
        assert!(found.messages.iter().any(|action| action.ends_with(message)), "no {message}: {:?}", found.messages);
    }
}

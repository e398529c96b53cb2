//! A development chain in this process, a state file with an outbox, and the program that sends.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use jiff::Timestamp;
use prost_types::Any;

use provider::chain::wire::TxMessage;
use provider::chain::wire::base::{Deposit, Source};
use provider::chain::wire::cosmos::bank::MsgSend;
use provider::chain::wire::cosmos::coin::Coin;
use provider::chain::wire::market::{BidId, MsgCreateBid, Order, OrderFilters, QueryOrdersRequest};
use provider::chain::wire::resources::{MsgProviderHeartbeat, ResourceClass};
use provider::devnet::app::genesis::{Account, Identity, Info, Provider};
use provider::devnet::seed;
use provider::devnet::server::{Options, Server};
use provider::domain::address::Address;
use provider::domain::network::{Name, Network};
use provider::domain::outbox::intent::State;
use provider::domain::tx_hash::TxHash;
use provider::keys::file::{Access, Costs, Described, Keyring};
use provider::keys::{HdPath, Mnemonic, Passphrase, PublicKey};
use provider::store::outbox::{Enqueued, IntentId, NewIntent, NewTransaction, Stamp, intents, transactions};
use provider::store::{Mode, Store};
use serde_json::Value;
use tempfile::TempDir;

use crate::devnet::client::{Client, Key, options};

const PASSPHRASE: &str = "correct horse battery staple";

/// As cheap as can be: a flush unlocks the key each time.
const CHEAP: Costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };

/// What the provider's account begins with.
pub const BEGINNING: u64 = 1_000_000_000_000;

/// A chain, a state file, a key, a configuration.
pub struct World {
    pub folder: TempDir,
    pub server: Server,
    pub client: Client,
    pub address: Address,
    pub network: &'static Network,
}

/// What a run of the program ended with.
pub struct Ran {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Ran {
    /// Its JSON, whatever it ended with.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{:?} {}{}", self.code, self.stdout, self.stderr))
    }
}

/// A folder in memory where there is one: a kill loses nothing that the kernel has, so disks would only be slow.
fn folder() -> TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory).unwrap() } else { tempfile::tempdir().unwrap() }
}

fn mnemonic() -> Mnemonic {
    Mnemonic::parse(&format!("{}art", "abandon ".repeat(23))).unwrap()
}

/// The address of the key, which is the first one of the vectors' phrase.
pub fn address(network: &Network) -> Address {
    let private = mnemonic().derive(&HdPath::of_account(118, 0).unwrap()).unwrap();
    let PublicKey::Secp256k1(point) = private.public() else { panic!("another type") };
    Address::of_secp256k1(&point, network.address_prefix).unwrap()
}

/// What a chain of these tests begins with: the provider has an account, an identity and a registration.
pub fn chain_options(home: &Path, name: Name, block_time: Duration) -> Options {
    let mut options = options(home, name, &["a", "b"], block_time);
    let owner = address(name.facts()).to_string();
    let coins: Vec<String> =
        name.facts().denominations.iter().map(|denom| format!("{BEGINNING}{}", denom.base)).collect();
    options.genesis.accounts.push(Account { name: "provider".into(), address: owner.clone(), coins: coins.join(",") });
    options.genesis.identity.push(Identity { address: owner.clone(), score: 90, tier: "premium".into() });
    let host_uri = "https://provider.example.com:8443".to_owned();
    let (attributes, info) = (Vec::new(), Info::default());
    options.genesis.providers.push(Provider { owner, host_uri, attributes, info });
    options
}

impl World {
    /// A chain that makes a block each so many milliseconds, or for each transaction, and nothing in the outbox.
    pub async fn new(block_milliseconds: u64, more: &str) -> Self {
        Self::with(block_milliseconds, more, |_| {}).await
    }

    /// The same, on another chain.
    pub async fn with(block_milliseconds: u64, more: &str, change: impl FnOnce(&mut Options)) -> Self {
        let folder = folder();
        let block_time = Duration::from_millis(block_milliseconds);
        let mut options = chain_options(&folder.path().join("chain"), Name::Virtengine, block_time);
        change(&mut options);
        let server = Server::start(options).await.unwrap();
        let client = Client::of(&server).await;
        let network = client.network;
        let world = Self { address: address(network), folder, server, client, network };
        fs::create_dir(world.path("")).unwrap();
        world.configure(more);
        let secret = world.folder.path().join("passphrase");
        fs::write(&secret, PASSPHRASE).unwrap();
        fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
        let keyring = Keyring::open(&world.path("keyring"), Access::Create).unwrap();
        let hd_path = HdPath::of_account(118, 0).unwrap();
        let private = mnemonic().derive(&hd_path).unwrap();
        let said =
            Described { name: "provider".parse().unwrap(), hd_path: Some(hd_path), created_at: Timestamp::UNIX_EPOCH };
        let passphrase = Passphrase::typed(PASSPHRASE).unwrap();
        keyring.add(keyring.seal(said, &private, &passphrase, CHEAP).unwrap()).unwrap();
        drop(world.store());
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(".provider-daemon").join(name)
    }

    /// Writes the configuration; `more` are lines of the section `transactions`, or sections after a line `---`.
    pub fn configure(&self, more: &str) {
        let (lines, sections) = more.split_once("---\n").unwrap_or((more, ""));
        let text = format!(
            "logging: {{ level: error }}\nchain:\n  chain_id: {}\n  node_url: http://{}\n  grpc_url: http://{}\n  \
             timeout: 2s\n  max_lag: 10000\ntransactions:\n  low_balance: 1\n{lines}\n{sections}",
            self.client.chain_id, self.server.rpc, self.server.grpc
        );
        fs::write(self.path("config.yaml"), text).unwrap();
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path("state.db"), Mode::Write).unwrap()
    }

    /// The program, with nothing of this process's environment.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(arguments).env_clear().env("HOME", self.folder.path()).env("PATH", "/usr/bin:/bin");
        command.current_dir(self.folder.path()).stdin(Stdio::null());
        command
    }

    pub fn flushing(&self) -> Command {
        self.command(&["tx", "flush", "--passphrase-file", "passphrase", "-o", "json"])
    }

    /// Runs the program beside the chain.
    pub async fn run(&self, mut command: Command) -> Ran {
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }

    pub async fn flush(&self) -> Ran {
        self.run(self.flushing()).await
    }

    /// Flushes until nothing is left to do; how often that took.
    pub async fn flush_to_the_end(&self) -> u32 {
        for round in 1..60 {
            let ran = self.flush().await;
            let left = self.open();
            if left.is_empty() {
                return round;
            }
            assert!(matches!(ran.code, Some(0 | 1 | 69 | 75)), "{:?} {}{}", ran.code, ran.stdout, ran.stderr);
        }
        panic!("the outbox is never empty: {:?}", self.open());
    }

    /// The messages that are not settled.
    pub fn open(&self) -> Vec<(IntentId, State)> {
        let filter = intents::Filter { open: true, ..intents::Filter::default() };
        let open = self.store().read("list", |snapshot| intents::list(snapshot, &filter)).unwrap();
        open.into_iter().map(|intent| (intent.id, intent.state)).collect()
    }

    /// Wants a message on the chain.
    pub fn enqueue<M: TxMessage>(&self, store: &Store, key: &str, message: &M, deposit: Option<&str>) -> IntentId {
        self.want(store, key, message, (deposit, None))
    }

    /// The same, until a time.
    pub fn enqueue_until<M: TxMessage>(&self, store: &Store, key: &str, message: &M, until: Timestamp) -> IntentId {
        self.want(store, key, message, (None, Some(until)))
    }

    fn want<M: TxMessage>(
        &self,
        store: &Store,
        key: &str,
        message: &M,
        (deposit, not_after): (Option<&str>, Option<Timestamp>),
    ) -> IntentId {
        let any = message.pack(self.network);
        let deposit = deposit.map(|text| text.parse().unwrap());
        let new = NewIntent {
            key,
            chain: &self.client.chain_id,
            signer: message.signer(),
            type_url: &any.type_url,
            message: &any.value,
            deposit: deposit.as_ref(),
            not_after,
        };
        let stamp = Stamp { at: Timestamp::now(), run: None };
        match store.write("enqueue", |change| intents::enqueue(change, new, stamp)).unwrap() {
            Enqueued::New(id) | Enqueued::Known(id, _) => id,
            Enqueued::Differs(id) => panic!("another message is known as {key}: {id}"),
        }
    }

    /// Stores a transaction as a flush would have done, with that gas limit. Its bytes.
    pub async fn sign_by_hand(&self, of: &[(IntentId, Any)], gas_limit: u64) -> Vec<u8> {
        let key = self.foreign_key();
        let account = self.client.account(&key.address).await;
        let (ids, messages): (Vec<_>, Vec<_>) = of.iter().cloned().unzip();
        let mut draft = self.client.draft(messages);
        let height = u64::try_from(self.server.node.moment(0).unwrap().height()).unwrap();
        (draft.fee.gas_limit, draft.body.timeout_height) = (gas_limit, height + 500);
        let bytes = self.client.sign(&draft, &key, account.account_number, account.sequence);
        let fee = "50000uve".parse().unwrap();
        let new = NewTransaction {
            hash: TxHash::of(&bytes).0,
            chain: &self.client.chain_id,
            signer: self.address.as_str(),
            account_number: account.account_number,
            sequence: account.sequence,
            bytes: &bytes,
            gas_limit,
            fee: &fee,
            signed_height: height,
            timeout_height: height + 500,
        };
        let stamp = Stamp { at: Timestamp::now(), run: None };
        self.store().write("sign", |change| transactions::store_signed(change, &new, &ids, stamp)).unwrap();
        bytes
    }

    /// A payment to somebody who never had anything: so many units are all that they ever get.
    pub fn send(&self, number: u64) -> MsgSend {
        self.send_to(&self.send_address(number), 1_000 + number)
    }

    /// Whom [`World::send`] pays.
    pub fn send_address(&self, number: u64) -> Address {
        let mut to = [0; 20];
        to[..8].copy_from_slice(&number.to_be_bytes());
        Address::of_bytes(&to, self.network.address_prefix).unwrap()
    }

    /// The provider's key in the hands of another program.
    pub fn foreign_key(&self) -> Key {
        let phrase = bip32::Mnemonic::new(mnemonic().reveal(), bip32::Language::English).unwrap();
        let path = "m/44'/118'/0'/0/0".parse().unwrap();
        let private = bip32::XPrv::derive_from_path(phrase.to_seed(""), &path).unwrap();
        Key { secret: private.into(), address: self.address.to_string() }
    }

    pub fn send_to(&self, to: &Address, amount: u64) -> MsgSend {
        let amount = vec![Coin { denom: self.network.fee_denomination.to_owned(), amount: amount.to_string() }];
        MsgSend { from_address: self.address.to_string(), to_address: to.to_string(), amount }
    }

    /// A heartbeat of an inventory of its own.
    pub fn heartbeat(&self, number: u64) -> MsgProviderHeartbeat {
        MsgProviderHeartbeat {
            provider_address: self.address.to_string(),
            inventory_id: format!("inventory-{number}"),
            resource_class: ResourceClass::ALL[1].into(),
            sequence: 1,
            ..MsgProviderHeartbeat::default()
        }
    }

    /// Makes open orders, and gives them back.
    pub async fn orders(&self, count: u32) -> Vec<Order> {
        let node = self.server.node.clone();
        let network = self.network;
        tokio::task::spawn_blocking(move || seed::orders(&node, count, &[seed::usual_group(network)]).unwrap())
            .await
            .unwrap();
        let filters = OrderFilters { state: "open".to_owned(), ..OrderFilters::default() };
        let pagination =
            Some(provider::chain::wire::cosmos::page::PageRequest { limit: u64::from(count), ..Default::default() });
        self.client.call(QueryOrdersRequest { filters, pagination }).await.unwrap().orders
    }

    /// A bid on an order, at its price.
    pub fn bid(&self, order: &Order) -> MsgCreateBid {
        let id = &order.id;
        let deposit = Coin { denom: self.network.fee_denomination.to_owned(), amount: "500000".to_owned() };
        MsgCreateBid {
            id: BidId {
                owner: id.owner.clone(),
                dseq: id.dseq,
                gseq: id.gseq,
                oseq: id.oseq,
                provider: self.address.to_string(),
                bseq: 0,
            },
            price: order.spec.resources[0].price.clone(),
            deposit: Deposit { amount: deposit, sources: vec![Source::Balance.into()] },
            resources_offer: Vec::new(),
            reclamation_window: None,
        }
    }

    /// The message as the chain has it: its type and its bytes.
    pub fn packed<M: TxMessage>(&self, message: &M) -> (String, Vec<u8>) {
        (M::type_url(self.network), message.encode_to_vec())
    }
}

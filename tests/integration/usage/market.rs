//! Leases on the development chain, with settlement escrows, of a provider that has a usage key.

use jiff::Timestamp;
use prost::Message as _;
use provider::chain::wire::deployment::GroupSpec;
use provider::chain::wire::market::{Order, OrderFilters, QueryOrdersRequest};
use provider::chain::wire::settlement::{QueryUsageRecordsByOrderRequest, UsageRecord};
use provider::devnet::tenant::{Action, Done, Tenant};
use provider::domain::id::LeaseId;
use provider::domain::manifest;
use provider::keys::file::{Access, Costs, Described, Key, Keyring};
use provider::keys::{Capabilities, Error, KeyType, Passphrase, PrivateKey, Signature, Signs};
use serde_json::Value;

use crate::tx::world::{Ran, World};

/// As cheap as can be: each run unlocks the key.
const CHEAP: Costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };

/// What is spent in the tests of usage is no storm of a defect.
const NO_CAPS: &str = "  fees_per_run: 1000000000000\n  fees_per_hour: 1000000000000\n  \
                       deposits_per_run: 1000000000000\n  deposits_per_hour: 1000000000000\n";

/// The number of the first deployment: no settlement escrow comes so far. The chain refuses an escrow that has the number of
/// a deployment of the same tenant.
const FIRST: u64 = 100_000;

/// A provider, a tenant, and their leases.
pub struct Market {
    pub world: World,
    pub leases: Vec<LeaseId>,
    pub key: UsageSigner,
}

impl Market {
    /// So many leases of this SDL, and an escrow of so much for the usage of each.
    pub async fn new(count: u64, sdl: &str, escrow: Option<&str>) -> Self {
        let world = World::new(0, "").await;
        let key = UsageSigner::add_to(&world);
        let mut market = Self { world, leases: Vec::new(), key };
        market.configure("");
        let (_, deployment) = manifest::read(sdl).unwrap();
        let groups: Vec<String> = deployment
            .groups
            .iter()
            .map(|group| provider::domain::hex::encode(&GroupSpec::from(group).encode_to_vec()))
            .collect();
        let hash = provider::domain::hex::encode(&deployment.manifest.version());
        let store = market.world.store();
        for dseq in FIRST..FIRST + count {
            let deposit = Some("50000000uve".to_owned());
            market
                .tenant(Action::Deploy { groups: groups.clone(), hash: hash.clone(), deposit, dseq: Some(dseq) })
                .await;
            let bid = market.world.bid(&market.order(dseq).await);
            market.world.enqueue(&store, &format!("bid/{dseq}"), &bid, Some("500000uve"));
        }
        drop(store);
        market.world.flush_to_the_end().await;
        for dseq in FIRST..FIRST + count {
            let accepted = market.tenant(Action::Accept { dseq, gseq: None, wait: 0 }).await;
            market.leases.push(LeaseId::parse(&accepted.ids[0], "ve").unwrap());
            if let Some(amount) = escrow {
                let (amount, expires_in) = (amount.to_owned(), 30 * 24 * 3600);
                market.tenant(Action::Escrow { dseq, gseq: 1, amount, expires_in, pending: false }).await;
            }
        }
        market
    }

    /// Writes the configuration, with these sections.
    pub fn configure(&self, sections: &str) {
        self.world.configure(&format!("{NO_CAPS}---\n{sections}"));
    }

    async fn order(&self, dseq: u64) -> Order {
        let filters = OrderFilters { state: "open".to_owned(), dseq, ..OrderFilters::default() };
        self.world.client.call(QueryOrdersRequest { filters, pagination: None }).await.unwrap().orders.remove(0)
    }

    pub async fn tenant(&self, action: Action) -> Done {
        let node = self.world.server.node.clone();
        tokio::task::spawn_blocking(move || Tenant::named(&node, "tenant").unwrap().perform(&action).unwrap())
            .await
            .unwrap()
    }

    /// Runs a command of the program, and wants JSON.
    pub async fn run(&self, arguments: &[&str]) -> Ran {
        let arguments = [arguments, &["-o", "json"]].concat();
        self.world.run(self.world.command(&arguments)).await
    }

    /// The same with a key; it must end well.
    pub async fn signed(&self, arguments: &[&str]) -> Value {
        let ran = self.run(&[arguments, &["--passphrase-file", "passphrase"]].concat()).await;
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        ran.json()
    }

    /// It must end well, and needs no key.
    pub async fn ok(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments).await;
        assert_eq!(ran.code, Some(0), "{arguments:?}: {}{}", ran.stdout, ran.stderr);
        ran.json()
    }

    /// What the chain has of a lease.
    pub async fn on_chain(&self, lease: &LeaseId) -> Vec<UsageRecord> {
        let request = QueryUsageRecordsByOrderRequest { order_id: lease.order().to_string() };
        self.world.client.call(request).await.unwrap().usage_records
    }
}

/// The deployment of a lease, by its place.
pub fn dseq(lease: usize) -> u64 {
    FIRST + u64::try_from(lease).unwrap()
}

/// The usage key that was put into the keyring of a world, unlocked.
pub struct UsageSigner {
    key: Key,
    private: PrivateKey,
}

impl UsageSigner {
    fn add_to(world: &World) -> Self {
        let keyring = Keyring::open(&world.path("keyring"), Access::Create).unwrap();
        let private = PrivateKey::generate(KeyType::Ed25519).unwrap();
        let name = "provider-usage".parse().unwrap();
        let said = Described { name, hd_path: None, created_at: Timestamp::UNIX_EPOCH };
        let secret = std::fs::read_to_string(world.folder.path().join("passphrase")).unwrap();
        let passphrase = Passphrase::typed(&secret).unwrap();
        keyring.add(keyring.seal(said, &private, &passphrase, CHEAP).unwrap()).unwrap();
        let key = keyring.find(&"provider-usage".parse().unwrap()).unwrap();
        Self { key, private }
    }
}

impl Signs for UsageSigner {
    fn key(&self) -> &Key {
        &self.key
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Error> {
        self.private.sign(message).map_err(|source| Error::Type { key: self.key.name.clone(), source })
    }
}

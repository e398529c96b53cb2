//! `provider chain` and `provider balance`, from a shell; and the keys of the configuration behind them.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use super::fake::{Fake, NodeSays};
use crate::devnet::client::{Key, options};
use provider::devnet::server::Server;
use provider::domain::network::Name;
use serde_json::Value;
use tempfile::{TempDir, tempdir};

/// A folder with a configuration.
struct Place {
    home: TempDir,
}

struct Ran {
    code: i32,
    stdout: String,
    stderr: String,
}

impl Ran {
    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|_| panic!("{} {}", self.stdout, self.stderr))
    }
}

impl Place {
    fn new(configuration: &str) -> Self {
        let home = tempdir().unwrap();
        std::fs::write(home.path().join("c.yaml"), configuration).unwrap();
        Self { home }
    }

    fn file(&self) -> PathBuf {
        self.home.path().join("c.yaml")
    }

    /// Runs a command beside the servers of the test.
    async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.env_clear().env("HOME", self.home.path()).arg("--config").arg(self.file()).args(arguments);
        let ran = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Ran { code: ran.status.code().unwrap(), stdout: text(ran.stdout), stderr: text(ran.stderr) }
    }
}

async fn server(home: &TempDir, name: Name) -> Server {
    Server::start(options(home.path(), name, &["a"], Duration::ZERO)).await.unwrap()
}

fn of(server: &Server, more: &str) -> String {
    let network = server.node.identity().network;
    let (id, grpc, rpc) = (&server.node.identity().chain_id, server.grpc, server.rpc);
    format!(
        "chain: {{ network: {}, chain_id: {id}, node_url: \"tcp://{rpc}\", grpc_url: \"{grpc}\"{more} }}\n",
        network.word
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn ping_tells_each_endpoint_and_ends_by_what_is_left() {
    let home = tempdir().unwrap();
    let server = server(&home, Name::Virtengine).await;
    let good = Place::new(&of(&server, ""));
    let ran = good.run(&["chain", "ping", "-o", "json"]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let rows = ran.json();
    assert_eq!((rows[0]["protocol"].as_str(), rows[1]["protocol"].as_str()), (Some("grpc"), Some("rpc")));
    assert!(rows.as_array().unwrap().iter().all(|row| row["believed"] == true && row["height"].is_u64()));

    let (id, grpc, rpc) = (&server.node.identity().chain_id, server.grpc, server.rpc);
    let some = Place::new(&format!(
        "chain: {{ chain_id: {id}, node_url: [\"http://127.0.0.1:1\", \"http://{rpc}\"], grpc_url: \"{grpc}\" }}\n"
    ));
    let ran = some.run(&["chain", "ping", "-o", "json"]).await;
    assert_eq!(ran.code, 1);
    assert!(ran.json()[1]["message"].as_str().unwrap().starts_with("cannot be reached: "), "{}", ran.stdout);
    let other = Place::new(&format!("chain: {{ chain_id: x-1, node_url: \"http://{rpc}\", grpc_url: \"{grpc}\" }}\n"));
    let ran = other.run(&["chain", "ping"]).await;
    assert_eq!(ran.code, 69);
    assert!(ran.stdout.contains("serves the chain `devnet-virtengine-1`"), "{}", ran.stdout);
    let behind = Fake::start(
        NodeSays { catching_up: true, ..NodeSays::default() },
        |_, _| Ok(Vec::new().into()),
        |_, _| Vec::new(),
    )
    .await;
    let file = format!("chain: {{ chain_id: fake-1, node_url: \"{}\", grpc_url: \"{}\" }}\n", behind.rpc, behind.grpc);
    let ran = Place::new(&file).run(&["chain", "ping"]).await;
    assert_eq!(ran.code, 75, "{}", ran.stdout);
    assert!(ran.stdout.contains("is catching up with the chain"));
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lag_that_is_allowed_is_the_configuration_s() {
    let behind =
        Fake::start(NodeSays { height: 97, ..NodeSays::default() }, |_, _| Ok(Vec::new().into()), |_, _| Vec::new())
            .await;
    let ahead = Fake::grpc(|_, _| Ok(Vec::new().into())).await;
    let file = |lag: u64| {
        let (rpc, one, two) = (ahead.rpc, behind.grpc, ahead.grpc);
        format!(
            "chain: {{ chain_id: fake-1, node_url: \"{rpc}\", grpc_url: [\"{one}\", \"{two}\"], max_lag: {lag} }}\n"
        )
    };
    assert_eq!(Place::new(&file(3)).run(&["chain", "ping"]).await.code, 0);
    let ran = Place::new(&file(2)).run(&["chain", "ping", "-o", "json"]).await;
    assert_eq!(ran.code, 1);
    assert_eq!(ran.json()[0]["message"], "is 3 blocks behind another endpoint (2 are allowed)");
}

#[tokio::test(flavor = "multi_thread")]
async fn status_tells_where_the_chain_is_and_what_it_asks_for() {
    for (name, rates) in [(Name::Virtengine, true), (Name::Akash, false)] {
        let home = tempdir().unwrap();
        let server = server(&home, name).await;
        let ran = Place::new(&of(&server, "")).run(&["chain", "status", "-o", "json"]).await;
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{}", ran.stderr);
        let status = ran.json();
        let network = name.facts();
        assert_eq!(status["chain_id"], server.node.identity().chain_id.as_str());
        assert_eq!((&status["in_step"], &status["believed"]), (&true.into(), &2.into()));
        assert_eq!(status["address_prefix"], network.address_prefix);
        assert!(status["minimum_bid_deposits"][0].as_str().unwrap().starts_with("500000u"), "{status:#}");
        assert_eq!(status["settlement_fee_rates"].is_array(), rates);
        assert_eq!(status["unknown"], serde_json::json!([]));
        server.stop().await.unwrap();
    }
    let nowhere = Place::new("chain: { node_url: \"http://127.0.0.1:1\", grpc_url: \"127.0.0.1:1\" }\n");
    let ran = nowhere.run(&["chain", "status", "-o", "json"]).await;
    assert_eq!(ran.code, 69);
    let status = ran.json();
    assert_eq!((&status["height"], &status["in_step"]), (&Value::Null, &false.into()));
    assert_eq!(status["unknown"].as_array().unwrap().len(), 5, "{status:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn balance_is_that_of_the_address_or_of_the_provider() {
    let home = tempdir().unwrap();
    let server = server(&home, Name::Virtengine).await;
    let a = Key::of("a", Name::Virtengine.facts()).address;
    let place = Place::new(&of(&server, ""));
    let ran = place.run(&["balance", &a, "-o", "json"]).await;
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.json()[0]["amount"], "1000000000000");
    assert_eq!((&ran.json()[0]["denomination"], &ran.json()[0]["readable"]), (&"uve".into(), &"1000000 ve".into()));
    assert!(ran.stderr.contains("as of height "), "{}", ran.stderr);
    let wrong = place.run(&["balance", "akash1hvyv6ncl4fa8dryn3jd0p2hnhzpemp33rwkqyf"]).await;
    assert_eq!(wrong.code, 65);
    assert!(wrong.stderr.contains("addresses of this network begin with ve1"), "{}", wrong.stderr);
    let nobody = place.run(&["balance"]).await;
    assert_eq!(nobody.code, 65, "{}", nobody.stderr);
    assert!(nobody.stderr.contains("set provider.address"), "{}", nobody.stderr);
    let own = Place::new(&format!("{}provider: {{ address: {a} }}\n", of(&server, "")));
    assert_eq!(own.run(&["balance", "-o", "json"]).await.json()[0]["address"], a.as_str());
    let key = Place::new(&of(&server, ""));
    let passphrase = key.home.path().join("passphrase");
    std::fs::write(&passphrase, "correct horse battery staple").unwrap();
    std::fs::set_permissions(&passphrase, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let added =
        key.run(&["keys", "add", "provider", "--no-mnemonic", "--passphrase-file", passphrase.to_str().unwrap()]).await;
    assert_eq!(added.code, 0, "{}", added.stderr);
    let ran = key.run(&["balance"]).await;
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("holds nothing"), "{}", ran.stderr);
    let nowhere = Place::new("chain: { node_url: \"http://127.0.0.1:1\", grpc_url: \"127.0.0.1:1\" }\n");
    let ran = nowhere.run(&["balance", &a]).await;
    assert_eq!(ran.code, 69);
    assert!(ran.stderr.contains("`provider chain ping` asks every endpoint"), "{}", ran.stderr);
    server.stop().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn prefix_and_denominations_can_be_others_than_the_network_s() {
    let other = Key::of("a", Name::Akash.facts()).address;
    let file = |more: &str, address: &str| {
        format!(
            "chain: {{ timeout: 1s, node_url: \"http://127.0.0.1:1\", grpc_url: \"127.0.0.1:1\"{more} }}\nprovider: {{ address: {address} }}\n"
        )
    };
    let valid = async |text: String| Place::new(&text).run(&["validate-config"]).await.code;
    assert_eq!(valid(file("", &other)).await, 78);
    assert_eq!(valid(file(", address_prefix: akash", &other)).await, 0);
    let status = Place::new(&file(", address_prefix: akash, fee_denomination: ufee", &other));
    let told = status.run(&["chain", "status", "-o", "json"]).await.json();
    assert_eq!((&told["address_prefix"], &told["fee_denomination"]), (&"akash".into(), &"ufee".into()));
    // Fees are in the denomination that is set.
    let own = Key::of("a", Name::Virtengine.facts()).address;
    assert_eq!(valid(file(", gas_prices: 0.025ufee", &own)).await, 78);
    assert_eq!(valid(file(", gas_prices: 0.025ufee, fee_denomination: ufee", &own)).await, 0);
    // Price lists are in one of the denominations that orders have.
    let priced = |more: &str| format!("{}bidding: {{ filters: {{ min_value: 5ufoo }} }}\n", file(more, &own));
    assert_eq!(valid(priced("")).await, 78);
    assert_eq!(valid(priced(", denominations: [ufoo]")).await, 0);
    assert_eq!(valid(file(", address_prefix: \"V E\"", &own)).await, 78);
    assert_eq!(valid(file(", denominations: [\"!\"]", &own)).await, 78);
}

//! The recordings of two real nodes, played back over the rules: each included message at its height, each query
//! between them, compared byte for byte.
//!
//! The network's own rules only: no signatures, fees or gas, no other modules' messages.

use super::calls;
use crate::chain::wire::base::Attribute;
use crate::chain::wire::cosmos::tx::{TxBody, TxRaw};
use crate::chain::wire::provider::{Info, Provider};
use crate::chain::wire::tendermint::abci::Event;
use crate::devnet::context::{Context, Profile};
use crate::devnet::hex;
use crate::devnet::kv::{MemoryKv, Overlay};
use crate::devnet::rules::{auth, bank, provider};
use crate::domain::address::Address;
use crate::domain::network::{Name, Network};
use base64::Engine;
use jiff::Timestamp;
use prost::Message;
use serde_json::Value;
use std::path::Path;

/// In the order in which they were recorded; what one leaves is what the next begins with.
const FILES: &[&str] = &[
    "01-node",
    "02-keys-provider",
    "03-deployments-orders",
    "04-bids",
    "05-transactions",
    "06-leases-escrow",
    "07-overdraft",
    "08-usage-settlement",
    "09-certificates-audit",
    "10-many-at-once",
    "11-rpc-events",
];

/// Who has money at the beginning, and who is a provider with which host.
const ACCOUNTS: &[(&str, Option<&str>)] = &[
    ("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw", None),
    ("ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg", Some("provider")),
    ("ve1hvyv6ncl4fa8dryn3jd0p2hnhzpemp33jgqnjm", Some("provider2")),
    ("ve1k3fkc7ndcpechyjvhd59zk2etlulynl664u6mv", Some("provider3")),
    ("ve1lpwx2rx6h3r4atqq8nqjpwc5lphk6t4ca7d8vl", None),
];

const ATTRIBUTES: &[(&str, &str)] = &[
    ("region", "us-east"),
    ("tier", "premium"),
    ("capabilities/gpu/vendor/nvidia/model/a100", "true"),
    ("capabilities/storage/1/class", "beta2"),
    ("capabilities/storage/1/persistent", "true"),
];

/// A chain that is played back.
struct Playback {
    network: &'static Network,
    kv: MemoryKv,
    height: i64,
    messages: usize,
    queries: usize,
    refusals: usize,
    differences: Vec<String>,
}

fn play(name: Name) -> Playback {
    let mut playback = Playback {
        network: name.facts(),
        kv: genesis(name.facts()),
        height: 1,
        messages: 0,
        queries: 0,
        refusals: 0,
        differences: Vec::new(),
    };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/recorded").join(name.word());
    for file in FILES {
        let Ok(text) = std::fs::read_to_string(folder.join(format!("{file}.jsonl"))) else {
            assert!(name == Name::Akash && *file == "08-usage-settlement", "{file} cannot be read");
            continue;
        };
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            let place = format!("{} {file} {} {}", name.word(), row["n"], row["note"]);
            match (row["kind"].as_str(), row["method"].as_str()) {
                (Some("rpc"), Some("tx")) => playback.included(&place, &row["response"]["result"]),
                (Some("grpc"), Some(method)) if method.ends_with("/BroadcastTx") => playback.broadcast(&place, &row),
                (Some("grpc"), Some(method)) => playback.query(&place, method, &row),
                _ => {}
            }
        }
    }
    playback
}

fn genesis(network: &'static Network) -> MemoryKv {
    let mut kv = MemoryKv::new();
    let context = &mut Context::new(&mut kv, network, Profile::Localnet, 1, Timestamp::UNIX_EPOCH);
    for (account, host) in ACCOUNTS {
        let address = Address::parse(account, "ve").unwrap().bytes();
        for denomination in network.denominations.iter().map(|denomination| denomination.base).chain(["uact"]) {
            let has = bank::balance(&*context.kv, &address, denomination).unwrap();
            if has.is_zero() {
                bank::mint(context, &address, &[format!("100000000000000{denomination}").parse().unwrap()]).unwrap();
            }
        }
        if let Some(host) = host {
            let attribute = |(key, value): &(&str, &str)| Attribute { key: (*key).into(), value: (*value).into() };
            let entry = Provider {
                owner: auth::of_bytes(network, &address),
                host_uri: format!("https://{host}.example.com:8443"),
                attributes: ATTRIBUTES.iter().map(attribute).collect(),
                info: Info { email: "ops@example.com".into(), website: "https://example.com".into() },
            };
            provider::register(context, &address, &entry).unwrap();
        }
    }
    kv
}

fn body(tx: &[u8]) -> TxBody {
    let raw = TxRaw::decode(tx).unwrap();
    TxBody::decode(raw.body_bytes.as_slice()).unwrap()
}

fn base64(text: &str) -> Vec<u8> {
    base64::engine::general_purpose::STANDARD.decode(text).unwrap()
}

/// Codespace, code and text; of a panic only what is said before the stack.
fn shown(codespace: &str, code: u64, log: &str) -> String {
    let log = log.split("\nstack").next().unwrap_or_default();
    format!("{codespace} {code} {log}")
}

impl Playback {
    /// A transaction in a block: all of its messages or none.
    fn included(&mut self, place: &str, result: &Value) {
        let Some(tx) = result["tx"].as_str() else { return };
        self.height = result["height"].as_str().unwrap().parse().unwrap();
        let messages = body(&base64(tx)).messages;
        if !messages.iter().all(|message| calls::knows(self.network, &message.type_url)) {
            return;
        }
        let mut told = Vec::new();
        let mut refused = None;
        let changes = {
            let mut overlay = Overlay::new(&self.kv);
            let context =
                &mut Context::new(&mut overlay, self.network, Profile::Localnet, self.height, Timestamp::UNIX_EPOCH);
            for (index, message) in messages.iter().enumerate() {
                if let Err(refusal) = calls::run(context, message) {
                    refused = Some((index, refusal));
                    break;
                }
                self.messages += 1;
                told.push(std::mem::take(&mut context.events));
            }
            overlay.into_changes()
        };
        let expected = &result["tx_result"];
        let wanted = shown(
            expected["codespace"].as_str().unwrap_or_default(),
            expected["code"].as_u64().unwrap_or_default(),
            expected["log"].as_str().unwrap_or_default(),
        );
        let found = match refused {
            None => {
                changes.apply(&mut self.kv).unwrap();
                self.compare_events(place, &told, &expected["events"]);
                shown("", 0, "")
            }
            Some((index, refusal)) => {
                self.refusals += 1;
                let panic = refusal.code == 111_222;
                let before =
                    if panic { String::new() } else { format!("failed to execute message; message index: {index}: ") };
                shown(&refusal.codespace, u64::from(refusal.code), &format!("{before}{}", refusal.text()))
            }
        };
        self.compare(place, &wanted, &found);
    }

    /// What a node refuses at once, where the messages themselves are to blame.
    fn broadcast(&mut self, place: &str, row: &Value) {
        let Some(tx) = row["request"]["tx_bytes"].as_str() else { return };
        let response = &row["response"]["tx_response"];
        let codespace = response["codespace"].as_str().unwrap_or_default();
        let ours = ["market", "deployment", "escrow", "provider"].contains(&codespace);
        let Ok(raw) = TxRaw::decode(base64(tx).as_slice()) else { return };
        let Ok(body) = TxBody::decode(raw.body_bytes.as_slice()) else { return };
        if !body.messages.iter().all(|message| calls::knows(self.network, &message.type_url)) {
            return;
        }
        let checked = body.messages.iter().try_for_each(|message| calls::validate_basic(self.network, message));
        match checked {
            Err(refusal) => {
                self.refusals += 1;
                let code = response["code"].as_u64().unwrap_or_default();
                let wanted = shown(codespace, code, response["raw_log"].as_str().unwrap_or_default());
                let found = shown(&refusal.codespace, u64::from(refusal.code), &refusal.text());
                self.compare(place, &wanted, &found);
            }
            Ok(()) if ours => self.differences.push(format!("{place}: refused as recorded, but not here: {response}")),
            Ok(()) => {}
        }
    }

    fn query(&mut self, place: &str, method: &str, row: &Value) {
        let prefix = format!("/{}.", self.network.package_prefix);
        let Some(call) = method.strip_prefix(&prefix) else { return };
        let request = hex::decode(row["request_hex"].as_str().unwrap_or_default()).unwrap();
        let context = &Context::new(&mut self.kv, self.network, Profile::Localnet, self.height, Timestamp::UNIX_EPOCH);
        let Some(answer) = calls::query(context, call, &request) else { return };
        self.queries += 1;
        let wanted = match row["code"].as_u64().unwrap_or_default() {
            0 => row["response_hex"].as_str().unwrap_or_default().to_owned(),
            code => format!("{code} {}", row["message"].as_str().unwrap_or_default()),
        };
        let found = match answer {
            Ok((bytes, _)) if hex::lower(&bytes) == wanted => wanted.clone(),
            Ok((_, text)) => text,
            Err(error) => format!("{} {}", error.status as i32, error.message),
        };
        if wanted != found {
            self.differences.push(format!("{place}\n  wanted {}\n   found {found}", row["response"]));
        }
    }

    fn compare_events(&mut self, place: &str, told: &[Vec<Event>], recorded: &Value) {
        for (index, told) in told.iter().enumerate() {
            let wanted = events_of_message(recorded, index);
            let found: Vec<_> = told.iter().map(|event| line(&event.r#type, &pairs(event))).collect();
            self.compare(place, &wanted.join("\n"), &found.join("\n"));
        }
    }

    fn compare(&mut self, place: &str, wanted: &str, found: &str) {
        if wanted != found {
            self.differences.push(format!("{place}\n  wanted {wanted}\n   found {found}"));
        }
    }
}

fn pairs(event: &Event) -> Vec<(String, String)> {
    event.attributes.iter().map(|attribute| (attribute.key.clone(), attribute.value.clone())).collect()
}

fn line(kind: &str, attributes: &[(String, String)]) -> String {
    let attributes: Vec<_> = attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{kind} {}", attributes.join(" "))
}

/// What a message told, without the event that names it and the mark that says it is this message's.
fn events_of_message(recorded: &Value, index: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for event in recorded.as_array().unwrap() {
        let mut attributes: Vec<(String, String)> = event["attributes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| {
                let text = |key: &str| pair[key].as_str().unwrap_or_default().to_owned();
                (text("key"), text("value"))
            })
            .collect();
        let mark = ("msg_index".to_owned(), index.to_string());
        let named = attributes.first().is_some_and(|(key, _)| key == "action");
        if attributes.last() == Some(&mark) && !named {
            attributes.pop();
            lines.push(line(event["type"].as_str().unwrap(), &attributes));
        }
    }
    lines
}

fn check(name: Name, messages: usize, queries: usize, refusals: usize) {
    let playback = play(name);
    let found = (playback.messages, playback.queries, playback.refusals);
    assert!(playback.differences.is_empty(), "{found:?} {}", playback.differences.join("\n"));
    assert_eq!(found, (messages, queries, refusals), "messages, queries, refusals");
}

#[test]
fn the_recorded_virtengine_node_is_repeated() {
    check(Name::Virtengine, 121, 73, 23);
}

#[test]
fn the_recorded_akash_node_is_repeated() {
    check(Name::Akash, 119, 72, 27);
}

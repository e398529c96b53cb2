//! `provider devnet tenant` and `devnet seed`, as an operator runs them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A running chain of the network with this word, ended when this goes.
struct Chain {
    folder: tempfile::TempDir,
}

impl Chain {
    fn start(network: &str) -> Self {
        let chain = Self { folder: tempfile::tempdir().unwrap() };
        let options = ["--network", network, "--block-time", "0", "--background"];
        let ports = ["--grpc-addr", "127.0.0.1:0", "--rpc-addr", "127.0.0.1:0"];
        let started = chain.run(&[&["start"], &options[..], &ports[..]].concat());
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        chain
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.arg("devnet").args(arguments).arg("--home").arg(self.folder.path().join("devnet"));
        command.env_clear().env("HOME", self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// What a tenant did.
    fn tenant(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["tenant"], arguments, &["--output", "json"]].concat());
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Chain {
    fn drop(&mut self) {
        let _ = self.command(&["stop"]).output();
    }
}

/// The first SDL of the vectors, and its groups.
fn vector() -> (String, String) {
    let text = fs::read_to_string("fixtures/vectors/sdl-vectors.json").unwrap();
    let vectors: Value = serde_json::from_str(&text).unwrap();
    let found = find(&vectors).unwrap();
    let text = |key: &str| found[key].as_str().unwrap().to_owned();
    (text("sdl"), text("group_specs_sorted_json"))
}

fn find(value: &Value) -> Option<&Value> {
    match value {
        Value::Object(object) if object.contains_key("sdl") => Some(value),
        Value::Object(object) => object.values().find_map(find),
        Value::Array(values) => values.iter().find_map(find),
        _ => None,
    }
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_tenant_deploys_from_both_kinds_of_file() {
    let chain = Chain::start("akash");
    let (sdl, groups) = vector();
    let (sdl, groups) = (chain.file("app.yaml", &sdl), chain.file("groups.json", &groups));
    let tenant = chain.tenant(&["show"])["address"].as_str().unwrap().to_owned();
    assert!(tenant.starts_with("akash1"), "{tenant}");
    let done = chain.tenant(&["deploy", "--sdl", shown(&sdl), "--dseq", "7"]);
    assert_eq!(done["ids"], serde_json::json!([format!("{tenant}/7"), format!("{tenant}/7/1/1")]));
    let done = chain.tenant(&["deploy", "--groups", shown(&groups), "--dseq", "8", "--deposit", "6000000uakt"]);
    assert_eq!(done["ids"][1], format!("{tenant}/8/1/1"));
    // Another name is another tenant.
    assert_ne!(chain.tenant(&["show", "--from", "other"])["address"], tenant.as_str());
    let output = chain.run(&["tenant", "accept", "7"]);
    assert_eq!(output.status.code(), Some(65));
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no open bid for order"));
    chain.tenant(&["top-up", "7", "5uakt"]);
    chain.tenant(&["pause", "7"]);
    assert_eq!(chain.tenant(&["start", "7"])["ids"][1], format!("{tenant}/7/1/2"));
    chain.tenant(&["close", "7"]);
    let output = chain.run(&["tenant", "close", "7"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("deployment"), "{output:?}");
    let seeded = chain.run(&["seed", "orders", "--count", "3", "--spec", shown(&sdl)]);
    assert!(seeded.status.success(), "{}", String::from_utf8_lossy(&seeded.stderr));
}

/// A tenant's file of our own form orders too, where it names prices; without, that is said.
#[test]
fn a_tenant_deploys_from_our_own_form() {
    let chain = Chain::start("virtengine");
    let fixture = |name: &str| fs::read_to_string(format!("fixtures/manifests/valid/{name}.yaml")).unwrap();
    let priced = chain.file("priced.yaml", &fixture("v1-priced"));
    let done = chain.tenant(&["deploy", "--sdl", shown(&priced), "--dseq", "7"]);
    assert!(done["ids"][1].as_str().unwrap().ends_with("/7/1/1"), "{done}");
    let unpriced = chain.file("unpriced.yaml", &fixture("v1"));
    let output = chain.run(&["tenant", "deploy", "--sdl", shown(&unpriced)]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(65) && said.contains("names no prices"), "{said}");
}

#[test]
fn every_slip_of_an_sdl_is_shown_at_its_line() {
    let chain = Chain::start("virtengine");
    let (sdl, _) = vector();
    let slips = sdl.replace("500m", "5x").replace("port: 80\n", "port: 99999\n");
    let path = chain.file("app.yaml", &slips);
    let output = chain.run(&["tenant", "deploy", "--sdl", shown(&path)]);
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(65), "{text}");
    for part in ["app.yaml:6:", "port: 99999", "units: 5x", "has 2 problems"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let path = chain.file("groups.json", "[{}]");
    let output = chain.run(&["tenant", "deploy", "--groups", shown(&path)]);
    assert_eq!(output.status.code(), Some(65), "{output:?}");
    let output = chain.run(&["tenant", "deploy", "--sdl", "/nowhere/app.yaml"]);
    assert_eq!(output.status.code(), Some(65), "{output:?}");
}

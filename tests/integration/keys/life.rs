//! The life cycle through the program: what each state allows, who approves what, what a kill leaves behind.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use provider::jobs::keys_test_sign::MESSAGE;
use provider::keys::{KeyType, PublicKey};
use serde_json::Value;

use super::Place;

/// What `keys status` says of a key.
fn status(place: &Place, name: &str) -> Value {
    let all = place.run(&["keys", "status", "-o", "json"]).json();
    all.as_array().unwrap().iter().find(|key| key["name"] == name).cloned().unwrap_or(Value::Null)
}

fn state(place: &Place, name: &str) -> String {
    status(place, name)["state"].as_str().unwrap_or("-").to_owned()
}

#[test]
fn a_key_lives_as_drawn() {
    let place = Place::new();
    assert_eq!(place.keys(&["add", "provider-usage"])["state"], "active");
    let run = |words: &[&str]| place.run(&[&["keys"], words].concat());
    // What the drawing lacks is refused, and the way out is said.
    run(&["resume", "provider-usage"])
        .failed(65, &["a key that is active cannot be resumed", "keys suspend|rotate|compromise"]);
    run(&["archive", "provider-usage"]).failed(65, &["a key that is active cannot be archived"]);
    run(&["destroy", "provider-usage", "--yes"]).failed(65, &["a key that is active cannot be destroyed"]);
    run(&["--dry-run", "suspend", "provider-usage"]).succeeded();
    assert_eq!(state(&place, "provider-usage"), "active", "a dry run changes nothing");
    run(&["suspend", "provider-usage", "--reason", "audit 7"]).succeeded();
    let suspended = status(&place, "provider-usage");
    assert_eq!((&suspended["state"], &suspended["reason"]), (&"suspended".into(), &"audit 7".into()));
    run(&["test-sign", "provider-usage", "--passphrase-file", "passphrase"])
        .failed(77, &["the key `provider-usage` is suspended"]);
    run(&["resume", "provider-usage"]).succeeded();
    place.keys(&["test-sign", "provider-usage"]);
    run(&["suspend", "provider-usage"]).succeeded();
    run(&["archive", "provider-usage"]).succeeded();
    // The policy keeps it, and then asks for an approval.
    run(&["destroy", "provider-usage", "--yes"])
        .failed(77, &["keeps the archived key `provider-usage` until", "--early"]);
    run(&["destroy", "provider-usage", "--yes", "--early"])
        .failed(77, &["waits for an approval", "keys approve provider-usage"]);
    assert_eq!(status(&place, "provider-usage")["waits_for"], "destruction");
    let approved = run(&["approve", "provider-usage"]).succeeded();
    assert!(approved.stderr.contains("asked for it and approved it"), "{}", approved.stderr);
    assert!(place.key_file("provider-usage").exists());
    let gone: Value =
        serde_json::from_str(&run(&["destroy", "provider-usage", "--yes", "--early", "-o", "json"]).succeeded().stdout)
            .unwrap();
    assert_eq!((&gone["state"], place.key_file("provider-usage").exists()), (&"destroyed".into(), false));
    assert_eq!(status(&place, "provider-usage"), Value::Null);
    // Its name is free again.
    place.keys(&["add", "provider-usage"]);
    run(&["suspend", "nobody"]).failed(65, &["there is no key `nobody` whose life the state file knows"]);
    // All of it is in the audit trail.
    let trail = place.run(&["audit-log", "-o", "json", "--event", "key_usage"]).succeeded().stdout;
    let uses: Vec<Value> = serde_json::from_str(&trail).unwrap();
    let uses: Vec<&str> = uses.iter().map(|row| row["details"]["use"].as_str().unwrap()).collect();
    let expected = [
        "create",
        "active",
        "suspended",
        "active",
        "sign",
        "suspended",
        "archived",
        "delete",
        "destroyed",
        "create",
        "active",
    ];
    assert_eq!(uses, expected);
}

/// What a key signed is worth as much after another took its place.
#[test]
fn old_signatures_still_verify() {
    let place = Place::new();
    place.configure("keys: { grace_period: 0 }\n");
    place.keys(&["add", "provider-usage"]);
    let signed = place.keys(&["test-sign"]);
    place.keys(&["rotate", "usage"]);
    assert_eq!(state(&place, "provider-usage"), "deactivated");
    let hex = place.run(&["keys", "export-public", "provider-usage", "--form", "hex"]).succeeded().stdout;
    let bytes = provider::domain::hex::decode(hex.trim()).unwrap();
    let public = PublicKey::from_bytes(KeyType::Ed25519, &bytes).unwrap();
    let signature = STANDARD.decode(signed["signature"].as_str().unwrap()).unwrap().try_into().unwrap();
    assert!(public.verifies(MESSAGE, &signature));
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v2");
}

#[test]
fn activation_waits_where_the_policy_says_so() {
    let place = Place::new();
    place.configure(
        "keys: { policy: { require_approval_for_activation: true, require_approval_for_destruction: false } }\n",
    );
    assert_eq!(place.keys(&["add", "provider-usage"])["state"], "pending");
    let due = place.run(&["keys", "status", "--check", "-o", "json"]);
    assert_eq!(due.code, 1, "something is due");
    assert!(due.stderr.contains("provider keys approve provider-usage"), "{}", due.stderr);
    place.keys(&["test-sign", "provider-usage"]);
    place.run(&["keys", "approve", "provider-usage"]).succeeded();
    assert_eq!(state(&place, "provider-usage"), "active");
    place.run(&["keys", "approve", "provider-usage"]).failed(65, &["nothing of the key `provider-usage` waits"]);
    place.run(&["keys", "status", "--check"]).succeeded();
    // And destruction does not.
    place.run(&["keys", "suspend", "provider-usage"]).succeeded();
    place.run(&["keys", "archive", "provider-usage"]).succeeded();
    place.run(&["keys", "destroy", "provider-usage", "--yes", "--early"]).succeeded();
}

#[test]
fn the_policy_rules_over_new_keys_and_shows_its_origin() {
    let place = Place::new();
    place.configure("keys: { max_age: 30d, policy: { allowed_key_types: [ed25519], minimum_key_strength: 200 } }\n");
    let rules = |arguments: &[&str]| -> Vec<(String, String, String)> {
        let all = [&["keys", "set-policy", "-o", "json"], arguments].concat();
        let rows: Vec<Value> = serde_json::from_str(&place.run(&all).succeeded().stdout).unwrap();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
        rows.iter().map(|row| (text(row, "field"), text(row, "value"), text(row, "origin"))).collect()
    };
    let rule = |rules: &[(String, String, String)], field: &str| {
        let found = rules.iter().find(|(name, ..)| name == field).unwrap();
        (found.1.clone(), found.2.clone())
    };
    let configured = rules(&[]);
    assert_eq!(configured.len(), 12);
    assert_eq!(rule(&configured, "max_age"), ("30d".into(), "configuration".into()));
    let refused = ["keys", "add", "a", "--type", "p256"];
    place.run(&refused).failed(77, &["does not allow keys of type p256, but ed25519", "keys set-policy"]);
    place.keys(&["add", "opener", "--type", "x25519"]);
    // The manual's command.
    let set = rules(&["--max-age-days", "90", "--auto-rotate", "--allowed-key-types", "ed25519,p256"]);
    assert_eq!(rule(&set, "max_age"), ("90d".into(), "set-policy".into()));
    assert_eq!(rule(&set, "auto_rotate"), ("true".into(), "set-policy".into()));
    place.keys(&["add", "a", "--type", "p256"]);
    let planned = rules(&["--dry-run", "--minimum-key-strength", "512"]);
    assert_eq!(rule(&planned, "minimum_key_strength"), ("512".into(), "set-policy".into()));
    assert_eq!(rule(&rules(&[]), "minimum_key_strength"), ("200".into(), "configuration".into()));
    rules(&["--minimum-key-strength", "512", "--auto-rotate=false", "--name", "night"]);
    place.run(&["keys", "add", "b", "--type", "ed25519"]).failed(77, &["the key policy `night` asks for 512 bits"]);
    place.run(&["keys", "set-policy", "--minimum-key-strength", "99"]).failed(65, &["128 to 512 bits"]);
    assert_eq!(rules(&["--reset"]), configured);
}

#[test]
fn days_left_are_counted_and_what_is_due_is_said() {
    let place = Place::new();
    place.keys(&["add", "provider", "--no-mnemonic"]);
    place.keys(&["add", "provider-usage"]);
    let usage = status(&place, "provider-usage");
    assert_eq!((&usage["days_left"], &usage["age_days"], &usage["role"]), (&89.into(), &0.into(), &"usage".into()));
    let account = status(&place, "provider");
    assert_eq!(
        (&account["days_left"], &account["role"]),
        (&Value::Null, &"signing".into()),
        "an account's key does not rotate"
    );
    place.configure("keys: { policy: { expiration: 20d } }\n");
    let soon = place.run(&["keys", "status", "--check"]);
    assert_eq!(soon.code, 1);
    assert!(soon.stderr.contains("`provider-usage` expires in 19 days"), "{}", soon.stderr);
    let csv = place.run(&["keys", "status", "-o", "csv"]).succeeded().stdout;
    assert_eq!(csv.lines().count(), 3);
}

#[test]
fn a_lost_state_file_and_a_lost_key_file_are_noticed() {
    let place = Place::new();
    place.keys(&["add", "provider-usage"]);
    place.keys(&["add", "other"]);
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(place.path(&format!(".provider-daemon/{file}")));
    }
    assert_eq!(status(&place, "other")["problem"], "not taken up yet");
    // The next change takes every key up.
    place.run(&["keys", "suspend", "provider-usage"]).succeeded();
    assert_eq!((state(&place, "other"), state(&place, "provider-usage")), ("active".into(), "suspended".into()));
    fs::remove_file(place.key_file("other")).unwrap();
    assert_eq!(status(&place, "other")["problem"], "its file is gone");
    assert_eq!(place.run(&["keys", "status", "--check"]).code, 1);
}

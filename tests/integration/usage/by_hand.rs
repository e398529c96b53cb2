//! Records by hand: written, held, approved, corrected, verified.

use std::fs;

use super::Place;

#[test]
fn a_record_by_hand_is_signed_and_verifies_anywhere() {
    let place = Place::new("");
    let manual = ["--cpu-milliseconds", "3600000", "--memory-byte-seconds", "8589934592000", "--gpu-seconds", "0"];
    let row = place.record(0, &manual).done().json();
    assert_eq!((&row[0]["sources"], &row[0]["state"]), (&"manual".into(), &"local".into()));
    assert_eq!((&row[0]["gpu_seconds"], &row[0]["network_bytes_in"]), (&"0".into(), &serde_json::Value::Null));

    let document = place.run(&["usage", "show", "1", "--document"]).done().stdout;
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&document).unwrap()["resources"]["storage_byte_seconds"],
        serde_json::Value::Null
    );
    fs::write(place.path("record.json"), &document).unwrap();
    for what in ["1", "record.json", row[0]["record_id"].as_str().unwrap()] {
        let verdict = place.run(&["usage", "verify", what, "-o", "json"]).done().json();
        assert_eq!(verdict[0]["verified"], true, "{what}");
    }
    let key = place.run(&["usage", "verify", "1", "-o", "json"]).json()[0]["public_key"].clone();
    place.run(&["usage", "verify", "record.json", "--public-key", key.as_str().unwrap()]).done();
    place.run(&["usage", "verify", "record.json", "--public-key", "AAAA"]).failed(64, &["no Ed25519 key"]);

    fs::write(place.path("forged.json"), document.replace("3600000", "3600001")).unwrap();
    let forged = place.run(&["usage", "verify", "forged.json", "-o", "json"]);
    assert!(forged.stdout.contains("was changed"), "{}", forged.stdout);
    forged.failed(65, &["1 are not right"]);

    // Also what was changed in the state file itself.
    let state = rusqlite::Connection::open(place.state()).unwrap();
    state.execute("UPDATE usage_records SET cpu_milli_seconds = '1'", []).unwrap();
    place.run(&["usage", "verify", "1"]).failed(65, &["1 are not right"]);
}

#[test]
fn what_is_flagged_waits_for_a_person() {
    let place = Place::new("fraud: { min_record_duration: 2h }\nmetering: { interval: 2h }\n");
    let held = place.record(0, &["--gpu-seconds", "5"]);
    assert!(held.stderr.contains("DURATION_TOO_SHORT: the window is 3600 s long; at least 7200 s are credible"));
    held.failed(1, &["usage review 1"]);
    assert_eq!(place.run(&["usage", "pending", "-o", "json"]).done().json()[0]["state"], "held");
    assert_eq!(place.run(&["usage", "pending"]).done().stdout.lines().count(), 1, "`usage pending | wc -l`");
    place.run(&["usage", "verify", "1"]).failed(75, &["not signed: it is held", "usage review"]);

    let approve = ["usage", "review", "1", "--approve", "--by", "alice", "--passphrase-file", "passphrase"];
    place.run(&approve).done();
    place.run(&approve).failed(75, &["cannot be approved"]);
    let shown = place.run(&["usage", "show", "1", "-o", "json"]).done().json();
    assert!(shown["reviewed_by"].as_str().unwrap().starts_with("alice at "), "{shown}");
    assert_eq!(place.run(&["usage", "pending"]).done().stdout, "");

    place.record(1, &["--cpu-milliseconds", "-5"]).failed(1, &["NEGATIVE_METRICS"]);
    place.run(&["usage", "review", "2", "--approve", "--passphrase-file", "passphrase"]).failed(77, &["below zero"]);
    place.run(&["usage", "review", "2", "--reject", "a typing error"]).done();
    place.record(1, &["--cpu-milliseconds", "5"]).failed(1, &["usage review 3"]);
    assert_eq!(place.run(&["usage", "review", "-o", "json"]).done().json()[0]["id"], 3);
}

#[test]
fn a_correction_is_a_new_revision_and_windows_never_overlap() {
    let place = Place::new("usage: { prices: { egress_gb: 2uve } }\n");
    let gib = |number: u64| (number << 30).to_string();
    assert_eq!(place.record(0, &["--network-bytes-out", &gib(5)]).done().json()[0]["cost"], "10uve");
    place
        .record(0, &["--network-bytes-out", &gib(3)])
        .failed(75, &["covers 2026-01-30T00:00:00Z/2026-01-30T01:00:00Z", "--correct"]);
    let corrected = place.record(0, &["--network-bytes-out", &gib(3), "--correct"]).done().json();
    assert_eq!((&corrected[0]["revision"], &corrected[0]["cost"]), (&2.into(), &"0uve".into()));
    assert_eq!(
        place.record(1, &["--network-bytes-out", &gib(4)]).done().json()[0]["cost"],
        "4uve",
        "less what was too much"
    );
    place.record(5, &["--gpu-seconds", "1", "--correct"]).failed(65, &["no usage record of 2026-01-30T05:00:00Z"]);
    place.record(5, &[]).failed(65, &["says nothing", "--cpu-milliseconds"]);
    assert_eq!(place.run(&["usage", "list"]).done().stdout.lines().count(), 2);
    assert_eq!(place.run(&["usage", "list", "--superseded"]).done().stdout.lines().count(), 3);
}

#[test]
fn a_key_that_cannot_sign_usage_is_refused_with_what_to_do() {
    let place = Place::new("keys: { usage_key: wallet }\n");
    place.record(0, &["--gpu-seconds", "1"]).failed(65, &["wallet"]);
    place
        .run(&["keys", "add", "wallet", "--type", "secp256k1", "--no-mnemonic", "--passphrase-file", "passphrase"])
        .done();
    place.record(0, &["--gpu-seconds", "1"]).failed(78, &["signed with an ed25519 key", "keys.usage_key"]);
}

#[test]
fn a_key_that_took_over_signs_and_what_the_old_one_signed_still_verifies() {
    let place = Place::new("");
    place.record(0, &["--gpu-seconds", "1"]).done();
    place.run(&["keys", "rotate", "usage", "--passphrase-file", "passphrase"]).done();
    place.record(1, &["--gpu-seconds", "1"]).done();
    let key = |id: &str| {
        let verdict = place.run(&["usage", "verify", id, "-o", "json"]).done().json();
        assert_eq!(verdict[0]["verified"], true, "{verdict}");
        verdict[0]["public_key"].clone()
    };
    assert_ne!(key("1"), key("2"), "the new key signs, whatever the configuration calls it");
}

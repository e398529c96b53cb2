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
    place.run(&["usage", "verify", "1"]).failed(65, &["not signed: it is held", "usage review"]);

    let approve = ["usage", "review", "1", "--approve", "--by", "alice", "--passphrase-file", "passphrase"];
    place.run(&approve).done();
    place.run(&approve).failed(65, &["cannot be approved"]);
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
        .failed(65, &["covers 2026-01-30T00:00:00Z/2026-01-30T01:00:00Z", "--correct"]);
    let corrected = place.record(0, &["--network-bytes-out", &gib(3), "--correct"]).done().json();
    assert_eq!((&corrected[0]["revision"], &corrected[0]["cost"]), (&2.into(), &"6uve".into()));
    let first = place.run(&["usage", "show", "1", "-o", "json"]).done().json();
    assert_eq!(
        (&first["state"], &first["cost"]),
        (&"local".into(), &"0uve".into()),
        "what is wrong is not sent: {first}"
    );
    assert_eq!(place.record(1, &["--network-bytes-out", &gib(4)]).done().json()[0]["cost"], "8uve");
    let ledger = place.run(&["settlement", "show", super::LEASE, "-o", "json"]).done().json();
    assert_eq!((&ledger[0]["pending"], &ledger[0]["balanced"]), (&"7".into(), &true.into()), "{ledger}");
    place.record(5, &["--gpu-seconds", "1", "--correct"]).failed(65, &["no usage record of 2026-01-30T05:00:00Z"]);
    place.record(5, &[]).failed(65, &["says nothing", "--cpu-milliseconds"]);
    assert_eq!(place.run(&["usage", "list"]).done().stdout.lines().count(), 2);
    assert_eq!(place.run(&["usage", "list", "--superseded"]).done().stdout.lines().count(), 3);
}

#[test]
fn somebody_elses_lease_is_refused_and_an_unknown_one_is_said_to_be() {
    let place = Place::new("");
    let ran = place.record(0, &["--gpu-seconds", "1"]).done();
    assert!(ran.stderr.contains("knows nothing of this lease"), "{}", ran.stderr);
    let ran = place.record(0, &["--gpu-seconds", "2", "--correct"]).done();
    assert!(!ran.stderr.contains("knows nothing"), "{}", ran.stderr);
    place.configure("provider: { address: ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw }\n");
    place.record(1, &["--gpu-seconds", "1"]).failed(65, &["is not ours", "its provider"]);
    assert_eq!(place.run(&["usage", "list"]).done().stdout.lines().count(), 1);
}

#[test]
fn a_rejected_window_may_be_recorded_anew_in_parts() {
    let place = Place::new("");
    place.record(0, &["--cpu-milliseconds", "-5"]).failed(1, &["NEGATIVE_METRICS"]);
    place.run(&["usage", "review", "1", "--reject", "a broken meter"]).done();
    let part = |start: &str, end: &str| {
        let (start, end) = (format!("2026-01-30T{start}Z"), format!("2026-01-30T{end}Z"));
        let window = ["usage", "record", "--lease-id", super::LEASE, "--start", &start, "--end", &end];
        place.run(&[&window[..], &["--cpu-milliseconds", "5", "--passphrase-file", "passphrase"]].concat())
    };
    part("00:00:00", "00:20:00").done();
    part("00:10:00", "00:30:00").failed(65, &["covers"]);
    part("00:20:00", "01:00:00").done();
}

#[test]
fn a_rehearsal_writes_nothing_and_tells_nobody() {
    let place = Place::new("fraud: { min_record_duration: 1h }\n");
    let path = "--passphrase-file";
    let rehearsed = place.record(0, &["--gpu-seconds", "1", "--dry-run"]).done();
    assert_eq!(rehearsed.json()[0]["state"], "local");
    assert!(rehearsed.stderr.contains("nothing was written down"), "{}", rehearsed.stderr);
    let rows = |place: &Place| place.run(&["usage", "list", "--superseded", "-o", "json"]).done().json();
    assert_eq!(rows(&place), serde_json::json!([]));
    place.record(0, &["--gpu-seconds", "-1"]).failed(1, &["usage review 1"]);
    let review = ["usage", "review", "1", "--reject", "no", "--dry-run", "-o", "json"];
    assert_eq!(place.run(&review).done().json()[0]["state"], "rejected");
    assert_eq!(rows(&place)[0]["state"], "held");
    assert!(
        place.run(&["usage", "review", "1"]).done().stdout.contains("NEGATIVE_METRICS"),
        "without a decision it is shown"
    );

    place.configure(&format!(
        "orchestration: {{ adapter: local, local: {{ runtime: process, site: r{} }} }}\nbidding: {{ enabled: false }}\n",
        std::process::id()
    ));
    place.run(&["usage", "collect", "--dry-run", path, "passphrase"]).done();
    assert_eq!(place.run(&["alerts", "list", "-o", "json"]).done().json(), serde_json::json!([]));
    place.run(&["usage", "collect", path, "passphrase"]).done();
    let held = |place: &Place| place.run(&["alerts", "list", "-o", "json"]).done().json()[0].clone();
    assert_eq!(held(&place)["kind"], "usage_held");
    place.run(&["alerts", "ack", "1", "--dry-run"]).done();
    assert!(held(&place)["acked_at"].is_null());
    place.run(&["alerts", "ack", "99"]).failed(65, &["no alert 99"]);
    place.run(&["demo", "--dry-run"]).failed(64, &["--dry-run"]);
    assert_eq!(
        place.run(&["job", "list", "-o", "json"]).done().json().as_array().unwrap().len(),
        2,
        "no run of a rehearsal"
    );

    // The numbers of what fires are those of now.
    place.record(1, &["--gpu-seconds", "-1"]).failed(1, &["usage review 2"]);
    place.run(&["usage", "collect", path, "passphrase"]).done();
    assert!(held(&place)["summary"].as_str().unwrap().starts_with("2 usage records"), "{}", held(&place));
}

#[test]
fn a_record_that_somebody_else_signed_is_not_taken_for_ours() {
    let (ours, theirs) = (Place::new(""), Place::new(""));
    ours.record(0, &["--gpu-seconds", "1"]).done();
    for hour in [0, 1] {
        theirs.record(hour, &["--gpu-seconds", "3600"]).done();
    }
    for id in ["1", "2"] {
        let document = theirs.run(&["usage", "show", id, "--document"]).done().stdout;
        fs::write(ours.path(&format!("{id}.json")), document).unwrap();
    }
    let forged = ours.run(&["usage", "verify", "1.json", "-o", "json"]);
    assert!(forged.stdout.contains("there it says something else"), "{}", forged.stdout);
    forged.failed(65, &["1 are not right"]);
    let unknown = ours.run(&["usage", "verify", "2.json", "-o", "json"]);
    assert_eq!(unknown.json()[0]["vouched_by"], serde_json::Value::Null);
    unknown.failed(1, &["nobody vouches", "--public-key"]);
    let own = ours.run(&["usage", "verify", "1", "-o", "json"]).done().json();
    assert_eq!(own[0]["vouched_by"], "the state file");
    fs::write(ours.path("empty.json"), "").unwrap();
    ours.run(&["usage", "verify", "empty.json"]).failed(65, &["no usage record in it"]);
    ours.run(&["usage", "export", "--output", "all.csv"]).done();
    ours.run(&["usage", "verify", "all.csv"]).failed(65, &["is no file of usage records"]);
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

//! Which key serves a role, through everything that can happen to keys: destruction, loss, tampering, another machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::Place;

fn status(place: &Place, name: &str) -> Value {
    let all = place.run(&["keys", "status", "-o", "json"]).json();
    all.as_array().unwrap().iter().find(|key| key["name"] == name).cloned().unwrap_or(Value::Null)
}

/// A home where rotations have no grace period, and nobody approves destructions.
fn quick() -> Place {
    let place = Place::new();
    place.configure("keys: { grace_period: 0h, policy: { require_approval_for_destruction: false } }\n");
    place
}

#[test]
fn a_role_outlives_the_keys_that_served_it() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    place.keys(&["rotate", "usage"]);
    place.run(&["keys", "archive", "provider-usage"]).succeeded();
    place.run(&["keys", "destroy", "provider-usage", "--yes", "--early"]).succeeded();
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v2");
    assert_eq!(status(&place, "provider-usage-v2")["serves"], true);
    let rotated = place.keys(&["rotate", "usage"]);
    assert_eq!(
        (&rotated[0]["key"], &rotated[0]["successor"]),
        (&"provider-usage-v2".into(), &"provider-usage-v3".into())
    );
    let given_up = place.keys(&["compromise", "provider-usage-v3"]);
    assert_eq!(given_up["rotated"][0]["successor"], "provider-usage-v4");
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v4");
    // With nothing that serves, nobody is told that all is well.
    place.run(&["keys", "suspend", "provider-usage-v4"]).succeeded();
    place.run(&["keys", "archive", "provider-usage-v4"]).succeeded();
    let said = place.run(&["keys", "status", "--check"]);
    assert_eq!(said.code, 1, "{}", said.stdout);
    // A timer says once that the role has ended: somebody ended it, and knows.
    let timer = place.keys(&["rotate", "--if-due"]);
    assert!(timer.as_array().unwrap().iter().any(|item| item["step"] == "role ended"), "{timer}");
    let timer = place.keys(&["rotate", "--if-due"]);
    assert!(timer.as_array().unwrap().iter().all(|item| item["step"] != "role ended"), "{timer}");
}

#[test]
fn a_key_that_was_made_by_hand_does_not_serve_beside_another() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    place.keys(&["add", "provider-usage-v2"]);
    let second = status(&place, "provider-usage-v2");
    assert_eq!(second["serves"], false);
    assert!(second["problem"].as_str().unwrap().contains("`provider-usage` serves usage"), "{second}");
    place
        .run(&["keys", "rotate", "provider-usage-v2", "--passphrase-file", "passphrase"])
        .failed(65, &["does not serve usage: `provider-usage` does"]);
    place.keys(&["rotate", "provider-usage"]);
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v3");
}

#[test]
fn a_lost_key_file_stops_nobody() {
    let place = quick();
    for name in ["provider-usage", "other"] {
        place.keys(&["add", name]);
    }
    let lost = fs::read(place.key_file("provider-usage")).unwrap();
    fs::remove_file(place.key_file("provider-usage")).unwrap();
    let again = ["keys", "add", "provider-usage", "--passphrase-file", "passphrase"];
    place.run(&again).failed(65, &["remembers another key `provider-usage`, which is active", "keys compromise"]);
    assert!(!place.key_file("provider-usage").exists(), "no key was made");
    place.run(&["keys", "suspend", "other"]).succeeded();
    // It can be given up without its file, and its name is free again.
    place.keys(&["compromise", "provider-usage"]);
    place.run(&["keys", "destroy", "provider-usage", "--yes"]).succeeded();
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v2");
    place.keys(&["add", "provider-usage"]);
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v2", "the one in use stays in use");
    drop(lost);
}

/// Whoever can write to the key folder must not have tenants seal for a key of his own.
#[test]
fn a_file_with_another_key_is_not_used() {
    let place = quick();
    for name in ["provider-encryption", "stranger"] {
        place.keys(&["add", name, "--type", "x25519"]);
    }
    let stranger = fs::read_to_string(place.key_file("stranger")).unwrap();
    let swapped = rehashed(&stranger.replace("\"stranger\"", "\"provider-encryption\""));
    let mine = fs::read(place.key_file("provider-encryption")).unwrap();
    fs::write(place.key_file("provider-encryption"), swapped).unwrap();
    place.secret_file("text", "services: {}");
    let other = "holds another key than the one that was made";
    for arguments in [
        &["keys", "seal", "text"][..],
        &["keys", "seal", "text", "--for", "provider-encryption"],
        &["keys", "show", "provider-encryption"],
        &["keys", "rotate", "encryption", "--passphrase-file", "passphrase"],
    ] {
        let ran = place.run(arguments);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(ran.code != 0 || said.contains("rotate"), "{arguments:?} {said}");
        if arguments[1] != "rotate" {
            assert!(said.contains(other), "{arguments:?} {said}");
        }
    }
    let rows = place.run(&["keys", "status", "-o", "json"]).json();
    let of_name: Vec<&Value> =
        rows.as_array().unwrap().iter().filter(|row| row["name"] == "provider-encryption").collect();
    assert_eq!(of_name.len(), 1, "{rows}");
    assert!(of_name[0]["problem"].as_str().unwrap().contains(other));
    let listed = place.run(&["keys", "list"]);
    assert!(listed.code == 1 && listed.stdout.contains(other), "{}", listed.stdout);
    place.run(&["keys", "suspend", "stranger"]).succeeded();
    fs::write(place.key_file("provider-encryption"), mine).unwrap();
    assert_eq!(status(&place, "provider-encryption")["state"], "active");
}

/// The same text with the hash that belongs to it, which needs no passphrase.
fn rehashed(text: &str) -> String {
    use sha2::Digest as _;
    let body = text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    format!("{body}{}\n", provider::domain::hex::encode(&sha2::Sha256::digest(&body)))
}

#[test]
fn a_wrong_passphrase_seals_no_successor() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    place.secret_file("wrong", "not the right passphrase");
    let ran = place.run(&["keys", "rotate", "usage", "--passphrase-file", "wrong", "-o", "json"]);
    assert_eq!(ran.code, 1, "{}{}", ran.stdout, ran.stderr);
    assert!(ran.stdout.contains("provider-usage"), "{}", ran.stdout);
    assert!(!place.key_file("provider-usage-v2").exists());
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage", "the old one still serves");
    place.keys(&["rotate", "--if-due"]);
    assert_eq!(place.keys(&["test-sign"])["name"], "provider-usage-v2");
}

#[test]
fn a_key_whose_file_cannot_be_read_is_not_called_destroyed() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    for step in ["suspend", "archive"] {
        place.run(&["keys", step, "provider-usage"]).succeeded();
    }
    let whole = fs::read(place.key_file("provider-usage")).unwrap();
    let mut damaged = whole.clone();
    damaged[40] ^= 1;
    fs::write(place.key_file("provider-usage"), &damaged).unwrap();
    let destroy = ["keys", "destroy", "provider-usage", "--yes", "--early"];
    place.run(&destroy).failed(65, &["cannot be read", "--force"]);
    assert_eq!(status(&place, "provider-usage")["state"], "archived");
    place.run(&[&destroy[..], &["--force"]].concat()).succeeded();
    assert!(!place.key_file("provider-usage").exists());
    assert_eq!(status(&place, "provider-usage"), Value::Null);
}

/// A backup keeps where each key stood: what was given up does not come back as good.
#[test]
fn another_machine_goes_on_where_this_one_was() {
    let place = quick();
    place.secret_file("backup-passphrase", "another horse altogether");
    for name in ["provider-encryption", "provider-usage"] {
        place.keys(&["add", name]);
    }
    place.keys(&["rotate", "usage"]);
    place.keys(&["compromise", "provider-usage-v2", "--offline"]);
    place.run(&["keys", "suspend", "provider-encryption", "--reason", "audit 7"]).succeeded();
    place.run(&["keys", "set-policy", "--max-age-days", "30"]).succeeded();
    let states = |place: &Place| -> Vec<(String, String)> {
        let rows = place.run(&["keys", "status", "-o", "json"]).json();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or("-").to_owned();
        rows.as_array().unwrap().iter().map(|row| (text(row, "name"), text(row, "state"))).collect()
    };
    let before = states(&place);
    assert!(before.contains(&("provider-usage-v2".to_owned(), "compromised".to_owned())), "{before:?}");
    let backup = ["keys", "backup", "--output", "keys.backup", "--backup-passphrase-file", "backup-passphrase"];
    place.run(&backup).succeeded();
    let trail = place.run(&["audit-log", "-o", "json", "--event", "key_usage"]).succeeded().stdout;
    assert!(trail.contains("\"backup\""), "every key that leaves is in the trail");

    let other = quick();
    other.secret_file("backup-passphrase", "another horse altogether");
    fs::copy(place.path("keys.backup"), other.path("keys.backup")).unwrap();
    let restore = ["keys", "restore", "keys.backup", "--backup-passphrase-file", "backup-passphrase"];
    for _ in 0..2 {
        other.run(&restore).succeeded();
        assert_eq!(states(&other), before);
    }
    assert_eq!(status(&other, "provider-encryption")["reason"], "audit 7");
    assert_eq!(other.keys(&["test-sign"])["name"], "provider-usage-v3");
    other
        .run(&["keys", "test-sign", "provider-usage-v2", "--passphrase-file", "passphrase"])
        .failed(77, &["`provider-usage-v2` is compromised"]);
    let policy = other.run(&["keys", "set-policy", "-o", "json"]).json();
    assert!(policy.as_array().unwrap().iter().any(|rule| rule["field"] == "max_age" && rule["value"] == "30d"));
}

/// What is in a folder, whole.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else if path.extension().is_none_or(|end| end != "db-shm" && end != "db-wal") {
            found.insert(path.clone(), fs::read(&path).unwrap());
        }
    }
    found
}

#[test]
fn a_dry_run_changes_nothing() {
    let place = Place::new();
    place.configure("keys: { policy: { require_approval_for_activation: true } }\n");
    for name in ["provider-usage", "other", "waiting"] {
        place.keys(&["add", name]);
    }
    for name in ["provider-usage", "other"] {
        place.run(&["keys", "approve", name]).succeeded();
    }
    place.run(&["keys", "suspend", "other"]).succeeded();
    place.secret_file("hex", &"7".repeat(64));
    place.secret_file("text", "services: {}");
    place.keys(&["add", "provider-encryption"]);
    let envelope = place.run(&["keys", "seal", "text"]).succeeded().stdout;
    fs::write(place.path("envelope"), envelope).unwrap();
    let before = everything(place.home.path());
    for arguments in [
        &["init"][..],
        &["add", "new"],
        &["import", "new", "hex", "--type", "ed25519"],
        &["test-sign", "provider-usage"],
        &["open", "envelope"],
        &["backup", "--output", "b", "--backup-passphrase-file", "passphrase"],
        &["rotate"],
        &["rotate", "usage"],
        &["rotate", "--if-due"],
        &["set-policy", "--max-age-days", "9"],
        &["approve", "waiting"],
        &["suspend", "provider-usage"],
        &["resume", "other"],
        &["archive", "other"],
        &["compromise", "provider-usage"],
    ] {
        let takes_passphrase = ["add", "import", "test-sign", "open", "rotate", "compromise"].contains(&arguments[0]);
        let more: &[&str] = if takes_passphrase { &["--passphrase-file", "passphrase"] } else { &[] };
        let ran = place.run(&[&["keys", "--dry-run"], arguments, more].concat());
        assert!(ran.code == 0 || arguments == ["rotate"], "{arguments:?} {}", ran.stderr);
        let after = everything(place.home.path());
        let changed: Vec<&PathBuf> =
            after.iter().filter(|(path, at)| before.get(*path) != Some(*at)).map(|(p, _)| p).collect();
        assert!(changed.is_empty() && after.len() == before.len(), "{arguments:?} {changed:?}");
    }
    // And it says what the command would say.
    place.run(&["keys", "--dry-run", "rotate", "provider"]).failed(65, &["there is no key `provider`"]);
    place.run(&["keys", "--dry-run", "approve", "other"]).failed(65, &["nothing of the key `other` waits"]);
}

#[test]
fn what_is_typed_for_an_incident_is_checked_before_anything_is_done() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    place.add("provider");
    let run = |more: &[&str]| place.run(&[&["keys", "compromise"], more].concat());
    run(&["provider", "--sweep-to", "garbage"]).failed(64, &["nothing was done"]);
    let own = place.run(&["keys", "show", "provider", "-a"]).succeeded().stdout;
    run(&["provider", "--sweep-to", own.trim()]).failed(64, &["names the account whose key is given up"]);
    run(&["provider", "--close-lease", "garbage"]).failed(64, &["nothing was done"]);
    run(&["provider-usage", "--sweep-to", own.trim()]).failed(64, &["is of type ed25519 and has no account"]);
    assert_eq!(status(&place, "provider")["state"], "active");
    // Nobody knows whether its account is empty: no node answers.
    run(&["provider", "--offline", "--passphrase-file", "passphrase"]);
    place.run(&["keys", "destroy", "provider", "--yes"]).failed(75, &["nobody knows whether the account"]);
    assert!(place.key_file("provider").exists());
    place.run(&["keys", "destroy", "provider", "--yes", "--force"]).succeeded();
}

/// That nobody knows where a key stands is no state, and no good news.
#[test]
fn a_state_file_that_cannot_be_read_is_said() {
    let place = quick();
    place.keys(&["add", "provider-usage"]);
    place.run(&["keys", "status", "--check"]).succeeded();
    fs::write(place.path(".provider-daemon/state.db"), "no database, whatever it was".repeat(500)).unwrap();
    for file in ["state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(place.path(&format!(".provider-daemon/{file}")));
    }
    let status = place.run(&["keys", "status"]);
    assert_eq!((status.code, status.stdout.as_str()), (73, ""), "{}", status.stderr);
    // The files are there all the same.
    let listed = place.run(&["keys", "list"]);
    assert!(listed.code == 1 && listed.stdout.contains("provider-usage"), "{}{}", listed.stdout, listed.stderr);
    assert!(listed.stderr.contains("the states of the keys are not known"), "{}", listed.stderr);
}

//! `keys backup` and `keys restore`, and `keys init`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use serde_json::Value;

use super::{Place, names};

fn place() -> Place {
    let place = Place::new();
    place.secret_file("backup-passphrase", "another horse altogether");
    place
}

const BACKUP: &[&str] = &["keys", "backup", "--output", "keys.backup", "--backup-passphrase-file", "backup-passphrase"];

fn restore(place: &Place) -> Vec<(String, String)> {
    let ran =
        place.run(&["keys", "restore", "keys.backup", "--backup-passphrase-file", "backup-passphrase", "-o", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap().to_owned();
    rows.iter().map(|row| (text(row, "name"), text(row, "outcome"))).collect()
}

#[test]
fn keys_come_back_from_a_backup_and_open_with_their_own_passphrase() {
    let place = place();
    let made = place.keys(&["add", "provider-usage"]);
    place.keys(&["add", "provider-encryption"]);
    let planned = place.run(&[BACKUP, &["--dry-run"]].concat()).succeeded().stdout;
    assert!(planned.contains("provider-encryption, provider-usage") && !place.path("keys.backup").exists());
    let written = place.run(&[BACKUP, &["--format", "json"]].concat()).json();
    assert_eq!((&written["verified"], written["keys"].as_array().unwrap().len()), (&true.into(), 2));
    assert_eq!(place.path("keys.backup").metadata().unwrap().permissions().mode() & 0o7777, 0o600);
    place.run(BACKUP).failed(65, &["a backup is never overwritten"]);
    let (present, restored) = ("present".to_owned(), "restored".to_owned());
    let outcome = |of: &str, name: &str| (name.to_owned(), of.to_owned());
    assert_eq!(restore(&place), [outcome(&present, "provider-encryption"), outcome(&present, "provider-usage")]);
    fs::remove_file(place.key_file("provider-usage")).unwrap();
    assert_eq!(restore(&place)[1], outcome(&restored, "provider-usage"));
    let tested = place.keys(&["test-sign", "provider-usage"]);
    assert_eq!(tested["public_key"], made["public_key"]);
    // Another key under the name is never overwritten.
    fs::remove_file(place.key_file("provider-usage")).unwrap();
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(place.path(&format!(".provider-daemon/{file}")));
    }
    let other = place.keys(&["add", "provider-usage"]);
    let ran = place.run(&["keys", "restore", "keys.backup", "--backup-passphrase-file", "backup-passphrase"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("conflict"));
    assert_eq!(place.keys(&["test-sign", "provider-usage"])["public_key"], other["public_key"]);
}

#[test]
fn a_backup_is_of_no_use_to_others() {
    let place = place();
    place.keys(&["add", "provider-usage"]);
    place.run(&["keys", "backup", "--output", "keys.backup", "--backup-passphrase-file", "passphrase"]).succeeded();
    let restore = ["keys", "restore", "keys.backup", "--backup-passphrase-file", "backup-passphrase"];
    place.run(&restore).failed(77, &["the passphrase is not the one that seals"]);
    let whole = fs::read(place.path("keys.backup")).unwrap();
    fs::write(place.path("keys.backup"), &whole[..whole.len() / 2]).unwrap();
    place.run(&restore).failed(65, &["is truncated"]);
    place.secret_file("short", "short");
    place.run(&["keys", "backup", "--output", "x", "--backup-passphrase-file", "short"]).failed(65, &["fewer than"]);
    place.run(&["keys", "backup", "--output", "x"]).failed(77, &["there is no passphrase", "--backup-passphrase-file"]);
    assert!(!place.path("x").exists());
}

#[test]
fn what_cannot_be_read_is_left_out_and_said() {
    let place = place();
    place.keys(&["add", "provider-usage"]);
    fs::write(place.key_file("broken"), "provider-key 1\n").unwrap();
    fs::create_dir(place.path("folder")).unwrap();
    let ran = place.run(&["keys", "backup", "--output", "folder", "--backup-passphrase-file", "backup-passphrase"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("broken"), "{}", ran.stdout);
    assert_eq!(names(&place.path("folder")).len(), 1);
}

#[test]
fn init_measures_and_new_keys_cost_that() {
    let place = place();
    let made = place.run(&["keys", "init", "--storage-type", "file", "--key-dir", "other", "-o", "json"]).json();
    let memory = made["memory_kib"].as_u64().unwrap();
    assert!(memory >= 64 * 1024 && made["passes"].as_u64().unwrap() >= 1, "{made}");
    assert_eq!(place.path("other").metadata().unwrap().permissions().mode() & 0o7777, 0o700);
    place.configure(&format!("keys: {{ keyring_path: {} }}\n", place.path("other").display()));
    place.keys(&["generate", "--algorithm", "ed25519"]);
    let file = fs::read_to_string(place.path("other/provider-usage.key")).unwrap();
    assert!(file.contains(&format!("\"memory_kib\":{memory}")), "{file}");
    assert_eq!(place.keys(&["test-sign"])["verified"], true, "the manual's command, without a name");
    // Once more: what a guess costs is never lowered, and the folder is not new.
    let again = place.run(&["keys", "init", "--storage-type", "file", "--key-dir", "other", "-o", "json"]).json();
    let work = |made: &Value| made["memory_kib"].as_u64().unwrap() * made["passes"].as_u64().unwrap();
    assert!(work(&again) >= work(&made) && work(&made) >= 3 * 64 * 1024, "{made} {again}");
    assert_eq!((&made["created"], &again["created"]), (&true.into(), &false.into()));
    let planned = place.run(&["--dry-run", "keys", "init", "--key-dir", "third", "-o", "json"]).json();
    assert_eq!((&planned["created"], place.path("third").exists()), (&false.into(), false));
    place.run(&["keys", "init", "--storage-type", "hardware"]).failed(78, &["keys.hsm.library_path"]);
    let note = place.run(&["keys", "init", "--storage-type", "ledger"]).succeeded().stderr;
    assert!(note.contains("when keys.keyring_backend is ledger"), "{note}");
}

//! The commands, their options, and what they say when something is wrong.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};

use serde_json::Value;

use super::{PASSPHRASE, Place, mnemonic, names};

/// Section "Create keys" of the operations manual, and exercise 1.2 of the training manual.
#[test]
fn the_manuals_commands_work() {
    let place = Place::new();
    let add = |arguments: &[&str]| place.keys(arguments);
    let signing = add(&["add", "provider", "--keyring-backend", "file", "--print-mnemonic"]);
    assert_eq!((&signing["type"], &signing["role"]), (&"secp256k1".into(), &"signing".into()));
    assert_eq!(signing["mnemonic"].as_str().unwrap().split(' ').count(), 24);
    assert_eq!(signing["hd_path"], "m/44'/118'/0'/0/0");
    assert!(signing["address"].as_str().unwrap().starts_with("ve1"));
    let encryption = add(&["add", "provider-encryption", "--keyring-backend", "file"]);
    assert_eq!((&encryption["type"], &encryption["role"]), (&"x25519".into(), &"encryption".into()));
    let next = add(&["add", "provider-encryption-v2", "--keyring-backend", "file"]);
    assert_eq!((&next["type"], &next["role"]), (&"x25519".into(), &"encryption".into()));
    assert_eq!(add(&["add", "provider-emergency"])["type"], "ed25519", "keys.default_algorithm");
    let generated = add(&["generate", "--algorithm", "ed25519"]);
    assert_eq!((&generated["name"], &generated["type"]), (&"provider-usage".into(), &"ed25519".into()));
    assert_eq!(add(&["generate", "one", "--algorithm", "p256"])["type"], "p256");

    let listed = place.run(&["keys", "list"]).succeeded().stdout;
    let lines: Vec<Vec<&str>> = listed.lines().map(|line| line.split('\t').collect()).collect();
    let shown: Vec<(&str, &str, &str)> = lines.iter().map(|cells| (cells[0], cells[1], cells[2])).collect();
    assert_eq!(
        shown,
        [
            ("one", "p256", "-"),
            ("provider", "secp256k1", "signing"),
            ("provider-emergency", "ed25519", "-"),
            ("provider-encryption", "x25519", "encryption"),
            ("provider-encryption-v2", "x25519", "encryption"),
            ("provider-usage", "ed25519", "usage"),
        ]
    );
    let line = |arguments: &[&str]| place.run(arguments).succeeded().stdout;
    assert_eq!(line(&["keys", "show", "provider", "-a"]), format!("{}\n", signing["address"].as_str().unwrap()));
    let key = line(&["keys", "show", "provider-encryption", "--pubkey"]);
    assert_eq!(key, format!("{}\n", encryption["public_key"].as_str().unwrap()));
    let csv = line(&["keys", "list", "-o", "csv"]);
    assert_eq!(csv.lines().count(), 7);
    let json: Vec<Value> = serde_json::from_str(&line(&["keys", "list", "-o", "json"])).unwrap();
    assert_eq!((&json[1]["name"], &json[1]["problem"]), (&"provider".into(), &Value::Null));
}

#[test]
fn every_type_can_be_asked_for_and_those_that_sign_do() {
    let place = Place::new();
    for kind in ["secp256k1", "ed25519", "x25519", "p256"] {
        let extra: &[&str] = if kind == "secp256k1" { &["--no-mnemonic"] } else { &[] };
        let made = place.keys(&[&["add", kind, "--type", kind], extra].concat());
        assert_eq!((&made["type"], &made["created"], made.get("mnemonic")), (&kind.into(), &true.into(), None));
        assert_eq!(place.key_file(kind).metadata().unwrap().mode() & 0o7777, 0o600);
        let test = ["keys", "test-sign", kind, "--passphrase-file", "passphrase", "-o", "json"];
        if kind == "x25519" {
            place.run(&test).failed(65, &["keys of type x25519 do not sign"]);
        } else {
            let tested = place.run(&test).json();
            assert_eq!((&tested["verified"], &tested["public_key"]), (&true.into(), &made["public_key"]));
        }
    }
    assert_eq!(place.path(".provider-daemon/keyring").metadata().unwrap().mode() & 0o7777, 0o700);
}

#[test]
fn a_type_that_does_not_fit_the_role_is_remarked_on() {
    let place = Place::new();
    place.configure("keys: { signing_key: wallet, default_algorithm: p256 }\n");
    let ran = place.run(&["keys", "add", "wallet", "--type", "ed25519", "--passphrase-file", "passphrase"]).succeeded();
    assert!(ran.stderr.contains("note: keys.signing_key names keys of type secp256k1"), "{}", ran.stderr);
    assert_eq!(place.keys(&["add", "provider"])["type"], "p256", "no role by this configuration");
}

#[test]
fn a_dry_run_makes_and_deletes_nothing() {
    let place = Place::new();
    let planned = place.run(&["keys", "add", "provider", "--dry-run", "-o", "json"]).json();
    assert_eq!((&planned["type"], &planned["created"]), (&"secp256k1".into(), &false.into()));
    assert_eq!(names(&place.path(".provider-daemon")), ["config.yaml"]);
    place.add("provider");
    place.run(&["keys", "add", "provider", "--dry-run"]).failed(65, &["there is a key `provider` already"]);
    let planned = place.run(&["keys", "suspend", "provider", "--dry-run", "-o", "json"]).json();
    assert_eq!(planned["changed"], false);
    let tested = place.run(&["keys", "test-sign", "provider", "--dry-run", "-o", "json"]).json();
    assert_eq!((&tested["verified"], &tested["signature"]), (&false.into(), &Value::Null));
    assert!(place.key_file("provider").exists());
    assert_eq!(place.run(&["audit-log"]).succeeded().stdout.lines().count(), 2, "it was made, and became active");
}

#[test]
fn destroying_asks_or_is_told_not_to() {
    let place = Place::new();
    place.configure("keys: { policy: { require_approval_for_destruction: false, destroy_after: 0 } }\n");
    place.add("provider");
    for step in ["suspend", "archive"] {
        place.run(&["keys", step, "provider"]).succeeded();
    }
    let planned = place.run(&["keys", "destroy", "provider", "--dry-run", "--force", "-o", "json"]).json();
    assert_eq!((&planned["state"], &planned["changed"]), (&"archived".into(), &false.into()));
    place.run(&["keys", "destroy", "provider", "--force"]).failed(64, &["nobody can be asked", "--yes"]);
    assert!(place.key_file("provider").exists());
    let destroyed = place.run(&["keys", "destroy", "provider", "--yes", "--force", "-o", "json"]).json();
    assert_eq!((&destroyed["name"], &destroyed["state"]), (&"provider".into(), &"destroyed".into()));
    assert!(!place.key_file("provider").exists());
    place.run(&["keys", "destroy", "provider", "--yes"]).failed(65, &["there is no key `provider`", "keys status"]);
    place.add("provider");
}

#[test]
fn each_use_of_a_key_is_in_the_audit_trail() {
    let place = Place::new();
    place.add("provider");
    place.keys(&["test-sign", "provider"]);
    place.secret_file("wrong", "incorrect horse");
    place.run(&["keys", "test-sign", "provider", "--passphrase-file", "wrong"]).failed(77, &["passphrase"]);
    place.run(&["keys", "suspend", "provider"]).succeeded();
    let rows: Vec<Value> =
        serde_json::from_str(&place.run(&["audit-log", "--event", "key_usage", "-o", "json"]).succeeded().stdout)
            .unwrap();
    let uses: Vec<(&str, &str, &str)> = rows
        .iter()
        .map(|row| {
            assert_eq!(row["subject"], "key provider");
            let text = |value: &'static str| row[value].as_str().unwrap();
            (text("job"), row["details"]["use"].as_str().unwrap(), text("outcome"))
        })
        .collect();
    assert_eq!(
        uses,
        [
            ("keys-add", "create", "succeeded"),
            ("keys-add", "active", "succeeded"),
            ("keys-test-sign", "sign", "succeeded"),
            ("keys-test-sign", "sign", "succeeded"),
            ("keys-test-sign", "sign", "failed"),
            ("keys-suspend", "suspended", "succeeded"),
        ]
    );
    assert!(rows[4]["details"]["error"].as_str().unwrap().contains("passphrase is not the one"), "{}", rows[4]);
    place.run(&["audit-log", "verify"]).succeeded();
}

#[test]
fn without_an_audit_trail_nothing_is_recorded() {
    let place = Place::new();
    fs::write(place.path(".provider-daemon/config.yaml"), "logging: { level: error, audit: { enabled: false } }\n")
        .unwrap();
    place.add("provider");
    assert_eq!(place.run(&["audit-log"]).succeeded().stdout, "");
    assert_eq!(place.run(&["keys", "show", "provider", "-o", "json"]).json()["state"], "active");
}

#[test]
fn what_cannot_be_recorded_is_not_done() {
    let place = Place::new();
    fs::write(place.path(".provider-daemon/state.db"), "not a database, but long enough to be taken for one").unwrap();
    place
        .run(&["keys", "add", "provider", "--no-mnemonic", "--passphrase-file", "passphrase"])
        .failed(73, &["is not a state file"]);
    assert!(!place.key_file("provider").exists());
}

#[test]
fn a_passphrase_comes_from_a_file_or_a_credential_and_from_nowhere_else() {
    let place = Place::new();
    let add = ["keys", "add", "usage", "--type", "ed25519"];
    let with_file = |file: &str| place.run(&[&add[..], &["--passphrase-file", file]].concat());
    place.run(&add).failed(77, &["no terminal to ask at", "--passphrase-file", "LoadCredential"]);
    with_file("missing").failed(65, &["cannot read missing", "No such file"]);
    fs::set_permissions(place.path("passphrase"), Permissions::from_mode(0o644)).unwrap();
    with_file("passphrase").failed(77, &["other users may use passphrase (mode 0644)", "chmod 600 passphrase"]);
    place.secret_file("short", "seven77");
    with_file("short").failed(65, &["fewer than 8 characters"]);
    place.secret_file("empty", "");
    with_file("empty").failed(65, &["the passphrase is empty"]);
    // Neither an argument nor a variable is one.
    place.run(&[&add[..], &["--passphrase", PASSPHRASE]].concat()).failed(64, &["--passphrase"]);
    let mut command = place.command(&add);
    command.env("PROVIDER_PASSPHRASE", PASSPHRASE).env("PASSPHRASE", PASSPHRASE);
    let output = command.output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    assert!(!String::from_utf8(output.stderr).unwrap().contains(PASSPHRASE));
    assert!(names(&place.path(".provider-daemon/keyring")).is_empty());

    fs::create_dir(place.path("credentials")).unwrap();
    place.secret_file("credentials/provider-passphrase", PASSPHRASE);
    let with_credential = |arguments: &[&str]| {
        let mut command = place.command(arguments);
        super::Ran::of(command.env("CREDENTIALS_DIRECTORY", place.path("credentials")).output().unwrap())
    };
    with_credential(&add).succeeded();
    with_credential(&["keys", "test-sign", "usage"]).succeeded();
    fs::set_permissions(place.path("passphrase"), Permissions::from_mode(0o600)).unwrap();
    place.keys(&["test-sign", "usage"]);
    place.secret_file("credentials/provider-passphrase", "incorrect horse");
    with_credential(&["keys", "test-sign", "usage"]).failed(77, &["the passphrase is not the one that seals it"]);
    // A key's own credential counts more.
    place.secret_file("credentials/provider-passphrase-usage", PASSPHRASE);
    with_credential(&["keys", "test-sign", "usage"]).succeeded();
}

#[test]
fn the_mnemonic_has_somebody_to_see_it() {
    let place = Place::new();
    let add = ["keys", "add", "provider", "--passphrase-file", "passphrase"];
    place.run(&add).failed(64, &["no terminal to show the mnemonic", "--print-mnemonic", "--no-mnemonic"]);
    let recover = |text: &str| {
        place.secret_file("words", text);
        place.run(&[&add[..], &["--recover", "--mnemonic-file", "words"]].concat())
    };
    place.run(&[&add[..], &["--recover"]].concat()).failed(64, &["no terminal to ask for the mnemonic"]);
    recover("abandon abandon art").failed(65, &["the mnemonic has 3 words; one has 12, 15, 18, 21 or 24"]);
    recover(&mnemonic().replacen("abandon", "abondon", 1)).failed(65, &["word 1 of the mnemonic is not on"]);
    recover(&mnemonic().replace("art", "zoo")).failed(65, &["the checksum of the mnemonic is wrong"]);
    fs::set_permissions(place.path("words"), Permissions::from_mode(0o644)).unwrap();
    place
        .run(&[&add[..], &["--recover", "--mnemonic-file", "words"]].concat())
        .failed(77, &["other users may use words", "chmod 600"]);
    assert!(names(&place.path(".provider-daemon/keyring")).is_empty());
    recover(&mnemonic()).succeeded();
    for option in ["--recover", "--no-mnemonic", "--print-mnemonic", "--hd-path=m/0"] {
        let words = ["keys", "add", "usage", "--type", "ed25519", "--passphrase-file", "passphrase", option];
        let name = option.split('=').next().unwrap();
        place.run(&words).failed(64, &["keys of type ed25519 have no mnemonic", name]);
    }
}

#[test]
fn wrong_words_are_told_from_wrong_files() {
    let place = Place::new();
    let broken: &[(&[&str], i32)] = &[
        (&["keys"], 64),
        (&["keys", "add"], 64),
        (&["keys", "add", "../provider"], 64),
        (&["keys", "add", "/etc/passwd"], 64),
        (&["keys", "add", "a", "--type", "rsa"], 64),
        (&["keys", "add", "a", "--hd-path", "m/x"], 64),
        (&["keys", "add", "a", "--mnemonic-file", "x"], 64),
        (&["keys", "add", "a", "--recover", "--print-mnemonic"], 64),
        (&["keys", "show", "none"], 65),
        (&["keys", "show", "a", "-a", "-p"], 64),
        (&["keys", "list", "--keyring-backend", "os"], 64),
        (&["keys", "list", "--keyring-backend", "memory"], 78),
    ];
    for (arguments, code) in broken {
        let ran = place.run(arguments);
        assert_eq!((ran.code, ran.stdout.as_str()), (*code, ""), "{arguments:?}: {}", ran.stderr);
    }
    place.keys(&["add", "usage", "--type", "ed25519"]);
    place.run(&["keys", "show", "usage", "--address"]).failed(65, &["is of type ed25519 and has no account"]);
}

#[test]
fn a_damaged_file_spoils_no_listing() {
    let place = Place::new();
    for name in ["one", "three", "two"] {
        place.keys(&["add", name, "--type", "ed25519"]);
    }
    let whole = fs::read(place.key_file("two")).unwrap();
    fs::write(place.key_file("two"), &whole[..whole.len() / 2]).unwrap();
    fs::copy(place.key_file("one"), place.key_file("copy")).unwrap();
    symlink("/etc/passwd", place.key_file("link")).unwrap();
    let ran = place.run(&["keys", "list", "-o", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let rows: Vec<Value> = serde_json::from_str(&ran.stdout).unwrap();
    let problem = |name: &str| rows.iter().find(|row| row["name"] == name).unwrap()["problem"].clone();
    assert_eq!((problem("one"), problem("three")), (Value::Null, Value::Null));
    assert!(problem("two").as_str().unwrap().ends_with("it is truncated"));
    assert!(problem("copy").as_str().unwrap().contains("it is the file of the key `one`"));
    assert!(problem("link").as_str().unwrap().ends_with("is not a regular file"));
    place
        .run(&["keys", "show", "two"])
        .failed(65, &["cannot use the key file", "caused by: it is truncated", "backup"]);
}

#[test]
fn what_others_could_use_is_tightened_and_said() {
    let place = Place::new();
    place.configure("");
    fs::write(place.path(".provider-daemon/config.yaml"), "logging: { level: warn }\n").unwrap();
    place.keys(&["add", "usage", "--type", "ed25519"]);
    let folder = place.path(".provider-daemon/keyring");
    let (mode, widen) = (
        |path: &std::path::Path| path.metadata().unwrap().mode() & 0o7777,
        |path: &std::path::Path, mode| fs::set_permissions(path, Permissions::from_mode(mode)).unwrap(),
    );
    widen(&folder, 0o777);
    widen(&place.key_file("usage"), 0o666);
    let looked = place.run(&["keys", "list"]).succeeded();
    assert_eq!(looked.stderr.matches("other users may use this").count(), 2, "{}", looked.stderr);
    assert_eq!((mode(&folder), mode(&place.key_file("usage"))), (0o777, 0o666));
    let used = place.run(&["keys", "test-sign", "usage", "--passphrase-file", "passphrase"]).succeeded();
    assert_eq!(used.stderr.matches("other users could use this").count(), 2, "{}", used.stderr);
    assert_eq!((mode(&folder), mode(&place.key_file("usage"))), (0o700, 0o600));
}

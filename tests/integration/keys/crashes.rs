//! A kill between any two writes of what happens to keys, and the runs that come after it.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;

use provider::jobs::FailPoint;
use serde_json::{Value, json};

use super::{Place, Ran};

impl Place {
    /// Runs a command that is killed when it comes to a point.
    fn killed(&self, point: FailPoint, arguments: &[&str]) {
        let mut command = self.within(&["env"], arguments);
        let output = command.env("PROVIDER_FAIL_POINT", point.word()).output().unwrap();
        assert_eq!(output.status.signal(), Some(9), "{}: {arguments:?}", point.word());
    }

    fn states(&self) -> Vec<(String, String)> {
        let rows = self.run(&["keys", "status", "-o", "json"]).json();
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or("-").to_owned();
        rows.as_array().unwrap().iter().map(|row| (text(row, "name"), text(row, "state"))).collect()
    }
}

fn states(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(name, state)| ((*name).to_owned(), (*state).to_owned())).collect()
}

#[test]
fn a_rotation_is_gone_on_with() {
    for point in [FailPoint::RotationBegun, FailPoint::KeyPrepared, FailPoint::KeyMade, FailPoint::KeySwitched] {
        let place = Place::new();
        place.configure("keys: { grace_period: 0 }\n");
        let old = place.keys(&["add", "provider-usage"]);
        place.killed(point, &["keys", "rotate", "usage", "--passphrase-file", "passphrase"]);
        place.keys(&["rotate", "--if-due"]);
        assert_eq!(place.keys(&["rotate", "--if-due"]), json!([]), "{}", point.word());
        let expected = states(&[("provider-usage", "deactivated"), ("provider-usage-v2", "active")]);
        assert_eq!(place.states(), expected, "{}", point.word());
        let new = place.keys(&["test-sign"]);
        assert_eq!((&new["name"], &new["role"]), (&"provider-usage-v2".into(), &"usage".into()));
        assert_eq!(new["state"], "active");
        assert_ne!(new["public_key"], old["public_key"]);
        place.run(&["audit-log", "verify"]).succeeded();
    }
}

#[test]
fn a_new_key_is_taken_up() {
    for point in [FailPoint::KeyPrepared, FailPoint::KeyMade] {
        let place = Place::new();
        let add = ["keys", "add", "provider-usage", "--passphrase-file", "passphrase"];
        place.killed(point, &add);
        if point == FailPoint::KeyPrepared {
            place.run(&add).succeeded();
        } else {
            place.run(&add).failed(65, &["there is a key `provider-usage` already"]);
        }
        place.keys(&["test-sign", "provider-usage"]);
        place.run(&["keys", "suspend", "provider-usage"]).succeeded();
        assert_eq!(place.states(), states(&[("provider-usage", "suspended")]));
    }
}

#[test]
fn a_destruction_is_ended() {
    for point in [FailPoint::KeyDestroying, FailPoint::KeyDeleted] {
        let place = Place::new();
        place.keys(&["add", "provider-usage"]);
        for step in ["suspend", "archive"] {
            place.run(&["keys", step, "provider-usage"]).succeeded();
        }
        let destroy = ["keys", "destroy", "provider-usage", "--yes", "--early"];
        place.run(&destroy).failed(77, &["waits for an approval"]);
        place.run(&["keys", "approve", "provider-usage"]).succeeded();
        place.killed(point, &destroy);
        assert_eq!(place.key_file("provider-usage").exists(), point == FailPoint::KeyDestroying);
        if point == FailPoint::KeyDestroying {
            place.run(&destroy).succeeded();
        } else {
            // The next change of any kind sees that it is gone.
            // The same command again finds it done.
            place.run(&destroy).succeeded();
            let ran = place.run(&["keys", "rotate", "--if-due"]).succeeded();
            assert!(ran.stdout.contains("role ended"), "somebody wanted it so: {}", ran.stdout);
        }
        assert_eq!((place.states(), place.key_file("provider-usage").exists()), (states(&[]), false));
        let trail: Vec<Value> =
            serde_json::from_str(&place.run(&["audit-log", "-o", "json"]).succeeded().stdout).unwrap();
        let ended = trail.iter().filter(|row| row["details"]["use"] == "destroyed").count();
        assert_eq!(ended, 1, "{}", point.word());
        // Its name is free.
        place.keys(&["add", "provider-usage"]);
    }
}

#[test]
fn an_incident_is_gone_on_with() {
    let place = Place::new();
    place.keys(&["add", "provider-usage"]);
    let compromise = ["keys", "compromise", "provider-usage", "--passphrase-file", "passphrase", "-o", "json"];
    place.killed(FailPoint::KeyGivenUp, &compromise);
    assert_eq!(place.states(), states(&[("provider-usage", "compromised")]));
    place
        .run(&["keys", "test-sign", "provider-usage", "--passphrase-file", "passphrase"])
        .failed(77, &["is compromised"]);
    let incident = place.run(&compromise).json();
    assert_eq!((&incident["state"], &incident["rotated"][0]["outcome"]), (&"compromised".into(), &"done".into()));
    // The pause is of the same transaction as the state.
    assert_eq!(incident["bids_paused"], "the key `provider-usage` was given up as compromised");
    // A person who resumed is not overruled by going on.
    assert_eq!(place.run(&["resume"]).code, 0);
    assert_eq!(place.run(&compromise).json()["bids_paused"], Value::Null);
    let expected = states(&[("provider-usage", "compromised"), ("provider-usage-v2", "active")]);
    assert_eq!(place.states(), expected);
}

#[test]
fn a_certificate_is_made_in_the_end() {
    for (point, first) in [
        (FailPoint::AuthorityKeyWritten, true),
        (FailPoint::ServerKeyWritten, true),
        (FailPoint::ServerKeyWritten, false),
    ] {
        let place = Place::new();
        let generate = ["tls", "generate", "--hostname", "a.example", "--output", "tls", "--ca", "--format", "json"];
        let renew = [&generate[..], &["--renew"]].concat();
        if !first {
            place.run(&generate).succeeded();
        }
        place.killed(point, if first { &generate } else { &renew });
        if !first {
            let tls = place.path("tls");
            let (cert, key) = (tls.join("server.crt"), tls.join("server.key"));
            place.configure(&format!(
                "server: {{ tls: {{ cert_file: {}, key_file: {} }} }}\n",
                cert.display(),
                key.display()
            ));
            let shown: Ran = place.run(&["tls", "show"]);
            assert!(shown.code == 1 && shown.stderr.contains("a renewal was stopped"), "{}", shown.stderr);
            // The key of the certificate that is there is not lost: a server that starts now has a pair.
            let certificate = provider::keys::tls::read(&fs::read_to_string(&cert).unwrap()).unwrap().remove(0);
            assert!(provider::jobs::tls_generate::fitting_key(&certificate, &key).unwrap().is_some());
        }
        let made = place.run(&renew).json();
        assert_eq!(made["written"], true);
        let left_over = |name: &String| name.contains(".part") || name.contains(".old");
        assert!(!names_without_parts(&place).iter().any(left_over), "{}", point.word());
        let verified = std::process::Command::new("openssl")
            .args(["verify", "-CAfile", "ca.crt", "server.crt"])
            .current_dir(place.path("tls"))
            .output()
            .unwrap();
        assert!(verified.status.success(), "{}", point.word());
    }
}

/// A restore that was killed goes on with the next one, and one that was given up stays given up.
#[test]
fn a_restore_is_gone_on_with() {
    for point in [FailPoint::KeysRemembered, FailPoint::KeyRestored] {
        let place = Place::new();
        place.secret_file("backup-passphrase", "another horse altogether");
        for name in ["provider-encryption", "provider-usage"] {
            place.keys(&["add", name]);
        }
        place.run(&["keys", "compromise", "provider-usage", "--offline", "--passphrase-file", "passphrase"]);
        let before = place.states();
        let sealing = ["--backup-passphrase-file", "backup-passphrase"];
        place.run(&[&["keys", "backup", "--output", "keys.backup"], &sealing[..]].concat()).succeeded();
        fs::remove_dir_all(place.path(".provider-daemon/keyring")).unwrap();
        for file in ["state.db", "state.db-wal", "state.db-shm"] {
            let _ = fs::remove_file(place.path(&format!(".provider-daemon/{file}")));
        }
        let restore = [&["keys", "restore", "keys.backup"], &sealing[..]].concat();
        place.killed(point, &restore);
        let left = super::names(&place.path(".provider-daemon/keyring"));
        let is_whole =
            |name: &String| name == ".lock" || std::path::Path::new(name).extension().is_some_and(|e| e == "key");
        assert!(left.iter().all(is_whole), "{left:?}");
        place.run(&restore).succeeded();
        assert_eq!(place.states(), before, "{}", point.word());
        place.keys(&["test-sign", "provider-usage-v2"]);
    }
}

fn names_without_parts(place: &Place) -> Vec<String> {
    let entries = fs::read_dir(place.path("tls")).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn one_key_has_one_life() {
    let place = Place::new();
    place.secret_file("digits", &"07".repeat(32));
    place.keys(&["import", "provider-usage", "digits"]);
    let again = ["keys", "import", "other", "digits", "--type", "ed25519", "--passphrase-file", "passphrase"];
    place.run(&again).failed(65, &["the key folder has this very key already, as `provider-usage`"]);
    assert!(!place.key_file("other").exists());
    // Two folders that were made one: nothing stops, and it is said.
    let second = Place::new();
    second.secret_file("digits", &"07".repeat(32));
    second.keys(&["import", "other", "digits", "--type", "ed25519"]);
    fs::copy(second.key_file("other"), place.key_file("other")).unwrap();
    place.keys(&["add", "third"]);
    let listed = place.run(&["keys", "list", "-o", "json"]);
    let rows: Value = serde_json::from_str(&listed.stdout).unwrap();
    let problem = rows.as_array().unwrap().iter().find(|row| row["name"] == "other").unwrap();
    assert_eq!((listed.code, &problem["problem"]), (1, &"it is the same key as `provider-usage`".into()));
}

/// A successor, too, is used only after somebody approved it.
#[test]
fn a_successor_waits_for_its_approval() {
    let place = Place::new();
    place.configure("keys: { grace_period: 0, policy: { require_approval_for_activation: true } }\n");
    place.keys(&["add", "provider-usage"]);
    place.run(&["keys", "approve", "provider-usage"]).succeeded();
    let waits = place.keys(&["rotate", "usage"]);
    assert_eq!((&waits[0]["step"], &waits[0]["outcome"]), (&"approval".into(), &"waits".into()));
    assert_eq!(place.states(), states(&[("provider-usage", "active"), ("provider-usage-v2", "pending")]));
    place.run(&["keys", "approve", "provider-usage-v2"]).succeeded();
    place.keys(&["rotate", "--if-due"]);
    assert_eq!(place.states(), states(&[("provider-usage", "deactivated"), ("provider-usage-v2", "active")]));
}

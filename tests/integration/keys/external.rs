//! `non_custodial`: a signer program in another language (signer.py), and one that does everything wrong.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Place;

const SIGNER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/integration/keys/signer.py");

fn place(wrong: &str) -> Place {
    let place = Place::new();
    fs::create_dir(place.path("signer")).unwrap();
    configure(&place, wrong);
    place
}

fn configure(place: &Place, wrong: &str) {
    let folder = place.path("signer");
    place.configure(&format!(
        "keys: {{ keyring_backend: non_custodial, signer: {{ command: [python3, {SIGNER}, {}, {wrong:?}], timeout: 2s }} }}\n",
        folder.display(),
    ));
}

#[test]
fn a_key_lives_and_ends_with_the_program() {
    let place = place("nothing");
    let made = place.keys(&["add", "provider-usage"]);
    assert_eq!(
        (&made["type"], &made["kept"], &made["role"]),
        (&"ed25519".into(), &"non_custodial".into(), &"usage".into())
    );
    let file = fs::read_to_string(place.key_file("provider-usage")).unwrap();
    assert!(file.starts_with("provider-key-elsewhere 1\n"), "{file}");
    let secret = fs::read(place.path("signer/provider-usage")).unwrap();
    assert!(!file.contains(&provider::domain::hex::encode(&secret)));
    let tested = place.keys(&["test-sign", "provider-usage"]);
    assert_eq!((&tested["verified"], &tested["public_key"]), (&true.into(), &made["public_key"]));
    // No variable of ours but the three of the contract.
    let seen: Vec<String> = serde_json::from_slice(&fs::read(place.path("signer/environment")).unwrap()).unwrap();
    assert!(seen.iter().all(|name| ["HOME", "LANG", "PATH", "LC_CTYPE"].contains(&name.as_str())), "{seen:?}");

    // What is there is not made again, but can be taken over.
    fs::remove_file(place.key_file("provider-usage")).unwrap();
    let add = ["keys", "add", "provider-usage"];
    place.run(&add).failed(65, &["the state file remembers another key `provider-usage`", "--existing"]);
    for file in ["state.db", "state.db-wal", "state.db-shm"] {
        let _ = fs::remove_file(place.path(&format!(".provider-daemon/{file}")));
    }
    place
        .run(&add)
        .failed(65, &["refuses `generate` for the key `provider-usage` (exists): there is such a key", "--existing"]);
    let again = place.keys(&["add", "provider-usage", "--existing"]);
    assert_eq!(again["public_key"], made["public_key"]);
    place.run(&["keys", "add", "other", "--existing"]).failed(65, &["(not_found): no such key"]);
    place.run(&["keys", "add", "other", "--type", "x25519"]).failed(65, &["(invalid)", "Ed25519 keys only"]);
    assert!(!place.key_file("other").exists());
}

#[test]
fn a_program_that_does_not_answer_is_killed_with_its_children() {
    let place = place("nothing");
    place.keys(&["add", "provider-usage"]);
    configure(&place, "sleep");
    let begun = Instant::now();
    place.run(&["keys", "test-sign", "provider-usage"]).failed(69, &["did not answer within 2 s and was killed"]);
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    let child: u32 = fs::read_to_string(place.path("signer/child")).unwrap().parse().unwrap();
    let gone = || {
        let stat = fs::read_to_string(Path::new("/proc").join(child.to_string()).join("stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    };
    let begun = Instant::now();
    while !gone() {
        assert!(begun.elapsed() < Duration::from_secs(5), "the child {child} of the program lives on");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A signature that nobody waits for any more must not be made later.
#[test]
fn a_program_does_not_outlive_a_command_that_is_stopped() {
    let place = place("nothing");
    place.keys(&["add", "provider-usage"]);
    let folder = place.path("signer");
    let _ = fs::remove_file(place.path("signer/child"));
    place.configure(&format!(
        "keys: {{ keyring_backend: non_custodial, signer: {{ command: [python3, {SIGNER}, {}, sleep], timeout: 120s }} }}\n",
        folder.display()
    ));
    let mut running = place.within(&["env"], &["keys", "test-sign", "provider-usage"]).spawn().unwrap();
    let patience = |what: &str, is_so: &dyn Fn() -> bool| {
        let begun = Instant::now();
        while !is_so() {
            assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    let child = || fs::read_to_string(place.path("signer/child")).unwrap_or_default();
    patience("the program does not run", &|| child().parse::<u32>().is_ok());
    let stat = Path::new("/proc").join(child()).join("stat");
    let id = rustix::process::Pid::from_raw(i32::try_from(running.id()).unwrap()).unwrap();
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    patience("the program's child lives on", &|| {
        let stat = fs::read_to_string(&stat).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    });
    assert!(!running.wait().unwrap().success());
}

#[test]
fn nothing_outside_of_the_contract_is_believed() {
    let place = place("nothing");
    place.keys(&["add", "provider-usage"]);
    let test = ["keys", "test-sign", "provider-usage"];
    for (wrong, code, said) in [
        ("flood", 69, "it answers with more than"),
        ("silent", 65, "answered nothing to `sign`"),
        ("talk", 65, "answered what is not the contract's JSON to `sign`"),
        ("fail", 65, "answered with a failing exit code and no error to `sign`"),
        ("lie", 65, "the signer program holds another key as `provider-usage`"),
    ] {
        configure(&place, wrong);
        place.run(&test).failed(code, &[said]);
    }
    place.configure("keys: { keyring_backend: non_custodial, signer: { command: /nowhere/signer } }\n");
    place.run(&test).failed(65, &["cannot run the signer program /nowhere/signer"]);
    place.configure("keys: { keyring_backend: non_custodial }\n");
    place.run(&test).failed(78, &["keys.signer.command does not name one"]);
    place.configure("");
    place.run(&test).failed(65, &["the configuration lacks keys.signer.command"]);
}

/// Each of the section's options changes what happens.
#[test]
fn a_program_with_a_person_behind_it_is_waited_for() {
    let place = place("nothing");
    place.keys(&["add", "provider-usage"]);
    let folder = place.path("signer");
    place.configure(&format!(
        "keys: {{ signer: {{ command: [python3, {SIGNER}, {}], timeout: 30s, require_confirmation: true }} }}\n",
        folder.display()
    ));
    let shown = place.keys(&["test-sign", "provider-usage"]);
    assert_eq!(shown["verified"], true);
    assert_eq!(place.run(&["keys", "show", "provider-usage", "-o", "json"]).json()["needs_touch"], true);
}

/// A program that answers and ends may leave something behind that holds on to its end of the pipe.
#[test]
fn what_a_program_leaves_behind_is_killed_too() {
    let place = Place::new();
    let script = format!("#!/bin/sh\nsleep 300 &\necho $! > {}\necho '{{}}'\n", place.path("child").display());
    fs::write(place.path("forks"), script).unwrap();
    fs::set_permissions(place.path("forks"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
    place.configure(&format!(
        "keys: {{ keyring_backend: non_custodial, signer: {{ command: [{}], timeout: 2s }} }}\n",
        place.path("forks").display(),
    ));
    place.run(&["keys", "add", "provider-usage"]).failed(69, &["did not answer within 2 s and was killed"]);
    let child: u32 = fs::read_to_string(place.path("child")).unwrap().trim().parse().unwrap();
    // Killed, it may wait for whoever takes over orphans.
    let is_gone = || {
        let status = fs::read_to_string(format!("/proc/{child}/status"));
        status.map_or(true, |status| status.contains("State:\tZ"))
    };
    let begun = Instant::now();
    while !is_gone() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{child} is still there");
        std::thread::sleep(Duration::from_millis(5));
    }
}

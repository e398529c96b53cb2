//! Many processes, one key folder.

use std::process::{Child, Stdio};

use super::{Place, names};

fn start(place: &Place, name: &str) -> Child {
    let arguments = ["keys", "add", name, "--type", "ed25519", "--passphrase-file", "passphrase"];
    place.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

#[test]
fn fifty_processes_add_fifty_keys() {
    let place = Place::new();
    let processes: Vec<Child> = (10..60).map(|number| start(&place, &format!("key-{number}"))).collect();
    for mut process in processes {
        assert_eq!(process.wait().unwrap().code(), Some(0));
    }
    let listed = place.run(&["keys", "list"]).succeeded().stdout;
    let found: Vec<&str> = listed.lines().map(|line| line.split('\t').next().unwrap()).collect();
    let expected: Vec<String> = (10..60).map(|number| format!("key-{number}")).collect();
    assert_eq!(found, expected);
    let files = names(&place.path(".provider-daemon/keyring"));
    assert_eq!(files.len(), 51, "the keys and the lock: {files:?}");
    assert_eq!(
        place.run(&["audit-log", "--event", "key_usage"]).succeeded().stdout.lines().count(),
        100,
        "created and active"
    );
    place.run(&["audit-log", "verify"]).succeeded();
}

#[test]
fn one_of_many_gets_the_name() {
    let place = Place::new();
    let processes: Vec<Child> = (0..12).map(|_| start(&place, "usage")).collect();
    let codes: Vec<i32> = processes.into_iter().map(|mut process| process.wait().unwrap().code().unwrap()).collect();
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert!(codes.iter().all(|code| matches!(code, 0 | 65)), "{codes:?}");
    place.keys(&["test-sign", "usage"]);
}

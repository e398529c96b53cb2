//! A kill leaves a whole key or none, at any moment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::{PASSPHRASE, Place, names};
use provider::keys::file::{Access, Costs, Described, Keyring};
use provider::keys::{KeyType, Passphrase, PrivateKey};

const FOLDER: &str = "PROVIDER_TEST_KEY_FOLDER";

/// As cheap as can be, so that most of the time goes to files.
const CHEAP: Costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };

/// Does nothing in an ordinary test run; in a child, adds and deletes keys until it is killed.
#[test]
fn entry() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let keyring = Keyring::open(Path::new(&folder), Access::Create).unwrap();
    let (private, passphrase) = (PrivateKey::generate(KeyType::Ed25519).unwrap(), passphrase());
    for number in 0_u64.. {
        let name: provider::keys::Name = format!("{}-{number}", std::process::id()).parse().unwrap();
        let said = Described { name: name.clone(), hd_path: None, created_at: jiff::Timestamp::UNIX_EPOCH };
        keyring.add(keyring.seal(said, &private, &passphrase, CHEAP).unwrap()).unwrap();
        if number % 3 == 0 {
            keyring.delete(&name).unwrap();
        }
    }
}

fn passphrase() -> Passphrase {
    Passphrase::typed(PASSPHRASE).unwrap()
}

/// The names of the key files in a folder.
fn key_files(folder: &Path) -> Vec<String> {
    let is_key = |name: &String| Path::new(name).extension().is_some_and(|extension| extension == "key");
    names(folder).into_iter().filter(is_key).collect()
}

/// Every key in the folder is whole: it opens. How many there are.
fn whole(folder: &Path) -> usize {
    let keyring = Keyring::open(folder, Access::Use).unwrap();
    let listed = keyring.list().unwrap();
    for listed in &listed {
        let key = listed.key.as_ref().unwrap();
        assert_eq!(keyring.unlock(key, &passphrase()).unwrap().public(), key.public);
    }
    listed.len()
}

#[test]
fn kills_at_random_leave_whole_keys_only() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("keyring");
    for round in 0..40 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["keys::kills::entry", "--exact", "--test-threads=1"])
            .env(FOLDER, &folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // However slow the disk is: one of two new keys may be deleted again, the other stays.
        let (before, begun) = (key_files(&folder).len(), Instant::now());
        while key_files(&folder).len() <= before + 1 && begun.elapsed() < Duration::from_mins(1) {
            std::thread::sleep(Duration::from_millis(1));
        }
        std::thread::sleep(Duration::from_micros(470 * round));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(whole(&folder) >= 20);
    // The next change clears away what the last kill left.
    let keys = key_files(&folder);
    let others: Vec<String> = names(&folder).into_iter().filter(|name| !keys.contains(name)).collect();
    assert!(others.iter().all(|name| name == ".lock" || name == ".new"), "{others:?}");
}

/// Starts `keys add`, and kills it when a file is there.
fn kill_when_there(place: &Place, name: &str, file: &Path) {
    let arguments = ["keys", "add", name, "--type", "ed25519", "--passphrase-file", "passphrase"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
    command.args(arguments).env_clear().env("HOME", place.home.path()).current_dir(place.home.path());
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !file.exists() && child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_mins(1) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A backup that is killed before it was read back has no name yet, and its part goes with the next one.
#[test]
fn a_killed_backup_leaves_nothing_that_could_be_taken_for_one() {
    let place = Place::new();
    place.keys(&["add", "provider-usage"]);
    place.secret_file("backup-passphrase", "another horse altogether");
    std::fs::create_dir(place.path("backups")).unwrap();
    let backup = ["keys", "backup", "--output", "backups/keys", "--backup-passphrase-file", "backup-passphrase"];
    let parts = || -> Vec<String> {
        let is_part = |name: &String| name.starts_with(".provider-");
        names(&place.path("backups")).into_iter().filter(is_part).collect()
    };
    let mut child = place.within(&["env"], &backup).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    // Reading it back takes as long as unlocking.
    while parts().is_empty() && child.try_wait().unwrap().is_none() && begun.elapsed() < Duration::from_mins(1) {
        std::hint::spin_loop();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    if place.path("backups/keys").exists() {
        // It was faster than the kill: then it is whole.
        std::fs::remove_file(place.path("backups/keys")).unwrap();
    } else {
        assert_eq!(parts().len(), 1);
    }
    place.run(&backup).succeeded();
    assert_eq!(names(&place.path("backups")), ["keys"]);
    place.run(&["keys", "restore", "backups/keys", "--backup-passphrase-file", "backup-passphrase"]).succeeded();
}

/// The two narrow moments: the content is being written, and the name was just given.
#[test]
fn kills_while_the_file_is_written_leave_a_whole_key_or_none() {
    let place = Place::new();
    let folder = place.path(".provider-daemon/keyring");
    let mut kept = 0;
    for round in 0..8 {
        let name = format!("key-{round}");
        let watched: PathBuf = if round % 2 == 0 { folder.join(".new") } else { place.key_file(&name) };
        kill_when_there(&place, &name, &watched);
        if place.key_file(&name).exists() {
            kept += 1;
        }
        assert_eq!(whole(&folder), kept, "{:?}", names(&folder));
    }
    assert!(kept >= 4, "killed after the name was given: {kept}");
    // Nothing stands in the way of the next.
    place.keys(&["add", "next", "--type", "ed25519"]);
    assert_eq!(whole(&folder), kept + 1);
    assert!(!folder.join(".new").exists());
    place.run(&["audit-log", "verify"]).succeeded();
}

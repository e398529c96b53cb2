//! Disks that are full or read-only.

use std::fs;
use std::path::Path;

use super::{Place, Ran, is_root, names};

/// Adds a key whose folder is on a small disk that was made like this first.
fn add_on_a_disk(place: &Place, name: &str, prepare: &str) -> Ran {
    let folder = place.path("disk");
    fs::create_dir_all(&folder).unwrap();
    place.configure(&format!("keys: {{ keyring_path: {} }}\n", folder.display()));
    let after = "code=$?; ls -A disk > left; exit $code";
    let script = format!("mount -t tmpfs -o size=64k,mode=700 none disk && {prepare}; \"$@\"; {after}");
    let add = ["keys", "add", name, "--type", "ed25519", "--passphrase-file", "passphrase"];
    Ran::of(place.within(&["setsid", "-w", "unshare", "--mount", "sh", "-c", &script, "sh"], &add).output().unwrap())
}

fn left(place: &Place) -> String {
    fs::read_to_string(place.path("left")).unwrap()
}

#[test]
fn a_full_disk_leaves_nothing_half_written() {
    if !is_root("keys on a full disk") {
        return;
    }
    let place = Place::new();
    add_on_a_disk(&place, "usage", "true").succeeded();
    assert_eq!(left(&place), ".lock\nusage.key\n");
    // No room for content; the lock is there, so that the content is the first that does not fit.
    let full = "touch disk/.lock && chmod 600 disk/.lock && dd if=/dev/zero of=disk/filler bs=1k 2>/dev/null";
    add_on_a_disk(&place, "other", full).failed(69, &["cannot write the key file", "No space left", "free some space"]);
    assert_eq!(left(&place), ".lock\nfiller\n");
    // The use was recorded before, its failure after.
    let events = place.run(&["audit-log", "--event", "key_usage"]).succeeded().stdout;
    assert_eq!(events.lines().last().map(|line| line.contains("failed")), Some(true), "{events}");
    assert_eq!(events.lines().count(), 4, "created, active, created, failed");
}

#[test]
fn a_read_only_folder_is_refused() {
    if !is_root("keys in a read-only folder") {
        return;
    }
    let place = Place::new();
    let read_only = "mount -o remount,ro none disk";
    add_on_a_disk(&place, "usage", read_only)
        .failed(77, &["Read-only file system", "remount the file system writable"]);
    assert_eq!(left(&place), "");
}

#[test]
fn a_file_in_the_way_of_the_folder_is_told() {
    let place = Place::new();
    place.configure("keys: { keyring_path: passphrase }\n");
    let file = place.path(".provider-daemon/passphrase");
    fs::write(&file, "").unwrap();
    let add = ["keys", "add", "usage", "--type", "ed25519", "--passphrase-file", "passphrase"];
    assert_ne!(place.run(&add).code, 0);
    place.run(&["keys", "list"]).failed(65, &["is not a folder", "keys.keyring_path"]);
    assert_eq!(fs::read(&file).unwrap(), b"");
    assert_eq!(names(Path::new(&place.path(".provider-daemon"))), ["config.yaml", "passphrase"]);
}

//! Who may use the key folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

use super::{Place, Ran, is_root};

const NOBODY: u32 = 65_534;

/// The program as the user nobody, who can enter the home folder.
fn as_nobody(place: &Place, arguments: &[&str]) -> Ran {
    let become_nobody = ["setsid", "-w", "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    Ran::of(place.within(&become_nobody, arguments).output().unwrap())
}

fn open_to_all(place: &Place) {
    for folder in [place.home.path().to_owned(), place.path(".provider-daemon")] {
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
    chown(place.path("passphrase"), Some(NOBODY), Some(NOBODY)).unwrap();
}

#[test]
fn another_users_keys_are_out_of_reach() {
    if !is_root("denying another user") {
        return;
    }
    let place = Place::new();
    place.keys(&["add", "usage", "--type", "ed25519"]);
    open_to_all(&place);
    for command in ["list", "show"] {
        let name: &[&str] = if command == "list" { &[] } else { &["usage"] };
        as_nobody(&place, &[&["keys", command], name].concat())
            .failed(77, &["Permission denied", "run it as the user"]);
    }
    // Open to all, and not ours to close.
    let folder = place.path(".provider-daemon/keyring");
    fs::set_permissions(&folder, Permissions::from_mode(0o777)).unwrap();
    let add = ["keys", "add", "other", "--type", "ed25519", "--passphrase-file", "passphrase"];
    as_nobody(&place, &add).failed(77, &["other users may use", "owned by uid 0", "chmod 700"]);
    assert!(!place.key_file("other").exists());
}

/// What root adds beside a service's keys belongs to the service.
#[test]
fn root_does_not_shut_the_owner_out() {
    if !is_root("root beside an owner") {
        return;
    }
    let place = Place::new();
    open_to_all(&place);
    chown(place.path(".provider-daemon"), Some(NOBODY), Some(NOBODY)).unwrap();
    chown(place.path("passphrase"), Some(0), Some(0)).unwrap();
    place.keys(&["add", "usage", "--type", "ed25519"]);
    chown(place.path("passphrase"), Some(NOBODY), Some(NOBODY)).unwrap();
    let folder = place.path(".provider-daemon/keyring");
    for path in [folder.clone(), folder.join(".lock"), place.key_file("usage")] {
        let metadata = path.metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (NOBODY, NOBODY), "{}", path.display());
    }
    as_nobody(&place, &["keys", "test-sign", "usage", "--passphrase-file", "passphrase"]).succeeded();
    as_nobody(&place, &["keys", "suspend", "usage"]).succeeded();
}

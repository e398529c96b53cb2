//! What stands where a file is to be written: only a regular file is ever replaced.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;

use rustix::fs::{CWD, FileType, Mode as Permissions, makedev, mknodat};
use tempfile::TempDir;

use super::child;
use super::{AT_ONCE, NEVER, filled, sound_numbers};
use provider::domain::fault::{Classified, Fault};
use provider::store::{Error, LockError, Mode, Restore, Store};

/// Neither replaced by a forced backup nor by a planned one; says what it is.
fn stays(folder: &Path, target: &Path, what: &str) -> String {
    let state = folder.join("state.db");
    let store = Store::open(&state, Mode::Read).unwrap();
    let before = fs::symlink_metadata(target).unwrap().file_type();
    for refused in
        [store.backup(target, true, NEVER, &mut |_, _| {}).map(drop), store.can_back_up(target, true).map(drop)]
    {
        let error = refused.unwrap_err();
        assert!(matches!(error, Error::InTheWay { .. }), "{error:?}");
        assert_eq!(error.to_string(), format!("{} is {what}, and is not replaced", target.display()));
        assert_eq!(error.fault(), Fault::Invalid);
    }
    assert_eq!(fs::symlink_metadata(target).unwrap().file_type(), before);
    store.can_back_up(target, true).unwrap_err().hint().unwrap().into_owned()
}

#[test]
fn a_backup_replaces_regular_files_only() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(&path("state.db"), 3);
    mknodat(CWD, path("pipe"), FileType::Fifo, Permissions::RWXU, 0).unwrap();
    stays(folder.path(), &path("pipe"), "a named pipe");
    let _socket = UnixListener::bind(path("socket")).unwrap();
    stays(folder.path(), &path("socket"), "a socket");
    fs::create_dir(path("folder")).unwrap();
    stays(folder.path(), &path("folder"), "a folder");
    fs::write(path("notes"), "mine").unwrap();
    symlink(path("notes"), path("link")).unwrap();
    let hint = stays(folder.path(), &path("link"), "a symbolic link");
    assert!(hint.contains(&format!("leads to {}", path("notes").display())), "{hint}");
    symlink(path("nowhere"), path("dangling")).unwrap();
    stays(folder.path(), &path("dangling"), "a symbolic link");
    assert_eq!(fs::read_to_string(path("notes")).unwrap(), "mine");
    // Nor the locks of the state file itself.
    let store = Store::open(&path("state.db"), Mode::Read).unwrap();
    let gate = path("state.db.locks/gate");
    assert!(matches!(store.can_back_up(&gate, true), Err(Error::Itself { .. })));
    // A regular file is.
    store.backup(&path("notes"), true, NEVER, &mut |_, _| {}).unwrap();
    assert_eq!(sound_numbers(&path("notes")).len(), 3);
}

#[test]
fn a_backup_does_not_replace_a_device() {
    if !child::is_root("a device in the way of a backup") {
        return;
    }
    let folder = TempDir::new().unwrap();
    // The device is made in a file system of the child's own.
    let script = format!("mount -t tmpfs -o size=12m none {} && exec \"$@\"", folder.path().display());
    let unshare = ["unshare", "--mount", "sh", "-c", &script, "sh"];
    child::succeed(child::within(&unshare, "device", &[folder.path().to_str().unwrap()]));
}

/// In a child, on a disk of its own.
pub(super) fn device(folder: &Path) {
    filled(&folder.join("state.db"), 3);
    let device = folder.join("null");
    mknodat(CWD, &device, FileType::CharacterDevice, Permissions::RWXU, makedev(1, 3)).unwrap();
    stays(folder, &device, "a character device");
    assert!(fs::symlink_metadata(&device).unwrap().file_type().is_char_device());
    // Nor is one a backup, or a state file.
    let refused =
        Restore { state: &folder.join("state.db"), backup: &device, now: jiff::Timestamp::now(), waiting: AT_ONCE }
            .run(&mut |_, _| {}, &mut |_| {});
    assert!(matches!(refused, Err(LockError::State(Error::NotAFile { .. }))), "{refused:?}");
}

/// A file that merely has the name that a growing copy might have.
#[test]
fn a_hand_made_partial_file_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(&path("state.db"), 3);
    let mine = ["backup.db.partial", "backup.db.partial-wal", "state.db.restoring", ".backup.db.partial"];
    for name in mine {
        fs::write(path(name), "mine").unwrap();
    }
    let store = Store::open(&path("state.db"), Mode::Write).unwrap();
    store.backup(&path("backup.db"), false, NEVER, &mut |_, _| {}).unwrap();
    drop(store);
    let restore =
        Restore { state: &path("state.db"), backup: &path("backup.db"), now: jiff::Timestamp::now(), waiting: AT_ONCE };
    restore.run(&mut |_, _| {}, &mut |_| {}).unwrap();
    for name in mine {
        assert_eq!(fs::read_to_string(path(name)).unwrap(), "mine", "{name}");
    }
}

/// A link whose target is gone is no free name: what it led to may come back.
#[test]
fn a_restore_does_not_replace_a_dangling_link() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    filled(&path("backup.db"), 3);
    symlink(path("unmounted/state.db"), path("state.db")).unwrap();
    let restore =
        Restore { state: &path("state.db"), backup: &path("backup.db"), now: jiff::Timestamp::now(), waiting: AT_ONCE };
    let refused = restore.run(&mut |_, _| {}, &mut |_| {});
    assert!(matches!(refused, Err(LockError::State(Error::InTheWay { .. }))), "{refused:?}");
    assert!(path("state.db").is_symlink());
}

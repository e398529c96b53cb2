//! Who may read and write the state file.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;

use tempfile::TempDir;

use super::child;
use super::{NEVER, filled, sound_numbers};
use provider::domain::fault::{Classified, Fault};
use provider::domain::job::JobName;
use provider::store::{Check, Error, JobLock, Mode, Notice, Store, check_file};

fn mode_of(path: &Path) -> u32 {
    path.metadata().unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

const NOBODY: u32 = 65_534;

/// A folder that everybody may enter.
fn open_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    set_mode(folder.path(), 0o755);
    folder
}

/// In a child: opens and locks as any job does.
pub(super) fn open(file: &Path) {
    let store = Store::open(file, Mode::Write).unwrap();
    JobLock::take(&store, &JobName::constant("bid-run"), jiff::Timestamp::now(), super::AT_ONCE).unwrap();
    assert_eq!(store.check(NEVER).unwrap(), []);
}

/// In a child: is refused, and told what to do.
pub(super) fn refused(file: &Path) {
    for mode in [Mode::Write, Mode::Read] {
        let Err(error) = Store::open(file, mode) else { panic!("{mode:?} opens it") };
        assert!(matches!(error, Error::Denied { .. }), "{error}: {error:?}");
        assert_eq!(error.fault(), Fault::Denied);
        assert!(error.hint().unwrap().contains("chown"), "{error}");
    }
}

#[test]
fn whatever_the_umask_only_the_owner_gets_in() {
    for umask in ["0000", "0022", "0777"] {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("var/lib/provider/state.db");
        let script = format!("umask {umask}; \"$@\"");
        child::succeed(child::within(&["sh", "-c", &script, "sh"], "open", &[file.to_str().unwrap()]));
        for part in ["var", "var/lib", "var/lib/provider", "var/lib/provider/state.db.locks"] {
            assert_eq!(mode_of(&folder.path().join(part)), 0o700, "umask {umask}: {part}");
        }
        let locks = folder.path().join("var/lib/provider/state.db.locks");
        for path in [file, locks.join("gate"), locks.join("bid-run.lock")] {
            assert_eq!(mode_of(&path), 0o600, "umask {umask}: {}", path.display());
        }
    }
}

#[test]
fn a_wider_mode_is_tightened_and_said() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    filled(&file, 1);
    set_mode(&file, 0o644);
    let findings = check_file(&file, NEVER).unwrap().findings;
    // And the log that looking began has the mode of the file.
    assert!(findings.iter().all(|finding| finding.check == Check::Permission), "{findings:?}");
    assert_eq!(findings[0].detail, "its mode is 0644 and should be 0600");
    drop(Store::open(&file, Mode::Read).unwrap());
    assert_eq!(mode_of(&file), 0o644, "looking changes nothing");
    let store = Store::open(&file, Mode::Write).unwrap();
    assert!(store.notices().contains(&Notice::Tightened { path: store.path().to_owned(), was: 0o644 }));
    assert_eq!(mode_of(&file), 0o600);
    assert_eq!(mode_of(&folder.path().join("state.db-wal")), 0o600);
    assert_eq!(store.check(NEVER).unwrap(), []);
}

#[test]
fn a_foreign_database_keeps_its_mode() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("other.db");
    rusqlite::Connection::open(&file).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    set_mode(&file, 0o644);
    assert!(Store::open(&file, Mode::Write).is_err());
    assert_eq!(mode_of(&file), 0o644);
    assert_eq!(fs::read_dir(folder.path()).unwrap().filter(|e| !e.as_ref().unwrap().path().is_dir()).count(), 1);
}

#[test]
fn another_user_is_denied_with_a_hint() {
    if !child::is_root("denying another user") {
        return;
    }
    let folder = open_folder();
    let file = folder.path().join("state.db");
    let deny = || child::succeed(child::as_nobody("refused", &[file.to_str().unwrap()]));
    // The file is root's.
    filled(&file, 1);
    deny();
    // The file is theirs, the folder of the locks is not.
    chown(&file, Some(NOBODY), Some(NOBODY)).unwrap();
    set_mode(&file, 0o000);
    deny();
    // A folder that they may not enter.
    set_mode(&file, 0o600);
    set_mode(folder.path(), 0o700);
    deny();
    assert_eq!(sound_numbers(&file).len(), 1);
}

#[test]
fn a_file_that_may_only_be_read_is_not_opened_for_writing() {
    if !child::is_root("a write-protected state file") {
        return;
    }
    let folder = open_folder();
    chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let file = folder.path().join("state.db");
    child::succeed(child::as_nobody("open", &[file.to_str().unwrap()]));
    set_mode(&file, 0o400);
    child::succeed(child::as_nobody("write-protected", &[file.to_str().unwrap()]));
}

/// In a child: may look, may not write.
pub(super) fn write_protected(file: &Path) {
    let Err(error) = Store::open(file, Mode::Write) else { panic!("opens a write-protected file") };
    assert!(matches!(&error, Error::Denied { path, .. } if path.ends_with("state.db")), "{error}: {error:?}");
    Store::open(file, Mode::Read).unwrap();
}

/// What root creates beside a service's state file belongs to the service, which can go on using it.
#[test]
fn root_does_not_shut_the_owner_out() {
    if !child::is_root("root beside an owner") {
        return;
    }
    let folder = open_folder();
    chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let file = folder.path().join("state.db");
    let store = Store::open(&file, Mode::Write).unwrap();
    JobLock::take(&store, &JobName::constant("bid-run"), jiff::Timestamp::now(), super::AT_ONCE).unwrap();
    let locks = folder.path().join("state.db.locks");
    let beside =
        [file.clone(), folder.path().join("state.db-wal"), locks.join("gate"), locks.join("bid-run.lock"), locks];
    for path in beside {
        let metadata = path.metadata().unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (NOBODY, NOBODY), "{}", path.display());
    }
    child::succeed(child::as_nobody("open", &[file.to_str().unwrap()]));
    drop(store);

    let backup = folder.path().join("backup.db");
    let store = Store::open(&file, Mode::Read).unwrap();
    store.backup(&backup, false, NEVER, &mut |_, _| {}).unwrap();
    drop(store);
    let now = jiff::Timestamp::now();
    provider::store::Restore { state: &file, backup: &backup, now, waiting: super::AT_ONCE }
        .run(&mut |_, _| {}, &mut |_| {})
        .unwrap();
    child::succeed(child::as_nobody("open", &[file.to_str().unwrap()]));
}

//! Disks that are full or read-only: small file systems in a mount namespace of a child's own.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::child;
use super::{AT_ONCE, NEVER, Writer, filled, numbers, partial_files, sound_numbers};
use provider::domain::fault::{Classified, Fault};
use provider::store::{Error, LockError, Mode, Restore, Store, check_file};

/// A child in a mount namespace of its own, with a small file system in a folder.
fn on_a_disk(megabytes: u32, folder: &Path, task: &str, arguments: &[&str]) -> Command {
    let folder = folder.display();
    let script = format!("mount -t tmpfs -o size={megabytes}m none {folder} && exec \"$@\"");
    child::within(&["unshare", "--mount", "sh", "-c", &script, "sh"], task, arguments)
}

#[test]
fn a_disk_that_fills_up_anywhere_leaves_nothing_half_written() {
    if !child::is_root("a full disk") {
        return;
    }
    for what in ["writing", "opening", "backup", "vacuum", "restore"] {
        let folder = TempDir::new().unwrap();
        // The log alone grows to 4 MiB before it is taken in.
        child::succeed(on_a_disk(12, folder.path(), "full", &[what, folder.path().to_str().unwrap()]));
    }
}

/// In a child, on a small disk.
pub(super) fn full(what: &str, folder: &Path) {
    match what {
        "writing" => full_while_writing(folder),
        "opening" => full_while_opening(folder),
        "backup" => full_while_backing_up(folder),
        "vacuum" => full_while_vacuuming(folder),
        "restore" => full_while_restoring(folder),
        _ => panic!("{what}"),
    }
}

fn is_full(error: &Error) {
    assert!(matches!(error, Error::DiskFull { .. }), "{error}: {error:?}");
    assert_eq!(error.fault(), Fault::Unavailable);
    assert!(error.hint().unwrap().contains("free some space"));
}

/// Fills the disk but for some bytes.
fn fill(folder: &Path, left: u64) -> std::path::PathBuf {
    let filler = folder.join("filler");
    let mut file = File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(left)).unwrap();
    filler
}

fn full_while_writing(folder: &Path) {
    let state = folder.join("state.db");
    let store = Store::open(&state, Mode::Write).unwrap();
    let writer = Writer::new(&store, "filler");
    let mut written = 0;
    // Other amounts of room in each round, so that another page is the first that does not fit.
    for left in (0..40).map(|pages| pages * 4096) {
        let filler = fill(folder, left);
        let error = loop {
            match writer.write(written + 1) {
                Ok(()) => written += 1,
                Err(error) => break error,
            }
        };
        is_full(&error);
        assert_eq!(numbers(&store), (1..=written).collect(), "all that was acknowledged and nothing else");
        fs::remove_file(filler).unwrap();
        written += 1;
        writer.write(written).unwrap();
    }
    drop(writer);
    drop(store);
    assert_eq!(sound_numbers(&state), (1..=written).collect());
}

/// So many pages of room, from none at all to more than the tables take, their copy and the log, whatever tables come.
fn rooms() -> impl Iterator<Item = u64> {
    (0..400).step_by(9)
}

fn full_while_opening(folder: &Path) {
    let mut refused = 0;
    for pages in rooms() {
        let filler = fill(folder, pages * 4096);
        let state = folder.join(format!("{pages}/state.db"));
        match Store::open(&state, Mode::Write) {
            Ok(_) => {}
            Err(error) => {
                is_full(&error);
                refused += 1;
            }
        }
        fs::remove_file(filler).unwrap();
        assert_eq!(sound_numbers(&state).len(), 0, "with some room it is created after all");
        fs::remove_dir_all(folder.join(pages.to_string())).unwrap();
    }
    assert!((3..40).contains(&refused), "{refused}");
}

fn full_while_backing_up(folder: &Path) {
    let (state, backup) = (folder.join("state.db"), folder.join("backup.db"));
    filled(&state, 50);
    let store = Store::open(&state, Mode::Write).unwrap();
    let mut refused = 0;
    for pages in rooms() {
        let filler = fill(folder, pages * 4096);
        match store.backup(&backup, true, NEVER, &mut |_, _| {}) {
            Ok(_) => {}
            Err(error) => {
                is_full(&error);
                refused += 1;
                assert_eq!(partial_files(folder), 0, "no leftovers");
            }
        }
        fs::remove_file(filler).unwrap();
        if backup.exists() {
            assert_eq!(check_file(&backup, NEVER).unwrap().findings, []);
            fs::remove_file(&backup).unwrap();
        }
    }
    assert!((3..80).contains(&refused), "{refused}");
    drop(store);
    assert_eq!(sound_numbers(&state).len(), 50);
}

fn full_while_vacuuming(folder: &Path) {
    let state = folder.join("state.db");
    filled(&state, 200);
    let store = Store::open(&state, Mode::Write).unwrap();
    let mut refused = 0;
    for pages in rooms() {
        let filler = fill(folder, pages * 4096);
        if let Err(error) = store.vacuum(NEVER) {
            is_full(&error);
            refused += 1;
        }
        assert_eq!(numbers(&store).len(), 200);
        fs::remove_file(filler).unwrap();
    }
    assert!((3..80).contains(&refused), "{refused}");
    drop(store);
    assert_eq!(sound_numbers(&state).len(), 200);
}

fn full_while_restoring(folder: &Path) {
    let (state, backup) = (folder.join("state.db"), folder.join("backup.db"));
    filled(&folder.join("other.db"), 50);
    Store::open(&folder.join("other.db"), Mode::Read).unwrap().backup(&backup, false, NEVER, &mut |_, _| {}).unwrap();
    filled(&state, 10);
    let mut refused = 0;
    for pages in rooms() {
        let filler = fill(folder, pages * 4096);
        let now = jiff::Timestamp::now();
        let restored =
            Restore { state: &state, backup: &backup, now, waiting: AT_ONCE }.run(&mut |_, _| {}, &mut |_| {});
        fs::remove_file(filler).unwrap();
        match restored {
            Ok(restored) => {
                assert_eq!(sound_numbers(&state).len(), 50);
                fs::rename(restored.replaced.unwrap(), &state).unwrap();
            }
            Err(LockError::State(error)) => {
                is_full(&error);
                refused += 1;
            }
            Err(other) => panic!("{other}"),
        }
        assert_eq!(sound_numbers(&state).len(), 10);
        assert_eq!(partial_files(folder), 0, "no leftovers");
    }
    assert!((3..80).contains(&refused), "{refused}");
}

#[test]
fn a_read_only_disk_can_be_looked_at() {
    if !child::is_root("a read-only disk") {
        return;
    }
    let folder = TempDir::new().unwrap();
    child::succeed(on_a_disk(12, folder.path(), "read-only", &[folder.path().to_str().unwrap()]));
}

/// In a child, on a small disk.
pub(super) fn read_only(folder: &Path) {
    let remount = |how: &str| {
        let mount = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(folder).status().unwrap();
        assert!(mount.success());
    };
    // A file name that would mean something in a URI.
    let state = folder.join("my state?100%#.db");
    filled(&state, 5);
    remount("ro");
    let Err(error) = Store::open(&state, Mode::Write) else { panic!("opens a read-only file") };
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}: {error:?}");
    assert!(error.hint().unwrap().contains("remount"));
    let store = Store::open(&state, Mode::Read).unwrap();
    assert_eq!(numbers(&store).len(), 5);
    assert_eq!(store.check(NEVER).unwrap(), []);
    let refused = store.write("write", |change| change.execute("DELETE FROM job_runs", []).map(drop));
    assert!(matches!(refused, Err(Error::ReadOnly { .. })), "{refused:?}");
    let elsewhere = TempDir::new().unwrap();
    let backup = elsewhere.path().join("backup.db");
    store.backup(&backup, false, NEVER, &mut |_, _| {}).unwrap();
    assert_eq!(sound_numbers(&backup).len(), 5);
    let inside = store.backup(&folder.join("backup.db"), false, NEVER, &mut |_, _| {});
    assert!(matches!(inside, Err(Error::ReadOnly { .. })), "{inside:?}");
    drop(store);
    assert!(matches!(Store::open(&folder.join("new.db"), Mode::Write), Err(Error::ReadOnly { .. })));
    let now = jiff::Timestamp::now();
    let restored = Restore { state: &state, backup: &backup, now, waiting: AT_ONCE }.run(&mut |_, _| {}, &mut |_| {});
    assert!(matches!(restored, Err(LockError::State(Error::ReadOnly { .. }))), "{restored:?}");

    // With a log that a killed process left, SQLite would have to write; what is in the log must not be overlooked.
    remount("rw");
    let mut writer =
        child::Running::start(child::command("write", &[state.to_str().unwrap(), "late", "100", "1000000"]));
    writer.said().unwrap();
    writer.kill();
    fs::remove_file(folder.join("my state?100%#.db-shm")).unwrap();
    remount("ro");
    let Err(error) = Store::open(&state, Mode::Read) else { panic!("overlooks the log") };
    assert!(matches!(error, Error::ReadOnly { .. }), "{error}: {error:?}");
}

//! Files that are not what they should be.

use std::fs;
use std::path::Path;

use rusqlite::Connection;
use tempfile::TempDir;

use super::{NEVER, filled, sound_numbers};
use provider::domain::fault::Classified;
use provider::store::{APPLICATION_ID, Error, Mode, SCHEMA_VERSION, Store, check_file};

fn refused(file: &Path, mode: Mode) -> Error {
    let before = fs::read(file).unwrap();
    let Err(error) = Store::open(file, mode) else { panic!("{mode:?} opens it") };
    assert!(error.hint().is_some(), "{error}");
    assert_eq!(fs::read(file).unwrap(), before, "what is refused is not touched");
    error
}

#[test]
fn a_newer_file_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    filled(&file, 3);
    Connection::open(&file).unwrap().pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    for mode in [Mode::Write, Mode::Read] {
        let error = refused(&file, mode);
        assert!(
            matches!(error, Error::Newer { found, known, .. } if (found, known) == (SCHEMA_VERSION + 1, SCHEMA_VERSION))
        );
        let text = format!("has schema {}, and this program knows {SCHEMA_VERSION} at most", SCHEMA_VERSION + 1);
        assert!(error.to_string().contains(&text), "{error}");
    }
}

#[test]
fn a_database_of_another_program_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let other = Connection::open(&file).unwrap();
    other.execute_batch("CREATE TABLE moz_places (id INTEGER PRIMARY KEY)").unwrap();
    for mode in [Mode::Write, Mode::Read] {
        assert!(matches!(refused(&file, mode), Error::NotOurs { found: 0, .. }));
    }
    other.pragma_update(None, "application_id", 42).unwrap();
    other.pragma_update(None, "user_version", SCHEMA_VERSION).unwrap();
    for mode in [Mode::Write, Mode::Read] {
        assert!(matches!(refused(&file, mode), Error::NotOurs { found: 42, .. }));
    }
    assert_ne!(APPLICATION_ID, 42);
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = TempDir::new().unwrap();
    for mode in [Mode::Write, Mode::Read] {
        assert!(matches!(Store::open(folder.path(), mode), Err(Error::NotAFile { .. })));
        assert!(matches!(Store::open(Path::new("/dev/null"), mode), Err(Error::NotAFile { .. })));
    }
    let pipe = folder.path().join("pipe");
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RWXU, 0).unwrap();
    assert!(matches!(Store::open(&pipe, Mode::Write), Err(Error::NotAFile { .. })), "and does not block");
    let missing = folder.path().join("none.db");
    assert!(matches!(Store::open(&missing, Mode::Read), Err(Error::Missing { .. })));
    assert!(!missing.exists(), "looking creates nothing");
    let dangling = folder.path().join("dangling.db");
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).unwrap();
    assert!(matches!(Store::open(&dangling, Mode::Write), Err(Error::Missing { .. })));
}

#[test]
fn an_empty_file_becomes_a_state_file() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    // SQLite takes a single byte for an empty file, too.
    for content in ["", "?"] {
        fs::write(&file, content).unwrap();
        assert!(matches!(Store::open(&file, Mode::Read), Err(Error::Older { found: 0, .. })));
        assert_eq!(sound_numbers(&file).len(), 0);
        fs::remove_file(&file).unwrap();
    }
}

#[test]
fn garbage_is_refused() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    for length in [2, 15, 16, 99, 100, 511, 512, 4096, 20_000] {
        let garbage: Vec<u8> =
            (0..length).map(|place: u32| place.wrapping_mul(2_654_435_761).to_le_bytes()[2]).collect();
        fs::write(&file, garbage).unwrap();
        for mode in [Mode::Write, Mode::Read] {
            assert!(matches!(refused(&file, mode), Error::NotADatabase { .. }), "{length}");
        }
    }
}

#[test]
fn a_truncated_file_is_refused_or_found() {
    let folder = TempDir::new().unwrap();
    let (whole, file) = (folder.path().join("whole.db"), folder.path().join("state.db"));
    filled(&whole, 60);
    let bytes = fs::read(&whole).unwrap();
    for length in (2..bytes.len()).step_by(509) {
        fs::write(&file, &bytes[..length]).unwrap();
        if length > bytes.len() - 4096 {
            // A part of a page counts as one, so this takes the full check.
            assert_ne!(check_file(&file, NEVER).unwrap().findings, [], "{length}");
            continue;
        }
        let error = refused(&file, Mode::Write);
        assert!(matches!(error, Error::Corrupt { .. } | Error::NotADatabase { .. }), "{length}: {error}");
    }
}

/// One byte at a time, over the whole file: nothing panics, and the full check finds what it should. A byte of free
/// space, of a number or of a text may change without being wrong; a byte of structure may not.
#[test]
fn flipped_bytes_are_found_or_harmless() {
    let folder = TempDir::new().unwrap();
    let (whole, file) = (folder.path().join("whole.db"), folder.path().join("state.db"));
    filled(&whole, 60);
    let bytes = fs::read(&whole).unwrap();
    let (mut found, mut harmless) = (0, 0);
    for place in (0..bytes.len()).step_by(61) {
        let mut flipped = bytes.clone();
        flipped[place] ^= 0xff;
        fs::write(&file, &flipped).unwrap();
        match check_file(&file, NEVER) {
            Ok(checked) if checked.findings.iter().all(|finding| finding.check.word() == "permission") => harmless += 1,
            Ok(_)
            | Err(
                Error::Corrupt { .. }
                | Error::NotADatabase { .. }
                | Error::NotOurs { .. }
                | Error::Newer { .. }
                | Error::Older { .. },
            ) => found += 1,
            Err(error) => panic!("byte {place}: {error}: {error:?}"),
        }
        // Opening and reading may fail, but only with a word for it.
        if let Ok(store) = Store::open(&file, Mode::Write) {
            let read = store.read("look", provider::store::job_runs::last_runs);
            assert!(matches!(read, Ok(_) | Err(Error::Corrupt { .. })), "byte {place}: {read:?}");
        }
        for leftover in ["state.db-wal", "state.db-shm"] {
            let _ = fs::remove_file(folder.path().join(leftover));
        }
    }
    assert!(found > harmless / 20 && found > 10, "{found} found, {harmless} harmless");
}

//! Restoring, whole or killed.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;
use rustix::process::{Signal, getpid, kill_process};
use tempfile::TempDir;

use super::child::{self, Running};
use super::{AT_ONCE, NEVER, filled, numbers, sound_numbers};
use provider::store::{Error, LockError, Mode, Restore, RestoreStep, Restored, Store, Waiting};

fn now() -> Timestamp {
    "2026-11-21T13:22:00Z".parse().unwrap()
}

/// In a child: restores, and is killed after a step.
pub(super) fn restore(state: &Path, backup: &Path, killed_after: &str) {
    let restored = Restore { state, backup, now: now(), waiting: AT_ONCE }.run(&mut |_, _| {}, &mut |step| {
        if format!("{step:?}") == killed_after {
            kill_process(getpid(), Signal::KILL).unwrap();
        }
    });
    restored.unwrap();
}

fn run(state: &Path, backup: &Path) -> Result<Restored, LockError> {
    Restore { state, backup, now: now(), waiting: AT_ONCE }.run(&mut |_, _| {}, &mut |_| {})
}

/// A state file whose last writer was killed, so that its newest numbers are in the log only; and a backup of another
/// state. Gives back both and the numbers in the state file.
fn scene(folder: &Path) -> (PathBuf, PathBuf, BTreeSet<u64>) {
    let (state, backup) = (folder.join("state.db"), folder.join("backup.db"));
    filled(&folder.join("other.db"), 20);
    Store::open(&folder.join("other.db"), Mode::Read).unwrap().backup(&backup, false, NEVER, &mut |_, _| {}).unwrap();
    filled(&state, 10);
    let mut writer =
        Running::start(child::command("write", &[state.to_str().unwrap(), "late-writer", "1000", "1000000"]));
    let mut old: BTreeSet<u64> = (1..=10).collect();
    while old.len() < 40 {
        let said = writer.said().unwrap();
        old.insert(said.strip_prefix("written ").unwrap().parse().unwrap());
    }
    writer.kill();
    old.extend(writer.acknowledged());
    assert!(folder.join("state.db-wal").metadata().unwrap().len() > 0, "the log is hot");
    (state, backup, old)
}

fn is_backup(numbers: &BTreeSet<u64>) -> bool {
    *numbers == (1..=20).collect()
}

#[test]
fn a_restore_replaces_and_keeps_what_it_replaced() {
    let folder = TempDir::new().unwrap();
    let (state, backup, old) = scene(folder.path());
    let restored = run(&state, &backup).unwrap();
    let replaced = folder.path().join("state.db.replaced-20261121T132200Z");
    assert_eq!(restored.replaced.as_ref(), Some(&replaced));
    assert!(is_backup(&sound_numbers(&state)));
    assert!(sound_numbers(&replaced).is_superset(&old), "with all that was in its log");
    // Again in the same second, and back again.
    let again = run(&state, &replaced).unwrap();
    assert_eq!(again.replaced.unwrap().file_name().unwrap(), "state.db.replaced-20261121T132200Z-1");
    assert!(sound_numbers(&state).is_superset(&old));
}

#[test]
fn a_restore_killed_after_any_step_leaves_the_old_or_the_new_state() {
    for (step, new) in [
        (RestoreStep::GateShut, false),
        (RestoreStep::Copied, false),
        (RestoreStep::Folded, false),
        (RestoreStep::Exchanged, true),
    ] {
        let folder = TempDir::new().unwrap();
        let (state, backup, old) = scene(folder.path());
        let arguments = [state.to_str().unwrap(), backup.to_str().unwrap(), &format!("{step:?}")];
        let status = child::command("restore", &arguments).output().unwrap().status;
        assert!(!status.success(), "{step:?}: it was killed");
        let left = sound_numbers(&state);
        assert!(if new { is_backup(&left) } else { left.is_superset(&old) }, "{step:?}: {left:?}");
        // The next one is not disturbed by what that one left behind.
        run(&state, &backup).unwrap();
        assert!(is_backup(&sound_numbers(&state)), "{step:?}");
        assert!(!folder.path().join("state.db.restoring").exists());
    }
}

#[test]
fn a_restore_killed_at_any_moment_leaves_the_old_or_the_new_state() {
    let folder = TempDir::new().unwrap();
    let (mut old_seen, mut new_seen) = (0, 0);
    for round in 0..60_u64 {
        let scene_folder = folder.path().join(round.to_string());
        fs::create_dir(&scene_folder).unwrap();
        let (state, backup, old) = scene(&scene_folder);
        let arguments = [state.to_str().unwrap(), backup.to_str().unwrap(), "never"];
        let mut restoring = Running::start(child::command("restore", &arguments));
        std::thread::sleep(Duration::from_micros(round * 400));
        restoring.kill();
        let left = sound_numbers(&state);
        if is_backup(&left) {
            new_seen += 1;
        } else {
            assert!(left.is_superset(&old), "round {round}: {left:?}");
            old_seen += 1;
        }
    }
    eprintln!("killed before the exchange {old_seen} times, after it {new_seen} times");
    assert!(old_seen > 0);
}

#[test]
fn a_damaged_state_file_is_replaced_and_its_log_never_applied() {
    let folder = TempDir::new().unwrap();
    let (state, backup, _) = scene(folder.path());
    // Both the file and the first page in the log: nothing can open this.
    for file in [state.clone(), folder.path().join("state.db-wal")] {
        let mut bytes = fs::read(&file).unwrap();
        bytes.iter_mut().take(100).for_each(|byte| *byte = 0xff);
        fs::write(&file, bytes).unwrap();
    }
    let (damaged, log) = (fs::read(&state).unwrap(), fs::read(folder.path().join("state.db-wal")).unwrap());
    assert!(matches!(Store::open(&state, Mode::Write), Err(Error::NotADatabase { .. })));
    let replaced = run(&state, &backup).unwrap().replaced.unwrap();
    assert!(is_backup(&sound_numbers(&state)));
    assert_eq!(fs::read(&replaced).unwrap(), damaged, "kept as it was");
    let kept_log = replaced.with_file_name("state.db.replaced-20261121T132200Z-wal");
    assert_eq!(fs::read(kept_log).unwrap(), log);
}

#[test]
fn a_log_without_its_file_is_not_applied_to_the_restored_one() {
    let folder = TempDir::new().unwrap();
    let (state, backup, _) = scene(folder.path());
    fs::remove_file(&state).unwrap();
    assert!(matches!(Store::open(&state, Mode::Write), Err(Error::Lost { .. })), "nor destroyed");
    assert!(folder.path().join("state.db-wal").metadata().unwrap().len() > 0);
    assert_eq!(run(&state, &backup).unwrap().replaced, None);
    assert!(is_backup(&sound_numbers(&state)));
}

#[test]
fn what_is_no_sound_backup_replaces_nothing() {
    let folder = TempDir::new().unwrap();
    let (state, backup, old) = scene(folder.path());
    let bad = folder.path().join("bad.db");
    let refused = |bad: &Path| match run(&state, bad) {
        Err(LockError::State(error)) => error,
        other => panic!("{other:?}"),
    };
    assert!(matches!(refused(&bad), Error::Missing { .. }));
    assert!(matches!(refused(folder.path()), Error::NotAFile { .. }));
    assert!(matches!(refused(&state), Error::Itself { .. }));
    fs::write(&bad, "my notes ".repeat(1000)).unwrap();
    assert!(matches!(refused(&bad), Error::NotADatabase { .. }));
    fs::write(&bad, "").unwrap();
    assert!(matches!(refused(&bad), Error::NotOurs { found: 0, .. }));
    // An index that lacks an entry: only the full check sees it.
    fs::copy(&backup, &bad).unwrap();
    let broken = rusqlite::Connection::open(&bad).unwrap();
    broken
        .execute_batch(
            "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'job_runs (job, id)',
             'job_runs (job, pid)') WHERE name = 'job_runs_by_job'; PRAGMA writable_schema = RESET",
        )
        .unwrap();
    drop(broken);
    let Error::Unsound { findings, .. } = refused(&bad) else { panic!() };
    assert!(!findings.is_empty());
    let truncated = fs::read(&backup).unwrap();
    fs::write(&bad, &truncated[..truncated.len() - 4096]).unwrap();
    assert!(matches!(refused(&bad), Error::Corrupt { .. }));
    assert!(sound_numbers(&state).is_superset(&old));
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("re")), "no leftovers: {left:?}");
}

#[test]
fn a_state_file_in_use_is_not_replaced() {
    let folder = TempDir::new().unwrap();
    let (state, backup, old) = scene(folder.path());
    let mut holder = Running::start(child::command("hold", &[state.to_str().unwrap(), "bid-run"]));
    holder.said().unwrap();
    let Err(refused) = run(&state, &backup) else { panic!("in use") };
    assert!(matches!(&refused, LockError::InUse { holders, .. } if holders.len() == 1));
    assert!(refused.to_string().contains("is in use by job bid-run (pid "), "{refused}");
    holder.kill();
    run(&state, &backup).unwrap();
    assert!(is_backup(&sound_numbers(&state)));
    assert!(sound_numbers(&folder.path().join("state.db.replaced-20261121T132200Z")).is_superset(&old));

    // The other way round: who comes while it is being restored waits, and then sees the new file only.
    let reader = std::thread::scope(|scope| {
        let opened = scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(50));
            Store::open_patiently(&state, Mode::Read, Duration::from_mins(1)).unwrap()
        });
        let replaced = folder.path().join("state.db.replaced-20261121T132200Z");
        let waiting = Waiting { at_most: Duration::from_secs(5), should_stop: NEVER };
        Restore { state: &state, backup: &replaced, now: now(), waiting }
            .run(&mut |_, _| {}, &mut |step| {
                if step == RestoreStep::GateShut {
                    let impatient = Store::open_patiently(&state, Mode::Write, Duration::from_millis(200));
                    assert!(matches!(impatient, Err(Error::BeingRestored { .. })));
                }
            })
            .unwrap();
        opened.join().unwrap()
    });
    assert!(numbers(&reader).is_superset(&old));
}

/// The gate knows nothing of other programs; SQLite does.
#[test]
fn a_state_file_that_the_sqlite_shell_has_open_is_not_replaced() {
    let folder = TempDir::new().unwrap();
    let (state, backup, old) = scene(folder.path());
    let shell = rusqlite::Connection::open(&state).unwrap();
    shell.query_row("SELECT count(*) FROM job_runs", [], |_| Ok(())).unwrap();
    assert!(matches!(run(&state, &backup), Err(LockError::InUse { .. })));
    drop(shell);
    assert!(sound_numbers(&state).is_superset(&old));
    run(&state, &backup).unwrap();
    assert!(is_backup(&sound_numbers(&state)));
}

//! Many processes, one state file.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use tempfile::TempDir;

use super::child::{self, Running};
use super::{NEVER, numbers, sound_numbers};
use provider::store::{Mode, Store, check_file};

/// All of them find no file, so they also create and migrate it at once.
#[test]
fn fifty_processes_lose_no_write() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let path = file.to_str().unwrap();
    let processes: Vec<Running> = (0..50)
        .map(|place| {
            let (name, first) = (format!("writer-{place}"), (place * 1000).to_string());
            Running::start(child::command("write", &[path, &name, &first, "20"]))
        })
        .collect();
    let acknowledged: BTreeSet<u64> = processes.into_iter().flat_map(Running::acknowledged).collect();
    assert_eq!(acknowledged.len(), 50 * 20);
    assert_eq!(sound_numbers(&file), acknowledged);
}

/// Every backup that is made while others write is sound, has everything that was acknowledged before it began, and is
/// one moment: if it has a number of a writer, it has all of this writer's earlier ones.
#[test]
fn a_backup_under_load_is_one_moment() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let path = file.to_str().unwrap();
    let store = Store::open(&file, Mode::Write).unwrap();
    let mut writers: Vec<Running> = (0..4)
        .map(|place| {
            let (name, first) = (format!("writer-{place}"), (place * 1_000_000).to_string());
            Running::start(child::command("write", &[path, &name, &first, "1000000"]))
        })
        .collect();
    for writer in &mut writers {
        writer.said().unwrap();
    }
    for round in 0..8 {
        let before = numbers(&store);
        let target = folder.path().join(format!("backup-{round}.db"));
        store.backup(&target, false, NEVER, &mut |_, _| {}).unwrap();
        assert_eq!(check_file(&target, NEVER).unwrap().findings, []);
        let backup = numbers(&Store::open(&target, Mode::Write).unwrap());
        assert!(backup.is_superset(&before), "round {round}");
        for number in &backup {
            assert!(number % 1_000_000 == 0 || backup.contains(&(number - 1)), "round {round}: {number}");
        }
    }
    let growing = numbers(&store).len();
    assert!(growing > 100, "the writers were hardly writing: {growing}");
    writers.iter_mut().for_each(Running::kill);
}

/// Reading, checking and vacuuming are no obstacle to writers, and the other way round.
#[test]
fn checks_and_vacuums_go_on_beside_writers() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let path = file.to_str().unwrap();
    let processes: Vec<Running> = (0..4)
        .map(|place| {
            let (name, first) = (format!("writer-{place}"), (place * 1000).to_string());
            Running::start(child::command("write", &[path, &name, &first, "150"]))
        })
        .collect();
    let done = AtomicBool::new(false);
    let acknowledged: BTreeSet<u64> = std::thread::scope(|scope| {
        scope.spawn(|| {
            let store = Store::open(&file, Mode::Write).unwrap();
            while !done.load(Ordering::Relaxed) {
                store.vacuum(NEVER).unwrap();
                assert_eq!(store.check(NEVER).unwrap(), []);
                let reader = Store::open(&file, Mode::Read).unwrap();
                numbers(&reader);
            }
        });
        let acknowledged = processes.into_iter().flat_map(Running::acknowledged).collect();
        done.store(true, Ordering::Relaxed);
        acknowledged
    });
    assert_eq!(acknowledged.len(), 600);
    assert_eq!(sound_numbers(&file), acknowledged);
}

//! kill -9.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::child::{self, Running};
use super::{NEVER, filled, sound_numbers};
use provider::store::{Error, Mode, Store, check_file};

/// How long the loop may take.
const LIMIT: Duration = Duration::from_secs(20);

/// Writers are killed at any moment, while opening, migrating, writing, committing, taking the log in; three at a time.
/// Afterwards the file is sound and has every write that was acknowledged.
#[test]
fn hundreds_of_kills_lose_no_acknowledged_write() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let path = file.to_str().unwrap();
    let begun = Instant::now();
    let mut acknowledged = BTreeSet::new();
    let mut kills: u64 = 0;
    while kills < 450 && begun.elapsed() < LIMIT {
        let mut writers: Vec<Running> = (0..3)
            .map(|place| {
                let first = ((kills + place) * 1_000_000).to_string();
                Running::start(child::command("write", &[path, &format!("writer-{place}"), &first, "1000000"]))
            })
            .collect();
        for (place, writer) in (0..).zip(&mut writers) {
            // Spread over 0 to 60 ms, other moments in each round.
            std::thread::sleep(Duration::from_micros((kills * 7919 + place * 104_729) % 20_000));
            writer.kill();
            kills += 1;
        }
        acknowledged.extend(writers.into_iter().flat_map(Running::acknowledged));
    }
    assert!(kills >= 300, "only {kills} kills in {LIMIT:?}");
    assert!(acknowledged.len() > 300, "only {} writes in {kills} kills", acknowledged.len());
    let left = sound_numbers(&file);
    let lost: Vec<_> = acknowledged.difference(&left).collect();
    assert!(lost.is_empty(), "lost {lost:?}");
    eprintln!("{kills} kills, {} acknowledged writes, {} in the file", acknowledged.len(), left.len());
}

/// In a child.
pub(super) fn back_up(file: &Path, target: &Path) {
    let store = Store::open(file, Mode::Write).unwrap();
    store.backup(target, true, NEVER, &mut |_, _| {}).unwrap();
}

/// The target is a sound backup, or what it was before; and the next backup is not in the way of itself.
#[test]
fn kills_while_backing_up_leave_no_half_backup() {
    let folder = TempDir::new().unwrap();
    let (file, target) = (folder.path().join("state.db"), folder.path().join("backup.db"));
    filled(&file, 200);
    let (mut without, mut with) = (0, 0);
    for round in 0..60_u64 {
        let arguments = [file.to_str().unwrap(), target.to_str().unwrap()];
        let mut writer = Running::start(child::command("back-up", &arguments));
        std::thread::sleep(Duration::from_micros(round * 400));
        writer.kill();
        if target.exists() {
            assert_eq!(check_file(&target, NEVER).unwrap().findings, [], "round {round}");
            fs::remove_file(&target).unwrap();
            with += 1;
        } else {
            without += 1;
        }
    }
    assert!(without > 0, "{with} with, {without} without");
    back_up(&file, &target);
    assert_eq!(sound_numbers(&target).len(), 200);
    assert!(!folder.path().join("backup.db.partial").exists());
}

/// A process that is killed while it creates the file leaves nothing that stands in the way of the next.
#[test]
fn kills_while_creating_leave_a_usable_place() {
    let folder = TempDir::new().unwrap();
    let (mut nothing, mut complete) = (0, 0);
    for round in 0..80_u64 {
        let file = folder.path().join(format!("{round}/state.db"));
        let mut creator = Running::start(child::command("open", &[file.to_str().unwrap()]));
        std::thread::sleep(Duration::from_micros(round * 150));
        creator.kill();
        match Store::open(&file, Mode::Read) {
            Ok(_) => complete += 1,
            Err(Error::Missing { .. } | Error::Older { found: 0, .. }) => nothing += 1,
            Err(error) => panic!("round {round}: {error}: {error:?}"),
        }
        assert_eq!(sound_numbers(&file).len(), 0);
    }
    assert!(nothing > 0 && complete > 0, "{nothing} times nothing, {complete} times complete");
}

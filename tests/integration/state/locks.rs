//! Job locks between processes.

use std::path::Path;

use jiff::Timestamp;
use tempfile::TempDir;

use super::child::{self, Running, say};
use super::{AT_ONCE, NEVER, job};
use provider::domain::job::Outcome;
use provider::jobs::{Circumstances, Report, Run};
use provider::store::job_runs::{self, History};
use provider::store::{JobLock, LockError, Mode, Store, Waiting, held_locks};

/// In a child: a run that never ends.
pub(super) fn hold(file: &Path, name: &str) {
    let store = Store::open(file, Mode::Write).unwrap();
    let given = Circumstances {
        store: &store,
        now: &Timestamp::now,
        should_stop: NEVER,
        wait: std::time::Duration::ZERO,
        audit: None,
    };
    let run = Run::begin(&job(name), given).unwrap();
    say(&format!("run {} pid {}", run.id(), std::process::id()));
    std::thread::sleep(std::time::Duration::from_mins(10));
}

struct Nothing;

impl Report for Nothing {
    fn outcome(&self) -> Outcome {
        Outcome::Done
    }

    fn counts(&self) -> provider::domain::job::Counts {
        provider::domain::job::Counts::default()
    }
}

fn outcomes(store: &Store) -> Vec<Outcome> {
    let runs = store.read("look", |snapshot| job_runs::history(snapshot, &History::default())).unwrap();
    runs.iter().map(|run| run.outcome).collect()
}

/// A holder keeps others out, is named by what it says of itself, and once it is killed holds nothing.
fn holder_keeps_out_until_killed(start: impl FnOnce(&str) -> Running) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let store = Store::open(&file, Mode::Write).unwrap();
    let mut holder = start(file.to_str().unwrap());
    let said = holder.said().unwrap();
    let given = Circumstances {
        store: &store,
        now: &Timestamp::now,
        should_stop: NEVER,
        wait: std::time::Duration::ZERO,
        audit: None,
    };

    let Err(LockError::Held { holder: Some(by), .. }) = Run::begin(&job("bid-run"), given) else {
        panic!("the lock is held")
    };
    assert_eq!(format!("run {} pid {}", by.run.unwrap(), by.pid), said);
    assert_eq!(held_locks(&store).unwrap(), [(job("bid-run"), Some(by))]);
    assert_eq!(outcomes(&store), [Outcome::Running], "who is kept out leaves no row");
    JobLock::take(&store, &job("tx-flush"), Timestamp::now(), AT_ONCE).unwrap();

    holder.kill();
    let waiting = std::time::Duration::from_secs(5);
    let run = Run::begin(&job("bid-run"), Circumstances { wait: waiting, ..given }).unwrap();
    assert_eq!(run.found_killed().len(), 1);
    assert_eq!(outcomes(&store), [Outcome::Running, Outcome::Killed]);
    run.conclude(Ok::<_, LockError>(Nothing)).unwrap();
    assert_eq!(outcomes(&store), [Outcome::Done, Outcome::Killed]);
    assert_eq!(held_locks(&store).unwrap(), []);
}

#[test]
fn a_lock_of_a_killed_process_is_free() {
    holder_keeps_out_until_killed(|file| Running::start(child::command("hold", &[file, "bid-run"])));
}

/// Its pid is 1 there, which is somebody else here.
#[test]
fn a_lock_in_another_pid_namespace_holds() {
    if !child::is_root("a lock in another PID namespace") {
        return;
    }
    let unshare = ["unshare", "--pid", "--fork", "--kill-child"];
    holder_keeps_out_until_killed(|file| Running::start(child::within(&unshare, "hold", &[file, "bid-run"])));
}

#[test]
fn waiting_ends_when_the_holder_dies() {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    let store = Store::open(&file, Mode::Write).unwrap();
    let mut holder = Running::start(child::command("hold", &[file.to_str().unwrap(), "bid-run"]));
    holder.said().unwrap();
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| {
            let waiting = Waiting { at_most: std::time::Duration::from_mins(1), should_stop: NEVER };
            JobLock::take(&store, &job("bid-run"), Timestamp::now(), waiting).map(drop)
        });
        std::thread::sleep(std::time::Duration::from_millis(150));
        assert!(!waiter.is_finished());
        holder.kill();
        waiter.join().unwrap().unwrap();
    });
}

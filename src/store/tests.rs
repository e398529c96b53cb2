//! The store on files, in one process. What needs more processes, users or mounts is in tests/integration/state.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::domain::job::{Counts, JobName, Outcome};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn job(name: &str) -> JobName {
    name.parse().unwrap()
}

fn never() -> bool {
    false
}

const AT_ONCE: Waiting<'_> = Waiting { at_most: Duration::ZERO, should_stop: &never };

fn folder() -> (TempDir, PathBuf) {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("state.db");
    (folder, file)
}

fn lock(store: &Store, name: &str, now: &str) -> JobLock {
    JobLock::take(store, &job(name), at(now), AT_ONCE).unwrap()
}

fn started(store: &Store, name: &str, now: &str) -> (job_runs::RunId, Vec<job_runs::RunId>) {
    let lock = lock(store, name, now);
    store.write("start", |change| job_runs::start(change, &lock, &job(name), at(now))).unwrap()
}

fn ended(store: &Store, name: &str, now: &str, outcome: Outcome) -> job_runs::RunId {
    let (run, _) = started(store, name, now);
    store.write("finish", |change| job_runs::finish(change, run, at(now), outcome, &Counts::default(), None)).unwrap();
    run
}

#[test]
fn a_fresh_file_has_what_is_promised() {
    let (_folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    assert_eq!(store.notices(), [Notice::Created { path: store.path().to_owned() }]);
    let ask = |pragma: &str| -> String {
        let held = store.hold("ask").unwrap();
        held.query_row(&format!("SELECT CAST({pragma} AS TEXT) FROM pragma_{pragma}"), [], |row| row.get(0)).unwrap()
    };
    assert_eq!(ask("journal_mode"), "wal");
    assert_eq!(ask("synchronous"), "2");
    assert_eq!(ask("foreign_keys"), "1");
    assert_eq!(ask("application_id"), APPLICATION_ID.to_string());
    assert_eq!(ask("user_version"), SCHEMA_VERSION.to_string());
    for path in [file.clone(), place::with_suffix(&file, "-wal"), place::with_suffix(&file, "-shm")] {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o7777, 0o600, "{}", path.display());
    }
    assert_eq!(store.check(&never).unwrap(), []);
}

#[test]
fn every_table_is_strict() {
    let model = migrate::model(SCHEMA_VERSION).unwrap();
    let lax = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict
               AND name NOT LIKE 'sqlite_%'";
    let names: Vec<String> =
        model.prepare(lax).unwrap().query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    assert_eq!(names, [""; 0]);
}

/// From each version that ever was, with rows in it as far as the fixture below knows the version.
#[test]
fn a_migrated_file_is_a_fresh_file() {
    for from in 0..SCHEMA_VERSION {
        let (_folder, file) = folder();
        if from > 0 {
            let model = migrate::model(from).unwrap();
            model
                .execute(
                    "INSERT INTO job_runs (job, started_at, outcome, pid, host) VALUES ('old', 1, 'running', 1, 'h')",
                    [],
                )
                .unwrap();
            model.backup(rusqlite::MAIN_DB, &file, rusqlite::backup::NO_PROGRESS).unwrap();
        }
        let store = Store::open(&file, Mode::Write).unwrap();
        if from > 0 {
            assert!(store.notices().contains(&Notice::Migrated { from, to: SCHEMA_VERSION }));
        }
        assert_eq!(store.check(&never).unwrap(), []);
        drop(store);
        let again = Store::open(&file, Mode::Write).unwrap();
        assert_eq!(again.notices(), [], "migrating twice does nothing");
        assert_eq!(again.check(&never).unwrap(), []);
    }
}

#[test]
fn migrations_are_numbered_in_order_and_say_so_in_the_overview() {
    let overview = include_str!("mod.rs");
    let mut last = 0;
    for (name, _) in MIGRATIONS {
        // Numbers may be left out: they are given out before the work is merged.
        let number: u32 = name.split_once('_').unwrap().0.parse().unwrap();
        assert!(number > last, "{name}");
        assert!(overview.contains(&format!("migration {number}")), "{name} is missing from the schema in mod.rs");
        last = number;
    }
}

#[test]
fn a_change_is_whole_or_nothing() {
    let store = Store::in_memory().unwrap();
    let lock = lock(&store, "a-job", "2026-11-21T00:00:00Z");
    let failed: Result<(), Error> = store.write("try", |change| {
        job_runs::start(change, &lock, &job("a-job"), at("2026-11-21T00:00:00Z"))?;
        Err(Error::Nested { doing: "give up" })
    });
    assert!(matches!(failed, Err(Error::Nested { .. })));
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        store.write("try", |change| -> Result<(), Error> {
            job_runs::start(change, &lock, &job("a-job"), at("2026-11-21T00:00:00Z"))?;
            panic!("as a defect would");
        })
    }));
    assert!(panicked.is_err());
    assert_eq!(store.read("look", job_runs::last_runs).unwrap(), []);
}

#[test]
fn a_transaction_inside_another_is_an_error_and_no_deadlock() {
    let store = Store::in_memory().unwrap();
    let nested: Result<(), Error> = store.write("do the outer", |_| store.read("do the inner", |_| Ok::<_, Error>(())));
    assert!(matches!(nested, Err(Error::Nested { doing: "do the inner" })));
    store.read("do it afterwards", |_| Ok::<_, Error>(())).unwrap();
}

#[test]
fn a_snapshot_cannot_write() {
    let store = Store::in_memory().unwrap();
    ended(&store, "a-job", "2026-11-21T00:00:00Z", Outcome::Done);
    let written: Result<Vec<i64>, Error> =
        store.read("look", |snapshot| snapshot.rows("DELETE FROM job_runs RETURNING id", [], |row| row.get(0)));
    assert!(matches!(written, Err(Error::Statement { .. })));
    assert_eq!(store.read("look", job_runs::last_runs).unwrap().len(), 1);
}

#[test]
fn a_value_that_nobody_here_wrote_is_damage() {
    let (_folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    ended(&store, "a-job", "2026-11-21T00:00:00Z", Outcome::Done);
    Connection::open(&file).unwrap().execute("UPDATE job_runs SET job = '../etc'", []).unwrap();
    assert!(matches!(store.read("look", job_runs::last_runs), Err(Error::Corrupt { .. })));
}

#[test]
fn a_run_leaves_its_row() {
    let store = Store::in_memory().unwrap();
    let (run, killed) = started(&store, "bid-run", "2026-11-21T13:00:00Z");
    assert_eq!(killed, []);
    let mut counts = Counts::default();
    counts.add("bids_placed", 3);
    let long = "ü".repeat(4096);
    store
        .write("finish", |change| {
            job_runs::finish(change, run, at("2026-11-21T13:00:09Z"), Outcome::PartlyFailed, &counts, Some(&long))?;
            // A second end changes nothing.
            job_runs::finish(change, run, at("2026-11-21T14:00:00Z"), Outcome::Done, &Counts::default(), None)
        })
        .unwrap();
    let rows = store.read("look", job_runs::last_runs).unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.id, row.outcome, &row.counts), (run, Outcome::PartlyFailed, &counts));
    assert_eq!((row.started_at, row.ended_at), (at("2026-11-21T13:00:00Z"), Some(at("2026-11-21T13:00:09Z"))));
    assert_eq!(row.error.as_deref(), Some("ü".repeat(2048).as_str()), "cut to 4096 bytes");
    assert_eq!(row.pid, std::process::id());
}

#[test]
fn a_run_that_never_ended_is_found_killed_by_the_next() {
    let store = Store::in_memory().unwrap();
    let (lost, _) = started(&store, "bid-run", "2026-11-21T13:00:00Z");
    let (other, _) = started(&store, "tx-flush", "2026-11-21T13:00:00Z");
    let (next, killed) = started(&store, "bid-run", "2026-11-21T13:05:00Z");
    assert_eq!(killed, [lost]);
    let all = store.read("look", |snapshot| job_runs::history(snapshot, &job_runs::History::default())).unwrap();
    let outcomes: Vec<_> = all.iter().map(|run| (run.id, run.outcome, run.ended_at)).collect();
    let found = at("2026-11-21T13:05:00Z");
    assert_eq!(
        outcomes,
        [(next, Outcome::Running, None), (other, Outcome::Running, None), (lost, Outcome::Killed, Some(found))]
    );
}

#[test]
fn history_is_filtered() {
    let store = Store::in_memory().unwrap();
    for hour in 0..5 {
        ended(&store, "bid-run", &format!("2026-11-21T0{hour}:00:00Z"), Outcome::Done);
        ended(&store, "tx-flush", &format!("2026-11-21T0{hour}:00:00Z"), Outcome::Done);
    }
    let count =
        |wanted: job_runs::History| store.read("look", |snapshot| job_runs::history(snapshot, &wanted)).unwrap().len();
    assert_eq!(count(job_runs::History::default()), 10);
    assert_eq!(count(job_runs::History { job: Some(job("tx-flush")), ..Default::default() }), 5);
    assert_eq!(count(job_runs::History { since: Some(at("2026-11-21T03:00:00Z")), ..Default::default() }), 4);
    assert_eq!(count(job_runs::History { limit: Some(3), ..Default::default() }), 3);
}

#[test]
fn pruning_keeps_what_is_not_settled_and_the_newest_of_each_job() {
    let store = Store::in_memory().unwrap();
    let old = ended(&store, "bid-run", "2026-01-01T00:00:00Z", Outcome::Done);
    let newest = ended(&store, "bid-run", "2026-01-02T00:00:00Z", Outcome::Failed);
    let only = ended(&store, "tx-flush", "2026-01-01T00:00:00Z", Outcome::Killed);
    let (running, _) = started(&store, "usage-submit", "2020-01-01T00:00:00Z");
    ended(&store, "keys-rotate", "2026-01-01T00:00:00Z", Outcome::Done);
    let recent = ended(&store, "keys-rotate", "2026-11-20T00:00:00Z", Outcome::Done);
    let young = ended(&store, "keys-rotate", "2026-11-21T00:00:00Z", Outcome::Done);
    let now = at("2026-11-21T12:00:00Z");
    let week = Retention { job_runs: Some(Duration::from_hours(7 * 24)), transactions: None, ..Retention::default() };

    let plan = store.prunable(&week, now).unwrap();
    assert_eq!((plan[0].table, plan[0].rows), ("job_runs", 2));
    assert_eq!(
        store.prune(&Retention { job_runs: None, transactions: None, ..Retention::default() }, now, &never).unwrap()[0]
            .rows,
        0,
        "for ever"
    );
    assert_eq!(store.prune(&week, now, &|| true).unwrap()[0].rows, 0, "stopped before the first batch");
    assert_eq!(store.prune(&week, now, &never).unwrap(), plan);
    assert_eq!(store.prune(&week, now, &never).unwrap()[0].rows, 0);

    let left = store.read("look", |snapshot| job_runs::history(snapshot, &job_runs::History::default())).unwrap();
    let ids: Vec<_> = left.iter().map(|run| run.id).collect();
    assert_eq!(ids, [young, recent, running, only, newest]);
    assert!(!ids.contains(&old));
    let (next, _) = started(&store, "bid-run", "2026-11-21T13:00:00Z");
    assert!(next > young, "ids are never used twice");
}

#[test]
fn a_lock_keeps_the_second_out_and_says_who_is_in() {
    let (_folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    assert_eq!(held_locks(&store).unwrap(), []);
    let mut first = lock(&store, "bid-run", "2026-11-21T13:00:00Z");
    first.name_run(job_runs::RunId(7)).unwrap();
    let second = JobLock::take(&store, &job("bid-run"), at("2026-11-21T13:01:00Z"), AT_ONCE).unwrap_err();
    let text = second.to_string();
    assert!(text.contains(&format!("held by pid {} on ", std::process::id())), "{text}");
    assert!(text.ends_with("since 2026-11-21T13:00:00Z (run 7)"), "{text}");
    assert_eq!(held_locks(&store).unwrap(), [(job("bid-run"), Some(first.holder().clone()))]);
    lock(&store, "tx-flush", "2026-11-21T13:00:00Z");
    drop(first);
    lock(&store, "bid-run", "2026-11-21T13:02:00Z");
    assert_eq!(held_locks(&store).unwrap(), []);
}

#[test]
fn waiting_for_a_lock_ends_with_it_with_patience_or_on_request() {
    let (_folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    let first = lock(&store, "bid-run", "2026-11-21T13:00:00Z");
    let take = |at_most, should_stop: ShouldStop<'_>| {
        JobLock::take(&store, &job("bid-run"), at("2026-11-21T13:01:00Z"), Waiting { at_most, should_stop })
    };
    let late = take(Duration::from_millis(120), &never).unwrap_err();
    assert!(late.to_string().ends_with("gave up after 120ms"), "{late}");
    assert!(matches!(take(Duration::from_hours(1), &|| true), Err(LockError::Interrupted { .. })));
    std::thread::scope(|scope| {
        let waiter = scope.spawn(|| take(Duration::from_mins(1), &never).map(|_| ()));
        std::thread::sleep(Duration::from_millis(100));
        drop(first);
        waiter.join().unwrap().unwrap();
    });
}

/// Listing the locks over and over must never make a run believe that another one is at work.
#[test]
fn looking_at_locks_disturbs_nobody() {
    let (_folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !done.load(std::sync::atomic::Ordering::Relaxed) {
                    held_locks(&store).unwrap();
                }
            });
        }
        for _ in 0..300 {
            lock(&store, "bid-run", "2026-11-21T13:00:00Z");
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
    });
}

#[test]
fn a_link_to_the_state_file_leads_to_the_same_locks() {
    let (folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    let link = folder.path().join("link.db");
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let linked = Store::open(&link, Mode::Write).unwrap();
    assert_eq!(linked.path(), store.path());
    let _held = lock(&store, "bid-run", "2026-11-21T13:00:00Z");
    assert!(JobLock::take(&linked, &job("bid-run"), at("2026-11-21T13:00:00Z"), AT_ONCE).is_err());
}

#[test]
fn a_backup_that_is_stopped_leaves_nothing() {
    let (folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    let target = folder.path().join("backup.db");
    let stopped = store.backup(&target, false, &|| true, &mut |_, _| {});
    assert!(matches!(stopped, Err(Error::Interrupted { .. })));
    let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().starts_with("backup")), "{names:?}");
    let mut seen = Vec::new();
    store.backup(&target, false, &never, &mut |done, total| seen.push((done, total))).unwrap();
    assert!(matches!(seen.last(), Some((done, total)) if done == total && *total > 0), "{seen:?}");
}

#[test]
fn two_backups_at_the_same_time_are_both_sound() {
    let (folder, file) = folder();
    let store = Store::open(&file, Mode::Write).unwrap();
    let second = Store::open(&file, Mode::Write).unwrap();
    let target = folder.path().join("backup.db");
    let mut inner = Vec::new();
    let outer = store.backup(&target, false, &never, &mut |_, _| {
        inner.push(second.backup(&target, false, &never, &mut |_, _| {}).map(drop));
    });
    assert!(matches!(inner.first(), Some(Ok(()))), "{inner:?}");
    assert!(matches!(outer, Err(Error::Exists { .. })), "who comes late replaces nothing: {outer:?}");
    assert_eq!(check_file(&target, &never).unwrap().findings, []);
    let partial =
        |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().path().extension() == Some("partial".as_ref());
    assert!(!std::fs::read_dir(folder.path()).unwrap().any(partial));
}

#[test]
fn patience_ends_with_a_word() {
    let (_folder, file) = folder();
    let store = Store::open_patiently(&file, Mode::Write, Duration::from_millis(50)).unwrap();
    let other = Connection::open(&file).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let busy = store.write("write a row", |_| Ok::<_, Error>(())).unwrap_err();
    assert!(matches!(busy, Error::Busy { doing: "write a row", .. }));
    store.read("look", job_runs::last_runs).unwrap();
    other.execute_batch("COMMIT").unwrap();
    store.write("write a row", |_| Ok::<_, Error>(())).unwrap();
}

#[test]
fn threads_may_share_a_store() {
    let store = Store::in_memory().unwrap();
    std::thread::scope(|scope| {
        for place in 0..8 {
            let store = &store;
            scope.spawn(move || ended(store, &format!("job-{place}"), "2026-11-21T00:00:00Z", Outcome::Done));
        }
    });
    assert_eq!(store.read("look", job_runs::last_runs).unwrap().len(), 8);
}

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use rusqlite::Connection;
use tempfile::TempDir;

use super::*;
use crate::domain::fault::Classified;
use crate::store::Mode;
use crate::store::job_runs::{self, History, JobRun};

fn never() -> bool {
    false
}

fn clock() -> Timestamp {
    "2026-11-21T13:22:00Z".parse().unwrap()
}

fn given(store: &Store) -> Circumstances<'_> {
    Circumstances { store, now: &clock, should_stop: &never, wait: Duration::ZERO, audit: None }
}

fn runs(store: &Store) -> Vec<JobRun> {
    store.read("look", |snapshot| job_runs::history(snapshot, &History::default())).unwrap()
}

fn ends(report: &Maintenance) -> Vec<String> {
    let word = |(step, end): &(Step, StepEnd)| match end {
        StepEnd::Done(text) => format!("{step:?}: done, {text}"),
        StepEnd::Planned(text) => format!("{step:?}: planned, {text}"),
        StepEnd::Skipped(text) => format!("{step:?}: skipped, {text}"),
        StepEnd::Failed(error) => format!("{step:?}: failed, {error}"),
        StepEnd::Unaudited(error) => format!("{step:?}: failed, {error}"),
        StepEnd::Tampered(findings) => format!("{step:?}: found {}", findings.len()),
        StepEnd::Found(findings) => format!("{step:?}: found {}", findings.len()),
        StepEnd::Interrupted => format!("{step:?}: interrupted"),
    };
    report.steps.iter().map(word).collect()
}

/// A state file with old runs in it, and a folder for backups.
fn scene() -> (TempDir, Store, Request) {
    let folder = TempDir::new().unwrap();
    let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
    for _ in 0..3 {
        let early = || "2026-01-01T00:00:00Z".parse().unwrap();
        let run = Run::begin(&JobName::constant("bid-run"), Circumstances { now: &early, ..given(&store) }).unwrap();
        run.conclude(Ok::<_, Error>(Maintenance::default())).unwrap();
    }
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let keep = NonZeroUsize::new(2).unwrap();
    let request = Request {
        backups: Some(Backups { folder: backups, keep }),
        vacuum: VacuumWhen { free_bytes: 0, free_percent: 0 },
        ..Request::default()
    };
    (folder, store, request)
}

#[test]
fn all_steps_in_order() {
    let (folder, store, request) = scene();
    let report = run(&request, given(&store), &mut |_, _| {}).unwrap();
    let backup = folder.path().join("backups/state-20261121T132200Z.db");
    let bytes = backup.metadata().unwrap().len();
    assert_eq!(
        ends(&report),
        [
            "Prune: done, removed 2 rows".to_owned(),
            "Audit: done, removed 0 rows; 0 rows are sound".to_owned(),
            format!("BackUp: done, wrote {} ({bytes} bytes), removed 0 older", backup.display()),
            "Check: done, everything is sound".to_owned(),
            format!("Vacuum: done, gave back 0 bytes of {bytes}"),
        ]
    );
    assert_eq!(backup.metadata().unwrap().permissions().mode() & 0o7777, 0o600);
    let row = runs(&store).remove(0);
    assert_eq!((row.job, row.outcome), (NAME, Outcome::Done));
    assert_eq!((row.counts.of("rows_pruned"), row.counts.of("backups_written")), (2, 1));
    assert_eq!(crate::store::check_file(&backup, &never).unwrap().findings, []);
}

#[test]
fn a_rehearsal_says_the_same_and_does_nothing() {
    let (folder, store, request) = scene();
    let before = runs(&store);
    let plan = rehearse(&request, &store, clock()).unwrap();
    let backup = folder.path().join("backups/state-20261121T132200Z.db");
    assert_eq!(
        ends(&plan),
        [
            "Prune: planned, remove 2 rows".to_owned(),
            "Audit: planned, remove 0 rows, verify the rest".to_owned(),
            format!("BackUp: planned, write {} and remove 0 older", backup.display()),
            "Check: planned, check everything".to_owned(),
            "Vacuum: planned, give back 0 bytes".to_owned(),
        ]
    );
    assert_eq!(runs(&store), before);
    assert_eq!(fs::read_dir(folder.path().join("backups")).unwrap().count(), 0);
}

#[test]
fn old_backups_go_and_other_files_stay() {
    let (folder, store, request) = scene();
    let backups = folder.path().join("backups");
    let strangers = [
        "state-2026.db",
        ".other-20200101T000000Z.db.aB3dE5gH7jK9.partial",
        "state-20261121T132200Z.db.partial",
        "other-20200101T000000Z.db",
        "state.db",
    ];
    // What a killed run left behind, once with the name of the next.
    let unfinished =
        [".state-20261121T132200Z.db.aB3dE5gH7jK9.partial", ".state-20261121T110000Z.db.aB3dE5gH7jK9.partial"];
    let ours = ["state-20200101T000000Z.db", "state-20200102T000000Z.db"];
    for name in strangers.iter().chain(&unfinished).chain(&ours) {
        fs::write(backups.join(name), "").unwrap();
    }
    let plan = rehearse(&request, &store, clock()).unwrap();
    assert!(ends(&plan)[2].ends_with("remove 1 older"), "{plan:?}");
    // One that another process writes at this moment stays.
    let written = backups.join(".state-20261121T120000Z.db.aB3dE5gH7jK9.partial");
    let writer = fs::File::create(&written).unwrap();
    writer.lock().unwrap();
    run(&request, given(&store), &mut |_, _| {}).unwrap();
    assert!(written.exists());
    let left = |name: &str| backups.join(name).exists();
    assert!(!left("state-20200101T000000Z.db"));
    assert!(left("state-20200102T000000Z.db"));
    assert!(left("state-20261121T132200Z.db"));
    assert!(strangers.into_iter().all(left));
    assert!(!unfinished.into_iter().any(left));
}

#[test]
fn a_missing_backup_folder_fails_that_step_only() {
    let (folder, store, mut request) = scene();
    let gone = folder.path().join("not-mounted");
    request.backups = Some(Backups { folder: gone.clone(), keep: NonZeroUsize::MIN });
    let report = run(&request, given(&store), &mut |_, _| {}).unwrap();
    assert_eq!(ends(&report)[2], format!("BackUp: failed, there is no folder {}", gone.display()));
    assert!(ends(&report)[4].starts_with("Vacuum: done"), "{report:?}");
    assert_eq!(runs(&store)[0].outcome, Outcome::PartlyFailed);
    assert!(!gone.exists());
}

#[test]
fn findings_keep_the_vacuum_away() {
    let (folder, store, request) = scene();
    Connection::open(folder.path().join("state.db")).unwrap().execute("CREATE TABLE stray (a) STRICT", []).unwrap_err();
    Connection::open(folder.path().join("state.db")).unwrap().execute("CREATE TABLE stray (a ANY) STRICT", []).unwrap();
    let report = run(&request, given(&store), &mut |_, _| {}).unwrap();
    let ends = ends(&report);
    assert!(ends[2].contains("is not sound: table stray is not of this program"), "{ends:?}");
    assert_eq!(ends[3..], ["Check: found 1", "Vacuum: skipped, the state file is not sound"]);
    assert_eq!(runs(&store)[0].outcome, Outcome::PartlyFailed);
    assert_eq!(fs::read_dir(folder.path().join("backups")).unwrap().count(), 0, "no unsound backup is kept");
}

#[test]
fn free_pages_are_given_back() {
    let (_folder, store, mut request) = scene();
    let early = || "2026-01-01T00:00:00Z".parse().unwrap();
    for _ in 0..400 {
        let run = Run::begin(&JobName::constant("bid-run"), Circumstances { now: &early, ..given(&store) }).unwrap();
        let error = Error::Interrupted { doing: "x" };
        assert!(run.conclude(Err::<Maintenance, _>(LockError::State(error))).is_err());
    }
    request.vacuum = VacuumWhen { free_bytes: 4096, free_percent: 1 };
    let report = run(&request, given(&store), &mut |_, _| {}).unwrap();
    assert!(report.counts().of("bytes_freed") >= 4096, "{report:?}");
    let size = store.size().unwrap();
    assert_eq!((size.free_pages, size.log_bytes > 0), (0, true), "the end of the run is in the log");
}

#[test]
fn a_stop_between_two_steps_is_recorded() {
    let (_folder, store, request) = scene();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    // The first question comes before pruning, the next before the first batch.
    let stop = || asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) > 0;
    let report = run(&request, Circumstances { should_stop: &stop, ..given(&store) }, &mut |_, _| {}).unwrap();
    assert_eq!(ends(&report), ["Prune: done, removed 0 rows", "Audit: interrupted"]);
    assert_eq!(runs(&store)[0].outcome, Outcome::Interrupted);
}

#[test]
fn a_second_run_is_kept_out() {
    let (_folder, store, request) = scene();
    let first = Run::begin(&NAME, given(&store)).unwrap();
    let second = run(&request, given(&store), &mut |_, _| {}).unwrap_err();
    assert!(matches!(&second, LockError::Held { .. }));
    assert!(second.to_string().contains(&format!("(run {})", first.id())), "{second}");
    assert!(second.fault().is_temporary());
}

#[test]
fn a_run_that_panics_is_recorded_as_failed() {
    let (_folder, store, request) = scene();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let _run = Run::begin(&NAME, given(&store)).unwrap();
        panic!("as a defect would");
    }));
    assert!(panicked.is_err());
    let row = runs(&store).remove(0);
    assert_eq!((row.outcome, row.error.as_deref()), (Outcome::Failed, Some("ended without a result (a panic)")));
    run(&request, given(&store), &mut |_, _| {}).unwrap();
}

#[test]
fn a_failure_is_recorded_with_its_causes() {
    let (_folder, store, _) = scene();
    let begun = Run::begin(&NAME, given(&store)).unwrap();
    let path = Path::new("/x");
    let error = Error::io("try", path)(std::io::Error::other("no luck"));
    assert!(begun.conclude(Err::<Maintenance, _>(error)).is_err());
    assert_eq!(runs(&store)[0].error.as_deref(), Some("cannot try at /x: no luck"));
}

/// A run that keeps the audit trail, and the folder of its state file.
fn audited(store: &Store, request: &Request) -> Maintenance {
    let settings = audit::Settings::default();
    let configuration = serde_json::json!({"bidding.enabled": true});
    let told = audit::Audited { settings: &settings, configuration: configuration.as_object() };
    run(request, Circumstances { audit: Some(told), ..given(store) }, &mut |_, _| {}).unwrap()
}

#[test]
fn the_audit_trail_is_begun_sealed_and_pruned() {
    let (folder, store, mut request) = scene();
    let sealed = "Audit: done, removed 0 rows; 1 rows are sound, sealed up to row 1";
    assert_eq!(ends(&audited(&store, &request))[1], sealed);
    assert_eq!(ends(&audited(&store, &request))[1], sealed, "the same configuration is recorded once");
    assert!(folder.path().join("state.db.audit-seals").exists());
    request.audit_retention = Some(Duration::ZERO);
    let later = || "2027-11-21T13:22:00Z".parse().unwrap();
    let report = run(&request, Circumstances { now: &later, ..given(&store) }, &mut |_, _| {}).unwrap();
    assert_eq!(ends(&report)[1], "Audit: done, removed 1 rows; 0 rows are sound, sealed up to row 1");
    assert_eq!(runs(&store)[0].counts.of("audit_rows_pruned"), 1);
}

#[test]
fn tampering_is_found_the_next_day() {
    let (folder, store, request) = scene();
    audited(&store, &request);
    let state = Connection::open(folder.path().join("state.db")).unwrap();
    state.execute_batch("DROP TRIGGER audit_never_changes; UPDATE audit SET subject = 'x'").unwrap();
    let report = audited(&store, &request);
    assert_eq!(ends(&report)[1], "Audit: found 1");
    assert_eq!(runs(&store)[0].outcome, Outcome::PartlyFailed);
}

#[test]
fn a_trail_that_cannot_be_sealed_is_an_error_of_the_run() {
    let (folder, store, request) = scene();
    fs::create_dir(folder.path().join("state.db.audit-seals")).unwrap();
    let report = audited(&store, &request);
    assert!(ends(&report)[1].starts_with("Audit: failed, "), "{:?}", ends(&report));
    let row = runs(&store).remove(0);
    assert_eq!(row.outcome, Outcome::PartlyFailed);
}

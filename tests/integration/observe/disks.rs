//! Full disks and files of other users: a small file system of its own, and an unprivileged user.

use std::fs;
use std::path::Path;
use std::process::Command;

use provider::domain::audit::{Event, Outcome};
use provider::jobs::audit::{Happening, Settings, Trail, verify};
use provider::observe::Level;
use provider::observe::audit::actor;
use provider::observe::log_file::{Query, tail};
use provider::observe::logging::{self, Form, Stderr};
use provider::store::{Mode, Store};
use serde_json::Map;

use super::child;

/// Whether the test may mount file systems and become other users; says so if it may not.
fn is_root(test: &str) -> bool {
    let root = rustix::process::geteuid().is_root();
    if !root {
        eprintln!("could not run: {test} needs root");
    }
    root
}

/// A task with a file system of 512 KiB mounted at `disk` in its folder.
fn on_a_small_disk(task: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("disk")).unwrap();
    let mut unshare = Command::new("unshare");
    let script = "mount -t tmpfs -o size=512k none disk && exec \"$@\"";
    unshare.args(["--mount", "sh", "-c", script, "sh"]).arg(std::env::current_exe().unwrap());
    unshare.current_dir(folder.path());
    child::succeed(child::within(unshare, task, folder.path()))
}

/// Fills the disk to its last byte, and gives back the file that does.
fn fill(disk: &Path) -> std::path::PathBuf {
    let filler = disk.join("filler");
    let mut size = 512 * 1024;
    while size > 0 {
        let bytes = vec![0; size];
        let filled = fs::OpenOptions::new().create(true).append(true).open(&filler);
        if std::io::Write::write_all(&mut filled.unwrap(), &bytes).is_err() {
            size /= 2;
        }
    }
    filler
}

fn start_logs(path: &Path) {
    let options = logging::Options {
        stderr: Stderr { level: Level::Error, form: Form::Text, colored: false },
        file: Some(logging::File { path: path.to_owned(), level: Level::Info, form: Form::Json }),
        redact: true,
    };
    let started = logging::start(&options).unwrap();
    for number in 0..3 {
        tracing::info!(target: "provider", number, "before");
    }
    assert_eq!(started.file_failure(), None);
    assert!(logging::start(&options).is_err(), "only once");
}

pub(super) fn full_log(folder: &Path) {
    let (disk, path) = (folder.join("disk"), folder.join("disk/provider.log"));
    start_logs(&path);
    let filler = fill(&disk);
    for number in 0..3000 {
        tracing::info!(target: "provider", number, "while the disk is full");
    }
    fs::remove_file(filler).unwrap();
    tracing::info!(target: "provider", "after");
    let query = Query { count: 10_000, level: Level::Trace, since: None };
    let found = tail(&path, query).unwrap();
    assert_eq!(found.entries.last().unwrap().message, "after", "the torn line did not spoil it");
    assert!(found.entries.len() < 2000 && found.passed_over <= 1, "{}", found.entries.len());
}

#[test]
fn a_full_disk_costs_log_lines_and_is_said_once() {
    if !is_root("the log file on a full disk") {
        return;
    }
    let said = on_a_small_disk("full-log");
    assert_eq!(said.matches("cannot write the log file").count(), 1, "{said}");
    assert!(said.contains("No space left"), "{said}");
}

pub(super) fn full_trail(folder: &Path) {
    // The state file is elsewhere: only the audit file is on the full disk.
    let settings = Settings { output: Some(folder.join("disk/audit.log")), ..Settings::default() };
    let store = Store::open(&folder.join("state.db"), Mode::Write).unwrap();
    let now = jiff::Timestamp::now;
    let trail = Trail::new(&store, &settings, actor(None, None), &now);
    let record = |subject| {
        let (event, outcome) = (Event::KeyUsage, Outcome::Succeeded);
        trail.record(Happening { event, outcome, subject, details: Map::new() }).unwrap();
    };
    record("before");
    trail.finish().unwrap();
    let filler = fill(&folder.join("disk"));
    for _ in 0..200 {
        record("while the disk is full");
    }
    let error = trail.finish().unwrap_err();
    assert!(error.to_string().contains("files of the audit trail"), "{error}");
    let found = verify(&store, settings.output.as_deref()).unwrap();
    assert_eq!((found.findings, found.sealed.unwrap().row, found.rows), (vec![], 201, 201), "sealed all the same");
    fs::remove_file(filler).unwrap();
    trail.finish().unwrap();
    let found = verify(&store, settings.output.as_deref()).unwrap();
    let witness = found.witness.unwrap();
    assert_eq!((found.findings, witness.confirmed, witness.unreadable), (vec![], 201, 0));
}

#[test]
fn a_full_disk_delays_the_audit_file_only() {
    if !is_root("the audit file on a full disk") {
        return;
    }
    on_a_small_disk("full-trail");
}

pub(super) fn foreign_log(folder: &Path) {
    let options = logging::Options {
        stderr: Stderr { level: Level::Error, form: Form::Text, colored: false },
        file: Some(logging::File { path: folder.join("provider.log"), level: Level::Info, form: Form::Text }),
        redact: true,
    };
    let started = logging::start(&options).unwrap();
    for _ in 0..3 {
        tracing::info!(target: "provider", "work goes on");
    }
    assert!(started.file_failure().unwrap().contains("Permission denied"));
}

#[test]
fn a_log_file_of_another_user_is_said_once() {
    if !is_root("the log file of another user") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(folder.path(), open).unwrap();
    fs::write(folder.path().join("provider.log"), "").unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    fs::set_permissions(folder.path().join("provider.log"), mode).unwrap();
    let program = folder.path().join("integration");
    fs::hard_link(std::env::current_exe().unwrap(), &program)
        .or_else(|_| fs::copy(std::env::current_exe().unwrap(), &program).map(drop))
        .unwrap();
    let mut nobody = Command::new("setpriv");
    nobody.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(program).current_dir("/");
    let said = child::succeed(child::within(nobody, "foreign-log", folder.path()));
    assert_eq!(said.matches("cannot open the log file").count(), 1, "{said}");
}

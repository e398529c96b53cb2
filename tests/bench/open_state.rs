//! Opening a 1 GiB state file and reading one row, beside the same with the sqlite3 shell, in one run:
//! `cargo bench --bench open_state`. At most three times the shell's time, also after a kill that left a log.
//!
//! The file is made once, in target/bench.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring program talks and may fail"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use provider::domain::job::{Counts, JobName, Outcome};
use provider::store::job_runs::{self, History};
use provider::store::{JobLock, Mode, Store, Waiting};

const GIBIBYTE: u64 = 1 << 30;
const ROUNDS: u32 = 15;
const LIMIT: u128 = 3;

/// The argument that makes this program the one that is killed.
const WRITER: &str = "--write-until-killed";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let [_, first, state, ..] = arguments.as_slice()
        && first == WRITER
    {
        write_until_killed(Path::new(state));
    }
    if Command::new("sqlite3").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("could not run: the sqlite3 shell is not installed");
        return ExitCode::SUCCESS;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&folder).unwrap();
    let state = folder.join("state.db");
    if fs::metadata(&state).map_or(0, |metadata| metadata.len()) < GIBIBYTE {
        fill(&state);
    }
    let log = folder.join("killed.wal");
    leave_a_log(&state, &log);
    println!("{} bytes of state, {} bytes of log after a kill", size(&state), size(&log));

    let clean = || fold(&state);
    let killed = || {
        fold(&state);
        fs::copy(&log, with(&state, "-wal")).unwrap();
    };
    let slowest = [compare("closed cleanly", &state, &clean), compare("after kill -9", &state, &killed)];
    fold(&state);
    if slowest.into_iter().all(|ratio| ratio <= LIMIT * 100) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Prints a line for each way; gives back the highest ratio, in hundredths.
fn compare(what: &str, state: &Path, prepare: &dyn Fn()) -> u128 {
    let path = state.to_str().unwrap();
    let shell = || run(Command::new("sqlite3").args([path, "SELECT * FROM job_runs ORDER BY id DESC LIMIT 1"]));
    let binary = || {
        let arguments = ["job", "history", "--limit", "1", "--state-file", path];
        run(Command::new(env!("CARGO_BIN_EXE_provider")).args(arguments).env("HOME", "/nonexistent"));
    };
    let to_read = || read_one(state, Mode::Read);
    let to_write = || read_one(state, Mode::Write);
    let ways: [(&str, &dyn Fn()); 4] = [
        ("the sqlite3 shell", &shell),
        ("provider job history", &binary),
        ("the library, to read", &to_read),
        ("the library, to write", &to_write),
    ];
    // In turn, so that what else the machine does falls on all of them.
    let mut best = [Duration::MAX; 4];
    for _ in 0..ROUNDS {
        for ((_, way), best) in ways.iter().zip(&mut best) {
            prepare();
            let begun = Instant::now();
            way();
            *best = begun.elapsed().min(*best);
        }
    }
    let [shell, ..] = best;
    let mut highest = 0;
    for ((name, _), best) in ways.iter().zip(best) {
        let ratio = best.as_nanos() * 100 / shell.as_nanos();
        println!("{what}: {name:22} {:>9} µs, {}.{:02} of the shell's", best.as_micros(), ratio / 100, ratio % 100);
        highest = highest.max(ratio);
    }
    highest
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success() && !output.stdout.is_empty(), "{command:?}: {output:?}");
}

fn read_one(state: &Path, mode: Mode) {
    let store = Store::open(state, mode).unwrap();
    let wanted = History { limit: Some(1), ..History::default() };
    let rows = store.read("read one row", |snapshot| job_runs::history(snapshot, &wanted)).unwrap();
    assert_eq!(rows.len(), 1);
}

/// Makes the file: rows of finished runs with long errors.
fn fill(state: &Path) {
    println!("making {} …", state.display());
    drop(Store::open(state, Mode::Write).unwrap());
    let connection = rusqlite::Connection::open(state).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    while size(state) < GIBIBYTE {
        connection
            .execute(
                "INSERT INTO job_runs (job, started_at, ended_at, outcome, error, pid, host)
                 WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
                 SELECT 'bid-run', i, i, 'failed', hex(randomblob(1900)), 1, 'bench' FROM n",
                [],
            )
            .unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    }
}

/// Lets a process write and kills it; keeps the log that it leaves.
fn leave_a_log(state: &Path, log: &Path) {
    fold(state);
    let mut writer = Command::new(std::env::current_exe().unwrap());
    let mut writer = writer.arg(WRITER).arg(state).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(writer.stdout.take().unwrap()).read_line(&mut line).unwrap();
    writer.kill().unwrap();
    writer.wait().unwrap();
    assert_eq!(line, "written\n");
    fs::copy(with(state, "-wal"), log).unwrap();
}

fn write_until_killed(state: &Path) -> ! {
    let store = Store::open(state, Mode::Write).unwrap();
    let (job, now) = (JobName::constant("bench"), Timestamp::UNIX_EPOCH);
    let waiting = Waiting { at_most: Duration::ZERO, should_stop: &|| false };
    let lock = JobLock::take(&store, &job, now, waiting).unwrap();
    // Below the thousand pages at which SQLite takes the log in.
    for _ in 0..150 {
        let write = store.write("write", |change| {
            let (run, _) = job_runs::start(change, &lock, &job, now)?;
            job_runs::finish(change, run, now, Outcome::Failed, &Counts::default(), Some(&"x".repeat(4096)))
        });
        write.unwrap();
    }
    println!("written");
    loop {
        std::thread::park();
    }
}

/// Takes the log in, so that each measurement begins alike.
fn fold(state: &Path) {
    let connection = rusqlite::Connection::open(state).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    connection.close().unwrap();
    for suffix in ["-wal", "-shm"] {
        let _ = fs::remove_file(with(state, suffix));
    }
}

fn with(path: &Path, suffix: &str) -> PathBuf {
    PathBuf::from(format!("{}{suffix}", path.display()))
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).unwrap().len()
}

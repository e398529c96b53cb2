//! `usage export` of a million records to CSV, beside `sqlite3 -csv` with the same query, in one run:
//! `cargo bench --bench export`. Not slower than the shell, and within 32 MiB.
//!
//! The state file is made once, in target/bench.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "a measuring program talks and may fail")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use provider::store::usage::{Filter, export};
use provider::store::{Mode, Store};

const RECORDS: u64 = 1_000_000;
const ROUNDS: u32 = 5;
const MEMORY_KIB: u64 = 32 * 1024;

fn main() -> ExitCode {
    if Command::new("sqlite3").arg("--version").stdout(Stdio::null()).status().is_err() {
        println!("could not run: the sqlite3 shell is not installed");
        return ExitCode::SUCCESS;
    }
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/bench");
    fs::create_dir_all(&folder).unwrap();
    let state = folder.join(format!("usage-{}.db", provider::store::SCHEMA_VERSION));
    if !state.exists() {
        fill(&state);
    }
    let (ours, theirs) = (folder.join("ours.csv"), folder.join("theirs.csv"));
    let (query, values) = export::query(&Filter::default(), false, false);
    assert!(values.is_empty(), "the whole export has no parameters");
    let provider = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provider"));
        command.args(["usage", "export", "--quiet", "--state-file"]).arg(&state).arg("--output").arg(&ours);
        measure(command.env("HOME", "/nonexistent"))
    };
    let shell = || {
        let mut command = Command::new("sqlite3");
        command.arg("-csv").arg(&state).arg(&query).stdout(File::create(&theirs).unwrap());
        measure(&mut command)
    };
    // In turn, so that what else the machine does falls on both.
    let (mut ours_best, mut theirs_best) = ((Duration::MAX, 0), (Duration::MAX, 0));
    for _ in 0..ROUNDS {
        for (best, (took, memory)) in [(&mut ours_best, provider()), (&mut theirs_best, shell())] {
            *best = (best.0.min(took), best.1.max(memory));
        }
    }
    let lines = fs::read_to_string(&ours).unwrap().lines().count() as u64;
    assert_eq!(lines, RECORDS + 1);
    let ratio = ours_best.0.as_nanos() * 100 / theirs_best.0.as_nanos();
    println!("{RECORDS} records: provider usage export {} ms, {} KiB", ours_best.0.as_millis(), ours_best.1);
    println!("{RECORDS} records: sqlite3 -csv          {} ms, {} KiB", theirs_best.0.as_millis(), theirs_best.1);
    println!("ratio {}.{:02} (at most 1.00), memory {} of {MEMORY_KIB} KiB", ratio / 100, ratio % 100, ours_best.1);
    if ratio <= 100 && ours_best.1 <= MEMORY_KIB { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// How long a command takes, and the most memory it had.
fn measure(command: &mut Command) -> (Duration, u64) {
    let begun = Instant::now();
    let mut child = command.stdin(Stdio::null()).spawn().unwrap();
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let mut most = 0;
    loop {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|rest| rest.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(peak.unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            assert!(ended.success(), "{command:?}");
            return (begun.elapsed(), most);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Makes the file: a thousand leases with a thousand windows each.
fn fill(state: &Path) {
    println!("making {} …", state.display());
    let making = state.with_extension("making");
    let _ = fs::remove_file(&making);
    drop(Store::open(&making, Mode::Write).unwrap());
    let connection = rusqlite::Connection::open(&making).unwrap();
    connection.pragma_update(None, "synchronous", "OFF").unwrap();
    for first in (0..RECORDS).step_by(100_000) {
        connection
            .execute(
                "WITH RECURSIVE n (i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 + 99999)
                 INSERT INTO usage_records (record_id, lease, tenant, workload, type, revision, start_at, end_at,
                   cpu_milli_seconds, memory_byte_seconds, storage_byte_seconds, network_bytes_in, network_bytes_out,
                   sources, gaps, pricing, state, cost, created_at, hash, signature, public_key)
                 SELECT lower(hex(randomblob(16))),
                   've17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/' || (1 + i % 1000) ||
                     '/1/1/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg',
                   've17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw', 'l-' || printf('%020d', i % 1000), 'periodic', 1,
                   1767225600000000 + (i / 1000) * 3600000000, 1767229200000000 + (i / 1000) * 3600000000,
                   1234567 + i, 15461882265600 + i * 977, 77309411328000 + i * 1009, 1073741824 + i, 2147483648 + i,
                   'kubernetes', '[]', '{\"lease_price\":null,\"usage_prices\":{}}', 'settled', '12uve', 0,
                   randomblob(32), randomblob(64), zeroblob(32) FROM n",
                [i64::try_from(first).unwrap()],
            )
            .unwrap();
    }
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(connection);
    fs::rename(making, state).unwrap();
}

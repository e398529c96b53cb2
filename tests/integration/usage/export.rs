//! Exports: CSV, JSON, JSON lines and the sqlite3 shell say the same.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

use serde_json::Value;

use super::{LEASE, Place};

fn filled() -> Place {
    let place = Place::new("usage: { prices: { egress_gb: 2uve } }\n");
    for hour in 0..4 {
        let out = (u64::from(hour) << 31).to_string();
        place
            .record(
                hour,
                &["--network-bytes-out", &out, "--storage-byte-seconds", "170141183460469231731687303715884105727"],
            )
            .done();
    }
    place
}

#[test]
fn csv_json_and_the_sqlite3_shell_agree() {
    if Command::new("sqlite3").arg("--version").output().is_err() {
        println!("could not run: the sqlite3 shell is not installed");
        return;
    }
    let place = filled();
    let csv = place.run(&["usage", "export"]).done().stdout;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let names = reader.headers().unwrap().clone();
    let rows: Vec<BTreeMap<String, String>> = reader
        .records()
        .map(|row| names.iter().zip(&row.unwrap()).map(|(name, field)| (name.to_owned(), field.to_owned())).collect())
        .collect();
    assert_eq!(rows.len(), 4);

    let json = place.run(&["usage", "export", "--format", "json"]).done().json();
    let lines = place.run(&["usage", "export", "--format", "jsonl"]).done().stdout;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(json.as_array().unwrap(), &lines);
    for (row, object) in rows.iter().zip(&lines) {
        for (name, field) in row {
            let said = match &object[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(*field, said, "{name}");
        }
    }

    let query = "SELECT record_id, lease, strftime('%Y-%m-%dT%H:%M:%SZ', start_at / 1000000, 'unixepoch'),
                 network_bytes_out, storage_byte_seconds, cost, state FROM usage_records ORDER BY start_at";
    let shell = Command::new("sqlite3").arg("-csv").arg(place.state()).arg(query).output().unwrap();
    let mut shell = csv::ReaderBuilder::new().has_headers(false).from_reader(shell.stdout.as_slice());
    for (row, asked) in rows.iter().zip(shell.records()) {
        let wanted =
            ["record_id", "lease_id", "period_start", "network_bytes_out", "storage_byte_seconds", "cost", "state"];
        let wanted: Vec<&str> = wanted.iter().map(|name| row[*name].as_str()).collect();
        assert_eq!(asked.unwrap().iter().collect::<Vec<_>>(), wanted);
    }

    let lease = place.run(&["usage", "export", "--per", "lease", "--format", "json"]).done().json();
    assert_eq!(lease[0]["lease_id"], LEASE);
    assert_eq!(lease[0]["network_bytes_out"], (6_u64 << 31).to_string());
    assert_eq!(lease[0]["cost"], "24uve");
}

#[test]
fn a_file_is_whole_or_not_there_and_filters_choose() {
    let place = filled();
    let exported = ["usage", "export", "--start", "2026-01-30T01:00:00Z", "--end", "2026-01-30T02:59:59Z"];
    let said = place.run(&[&exported[..], &["--format", "csv", "--output", "usage-report.csv"]].concat()).done();
    assert!(said.stdout.is_empty() && said.stderr.contains("2 rows in usage-report.csv"), "{}", said.stderr);
    let text = fs::read_to_string(place.path("usage-report.csv")).unwrap();
    assert_eq!(text.lines().count(), 3);
    place.run(&["usage", "export", "--output", "missing/usage.csv"]).failed(69, &["cannot write missing/usage.csv"]);
    let names: Vec<_> = fs::read_dir(place.path("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_str().unwrap().starts_with(".usage-export-")), "{names:?}");
    let count = |more: &[&str]| place.run(&[&["usage", "export"], more].concat()).done().stdout.lines().count() - 1;
    assert_eq!(count(&["--record-state", "local"]), 1, "an hour without traffic has nothing for the chain");
    assert_eq!(count(&["--record-state", "pending", "--record-state", "local"]), 4);
    assert_eq!(count(&["--tenant", "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw"]), 4);
    assert_eq!(count(&["--lease", &LEASE.replace("/28/", "/29/")]), 0);
}

#[test]
fn exported_documents_verify_and_python_agrees_on_their_hash() {
    let place = filled();
    place.run(&["usage", "export", "--documents", "--output", "documents.jsonl"]).done();
    let verdicts = place.run(&["usage", "verify", "documents.jsonl", "-o", "json"]).done().json();
    assert_eq!(verdicts.as_array().unwrap().len(), 4);

    // Canonical JSON is what any language makes of sorted keys without white space.
    let script = "import hashlib, json, sys
for line in open(sys.argv[1]):
    document = json.loads(line)
    said = document.pop('sha256'); document.pop('signature'); document.pop('public_key')
    text = json.dumps(document, sort_keys=True, separators=(',', ':'), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == said, text
print('agreed')";
    let Ok(python) = Command::new("python3").arg("-c").arg(script).arg(place.path("documents.jsonl")).output() else {
        println!("could not run: python3 is not installed");
        return;
    };
    assert_eq!(String::from_utf8_lossy(&python.stdout), "agreed\n", "{}", String::from_utf8_lossy(&python.stderr));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let place = filled();
    let script = format!("{} usage export | head -n 1", env!("CARGO_BIN_EXE_provider"));
    let status =
        Command::new("bash").args(["-o", "pipefail", "-c", &script]).env("HOME", place.path("")).output().unwrap();
    assert!(status.status.success() && status.stderr.is_empty(), "{status:?}");
}

#[test]
fn a_pipe_stays_a_pipe_and_a_link_a_link() {
    let place = filled();
    let made = Command::new("mkfifo").arg(place.path("pipe")).status().unwrap();
    assert!(made.success());
    let reader = {
        let path = place.path("pipe");
        std::thread::spawn(move || fs::read_to_string(path).unwrap())
    };
    place.run(&["usage", "export", "--output", "pipe"]).done();
    assert_eq!(reader.join().unwrap().lines().count(), 5);
    assert!(!fs::symlink_metadata(place.path("pipe")).unwrap().is_file());

    fs::write(place.path("there.csv"), "old").unwrap();
    std::os::unix::fs::symlink("there.csv", place.path("link.csv")).unwrap();
    place.run(&["usage", "export", "--output", "link.csv"]).done();
    assert_eq!(fs::read_to_string(place.path("there.csv")).unwrap().lines().count(), 5);
    assert!(fs::symlink_metadata(place.path("link.csv")).unwrap().is_symlink());
    place.run(&["usage", "export", "--output", "/dev/full"]).failed(69, &["cannot write /dev/full"]);
    place.run(&["usage", "export", "--output", "/"]).failed(69, &["cannot write /"]);
}

#[test]
fn money_and_figures_of_a_corrected_window_belong_together() {
    let place = Place::new("usage: { prices: { egress_gb: 2uve } }\nfraud: { network_floor: 1000Gi }\n");
    let gib = |number: u64| (number << 30).to_string();
    place.record(0, &["--network-bytes-out", &gib(4)]).done();
    // As if it were on its way: then the correction charges the difference.
    let state = rusqlite::Connection::open(place.state()).unwrap();
    state.execute("UPDATE usage_charges SET usage_id = 'usage-1'", []).unwrap();
    place.record(0, &["--network-bytes-out", &gib(5), "--correct"]).done();
    place.record(1, &["--network-bytes-out", "-1"]).failed(1, &["usage review"]);
    place.run(&["usage", "review", "3", "--reject", "no"]).done();
    let rows = place.run(&["usage", "export", "--format", "json"]).done().json();
    assert_eq!((&rows[0]["cost"], &rows[0]["network_bytes_out"]), (&"10uve".into(), &gib(5).into()), "{rows}");
    let sums = place.run(&["usage", "export", "--format", "json", "--per", "lease"]).done().json();
    assert_eq!((&sums[0]["cost"], &sums[0]["network_bytes_out"]), (&"10uve".into(), &gib(5).into()), "{sums}");
    place.run(&["usage", "export", "--per", "lease", "--superseded"]).failed(64, &["--superseded"]);
    place.run(&["usage", "export", "--lease", "nonsense"]).failed(64, &[]);
    place.run(&["usage", "export", "--tenant", "nonsense"]).failed(64, &[]);
    place.run(&["usage", "export", "--start", "1h", "--end", "2h"]).failed(64, &["--end is not after --start"]);
    let wrong = LEASE.replace("/28/", "/29/");
    assert_eq!(place.run(&["usage", "export", "--lease", &wrong]).done().stdout.lines().count(), 1);
}

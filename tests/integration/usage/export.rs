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
    assert_eq!(count(&["--lease", "other"]), 0);
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

//! A real state file, a real key, real seals: tampering of every kind is found and named, and what a kill left undone
//! is made up for.

mod making_up;
mod recording;
mod tampering;
mod upkeep;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Map, Value, json};

use super::*;
use crate::domain::audit::{Actor, Anchor, Broken, Finding, Outcome, Row, Seal, Span};
use crate::domain::fault::{Classified, Fault};
use crate::observe::audit::{AuditFile, Files};
use crate::store::audit as table;
use crate::store::{self, Mode, Pruned, Store};

/// A state file in a folder of its own, with a clock that counts seconds.
struct Place {
    folder: tempfile::TempDir,
    settings: Settings,
    seconds: AtomicI64,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), settings: Settings::default(), seconds: AtomicI64::new(1000) }
    }

    fn with_file() -> Self {
        let mut place = Self::new();
        place.settings.output = Some(place.folder.path().join("log/audit.log"));
        place
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("state.db")
    }

    fn files(&self) -> Files {
        Files::beside(&self.state())
    }

    fn output(&self) -> &Path {
        self.settings.output.as_deref().unwrap()
    }

    fn open(&self) -> Store {
        Store::open(&self.state(), Mode::Write).unwrap()
    }

    /// A run that records so many events and ends well.
    fn run(&self, events: u64) -> Option<Seal> {
        self.with_trail(|trail| {
            record(trail, events);
            trail.finish().unwrap()
        })
    }

    fn with_trail<T>(&self, work: impl FnOnce(&Trail<'_>) -> T) -> T {
        let store = self.open();
        let now = || Timestamp::from_second(self.seconds.fetch_add(1, Ordering::Relaxed)).unwrap();
        let actor = Actor { uid: 990, user: Some("provider".into()), job: Some("bid-run".into()), run: Some(1) };
        work(&Trail::new(&store, &self.settings, actor, &now))
    }

    fn verify(&self) -> Verification {
        verify(&self.open(), self.settings.output.as_deref()).unwrap()
    }

    /// Does to the table what nobody may, as somebody with the sqlite3 shell would.
    fn tamper(&self, sql: &str) {
        let connection = Connection::open(self.state()).unwrap();
        connection
            .execute_batch(
                "PRAGMA ignore_check_constraints = ON;
                 DROP TRIGGER IF EXISTS audit_is_appended_to;
                 DROP TRIGGER IF EXISTS audit_never_changes;
                 DROP TRIGGER IF EXISTS audit_is_kept_until_pruned;",
            )
            .unwrap();
        connection.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    fn rows(&self) -> Vec<Row> {
        self.open().read("test", |snapshot| table::list(snapshot, &table::Filter::default())).unwrap()
    }

    /// Replaces the whole table.
    fn put(&self, rows: &[Row]) {
        self.tamper("DELETE FROM audit");
        let connection = Connection::open(self.state()).unwrap();
        for row in rows {
            connection
                .execute(
                    "INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
                    rusqlite::params![
                        row.seq,
                        row.at,
                        row.event,
                        row.outcome,
                        row.uid,
                        row.user,
                        row.job,
                        row.run,
                        row.subject,
                        row.details,
                        row.previous,
                        row.hash
                    ],
                )
                .unwrap();
        }
    }

    /// Computes the whole chain anew behind a change, as somebody with this program's source would.
    fn rewrite(&self, change: impl FnOnce(&mut Vec<Row>)) {
        let mut rows = self.rows();
        change(&mut rows);
        let mut previous = Anchor::genesis().hash;
        for (place, row) in rows.iter_mut().enumerate() {
            row.seq = i64::try_from(place).unwrap() + 1;
            row.previous = previous.as_bytes().to_vec();
            previous = row.computed_hash();
            row.hash = previous.as_bytes().to_vec();
        }
        self.put(&rows);
    }
}

fn happening(number: u64) -> Happening<'static> {
    let outcome = if number.is_multiple_of(2) { Outcome::Succeeded } else { Outcome::Failed };
    let details = json!({"number": number, "password": "hunter2"}).as_object().cloned().unwrap();
    Happening { event: Event::BidSubmitted, outcome, subject: "order ve1tenant/7/1/1", details }
}

fn record(trail: &Trail<'_>, events: u64) {
    for number in 0..events {
        trail.record(happening(number)).unwrap();
    }
}

fn chain(finding: Broken) -> Vec<Finding> {
    vec![Finding::Chain(finding)]
}

/// A retention that lets all go.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn never() -> bool {
    false
}

fn numbers_in(path: &Path) -> Vec<i64> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["kind"] == "row").map(|line| line["seq"].as_i64().unwrap()).collect()
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    change(&mut lines);
    fs::write(path, lines.into_iter().map(|line| line + "\n").collect::<String>()).unwrap();
}

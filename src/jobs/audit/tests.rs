//! A real state file, a real key, real seals: tampering of every kind is found and named, and what a kill left undone
//! is made up for.

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

#[test]
fn a_run_leaves_a_sealed_trail_and_private_files() {
    let place = Place::with_file();
    let seal = place.run(5).unwrap();
    assert_eq!((seal.number, seal.anchor.seq), (1, 5));
    assert_eq!(place.run(0), None, "nothing new, no seal");
    assert_eq!(place.run(3).unwrap().number, 2);
    let found = place.verify();
    assert_eq!((found.rows, found.last_row, found.unsealed, &found.findings), (8, 8, 0, &vec![]));
    assert_eq!(found.sealed.unwrap().row, 8);
    assert_eq!(found.witness.unwrap().confirmed, 8);
    for path in [place.files().key, place.files().seals, place.output().to_owned()] {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "{}", path.display());
    }
    assert_eq!(fs::metadata(place.output().parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    let written = fs::read_to_string(place.output()).unwrap();
    assert!(!written.contains("hunter2") && written.contains(r#""password":"***""#), "{written}");
    assert!(place.rows().iter().all(|row| !row.details.contains("hunter2")));
    let key = fs::read_to_string(place.files().key).unwrap();
    assert!(!written.contains(key.trim()));
}

#[test]
fn a_run_without_events_leaves_no_files() {
    let place = Place::with_file();
    assert_eq!(place.run(0), None);
    assert!(!place.files().key.exists() && !place.files().seals.exists() && !place.output().exists());
    assert_eq!(place.verify(), Verification { witness: None, ..Verification::default() });
}

#[test]
fn a_long_run_is_sealed_on_the_way() {
    let place = Place::new();
    place.with_trail(|trail| {
        for number in 0..250 {
            trail.record(happening(number)).unwrap();
            trail.settle();
        }
    });
    let found = place.verify();
    assert_eq!((found.sealed.unwrap().row, found.unsealed, found.findings), (200, 50, vec![]));
}

#[test]
fn only_the_selected_events_are_recorded() {
    let mut place = Place::new();
    place.settings.events = [Event::KeyUsage].into();
    place.with_trail(|trail| {
        record(trail, 2);
        trail.record(Happening { event: Event::KeyUsage, ..happening(1) }).unwrap();
        trail.record(Happening { event: Event::StateRestored, ..happening(1) }).unwrap();
    });
    let events: Vec<String> = place.rows().into_iter().map(|row| row.event).collect();
    assert_eq!(events, ["key_usage", "state_restored"]);
    place.settings.enabled = false;
    place.with_trail(|trail| {
        trail.record(Happening { event: Event::StateRestored, ..happening(1) }).unwrap();
        assert_eq!(trail.finish().unwrap(), None);
    });
    assert_eq!(place.rows().len(), 2);
}

#[test]
fn each_column_of_each_row_is_guarded() {
    for (column, change) in [
        ("at", "at + 1"),
        ("event", "'key_usage'"),
        ("outcome", "CASE outcome WHEN 'failed' THEN 'succeeded' ELSE 'failed' END"),
        ("uid", "0"),
        ("user", "NULL"),
        ("job", "'usage-submit'"),
        ("run", "run + 1"),
        ("subject", "subject || ' '"),
        ("details", "replace(details, 'number', 'nvmber')"),
        ("previous", "zeroblob(32)"),
        ("hash", "zeroblob(32)"),
        ("hash", "x'00'"),
        ("details", "'no json'"),
        ("seq", "seq + 100"),
    ] {
        let place = Place::new();
        place.run(6);
        let sound = fs::read(place.state()).unwrap();
        for seq in 1..=6 {
            place.tamper(&format!("UPDATE audit SET {column} = {change} WHERE seq = {seq}"));
            let found = place.verify();
            let Some(Finding::Chain(broken)) = found.findings.first() else {
                panic!("{column} of row {seq}: {:?}", found.findings)
            };
            assert_eq!(broken.first_row(), seq, "{column} of row {seq}: {broken}");
            assert_eq!(found.rows, u64::try_from(seq).unwrap() - 1, "{column} of row {seq}");
            drop(fs::remove_file(format!("{}-wal", place.state().display())));
            fs::write(place.state(), &sound).unwrap();
        }
        assert_eq!(place.verify().findings, []);
    }
}

#[test]
fn removed_moved_and_inserted_rows_are_named() {
    let removed = |first, last| Broken::Removed { rows: Span::new(first, last) };
    for (sql, want) in [
        ("DELETE FROM audit WHERE seq = 1", removed(1, 1)),
        ("DELETE FROM audit WHERE seq = 4", removed(4, 4)),
        ("DELETE FROM audit WHERE seq BETWEEN 2 AND 7", removed(2, 7)),
        ("DELETE FROM audit WHERE seq = 8", Broken::Cut { rows: Span::new(8, 8) }),
        ("DELETE FROM audit WHERE seq > 5", Broken::Cut { rows: Span::new(6, 8) }),
        ("DELETE FROM audit", Broken::Cut { rows: Span::new(1, 8) }),
        (
            "UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 6;
             UPDATE audit SET seq = 6 WHERE seq = -3",
            Broken::Reordered { seq: 3, stands_as: 6 },
        ),
        (
            "UPDATE audit SET seq = seq + 1000 WHERE seq > 4; UPDATE audit SET seq = seq - 999 WHERE seq > 1000;
             INSERT INTO audit SELECT 5, at, event, outcome, uid, user, job, run, 'order forged', details, previous, hash
             FROM audit WHERE seq = 6",
            Broken::Inserted { seq: 5 },
        ),
    ] {
        let place = Place::new();
        place.run(8);
        place.tamper(sql);
        assert_eq!(place.verify().findings, chain(want), "{sql}");
    }
}

#[test]
fn a_chain_computed_anew_and_a_cut_tail_are_found_by_the_seals() {
    let place = Place::new();
    place.run(4);
    place.run(4);
    place.run(4);
    let rows = place.rows();
    for (edited, first, last) in [(2, 1, 4), (5, 5, 8), (11, 9, 12)] {
        place.rewrite(|rows| rows[edited].subject = "order of a friend".into());
        let found = place.verify();
        assert_eq!(found.findings, chain(Broken::Rewritten { rows: Span::new(first, last) }));
        place.put(&rows);
    }
    place.rewrite(|rows| rows.truncate(10));
    assert_eq!(place.verify().findings, chain(Broken::Cut { rows: Span::new(11, 12) }));
    // The next run does not put a seal on it.
    place.with_trail(|trail| {
        record(trail, 5);
        let error = trail.finish().unwrap_err();
        assert!(matches!(error, Error::Tampered(Broken::Rewritten { .. })), "{error}");
        assert_eq!(error.fault(), Fault::Invalid);
        assert!(error.hint().unwrap().contains("audit-log verify"));
    });
}

/// What is done to the files, and what is to be found.
type Spoiling = (&'static str, fn(&Files), Vec<Finding>);

#[test]
fn whatever_is_done_to_seals_and_key_is_found() {
    let missing = |first, last| Finding::SealsMissing { seals: Span::new(first, last) };
    let another = Finding::SealedWithAnotherKey { seals: Span::new(1, 3) };
    let cases: [Spoiling; 8] = [
        ("no seals", |files| fs::remove_file(&files.seals).unwrap(), vec![missing(1, 3)]),
        ("empty seals", |files| fs::write(&files.seals, "").unwrap(), vec![missing(1, 3)]),
        ("the last seal cut off", |files| edit(&files.seals, |lines| lines.truncate(2)), vec![missing(3, 3)]),
        ("the second removed", |files| edit(&files.seals, |lines| drop(lines.remove(1))), vec![missing(2, 2)]),
        (
            "the second edited",
            |files| edit(&files.seals, |lines| lines[1] = lines[1].replace("\"seq\":4", "\"seq\":3")),
            vec![Finding::SealChanged { number: 2 }],
        ),
        (
            "the second garbled",
            |files| edit(&files.seals, |lines| lines[1] = "garbage".into()),
            vec![Finding::SealUnreadable { line: 2 }],
        ),
        ("no key", |files| fs::remove_file(&files.key).unwrap(), vec![Finding::KeyMissing]),
        ("another key", |files| fs::write(&files.key, "ab".repeat(32)).unwrap(), vec![another]),
    ];
    for (name, change, want) in cases {
        let place = Place::new();
        for _ in 0..3 {
            place.run(2);
        }
        change(&place.files());
        let found = place.verify();
        assert_eq!(
            found.findings.iter().filter(|f| !want.contains(f)).collect::<Vec<_>>(),
            Vec::<&Finding>::new(),
            "{name}"
        );
        assert_eq!(found.findings.len(), want.len(), "{name}: {:?}", found.findings);
        // The next run seals again, and the finding stays.
        assert!(place.run(1).is_some_and(|seal| seal.number == 4), "{name}");
        let found = place.verify();
        assert!(!found.findings.is_empty(), "{name}");
        assert_eq!(found.sealed.map(|sealed| sealed.row), Some(7), "{name}");
    }

    // Whoever can also write the state file can make it forget the seals, but not that there should be some.
    let place = Place::new();
    place.run(2);
    fs::remove_file(place.files().seals).unwrap();
    fs::remove_file(place.files().key).unwrap();
    place.tamper("UPDATE audit_trail SET seal_number = 0");
    assert_eq!(place.verify().findings, [Finding::NoSeals]);

    fs::write(place.files().key, "no key").unwrap();
    let error = verify(&place.open(), None).unwrap_err();
    assert_eq!(error.fault(), Fault::Invalid);
    assert!(!error.to_string().contains("no key"));
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let mut lines: Vec<String> = fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect();
    change(&mut lines);
    fs::write(path, lines.into_iter().map(|line| line + "\n").collect::<String>()).unwrap();
}

#[test]
fn the_audit_file_is_a_second_witness() {
    let place = Place::with_file();
    place.run(6);
    let rows = place.rows();
    // Behind the last seal the chain alone cannot tell.
    place.with_trail(|trail| record(trail, 2));
    let store = place.open();
    AuditFile::open(place.output()).unwrap().append_rows(&place.rows()[6..]).unwrap();
    drop(store);
    assert_eq!(place.verify().findings, []);
    place.rewrite(|rows| rows.truncate(7));
    assert_eq!(place.verify().findings, [Finding::FileHoldsMore { rows: Span::new(8, 8) }]);
    place.rewrite(|rows| rows[6].subject = "x".into());
    let want = [Finding::FileDiffers { seq: 7 }, Finding::FileHoldsMore { rows: Span::new(8, 8) }];
    assert_eq!(place.verify().findings, want);
    place.put(&rows);
    // Rotated away, in part or wholly.
    edit(place.output(), |lines| drop(lines.drain(..3)));
    edit(place.output(), |lines| lines.truncate(3));
    assert_eq!(place.verify().witness.unwrap().confirmed, 3);
    fs::remove_file(place.output()).unwrap();
    assert_eq!(place.verify().findings, []);
}

fn numbers_in(path: &Path) -> Vec<i64> {
    let text = fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["kind"] == "row").map(|line| line["seq"].as_i64().unwrap()).collect()
}

#[test]
fn what_a_kill_left_undone_is_made_up_for() {
    // Between the commit and everything else.
    let place = Place::with_file();
    place.run(3);
    place.with_trail(|trail| record(trail, 2));
    assert_eq!(place.verify().unsealed, 2);
    assert_eq!(place.run(0).unwrap().anchor.seq, 5);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5]);

    // Behind the file, before the seal and the note in the state file.
    place.with_trail(|trail| record(trail, 2));
    AuditFile::open(place.output()).unwrap().append_rows(&place.rows()[5..]).unwrap();
    place.run(0).unwrap();
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7], "each row once");

    // Behind the seal, before the note.
    place.tamper("UPDATE audit_trail SET seal_number = 0, output_seq = 0, output_path = NULL");
    assert_eq!(place.run(0), None);
    assert_eq!(numbers_in(place.output()).len(), 7);
    assert_eq!(place.verify().findings, []);

    // In the middle of a line, of the file and of the seals.
    place.with_trail(|trail| record(trail, 1));
    for path in [place.output().to_owned(), place.files().seals] {
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"kind\":\"row\",\"seq\":8,\"ti");
        fs::write(&path, text).unwrap();
    }
    assert_eq!(place.verify().findings, [], "what is being written is no finding");
    assert_eq!(place.run(0).unwrap().number, 4);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7, 8]);
    let found = place.verify();
    assert_eq!((found.findings, found.witness.unwrap().unreadable), (vec![], 0));
}

#[test]
fn a_rotated_file_goes_on_and_a_new_one_gets_all() {
    let mut place = Place::with_file();
    place.run(3);
    fs::rename(place.output(), place.folder.path().join("audit.log.1")).unwrap();
    place.run(2);
    assert_eq!(numbers_in(place.output()), [4, 5]);
    place.settings.output = Some(place.folder.path().join("other.log"));
    place.run(1);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_file_that_cannot_be_written_does_not_keep_the_seal_back() {
    let mut place = Place::new();
    place.settings.output = Some(PathBuf::from("/dev/full"));
    place.with_trail(|trail| {
        record(trail, 3);
        let error = trail.finish().unwrap_err();
        assert!(matches!(error, Error::Files(_)), "{error}");
        assert_eq!(error.fault(), Fault::Unavailable);
    });
    assert_eq!(verify(&place.open(), None).unwrap().sealed.unwrap().row, 3);
    place.settings.output = Some(place.folder.path().join("audit.log"));
    place.run(0);
    assert_eq!(numbers_in(place.output()), [1, 2, 3]);
}

#[test]
fn a_key_that_others_can_read_is_taken_away_from_them() {
    let place = Place::new();
    place.run(1);
    fs::set_permissions(place.files().key, fs::Permissions::from_mode(0o644)).unwrap();
    place.run(1);
    assert_eq!(fs::metadata(place.files().key).unwrap().mode() & 0o777, 0o600);
    assert_eq!(place.verify().findings, []);
}

/// A retention that lets all go.
const AT_ONCE: Option<Duration> = Some(Duration::ZERO);

fn never() -> bool {
    false
}

#[test]
fn pruning_keeps_the_rest_verifiable() {
    let place = Place::with_file();
    place.run(5);
    place.run(5);
    place.run(5);
    let store = place.open();
    let time_of = |seq: usize| Timestamp::from_microsecond(place.rows()[seq - 1].at).unwrap();
    let now = Timestamp::from_second(9000).unwrap();
    // Rows 1 to 11 are old enough, and 10 is the last sealed one among them.
    let before = time_of(12);
    let keep = Some(Duration::try_from(now.duration_since(before)).unwrap());
    let pruned = |rows| Pruned { table: "audit", before: Some(before), rows };
    assert_eq!(prunable(&store, keep, now).unwrap(), pruned(10));
    assert_eq!(prune(&store, keep, now, &never).unwrap(), pruned(10));
    assert_eq!(prune(&store, keep, now, &never).unwrap(), pruned(0));
    assert_eq!(prune(&store, None, now, &never).unwrap(), Pruned { table: "audit", before: None, rows: 0 });
    drop(store);
    let found = place.verify();
    assert_eq!((found.rows, found.pruned_until, found.last_row, &found.findings), (5, 10, 15, &vec![]));
    place.run(2);
    assert_eq!(place.verify().findings, []);
    // Everything may go; the chain goes on behind it.
    let store = place.open();
    prune(&store, AT_ONCE, now, &never).unwrap();
    drop(store);
    assert_eq!(place.rows(), []);
    assert_eq!(place.run(1).unwrap().anchor.seq, 18);
    assert_eq!(place.verify().findings, []);

    // Who only claims to have pruned is found.
    place.tamper(
        "UPDATE audit_trail SET pruned_hash = (SELECT hash FROM audit WHERE seq = 18), pruned_seq = 18;
         DELETE FROM audit",
    );
    assert_eq!(place.verify().findings, [Finding::PruningUnsealed { until: 18 }]);
}

#[test]
fn pruning_stops_when_asked_and_is_made_up_for() {
    let place = Place::new();
    place.run(3);
    let store = place.open();
    let now = Timestamp::from_second(9000).unwrap();
    assert_eq!(prune(&store, AT_ONCE, now, &|| true).unwrap().rows, 0);
    let found = verify(&store, None).unwrap();
    assert_eq!((found.pruned_until, found.findings), (3, vec![]));
    assert_eq!(prune(&store, AT_ONCE, now, &never).unwrap().rows, 3);
}

#[test]
fn evidence_is_not_pruned() {
    let place = Place::new();
    place.run(3);
    place.tamper("UPDATE audit SET subject = 'x' WHERE seq = 2");
    let store = place.open();
    let now = Timestamp::from_second(9000).unwrap();
    let error = prune(&store, AT_ONCE, now, &never).unwrap_err();
    assert!(matches!(error, Error::Tampered(Broken::Edited { seq: 2, .. })), "{error}");
    assert_eq!(place.rows().len(), 3);
}

#[test]
fn a_restore_is_part_of_the_record() {
    let place = Place::with_file();
    place.run(4);
    let backup = fs::read(place.state()).unwrap();
    place.run(4);
    let replaced = place.open().read("test", table::head).unwrap();
    fs::write(place.state(), &backup).unwrap();
    // Put in place by hand, it is what it looks like: a cut tail.
    assert_eq!(place.verify().findings[0], Finding::Chain(Broken::Cut { rows: Span::new(5, 8) }));
    let seal = place.with_trail(|trail| restored(trail, "backup of yesterday", Some(replaced)).unwrap().unwrap());
    assert_eq!((seal.anchor.seq, seal.number), (5, 4));
    let found = place.verify();
    assert_eq!(found.findings, []);
    assert_eq!(found.restores.len(), 1);
    assert_eq!((found.restores[0].row, found.restores[0].sealed_before), (4, Some(8)));
    let row = place.rows().pop().unwrap();
    assert_eq!((row.event.as_str(), row.subject.as_str()), ("state_restored", "backup of yesterday"));
    assert!(row.details.contains(&replaced.hash.to_string()), "{}", row.details);
    // Life goes on.
    place.run(3);
    assert_eq!(place.verify().findings, []);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8]);
}

#[test]
fn a_backup_of_another_state_file_can_be_restored() {
    let (place, other) = (Place::new(), Place::new());
    other.run(2);
    place.run(5);
    fs::copy(other.state(), place.state()).unwrap();
    assert!(!place.verify().findings.is_empty());
    place.with_trail(|trail| restored(trail, "another machine's", None).unwrap());
    assert_eq!(place.verify().findings, []);
}

#[test]
fn a_changed_configuration_is_recorded_once() {
    let place = Place::new();
    place.with_trail(|trail| {
        let first = json!({"chain.rpc": "https://me:pw@node", "bidding.enabled": true});
        assert!(note_configuration(trail, first.as_object().unwrap()).unwrap());
        assert!(!note_configuration(trail, first.as_object().unwrap()).unwrap());
        let second = json!({"chain.rpc": "https://me:pw@node", "bidding.max": 3, "vmware.password": "x"});
        assert!(note_configuration(trail, second.as_object().unwrap()).unwrap());
        assert!(!note_configuration(trail, second.as_object().unwrap()).unwrap());
    });
    let details: Vec<Value> = place.rows().iter().map(|row| serde_json::from_str(&row.details).unwrap()).collect();
    assert_eq!(details.len(), 2);
    assert_eq!(details[0], json!({"hash": details[1]["previous_hash"], "first": true}));
    assert_eq!(
        details[1]["changed"],
        json!({
            "bidding.enabled": {"from": true, "to": null},
            "bidding.max": {"from": null, "to": 3},
            "vmware.password": "***",
        })
    );
}

#[test]
fn a_failed_transaction_leaves_no_event() {
    let place = Place::new();
    place.with_trail(|trail| {
        let failed: Result<(), store::Error> = trail.store().write("test", |change| {
            trail.append(change, happening(1))?;
            Err(store::Error::Interrupted { doing: "test" })
        });
        assert!(failed.is_err());
        let nothing = Happening { details: Map::new(), ..happening(2) };
        trail.store().write("test", |change| trail.append(change, nothing)).unwrap();
    });
    assert_eq!(place.rows().len(), 1);
}

#[test]
fn a_state_file_in_memory_records_without_seals() {
    let store = Store::in_memory().unwrap();
    let settings = Settings::default();
    let now = || Timestamp::UNIX_EPOCH;
    let actor = Actor { uid: 0, user: None, job: None, run: None };
    let trail = Trail::new(&store, &settings, actor, &now);
    record(&trail, 150);
    trail.settle();
    assert_eq!(trail.finish().unwrap(), None);
    assert!(!Path::new(":memory:.audit-key").exists());
    assert!(matches!(restored(&trail, "x", None), Err(Error::InMemory)));
}

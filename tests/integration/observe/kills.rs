//! kill -9 of processes that record, write the audit file and seal.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use provider::domain::audit::{Event, Outcome};
use provider::jobs::audit::{Happening, Settings, Trail, verify};
use provider::observe::audit::actor;
use provider::store::audit::{Filter, list};
use provider::store::{Mode, Store};
use serde_json::{Map, Value};

use super::child::{self, Said};

/// How long the loop may take.
const LIMIT: Duration = Duration::from_secs(20);

fn settings(folder: &Path) -> Settings {
    Settings { output: Some(folder.join("audit.log")), ..Settings::default() }
}

/// One short run after the other: two events each, then the file and the seal.
pub(super) fn record(folder: &Path) {
    let (settings, now) = (settings(folder), jiff::Timestamp::now);
    let process = std::process::id();
    for number in 0_u32.. {
        let store = Store::open(&folder.join("state.db"), Mode::Write).unwrap();
        let trail = Trail::new(&store, &settings, actor(Some("kills"), None), &now);
        for part in ["a", "b"] {
            let subject = format!("{process} {number}{part}");
            let what = Happening {
                event: Event::KeyUsage,
                outcome: Outcome::Succeeded,
                subject: &subject,
                details: Map::new(),
            };
            trail.record(what).unwrap();
            child::say(&subject);
        }
        trail.finish().unwrap();
    }
}

/// Processes are killed at any moment, two at a time. Afterwards the trail is sound, holds what was acknowledged, and the
/// next run makes up for what the audit file and the seals lack.
#[test]
fn kills_lose_no_event_and_leave_nothing_that_looks_like_tampering() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state.db");
    drop(Store::open(&state, Mode::Write).unwrap());
    let begun = Instant::now();
    let mut acknowledged = BTreeSet::new();
    let mut kills = 0_u64;
    while kills < 160 && begun.elapsed() < LIMIT {
        let mut recording: Vec<_> = (0..2)
            .map(|_| {
                let mut process = child::command("record", folder.path()).spawn().unwrap();
                let said = Said::by(&mut process);
                (process, said)
            })
            .collect();
        for (place, (process, _)) in (0..).zip(&mut recording) {
            std::thread::sleep(Duration::from_micros(8_000 + (kills * 7919 + place * 104_729) % 40_000));
            process.kill().unwrap();
            process.wait().unwrap();
            kills += 1;
        }
        acknowledged.extend(recording.into_iter().flat_map(|(_, said)| said));
        if kills.is_multiple_of(20) {
            let store = Store::open(&state, Mode::Read).unwrap();
            let found = verify(&store, settings(folder.path()).output.as_deref()).unwrap();
            // Before the first run came to its end there is no seal.
            let real: Vec<_> = found.findings.iter().filter(|finding| finding.word() != "no_seals").collect();
            assert!(real.is_empty(), "after {kills} kills: {real:?}");
        }
    }
    assert!(kills >= 60 && acknowledged.len() > 100, "{kills} kills, {} events", acknowledged.len());

    let (settings, now) = (settings(folder.path()), jiff::Timestamp::now);
    let store = Store::open(&state, Mode::Write).unwrap();
    Trail::new(&store, &settings, actor(None, None), &now).finish().unwrap();
    let rows = store.read("list", |snapshot| list(snapshot, &Filter::default())).unwrap();
    let subjects: BTreeSet<String> = rows.iter().map(|row| row.subject.clone()).collect();
    assert_eq!(acknowledged.difference(&subjects).collect::<Vec<_>>(), Vec::<&String>::new(), "lost");

    let found = verify(&store, settings.output.as_deref()).unwrap();
    assert_eq!(found.findings, []);
    assert_eq!((found.rows, found.unsealed), (rows.len() as u64, 0));
    let written = std::fs::read_to_string(settings.output.unwrap()).unwrap();
    let numbers: Vec<i64> = written
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .filter(|line| line["kind"] == "row")
        .map(|line| line["seq"].as_i64().unwrap())
        .collect();
    assert_eq!(numbers, rows.iter().map(|row| row.seq).collect::<Vec<_>>(), "each row once, in order");
    eprintln!("{kills} kills, {} acknowledged events, {} rows", acknowledged.len(), rows.len());
}

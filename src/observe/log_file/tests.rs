//! Entries in both forms, garbage, and files that are cut short or huge.

use std::io::{Seek as _, Write as _};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::json;

use super::*;

const ALL: Query = Query { count: 100, level: Level::Trace, since: None };

fn read(content: &[u8], query: Query) -> Tail {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    tail(file.path(), query).unwrap()
}

fn messages(tail: &Tail) -> Vec<&str> {
    tail.entries.iter().map(|entry| entry.message.as_str()).collect()
}

const MIXED: &str = "\
2026-01-31T12:00:00.000001Z INFO  provider::jobs[bid run 12]: began orders=3
2026-01-31T12:00:01.000000Z ERROR provider: two lines
  the second: of them
third
{\"time\":\"2026-01-31T12:00:02.000000Z\",\"level\":\"warn\",\"target\":\"provider::jobs\",\"job\":\"bid run\",\"run\":13,\"message\":\"late\",\"fields\":{\"by\":2}}
Killed
{\"time\":\"2026-01-31T12:00:03Z\",\"level\":\"debug\",\"message\":\"bare\"}
2026-01-31T12:00:04.000000Z WARN  hyper::proto: x: y [z]: w
{\"time\":\"2026-01-31T12:00:05.0";

#[test]
fn both_forms_and_garbage_between_them() {
    let tail = read(MIXED.as_bytes(), ALL);
    assert_eq!(
        messages(&tail),
        ["began orders=3", "two lines\n  the second: of them\nthird", "late", "bare", "x: y [z]: w"]
    );
    assert_eq!(tail.passed_over, 2, "`Killed` behind an object, and the torn line");
    let first = &tail.entries[0];
    assert_eq!((first.job.as_deref(), first.run, first.target.as_str()), (Some("bid run"), Some(12), "provider::jobs"));
    assert_eq!(first.at.to_string(), "2026-01-31T12:00:00.000001Z");
    let late = &tail.entries[2];
    assert_eq!((late.level, late.run, &late.fields), (Level::Warn, Some(13), json!({"by": 2}).as_object().unwrap()));
    assert_eq!(tail.entries[4].target, "hyper::proto");
}

#[test]
fn count_level_and_time_select() {
    let errors = Query { level: Level::Warn, ..ALL };
    assert_eq!(read(MIXED.as_bytes(), errors).entries.len(), 3);
    assert_eq!(messages(&read(MIXED.as_bytes(), Query { count: 1, ..errors })), ["x: y [z]: w"]);
    assert_eq!(read(MIXED.as_bytes(), Query { count: 0, ..ALL }), Tail::default());
    let since = "2026-01-31T12:00:02Z".parse().ok();
    assert_eq!(messages(&read(MIXED.as_bytes(), Query { since, ..ALL })), ["late", "bare", "x: y [z]: w"]);
}

#[test]
fn a_torn_entry_in_text_form_is_shown() {
    let tail = read(b"2026-01-31T12:00:00Z INFO  provider: half a mess", ALL);
    assert_eq!(messages(&tail), ["half a mess"]);
}

#[test]
fn what_was_logged_is_read_back() {
    use super::super::logging::{self, Form, Options, Stderr};
    use tracing_subscriber::layer::SubscriberExt as _;

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provider.log");
    let evil = "a\nb\u{1b}[1m";
    for form in [Form::Text, Form::Json] {
        let stderr = Stderr { level: Level::Error, form, colored: false };
        let file = Some(logging::File { path: path.clone(), level: Level::Info, form });
        let layer = logging::layer_for_tests(&Options { stderr, file, redact: true });
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            let _job = logging::job_span("bid run", 7).entered();
            tracing::info!(target: "provider::x", service = evil, "said {evil}");
        });
    }
    let tail = tail(&path, ALL).unwrap();
    assert_eq!(tail.entries.len(), 2);
    for entry in &tail.entries {
        assert_eq!((entry.job.as_deref(), entry.run, entry.target.as_str()), (Some("bid run"), Some(7), "provider::x"));
    }
    assert_eq!(tail.entries[0].message, r#"said a\nb\u{1b}[1m service="a\nb\u{1b}[1m""#);
    assert_eq!(tail.entries[1].message, format!("said {evil}"));
    assert_eq!(tail.entries[1].fields["service"], evil);
}

#[test]
fn a_huge_file_is_read_from_its_end_only() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    // A hole of 64 GiB: whoever reads it whole takes minutes.
    file.as_file().set_len(64 << 30).unwrap();
    file.seek(io::SeekFrom::End(0)).unwrap();
    file.write_all(b"\n2026-01-31T12:00:00Z INFO  provider: last\n").unwrap();
    let began = Instant::now();
    let tail = tail(file.path(), Query { count: 1, ..ALL }).unwrap();
    assert_eq!(messages(&tail), ["last"]);
    assert!(began.elapsed() < Duration::from_millis(500), "{:?}", began.elapsed());
}

#[test]
fn faults_name_the_file() {
    let error = tail(Path::new("/nowhere/provider.log"), ALL).unwrap_err();
    assert_eq!(
        (error.fault(), error.to_string().as_str()),
        (Fault::NotFound, "cannot open the log file /nowhere/provider.log")
    );
    assert!(error.hint().is_some());
    assert!(matches!(tail(Path::new("/"), ALL), Err(ReadError::Read { .. } | ReadError::Open { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_taken(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        shaped in "(2026-01-31T12:00:00Z (INFO |WARN ) [a-z\\[\\]: \n]{0,30}\n|\\{\"time\":[ -~]{0,20}\n){0,6}",
    ) {
        let _ = read(&bytes, ALL);
        let tail = read(&[shaped.as_bytes(), &bytes].concat(), ALL);
        prop_assert!(tail.entries.len() <= 100);
    }
}

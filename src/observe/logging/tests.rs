//! What lines look like, what they never hold, and what becomes of the file.

use std::io::Write;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use proptest::prelude::*;
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt as _;

use super::super::redact;
use super::*;

/// stderr, as a test reads it.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<u8>>>);

impl Write for Heard {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn options(form: Form) -> Options {
    Options { stderr: Stderr { level: Level::Debug, form, colored: false }, file: None, redact: true }
}

/// What is said on stderr while `work` runs.
fn heard(options: &Options, work: impl FnOnce()) -> String {
    let heard = Heard::default();
    let (lines, _) = subscriber(options, Box::new(heard.clone()));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), work);
    let bytes = heard.0.lock().unwrap().clone();
    String::from_utf8(bytes).unwrap()
}

/// The line without its time, which is checked.
fn text(work: impl FnOnce()) -> String {
    let line = heard(&options(Form::Text), work);
    let (time, rest) = line.split_once(' ').unwrap_or_else(|| panic!("no line: {line:?}"));
    assert!(time.parse::<jiff::Timestamp>().is_ok() && time.len() == "2026-01-31T12:00:00.000000Z".len(), "{time}");
    rest.to_owned()
}

fn object(work: impl FnOnce()) -> Value {
    let mut object: Value = serde_json::from_str(&heard(&options(Form::Json), work)).unwrap();
    let time = object.as_object_mut().unwrap().remove("time").unwrap();
    assert!(time.as_str().unwrap().parse::<jiff::Timestamp>().is_ok());
    object
}

#[test]
fn a_line_in_each_form() {
    let say = || {
        let _job = job_span("bid run", 12).entered();
        let _order = tracing::info_span!("order", order = "ve1/7/1/1").entered();
        tracing::warn!(target: "provider::jobs", price = "5uve", attempt = 2, done = false, "no bid: {}", "too late");
    };
    let want = "WARN  provider::jobs[bid run 12]: no bid: too late attempt=2 done=false order=ve1/7/1/1 price=5uve\n";
    assert_eq!(text(say), want);
    let want = json!({
        "level": "warn", "target": "provider::jobs", "job": "bid run", "run": 12, "message": "no bid: too late",
        "fields": {"order": "ve1/7/1/1", "price": "5uve", "attempt": 2, "done": false},
    });
    assert_eq!(object(say), want);
}

#[test]
fn colour_is_for_terminals() {
    let mut options = options(Form::Text);
    options.stderr.colored = true;
    let line = heard(&options, || tracing::error!("x"));
    assert!(line.contains("\u{1b}[31mERROR\u{1b}[0m "), "{line:?}");
}

#[test]
fn a_hostile_text_stays_on_its_line_and_in_its_field() {
    let evil = "web\n2026-01-31T12:00:00.000000Z ERROR provider: forged\u{1b}[2J\u{202e} level=x \"q";
    let line = text(|| tracing::info!(target: "provider", service = evil, "started {evil}"));
    assert_eq!(line.matches('\n').count(), 1, "{line}");
    assert!(!line.contains(['\u{1b}', '\u{202e}', '\r']), "{line}");
    assert!(line.contains(r#"service="web\n2026"#) && line.contains(r#"level=x \"q""#), "{line}");
    let document = heard(&options(Form::Json), || tracing::info!(target: "provider", service = evil, "s"));
    assert!(!document.trim_end().contains(['\n', '\u{1b}', '\u{202e}']), "{document}");
    let object: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(object["fields"]["service"], evil, "a program reads back the very text");
}

#[test]
fn secrets_are_replaced() {
    #[derive(Debug, thiserror::Error)]
    #[error("node refused")]
    struct Outer(#[source] io::Error);

    assert!(redact::register("correct-horse-battery"));
    let error = Outer(io::Error::other("GET https://me:pw@node/ says correct-horse-battery"));
    let say = || {
        let _span = tracing::info_span!("call", api_token = "abc", node = "https://me:pw@node").entered();
        let error: &(dyn std::error::Error + 'static) = &error;
        tracing::info!(target: "provider", error, pin = 1234, "Bearer xyz and correct-horse-battery");
    };
    let want = "INFO  provider: Bearer *** and *** api_token=*** \
                error=\"node refused: GET https://***@node/ says ***\" node=https://***@node pin=***\n";
    assert_eq!(text(say), want);
    assert_eq!(object(say)["fields"]["pin"], "***");

    // Switched off, the registered secret is replaced still.
    let line = heard(&Options { redact: false, ..options(Form::Text) }, say);
    assert!(line.contains("me:pw@node") && line.contains("pin=1234"), "{line}");
    assert!(!line.contains("correct-horse-battery"), "{line}");
}

#[test]
fn a_long_answer_is_cut_behind_the_redaction() {
    assert!(redact::register("s3cr3t-at-the-cut"));
    let answer = format!("{}s3cr3t-at-the-cut{}", "x".repeat(16 * 1024 - 5), "y".repeat(50_000));
    let line = text(|| tracing::info!(target: "provider", "{answer}"));
    assert!(line.len() < 17_000 && line.contains(" bytes more)"), "{}", line.len());
    assert!(!line.contains("s3c"), "no half of it is left");
}

#[test]
fn lines_of_the_log_crate_bear_their_own_target() {
    let line = text(|| {
        let record = tracing_log::log::Record::builder()
            .args(format_args!("handshake"))
            .level(tracing_log::log::Level::Warn)
            .target("rustls::client")
            .module_path(Some("rustls::client"))
            .build();
        tracing_log::format_trace(&record).unwrap();
    });
    assert_eq!(line, "WARN  rustls::client: handshake\n");
}

#[test]
fn stderr_and_file_have_their_own_level_and_form() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/log/provider.log");
    let file = File { path: path.clone(), level: Level::Info, form: Form::Json };
    let stderr = Stderr { level: Level::Error, form: Form::Text, colored: false };
    let options = Options { stderr, file: Some(file), redact: true };
    assert_eq!(heard(&options, || tracing::debug!(target: "provider", "nobody")), "");
    assert!(!path.exists(), "no line, no file");
    for round in 0..2 {
        let said = heard(&options, || {
            tracing::debug!(target: "provider", "nobody");
            tracing::info!(target: "provider", round, "file only");
            tracing::error!(target: "provider", "both");
        });
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let written = std::fs::read_to_string(&path).unwrap();
    let messages: Vec<Value> = written.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        messages.iter().map(|line| line["message"].as_str().unwrap()).collect::<Vec<_>>(),
        ["file only", "both", "file only", "both"]
    );
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    assert_eq!(mode(path.parent().unwrap().parent().unwrap()), 0o700);
}

#[test]
fn a_failing_file_is_said_once_and_ends_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // A full disk; a folder in place of the file; a file in place of the folder.
    std::fs::write(folder.path().join("file"), "").unwrap();
    for path in [PathBuf::from("/dev/full"), folder.path().to_owned(), folder.path().join("file/x.log")] {
        let heard = Heard::default();
        let file = File { path: path.clone(), level: Level::Info, form: Form::Text };
        let options = Options { file: Some(file), ..options(Form::Text) };
        let (lines, logging) = subscriber(&options, Box::new(heard.clone()));
        tracing::subscriber::with_default(tracing_subscriber::registry().with(lines), || {
            for _ in 0..3 {
                tracing::info!(target: "provider", "work");
            }
        });
        let said = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
        assert_eq!(said.matches("the log file").count(), 1, "{said}");
        assert_eq!(said.matches(": work").count(), 3, "{said}");
        assert!(logging.file_failure().unwrap().contains(&path.display().to_string()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

    /// Whatever a field and the message hold around it, and in both forms, a registered secret is not in the line; and a
    /// line is one line.
    #[test]
    fn no_registered_secret_is_logged(
        secret in "[!-~]{6,20}[ -~]{0,10}[!-~]{2}",
        before in any::<String>(),
        after in any::<String>(),
    ) {
        redact::register(&secret);
        for form in [Form::Text, Form::Json] {
            let line = heard(&options(form), || {
                let _span = tracing::info_span!("s", around = format!("{before}{secret}{after}")).entered();
                tracing::info!(target: "provider", field = secret.as_str(), debug = ?secret, "{before}{secret}{after}");
            });
            prop_assert!(!line.contains(&secret), "{secret:?} is in {line:?}");
            prop_assert_eq!(line.matches('\n').count(), 1);
            prop_assert!(!line.trim_end_matches('\n').chars().any(char::is_control));
        }
    }
}

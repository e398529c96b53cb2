//! Every error becomes words, a hint and an exit code here, and nowhere else.
//!
//! Errors quote what others wrote (a node's answer, a back end's refusal), so no word of them is shown before it went
//! through [`redact`], and none reaches a terminal before [`escape`] made it harmless.

mod jobs;

use std::error::Error;

use serde::Serialize;

use super::Status;
use crate::chain::client::CallError;
use crate::domain::address;
use crate::domain::fault::{Classified, Fault};
use crate::jobs::{RunError, audit, bid_run, lease_monitor, timers, tx_flush};
use crate::jobs::{settlement_sync, usage_collect, usage_record, usage_review, usage_submit};
use crate::keys;
use crate::observe::interrupt::Reason;
use crate::observe::logging::{self, SAID_OTHERWISE};
use crate::observe::{Level, escape, redact};
use crate::store::{self, LockError, usage};

/// Why a command failed, ready to be shown.
///
/// Shown as `error:` (what failed), `caused by:` (the chain of sources) and `hint:` (what to do next); with
/// `--output json` the same as one object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    #[serde(rename = "error")]
    message: String,
    causes: Vec<String>,
    hints: Vec<String>,
    /// Longer text that stands before the summary, such as configuration diagnostics with their source lines.
    #[serde(skip)]
    details: Option<String>,
    /// The same details as data.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    diagnostics: Vec<serde_json::Value>,
    fault: &'static str,
    exit_code: u8,
    #[serde(skip)]
    status: Status,
    /// The work was given up because we were asked to stop.
    #[serde(skip)]
    interrupted: bool,
}

impl Failure {
    /// A failure in our own words.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        let fault = match status {
            Status::Done | Status::SomeFailed | Status::Usage | Status::Data | Status::Configuration => Fault::Invalid,
            Status::Unavailable => Fault::Unavailable,
            Status::Bug | Status::StateFile => Fault::Bug,
            Status::TryLater => Fault::Conflict,
            Status::Denied => Fault::Denied,
        };
        Self {
            message: message.into(),
            causes: Vec::new(),
            hints: Vec::new(),
            details: None,
            diagnostics: Vec::new(),
            fault: fault.word(),
            exit_code: status.code(),
            status,
            interrupted: false,
        }
    }

    /// The failure that an error of the library means, with the exit code that its fault decides.
    pub fn from_error(error: &(impl Classified + 'static)) -> Self {
        Self::with_status(status_of(error.fault()), error)
    }

    /// The same, where the area decides the exit code: the state file, the configuration.
    pub fn with_status(status: Status, error: &(impl Classified + 'static)) -> Self {
        let mut failure = Self::new(status, error.to_string());
        failure.fault = error.fault().word();
        failure.causes = causes(error);
        failure.hints.extend(error.hint().map(std::borrow::Cow::into_owned));
        failure
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }

    /// Adds what lies beneath.
    #[must_use]
    pub fn caused_by(mut self, error: &(dyn Error + 'static)) -> Self {
        self.causes.push(error.to_string());
        self.causes.extend(causes(error));
        self
    }

    /// Adds what went wrong beneath, in words.
    #[must_use]
    pub fn beneath(mut self, cause: String) -> Self {
        self.causes.push(cause);
        self
    }

    /// Adds a longer text that is shown first, and the same as data.
    #[must_use]
    pub fn details(mut self, text: impl Into<String>, data: Vec<serde_json::Value>) -> Self {
        self.details = Some(text.into());
        self.diagnostics = data;
        self
    }

    /// Says what the request to stop was, if this is why the work was given up.
    #[must_use]
    pub fn stopped_by(mut self, reason: Option<Reason>) -> Self {
        if let Some(reason) = reason.filter(|_| self.interrupted) {
            self.causes.push(format!("stopped by {reason}"));
        }
        self
    }

    /// The message and everything beneath it, in one line, for a remark of a command that goes on.
    pub fn in_one_line(&self) -> String {
        let all: Vec<&str> = std::iter::once(&self.message).chain(&self.causes).map(String::as_str).collect();
        all.join(": ")
    }

    /// What failed, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// How the process ends.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// One object, for a program.
    pub fn to_json(&self) -> String {
        match serde_json::to_string(&self.redacted()) {
            Ok(object) => escape::json(&object).into_owned(),
            Err(error) => format!("{{\"error\":\"{error}\"}}"),
        }
    }

    /// A line of a log in JSON form.
    pub fn to_log_line(&self) -> String {
        let shown = self.redacted();
        let mut fields = match serde_json::to_value(&shown) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        fields.remove("error");
        logging::json_line(Level::Error, &shown.message, fields)
    }

    /// The lines for a person. Every message is one line; the details keep their own.
    pub fn render(&self, colored: bool) -> String {
        let shown = self.redacted();
        let mut text = escape::block(&shown.details.unwrap_or_default(), colored).into_owned();
        let mut line = |heading: &str, color: &str, body: &str| {
            let (on, off) = if colored { (color, "\u{1b}[0m") } else { ("", "") };
            text.push_str(&format!("{on}{heading}{off} {}\n", escape::line(body)));
        };
        line("error:", "\u{1b}[1;31m", &shown.message);
        for cause in &shown.causes {
            line("caused by:", "\u{1b}[1m", cause);
        }
        for hint in &shown.hints {
            line("hint:", "\u{1b}[1;36m", hint);
        }
        text
    }

    /// Writes it to the log file, if there is one.
    pub fn log(&self) {
        let shown = self.redacted();
        let (causes, hints) = (shown.causes.join(": "), shown.hints.join("; "));
        let (causes, hints) =
            (Some(causes).filter(|text| !text.is_empty()), Some(hints).filter(|text| !text.is_empty()));
        let exit_code = shown.exit_code;
        tracing::error!(target: SAID_OTHERWISE, causes, hints, exit_code, "{}", shown.message);
    }

    /// The same without secrets.
    fn redacted(&self) -> Self {
        let redacted = |text: &String| redact::text(text).into_owned();
        let mut diagnostics = self.diagnostics.clone();
        diagnostics.iter_mut().for_each(redact::json_texts);
        Self {
            message: redacted(&self.message),
            causes: self.causes.iter().map(redacted).collect(),
            hints: self.hints.iter().map(redacted).collect(),
            details: self.details.as_ref().map(redacted),
            diagnostics,
            fault: self.fault,
            exit_code: self.exit_code,
            status: self.status,
            interrupted: self.interrupted,
        }
    }
}

/// A state file that cannot be used ends with its own exit code, unless it is merely somebody else's turn.
impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let status = match &error {
            E::Interrupted { .. } | E::BeingRestored { .. } => Status::TryLater,
            _ => Status::StateFile,
        };
        let interrupted = matches!(error, E::Interrupted { .. });
        Self { interrupted, ..Self::with_status(status, &error) }
    }
}

impl From<RunError> for Failure {
    fn from(error: RunError) -> Self {
        match error {
            RunError::Lock(error) => error.into(),
            RunError::Trail(error) => error.into(),
        }
    }
}

impl From<audit::Error> for Failure {
    fn from(error: audit::Error) -> Self {
        match error {
            audit::Error::Store(error) => error.into(),
            other => Self::from_error(&other),
        }
    }
}

impl From<LockError> for Failure {
    fn from(error: LockError) -> Self {
        match error {
            LockError::State(error) => error.into(),
            held => {
                let interrupted = matches!(held, LockError::Interrupted { .. });
                Self { interrupted, ..Self::with_status(Status::TryLater, &held) }
            }
        }
    }
}

impl From<keys::Error> for Failure {
    fn from(error: keys::Error) -> Self {
        Self::from_error(&error)
    }
}

impl From<timers::Error> for Failure {
    fn from(error: timers::Error) -> Self {
        Self::from_error(&error)
    }
}

impl From<tx_flush::Error> for Failure {
    fn from(error: tx_flush::Error) -> Self {
        match error {
            tx_flush::Error::Locked(error) => error.into(),
            tx_flush::Error::Store(error) => error.into(),
            error @ tx_flush::Error::Chain { source: CallError::Unbelieved { .. }, .. } => {
                Self::with_status(Status::TryLater, &error)
            }
            // The message may be in the outbox by then: what becomes of it is said by who knows.
            error @ tx_flush::Error::Sign { .. } if gave_up(&error) => {
                Self { hints: Vec::new(), ..Self::with_status(Status::TryLater, &error) }
            }
            error @ tx_flush::Error::KeyType { .. } => Self::with_status(Status::Configuration, &error),
            error => Self::from_error(&error),
        }
    }
}

impl From<usage::Error> for Failure {
    fn from(error: usage::Error) -> Self {
        match error {
            usage::Error::Store(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

/// Errors of jobs that have a lock, the state file and the rows of usage beneath them.
macro_rules! usage_jobs {
    ($($job:ident),*) => {$(
        impl From<$job::Error> for Failure {
            fn from(error: $job::Error) -> Self {
                match error {
                    $job::Error::Lock(error) => error.into(),
                    $job::Error::Store(error) => error.into(),
                    $job::Error::Rows(error) => error.into(),
                    error => Self::from_error(&error),
                }
            }
        }
    )*};
}

usage_jobs!(settlement_sync, usage_collect, usage_record, usage_review, usage_submit);

/// A node that is not in step will be: that is a matter of time.
impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Unbelieved { .. } => Self::with_status(Status::TryLater, &error),
            error => Self::from_error(&error),
        }
    }
}

impl From<address::Error> for Failure {
    fn from(error: address::Error) -> Self {
        Self::from_error(&error)
    }
}

impl From<bid_run::Error> for Failure {
    fn from(error: bid_run::Error) -> Self {
        match error {
            bid_run::Error::Locked(error) => error.into(),
            bid_run::Error::Store(error) => error.into(),
            bid_run::Error::Flush(error) => error.into(),
            error => Self::from_error(&error),
        }
    }
}

impl From<lease_monitor::Error> for Failure {
    fn from(error: lease_monitor::Error) -> Self {
        match error {
            lease_monitor::Error::Locked(error) => error.into(),
            lease_monitor::Error::Store(error) => error.into(),
            lease_monitor::Error::Flush(error) => error.into(),
            other => Self::from_error(&other),
        }
    }
}

impl From<keys::file::Error> for Failure {
    fn from(error: keys::file::Error) -> Self {
        Self::from_error(&error)
    }
}

/// The exit code of a fault where the area does not decide it.
const fn status_of(fault: Fault) -> Status {
    match fault {
        Fault::Invalid | Fault::NotFound => Status::Data,
        Fault::Conflict => Status::TryLater,
        Fault::Denied => Status::Denied,
        Fault::Unavailable => Status::Unavailable,
        Fault::Bug => Status::Bug,
    }
}

/// Whether a person was asked for a passphrase, and gave none.
fn gave_up(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if matches!(error.downcast_ref(), Some(keys::PassphraseError::Prompt { .. })) {
            return true;
        }
        next = error.source();
    }
    false
}

fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_shown() {
        assert!(redact::register("zebra-4711"));
        let cause = std::io::Error::other("GET https://me:pw77@node/ answered zebra-4711");
        let diagnostic = serde_json::json!({"message": "zebra-4711 is no port", "line": 3});
        let failure = Failure::new(Status::Data, "the node refused zebra-4711")
            .caused_by(&cause)
            .hint("do not say zebra-4711")
            .details("a.yaml:3: zebra-4711\n", vec![diagnostic]);
        for shown in [failure.render(false), failure.to_json()] {
            assert!(!shown.contains("zebra") && !shown.contains("pw77"), "{shown}");
            assert!(shown.contains("the node refused ***") && shown.contains("https://***@node/"), "{shown}");
        }
        assert!(failure.to_json().contains(r#""message":"*** is no port""#), "{}", failure.to_json());
    }
    #[test]
    fn nobody_else_writes_a_line_or_commands_the_terminal() {
        let evil = "x\nerror: forged\u{1b}[2J\u{202e}";
        let failure = Failure::new(Status::Data, format!("cannot open {evil}"))
            .caused_by(&std::io::Error::other(evil))
            .hint(evil)
            .details("one\n\u{1b}[1mtwo\u{1b}[0m \u{1b}[2J\n", Vec::new());
        let shown = failure.render(false);
        assert_eq!(shown.lines().count(), 5, "{shown}");
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{shown:?}");
        assert!(shown.contains("error: cannot open x\\nerror: forged\\u{1b}[2J"), "{shown}");
        let colored = failure.render(true);
        assert!(colored.contains("\u{1b}[1mtwo\u{1b}[0m \\u{1b}[2J\n\u{1b}[1;31merror:\u{1b}[0m "), "{colored:?}");
        assert!(!failure.to_json().contains(['\n', '\u{1b}', '\u{202e}']));
    }
}

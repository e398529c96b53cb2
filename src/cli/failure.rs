//! Every error becomes words, a hint and an exit code here, and nowhere else.

use std::error::Error;

use serde::Serialize;

use super::Status;
use crate::domain::fault::{Classified, Fault};
use crate::jobs::audit;
use crate::store::{self, LockError};

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

    /// Adds a longer text that is shown first, and the same as data.
    #[must_use]
    pub fn details(mut self, text: impl Into<String>, data: Vec<serde_json::Value>) -> Self {
        self.details = Some(text.into());
        self.diagnostics = data;
        self
    }

    /// How the process ends.
    pub const fn status(&self) -> Status {
        self.status
    }

    /// The lines for a person; `paint` colours a heading.
    pub fn render(&self, paint: impl Fn(&str) -> String) -> String {
        let mut text = self.details.clone().unwrap_or_default();
        let mut line = |heading: &str, body: &str| {
            text.push_str(&paint(heading));
            text.push(' ');
            text.push_str(&body.replace('\n', "\n    "));
            text.push('\n');
        };
        line("error:", &self.message);
        for cause in &self.causes {
            line("caused by:", cause);
        }
        for hint in &self.hints {
            line("hint:", hint);
        }
        text
    }
}

/// A state file that cannot be used ends with its own exit code, unless it is merely somebody else's turn.
impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        use store::Error as E;
        let status = match &error {
            E::Interrupted { .. } | E::BeingRestored { .. } | E::BackupRuns { .. } => Status::TryLater,
            _ => Status::StateFile,
        };
        Self::with_status(status, &error)
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
            held => Self::with_status(Status::TryLater, &held),
        }
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

fn causes(error: &(dyn Error + 'static)) -> Vec<String> {
    let mut texts = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts
}

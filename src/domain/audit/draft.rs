//! An entry before it has its place in the chain.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::{Event, Outcome, canonical_json};

/// Who did it: the account of the process, and the job run it was part of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The effective user id of the process.
    pub uid: u32,
    /// The name of that user, where it has one.
    pub user: Option<String>,
    /// The job, such as `bid run`.
    pub job: Option<String>,
    /// The run of the job, a row of `job_runs`.
    pub run: Option<i64>,
}

/// What a job wants to have recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    at: Timestamp,
    event: Event,
    outcome: Outcome,
    actor: Actor,
    subject: String,
    details: String,
}

impl Draft {
    /// The longest subject, in bytes.
    pub const SUBJECT_LIMIT: usize = 1024;
    /// The longest details, in bytes of JSON.
    pub const DETAILS_LIMIT: usize = 64 * 1024;

    /// An entry about `subject` (an id with its kind, such as `order akash1…/7/1/1`).
    ///
    /// Never refused, since the row commits together with the business row it speaks of: a subject that is too long is
    /// cut, details that are too long are replaced by their length. The time is kept in microseconds.
    pub fn new(
        at: Timestamp,
        event: Event,
        outcome: Outcome,
        actor: Actor,
        subject: &str,
        details: Map<String, Value>,
    ) -> Self {
        let end = subject.floor_char_boundary(Self::SUBJECT_LIMIT);
        let subject = subject.get(..end).unwrap_or_default().to_owned();
        let mut text = canonical_json(&Value::Object(details));
        if text.len() > Self::DETAILS_LIMIT {
            text = json!({"omitted_bytes": text.len()}).to_string();
        }
        Self { at, event, outcome, actor, subject, details: text }
    }

    pub(super) fn into_parts(self) -> (i64, Event, Outcome, Actor, String, String) {
        (self.at.as_microsecond(), self.event, self.outcome, self.actor, self.subject, self.details)
    }
}

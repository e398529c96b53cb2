//! What a line says, before it has a form.

use std::error::Error;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

use super::super::{Level, redact};
use crate::domain::fault::in_one_line;

/// The target of the spans that [`super::job_span`] makes.
pub const JOB_TARGET: &str = "provider";

/// The longest text of one field, in bytes: a back end may answer with a whole web page.
const LONGEST: usize = 16 * 1024;

/// How much of a text is looked through for secrets, in bytes.
const LOOKED_THROUGH: usize = 64 * 1024;

/// A secret of this length that [`LOOKED_THROUGH`] cuts in two is not shown by half.
const CUT_IN_TWO: usize = 4 * 1024;

/// A line.
pub struct Line<'a> {
    pub at: Timestamp,
    pub level: Level,
    pub target: &'a str,
    pub job: Option<String>,
    pub run: Option<i64>,
    pub message: String,
    pub fields: Map<String, Value>,
}

/// The fields of an event or a span, without secrets.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// Whether names and patterns are looked at, or registered values only.
    redact: bool,
    pub message: String,
    pub named: Map<String, Value>,
}

impl Fields {
    pub fn new(redact: bool) -> Self {
        Self { redact, ..Self::default() }
    }

    fn put(&mut self, field: &Field, value: Value) {
        let name = field.name();
        // What the bridge from the `log` crate adds: module, file and line.
        if name.starts_with("log.") {
            return;
        }
        self.named.insert(name.to_owned(), value);
    }

    fn put_number(&mut self, field: &Field, value: impl Into<Value>) {
        let secret = self.redact && redact::is_secret_name(field.name());
        self.put(field, if secret { redact::MARK.into() } else { value.into() });
    }

    fn put_text(&mut self, field: &Field, text: &str) {
        let shown = if self.redact && redact::is_secret_name(field.name()) {
            redact::MARK.to_owned()
        } else {
            self.bounded(text)
        };
        if field.name() == "message" {
            self.message = shown;
        } else {
            self.put(field, Value::String(shown));
        }
    }

    /// The text without secrets, cut behind the redaction, so that no half of a secret is left; and before it, so that a
    /// back end that answers with megabytes costs no time.
    fn bounded(&self, text: &str) -> String {
        let looked_through = text.get(..text.floor_char_boundary(LOOKED_THROUGH)).unwrap_or_default();
        let redacted = if self.redact { redact::text(looked_through) } else { redact::values(looked_through) };
        let unseen = text.len().saturating_sub(looked_through.len());
        let most = if unseen == 0 { LONGEST } else { LONGEST.min(redacted.len().saturating_sub(CUT_IN_TWO)) };
        let kept = redacted.get(..redacted.floor_char_boundary(most)).unwrap_or_default();
        let left_out = redacted.len().saturating_sub(kept.len()).saturating_add(unseen);
        if left_out == 0 { redacted.into_owned() } else { format!("{kept}… ({left_out} bytes more)") }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.put_text(field, &format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.put_text(field, value);
    }

    /// An error with what lies beneath it.
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.put_text(field, &in_one_line(value));
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.put_number(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.put_number(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.put_number(field, value.to_string());
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.put_number(field, value.to_string());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.put_number(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.put(field, Value::Bool(value));
    }
}

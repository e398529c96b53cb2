//! What a line says, before it has a form.

use std::borrow::Cow;
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
            Cow::Borrowed(redact::MARK)
        } else if self.redact {
            redact::text(text)
        } else {
            redact::values(text)
        };
        let shown = bounded(&shown);
        if field.name() == "message" {
            self.message = shown;
        } else {
            self.put(field, Value::String(shown));
        }
    }
}

/// Cut behind the redaction, so that no half of a secret is left.
fn bounded(text: &str) -> String {
    let end = text.floor_char_boundary(LONGEST);
    match text.get(..end) {
        Some(kept) if kept.len() < text.len() => {
            format!("{kept}… ({} bytes more)", text.len().saturating_sub(kept.len()))
        }
        _ => text.to_owned(),
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

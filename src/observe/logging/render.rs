//! A line as text or JSON, ready to be written, with its line feed.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::{Map, Value};

use super::super::{Level, escape, redact};
use super::Form;
use super::line::Line;

/// The line in its form. The registered secrets are looked for once more, over all of it: two harmless fields can be
/// one secret when they stand side by side.
pub fn render(line: &Line<'_>, form: Form, colored: bool) -> String {
    let rendered = match form {
        Form::Text => text(line, colored),
        Form::Json => json(line),
    };
    let mut rendered = match redact::values(&rendered) {
        Cow::Borrowed(_) => rendered,
        Cow::Owned(redacted) => redacted,
    };
    rendered.push('\n');
    rendered
}

fn text(line: &Line<'_>, colored: bool) -> String {
    let mut text = String::with_capacity(160);
    let (on, off) = if colored { (color(line.level), "\u{1b}[0m") } else { ("", "") };
    // Writing into a String cannot fail.
    let _ = write!(text, "{:.6} {on}{}{off} {}", line.at, line.level.column(), escape::line(line.target));
    if let Some(job) = &line.job {
        let _ = write!(text, "[{}", escape::line(job));
        if let Some(run) = line.run {
            let _ = write!(text, " {run}");
        }
        text.push(']');
    }
    let _ = write!(text, ": {}", escape::line(&line.message));
    for (name, value) in &line.fields {
        let shown = match value {
            Value::String(string) => escape::value(string),
            other => Cow::Owned(other.to_string()),
        };
        let _ = write!(text, " {}={shown}", escape::line(name));
    }
    text
}

#[derive(Serialize)]
struct Object<'a> {
    time: String,
    level: &'static str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<i64>,
    message: &'a str,
    #[serde(skip_serializing_if = "Map::is_empty")]
    fields: &'a Map<String, Value>,
}

/// JSON escapes control characters by itself; those that it leaves (a direction mark, a C1 control) are escaped in its
/// own way, so that a program reads back the very text.
fn json(line: &Line<'_>) -> String {
    let object = Object {
        time: format!("{:.6}", line.at),
        level: line.level.word(),
        target: line.target,
        job: line.job.as_deref(),
        run: line.run,
        message: &line.message,
        fields: &line.fields,
    };
    let json = serde_json::to_string(&object).unwrap_or_else(|error| format!("{{\"error\":\"{error}\"}}"));
    escape::json(&json).into_owned()
}

const fn color(level: Level) -> &'static str {
    match level {
        Level::Error => "\u{1b}[31m",
        Level::Warn => "\u{1b}[33m",
        Level::Info => "\u{1b}[32m",
        Level::Debug => "\u{1b}[34m",
        Level::Trace => "\u{1b}[35m",
    }
}

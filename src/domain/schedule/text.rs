//! The spelling of unit files.

use std::fmt::Write;
use std::time::Duration;

/// A unit file in the making.
pub(super) struct Text(String);

impl Text {
    /// Begins with a line of comment.
    pub(super) fn new(comment: &str) -> Self {
        Self(format!("# {comment}\n"))
    }

    /// Begins a section.
    #[must_use]
    pub(super) fn section(mut self, name: &str) -> Self {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "\n[{name}]");
        self
    }

    /// A setting; the value is spelled for systemd already.
    #[must_use]
    pub(super) fn set(mut self, key: &str, value: impl std::fmt::Display) -> Self {
        let _ = writeln!(self.0, "{key}={value}");
        self
    }

    /// Settings, one a line.
    #[must_use]
    pub(super) fn lines(self, settings: &[(&str, &str)]) -> Self {
        settings.iter().fold(self, |text, (key, value)| text.set(key, value))
    }

    /// The same where there is a value.
    #[must_use]
    pub(super) fn maybe(self, key: &str, value: Option<impl std::fmt::Display>) -> Self {
        match value {
            Some(value) => self.set(key, value),
            None => self,
        }
    }

    /// The whole text.
    pub(super) fn done(self) -> String {
        self.0
    }
}

/// A word of a command line: `%` and `$` stand for themselves, and what would end the word is quoted.
pub(super) fn argument(word: &str) -> String {
    let plain = word.replace('%', "%%").replace('$', "$$");
    let harmless = |c: char| c.is_alphanumeric() || "/._-+=:,@%$".contains(c);
    if !plain.is_empty() && plain.chars().all(harmless) { plain } else { quoted(&plain) }
}

/// A path where a list of paths stands.
pub(super) fn path(path: &str) -> String {
    let plain = path.replace('%', "%%");
    if plain.contains(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\')) { quoted(&plain) } else { plain }
}

fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted + "\""
}

/// A span as systemd writes it: `5min` is `300s` here, `1500ms` what is finer.
pub(super) fn span(span: Duration) -> String {
    match (span.as_secs(), span.subsec_millis()) {
        (seconds, 0) => format!("{seconds}s"),
        (_, _) => format!("{}ms", span.as_millis()),
    }
}

//! JSON as Go's encoder writes it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// A text in quotes. `<`, `>`, `&` and the two line separators of Unicode are escaped besides what JSON asks for.
pub(super) fn text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\u{0}'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// A name that needs no escape, in quotes, with its colon.
pub(super) fn key(out: &mut String, name: &str) {
    out.push('"');
    out.push_str(name);
    out.push_str("\":");
}

/// Something in quotes that needs no escape: a number.
pub(super) fn quoted(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "\"{value}\"");
}

/// A number.
pub(super) fn number(out: &mut String, value: impl std::fmt::Display) {
    let _ = write!(out, "{value}");
}

/// Bytes, as base64.
pub(super) fn bytes(out: &mut String, bytes: &[u8]) {
    quoted(out, STANDARD.encode(bytes));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_as_go_does() {
        let mut out = String::new();
        text(&mut out, "a\"\\<b>&\n\t\u{1}\u{2028}\u{7f}é");
        assert_eq!(out, "\"a\\\"\\\\\\u003cb\\u003e\\u0026\\n\\t\\u0001\\u2028\u{7f}é\"");
    }
}

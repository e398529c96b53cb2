//! Text from elsewhere, made harmless for a terminal and for a file of lines.
//!
//! A tenant chooses the names of its services and what its back end answers. Without this, a line feed in such a text
//! would forge a log line, an escape sequence would command the terminal of whoever reads the log, and a direction mark
//! would show the text in another order than it has.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that is not for the eye written as an escape (`\n`, `\u{1b}`).
pub fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len().saturating_add(16));
    for character in text.chars() {
        push(&mut safe, character);
    }
    Cow::Owned(safe)
}

/// A text of several lines that keeps its own line feeds; with `styled` also the colours (`ESC [ 1;31 m`) that it has.
pub fn block(text: &str, styled: bool) -> Cow<'_, str> {
    if !text.chars().any(|character| character != '\n' && is_unsafe(character)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len().saturating_add(16));
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = match character {
            '\u{1b}' if styled => color_length(rest).unwrap_or(0),
            '\n' => 1,
            _ => 0,
        };
        if length == 0 {
            push(&mut safe, character);
        } else {
            safe.push_str(rest.get(..length).unwrap_or_default());
        }
        rest = rest.get(length.max(character.len_utf8())..).unwrap_or_default();
    }
    Cow::Owned(safe)
}

/// The length of the colour that the text begins with.
fn color_length(text: &str) -> Option<usize> {
    let numbers = text.strip_prefix("\u{1b}[")?;
    let rest = numbers.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';').strip_prefix('m')?;
    Some(text.len().saturating_sub(rest.len()))
}

/// The text as the value of a field: in quotes where it would else not be seen where it ends.
pub fn value(text: &str) -> Cow<'_, str> {
    let plain = |c: char| !is_unsafe(c) && !c.is_whitespace() && !matches!(c, '"' | '\\' | '=');
    if !text.is_empty() && text.chars().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len().saturating_add(16));
    safe.push('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            safe.push('\\');
        }
        push(&mut safe, character);
    }
    safe.push('"');
    Cow::Owned(safe)
}

/// A JSON document with what JSON itself lets through, though it is not for the eye, escaped in JSON's own way: a program
/// reads back the very text. Outside of strings a JSON document has no such characters but white space.
pub fn json(document: &str) -> Cow<'_, str> {
    if !document.chars().any(is_unsafe) {
        return Cow::Borrowed(document);
    }
    let mut safe = String::with_capacity(document.len().saturating_add(16));
    for character in document.chars() {
        if is_unsafe(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(safe, "\\u{unit:04x}");
            }
        } else {
            safe.push(character);
        }
    }
    Cow::Owned(safe)
}

pub(super) fn push(safe: &mut String, character: char) {
    match character {
        '\n' => safe.push_str("\\n"),
        '\r' => safe.push_str("\\r"),
        '\t' => safe.push_str("\\t"),
        _ if is_unsafe(character) => {
            // Writing into a String cannot fail.
            let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
        }
        _ => safe.push(character),
    }
}

/// Control characters, line and paragraph separators, invisible and direction-changing characters.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn hostile_text_becomes_harmless() {
        assert_eq!(line("ok ünïcode ✓"), "ok ünïcode ✓");
        assert_eq!(line("a\nERROR forged"), "a\\nERROR forged");
        assert_eq!(line("\u{1b}[2J\u{9b}1m\u{7f}"), "\\u{1b}[2J\\u{9b}1m\\u{7f}");
        assert_eq!(line("user\u{202e}gpj.exe"), "user\\u{202e}gpj.exe");
        assert_eq!(value("plain"), "plain");
        assert_eq!(value(""), "\"\"");
        assert_eq!(value("x level=error"), "\"x level=error\"");
        assert_eq!(value("a\"b\\c\r"), "\"a\\\"b\\\\c\\r\"");
    }

    #[test]
    fn a_block_keeps_its_lines_and_its_colours_if_it_has_any() {
        let text = "\u{1b}[1;31merror\u{1b}[0m: a\r\n\u{1b}[2J\u{1b}]0;title\u{7}\u{202e}";
        let rest = ": a\\r\n\\u{1b}[2J\\u{1b}]0;title\\u{7}\\u{202e}";
        assert_eq!(block(text, true), format!("\u{1b}[1;31merror\u{1b}[0m{rest}"));
        assert_eq!(block(text, false), format!("\\u{{1b}}[1;31merror\\u{{1b}}[0m{rest}"));
        assert_eq!(block("ok\n  ünï\n", false), "ok\n  ünï\n");
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn nothing_unsafe_is_left(text in any::<String>()) {
            prop_assert!(!line(&text).chars().any(is_unsafe));
            prop_assert!(!value(&text).chars().any(is_unsafe));
            prop_assert!(!block(&text, false).chars().any(|character| character != '\n' && is_unsafe(character)));
            let document = serde_json::to_string(&text).unwrap();
            let safe = json(&document);
            prop_assert!(!safe.chars().any(is_unsafe));
            prop_assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        }
    }
}

//! Where the value of a secret name ends.
//!
//! A message may speak of a secret rather than tell it (`cannot resolve secret: not found`): a bare value in the midst of
//! a line stays if it begins with a word with which reasons begin.

use std::ops::Range;

/// How a value stands behind its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// `name=value`, without white space.
    Assigned,
    /// `name: value` at the beginning of a line, or of a text in quotes.
    Line {
        /// The quote.
        quote: Option<char>,
    },
    /// Anywhere else.
    Midst,
}

/// What ends a word.
const BEHIND_WORD: &[char] = &['"', '\'', '\\', '`', '&'];

/// What belongs to the sentence, or to the structure, around a word that it ends with.
const CLOSING: &[char] = &[',', ';', ':', '.', ')', ']', '}', '>'];

/// What is no secret: the absence of one, and the first words of reasons.
const NO_VALUES: &[&str] = &[
    "a",
    "access",
    "address",
    "already",
    "an",
    "bad",
    "broken",
    "cannot",
    "connection",
    "could",
    "device",
    "does",
    "empty",
    "end",
    "entity",
    "error",
    "expected",
    "expired",
    "failed",
    "false",
    "file",
    "found",
    "host",
    "i/o",
    "in",
    "input",
    "invalid",
    "io",
    "is",
    "it",
    "line",
    "malformed",
    "may",
    "missing",
    "must",
    "network",
    "nil",
    "no",
    "none",
    "not",
    "null",
    "only",
    "operation",
    "os",
    "permission",
    "rejected",
    "resource",
    "revoked",
    "see",
    "stream",
    "the",
    "there",
    "this",
    "timed",
    "timeout",
    "too",
    "true",
    "try",
    "unable",
    "undefined",
    "unexpected",
    "unknown",
    "unset",
    "unsupported",
    "use",
    "was",
    "we",
    "write",
    "wrong",
    "you",
];

/// The value with which `rest` begins; empty where there is none.
pub fn find(name: &str, rest: &str, place: Place) -> Range<usize> {
    let name = name.to_ascii_lowercase();
    let header = name.ends_with("cookie") || name.ends_with("authorization");
    if let Some(quote) = opening_quote(rest) {
        0..quoted_length(rest, quote)
    } else if let Some(length) = enclosed_length(rest) {
        0..length.saturating_add(word_length(rest.get(length..).unwrap_or_default()))
    } else {
        match place {
            Place::Assigned => 0..assigned_length(rest),
            Place::Line { quote } => 0..line_length(rest, quote),
            Place::Midst if is_no_value(rest) => 0..0,
            Place::Midst if header => header_value(rest),
            Place::Midst => 0..word_length(rest),
        }
    }
}

/// `"`, `'`, or either behind backslashes, as in JSON within JSON.
fn opening_quote(rest: &str) -> Option<&str> {
    let backslashes = rest.len().saturating_sub(rest.trim_start_matches('\\').len());
    let end = backslashes.saturating_add(1);
    rest.get(..end).filter(|opening| opening.ends_with(['"', '\'']))
}

/// Up to and with the closing quote, or all where there is none. A quote that is escaped deeper than the opening one is
/// within; one that is escaped less ends what the text itself was quoted in.
fn quoted_length(rest: &str, quote: &str) -> usize {
    let mark = quote.as_bytes().last();
    let depth = quote.len().saturating_sub(1);
    let mut backslashes = 0_usize;
    for (place, byte) in rest.as_bytes().iter().enumerate().skip(quote.len()) {
        let ends = if depth == 0 { backslashes.is_multiple_of(2) } else { backslashes <= depth };
        if Some(byte) == mark && ends {
            return place.saturating_add(1);
        }
        backslashes = if *byte == b'\\' { backslashes.saturating_add(1) } else { 0 };
    }
    rest.len()
}

/// `["a", "b"]`, `{"a": 1}`, `Some("a")`, `Token { inner: "a" }`: up to and with the bracket that closes the first one,
/// or all where there is none. Brackets in quotes do not count.
fn enclosed_length(rest: &str) -> Option<usize> {
    let behind_name = rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | ':'));
    let named = behind_name.len() < rest.len();
    let spaced = behind_name.strip_prefix(' ').filter(|behind| named && behind.starts_with('{'));
    let inner = spaced.unwrap_or(behind_name);
    if !inner.starts_with(['(', '[', '{']) {
        return None;
    }
    let mut place = rest.len().saturating_sub(inner.len());
    let mut depth = 0_usize;
    while let Some(left) = rest.get(place..).filter(|left| !left.is_empty()) {
        let step = match left.as_bytes().first() {
            Some(b'(' | b'[' | b'{') => {
                depth = depth.saturating_add(1);
                1
            }
            Some(b')' | b']' | b'}') => {
                depth = depth.saturating_sub(1);
                1
            }
            Some(b'"' | b'\'' | b'\\') => match opening_quote(left) {
                Some(quote) => quoted_length(left, quote),
                None => left.len().saturating_sub(left.trim_start_matches('\\').len()),
            },
            _ => left.find(['(', '[', '{', ')', ']', '}', '"', '\'', '\\']).unwrap_or(left.len()),
        };
        place = place.saturating_add(step);
        if depth == 0 {
            return Some(place);
        }
    }
    Some(rest.len())
}

fn assigned_length(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '\\')).unwrap_or(rest.len())
}

/// To the end of the line, or of the quotes that the line is in.
fn line_length(rest: &str, quote: Option<char>) -> usize {
    rest.find(|c: char| matches!(c, '\n' | '\r') || Some(c) == quote).unwrap_or(rest.len())
}

/// The word, without what belongs to the sentence around it.
fn word_length(rest: &str) -> usize {
    let end = rest.find(|c: char| c.is_whitespace() || BEHIND_WORD.contains(&c)).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().trim_end_matches(CLOSING).len()
}

fn is_no_value(rest: &str) -> bool {
    let word = rest.get(..word_length(rest)).unwrap_or_default();
    word.len() <= 16 && NO_VALUES.contains(&word.to_ascii_lowercase().as_str())
}

/// The value of a header goes on to the end of the line. Of the usual kinds of authorization it is one word, and the
/// kind may be seen.
fn header_value(rest: &str) -> Range<usize> {
    let kind = word_length(rest);
    let usual =
        rest.get(..kind).is_some_and(|kind| ["bearer", "basic"].iter().any(|usual| kind.eq_ignore_ascii_case(usual)));
    if !usual {
        return 0..rest.find(['\n', '\r', '"', '\'', '\\']).unwrap_or(rest.len());
    }
    let behind = rest.get(kind..).unwrap_or_default();
    let word = behind.trim_start_matches([' ', '\t']);
    let start = rest.len().saturating_sub(word.len());
    start..start.saturating_add(word_length(word))
}

//! `name=value`, `"name": "value"`, `name: value`, `name => value`, `name: Some("value")` and whole lines `name: value`,
//! where the name is a secret one.

use std::ops::Range;

use super::is_secret_name;
use super::value::{self, Place};

/// What stands before a name at the beginning of a line: indentation, a list dash, the gutter of a source snippet, a
/// quote.
const BEFORE_LINE: &[char] = &[' ', '\t', '-', '|', '>', '"', '\'', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// A value that begins so says where the secret is.
const REFERENCES: &[&str] = &["${", "file:", "env:", "pkcs11:"];

/// Finds the values.
pub fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let mut seen = 0;
    for (at, _) in text.match_indices(['=', ':']) {
        if at < seen {
            continue;
        }
        let Some(sign) = sign(text.get(at..).unwrap_or_default()) else { continue };
        let (start, name) = name_before(text.get(..at).unwrap_or_default());
        if name.is_empty() || !is_secret_name(name) {
            continue;
        }
        let behind = text.get(at.saturating_add(sign.len())..).unwrap_or_default();
        let rest = behind.trim_start_matches([' ', '\t']);
        let spaced = rest.len() < behind.len();
        let place = match line_begins(text.get(..start).unwrap_or_default()) {
            (true, quote) if spaced => Place::Line { quote },
            _ if sign == "=" && !spaced => Place::Assigned,
            _ => Place::Midst,
        };
        let value = value::find(name, rest, place);
        let shown = rest.trim_start_matches(['\\', '"', '\'']);
        if !value.is_empty() && !REFERENCES.iter().any(|reference| shown.starts_with(reference)) {
            let before = text.len().saturating_sub(rest.len());
            seen = before.saturating_add(value.end);
            found.push(before.saturating_add(value.start)..seen);
        }
    }
}

/// The sign of an assignment that the text begins with; `::` is part of a path.
fn sign(text: &str) -> Option<&str> {
    let double = ["::", ":=", "=>", "=="].into_iter().find(|double| text.starts_with(double));
    match double {
        Some("::") => None,
        Some(double) => Some(double),
        None => text.get(..1),
    }
}

/// The name that ends here, maybe in (escaped) quotes, and where it begins.
fn name_before(before: &str) -> (usize, &str) {
    let name = before.trim_end_matches([' ', '"', '\'', '\\']);
    let letters = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (letters.len(), name.get(letters.len()..).unwrap_or_default())
}

/// Whether a line begins behind this, or a text in quotes; and the quote that stands before it.
fn line_begins(before: &str) -> (bool, Option<char>) {
    let quote = before.chars().next_back().filter(|last| matches!(last, '"' | '\''));
    let other = before.trim_end_matches(BEFORE_LINE);
    (quote.is_some() || other.is_empty() || other.ends_with('\n'), quote)
}

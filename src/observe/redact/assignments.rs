//! `name=value`, `"name": "value"`, `name: "value"` and whole lines `name: value` and `name = value`, where the name is a secret one.

use std::ops::Range;

use super::is_secret_name;

/// What stands before a name at the beginning of a line: indentation, a list dash, the gutter of a source snippet, a
/// quote.
const BEFORE_LINE: &[char] = &[' ', '\t', '-', '|', '>', '"', '\'', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/// A value that begins so says where the secret is.
const REFERENCES: &[&str] = &["${", "file:", "env:", "pkcs11:"];

/// Finds the values.
pub fn find(text: &str, found: &mut Vec<Range<usize>>) {
    for (place, sign) in text.match_indices(['=', ':']) {
        let before = text.get(..place).unwrap_or_default();
        let (start, name) = name_before(before);
        if name.is_empty() || !is_secret_name(name) {
            continue;
        }
        let behind = place.saturating_add(1);
        let rest = text.get(behind..).unwrap_or_default();
        let value = behind.saturating_add(rest.len().saturating_sub(rest.trim_start_matches([' ', '\t']).len()));
        let rest = text.get(value..).unwrap_or_default();
        let length = match opening_quote(rest) {
            Some(quote) => quoted_length(rest, quote),
            None if sign == "=" && value == behind => bare_length(rest),
            None if value > behind && begins_line(text.get(..start).unwrap_or_default()) => line_length(rest),
            None => 0,
        };
        let shown = rest.trim_start_matches(['\\', '"', '\'']);
        if length > 0 && !REFERENCES.iter().any(|reference| shown.starts_with(reference)) {
            found.push(value..value.saturating_add(length));
        }
    }
}

/// The name that ends here, maybe in (escaped) quotes, and where it begins.
fn name_before(before: &str) -> (usize, &str) {
    let name = before.trim_end_matches([' ', '"', '\'', '\\']);
    let letters = name.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'));
    (letters.len(), name.get(letters.len()..).unwrap_or_default())
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

fn bare_length(rest: &str) -> usize {
    rest.find(|c: char| c.is_whitespace() || matches!(c, '&' | '"' | '\'' | '\\')).unwrap_or(rest.len())
}

fn line_length(rest: &str) -> usize {
    rest.find(['\n', '\r', '"', '\'']).unwrap_or(rest.len())
}

fn begins_line(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.trim_start_matches(BEFORE_LINE).is_empty() || line.ends_with(['"', '\''])
}

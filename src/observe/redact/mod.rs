//! Keeping secrets out of logs, errors and the audit trail.
//!
//! Three nets, the coarse ones for what nobody thought of:
//!
//! 1. **Names.** The value of a field, an environment variable or a key whose name says that it is secret
//!    (`password`, `api_key` …, see [`is_secret_name`]) is replaced.
//! 2. **Values.** Whoever resolves a secret calls [`register`]; from then on it is replaced wherever it stands, also in
//!    base64, hexadecimal, percent-encoded, JSON-escaped and debug-escaped form. This net has no off switch. It knows secrets by their digests, and keeps none.
//! 3. **Patterns.** Bearer and basic authorization, JSON web tokens, the user part of URLs, PEM and BIP-32 private keys,
//!    and seed phrases: twelve or more words in a row that are all on the BIP-39 list. The list holds no `the`, `a`, `of`, `to`,
//!    `is`, so prose never gets that far; the check digit of a phrase is not looked at, since a mistyped phrase is as
//!    secret as a right one.
//!
//! [`text`] is for anything that was written by others or quotes them: error chains, answers of a back end, subjects of
//! audit rows. It promises that no registered secret is in what it returns, whatever stood around it. It does not
//! promise to find a secret that nobody registered, that has no name and that looks like nothing.

mod assignments;
mod forms;
mod names;
mod patterns;
mod phrase;
mod value;
mod values;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{LazyLock, PoisonError, RwLock};

use serde_json::Value;

pub use names::is_secret_name;
use values::Registry;

/// What stands in place of a secret. Shorter than any registered secret, so that it can hold none.
pub const MARK: &str = "***";

/// What tells the secrets of this process, and is none. Kept for its whole life: a secret stays one after it was used.
static REGISTRY: LazyLock<RwLock<Registry>> = LazyLock::new(|| RwLock::new(Registry::new()));

/// Makes a secret known, so that it is replaced from now on; white space around it does not count.
///
/// `false` if it is shorter than four bytes: it would blot out half of every line, and can be guessed anyway.
pub fn register(secret: &str) -> bool {
    REGISTRY.write().unwrap_or_else(PoisonError::into_inner).add(secret)
}

/// The text without secrets: patterns, names and registered values. The time is that of the length.
pub fn text(text: &str) -> Cow<'_, str> {
    let mut found = Vec::new();
    patterns::find(text, &mut found);
    assignments::find(text, &mut found);
    match blot(text, found) {
        Some(blotted) => Cow::Owned(values(&blotted).into_owned()),
        None => values(text),
    }
}

/// The text without registered values.
pub fn values(text: &str) -> Cow<'_, str> {
    REGISTRY.read().unwrap_or_else(PoisonError::into_inner).redact(text)
}

/// A JSON value without secrets: what stands under a secret name, and every text and name in it.
pub fn json(value: &mut Value) {
    walk(value, true);
}

/// A JSON value without secrets in its texts, where values under secret names are known to say only where the secret is.
pub fn json_texts(value: &mut Value) {
    walk(value, false);
}

fn walk(value: &mut Value, by_name: bool) {
    match value {
        Value::String(string) => {
            if let Cow::Owned(redacted) = text(string) {
                *string = redacted;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| walk(item, by_name)),
        Value::Object(map) => {
            for (place, (mut name, mut value)) in std::mem::take(map).into_iter().enumerate() {
                if by_name && is_secret_name(&name) && !matches!(value, Value::Bool(_) | Value::Null) {
                    value = Value::String(MARK.to_owned());
                } else {
                    walk(&mut value, by_name);
                }
                let shown = match text(&name) {
                    Cow::Owned(redacted) => Some(redacted),
                    Cow::Borrowed(_) => None,
                };
                if let Some(redacted) = shown {
                    // Two names may become the same; neither's value is lost.
                    name = if map.contains_key(&redacted) { format!("{redacted} {place}") } else { redacted };
                }
                map.insert(name, value);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces each range, and ranges that overlap together, by one mark; `None` where there is none.
fn blot(text: &str, mut ranges: Vec<Range<usize>>) -> Option<String> {
    if ranges.is_empty() {
        return None;
    }
    ranges.sort_by_key(|range| range.start);
    let mut blotted = String::with_capacity(text.len());
    let mut end = 0;
    for range in ranges {
        if range.start >= end {
            blotted.push_str(text.get(end..range.start).unwrap_or_default());
            blotted.push_str(MARK);
        }
        end = end.max(range.end);
    }
    blotted.push_str(text.get(end..).unwrap_or_default());
    Some(blotted)
}

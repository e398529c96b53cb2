//! The words of reasons.

use std::fmt;
use std::time::Duration;

use sha2::{Digest, Sha256};

use crate::domain::duration;

/// Shows a span as people write it.
pub(super) fn shown<S: serde::Serializer>(span: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&duration::display(*span))
}

/// ` on a node of GROUP`, where there is one.
pub(super) struct OnGroup<'a>(pub(super) Option<&'a str>);

/// What a tenant wrote, cut to what a person reads: a text of 200 kB is told by its beginning and its hash.
pub(in super::super) fn cut(text: &str) -> Box<str> {
    /// So many characters are kept.
    const MOST: usize = 300;
    if text.chars().nth(MOST).is_none() {
        return text.into();
    }
    let kept: String = text.chars().take(MOST).collect();
    let hash = Sha256::digest(text.as_bytes());
    let hash = crate::domain::hex::encode(hash.get(..8).unwrap_or_default());
    format!("{kept}… ({} characters, SHA-256 {hash}…)", text.chars().count()).into()
}

impl fmt::Display for OnGroup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |group| write!(f, " on a node of {group}"))
    }
}

/// `TooShort` as `too_short`.
pub(super) fn snake(name: &str) -> String {
    let mut word = String::with_capacity(name.len() + 4);
    for (place, letter) in name.char_indices() {
        if letter.is_ascii_uppercase() && place > 0 {
            word.push('_');
        }
        word.push(letter.to_ascii_lowercase());
    }
    word
}

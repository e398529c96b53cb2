//! Registered secrets, and finding them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{blot, forms};

/// The forms of all registered secrets, by their first two bytes.
pub struct Registry {
    by_start: BTreeMap<[u8; 2], Vec<Box<str>>>,
    /// A bit for each pair of bytes that a form begins with, so that the usual line costs one look a byte.
    starts: Vec<u64>,
}

impl Registry {
    /// The shortest secret, in bytes.
    const SHORTEST: usize = 4;

    pub const fn new() -> Self {
        Self { by_start: BTreeMap::new(), starts: Vec::new() }
    }

    pub fn add(&mut self, secret: &str) -> bool {
        let secret = secret.trim();
        if secret.len() < Self::SHORTEST {
            return false;
        }
        self.starts.resize(1024, 0);
        for form in forms::of(secret).into_iter().filter(|form| form.len() >= Self::SHORTEST) {
            let Some(start) = form.as_bytes().first_chunk::<2>().copied() else { continue };
            let known = self.by_start.entry(start).or_default();
            if known.iter().all(|other| **other != *form) {
                known.push(form.into_boxed_str());
                known.sort_by_key(|form| std::cmp::Reverse(form.len()));
            }
            let bit = u16::from_be_bytes(start);
            if let Some(word) = self.starts.get_mut(usize::from(bit >> 6)) {
                *word |= 1 << (bit & 63);
            }
        }
        true
    }

    /// The text without any registered secret in any form.
    pub fn redact<'a>(&self, text: &'a str) -> Cow<'a, str> {
        let Some(mut blotted) = blot(text, self.find(text)) else { return Cow::Borrowed(text) };
        // The mark and what stands beside it may be a secret again; each round makes the text shorter.
        while let Some(again) = blot(&blotted, self.find(&blotted)) {
            blotted = again;
        }
        Cow::Owned(blotted)
    }

    /// Every place of every form, overlapping ones too; at each place the longest.
    fn find(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        if self.starts.is_empty() {
            return found;
        }
        for (place, pair) in text.as_bytes().windows(2).enumerate() {
            let Some(start) = pair.first_chunk::<2>() else { continue };
            let bit = u16::from_be_bytes(*start);
            if self.starts.get(usize::from(bit >> 6)).is_none_or(|word| word >> (bit & 63) & 1 == 0) {
                continue;
            }
            let rest = text.as_bytes().get(place..).unwrap_or_default();
            let forms = self.by_start.get(start).map(Vec::as_slice).unwrap_or_default();
            if let Some(form) = forms.iter().find(|form| rest.starts_with(form.as_bytes())) {
                found.push(place..place.saturating_add(form.len()));
            }
        }
        found
    }
}

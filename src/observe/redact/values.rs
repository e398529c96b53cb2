//! Registered secrets, and finding them, without keeping them.
//!
//! A registry lives as long as the process, much longer than the keys and passphrases that it knows, so it holds none of
//! them. Of each form it keeps its length, a keyed SHA-256 of all of it, and a keyed short hash of its first bytes, which
//! says where a closer look is worth it. The keys are random numbers of this process. Whoever reads the whole memory can
//! try guesses against the digests, but finds nothing to read; a secret of up to sixteen bytes can only be guessed as a
//! whole, and of a longer one no more than the first sixteen by themselves.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::ops::Range;

use hmac::{Hmac, Mac as _};
use sha2::Sha256;

use super::{blot, forms};

/// What is known of one form of a secret.
struct Known {
    /// Its bytes.
    length: usize,
    /// What all of it gives under the registry's key.
    digest: [u8; 32],
}

/// What tells the forms of all registered secrets.
pub struct Registry {
    /// By how many first bytes are looked at, and by their hash; the longest form first.
    by_start: BTreeMap<usize, BTreeMap<u64, Vec<Known>>>,
    /// What first bytes are hashed with.
    starts: RandomState,
    /// What whole forms are hashed with.
    key: [u8; 32],
}

impl Registry {
    /// The shortest secret, in bytes.
    const SHORTEST: usize = 4;

    /// How many first bytes are looked at, where there are so many.
    const START: usize = 16;

    pub fn new() -> Self {
        // The standard library's keys are random; what they give is what nobody outside of this process knows.
        let mut key = [0; 32];
        for (number, part) in key.chunks_exact_mut(8).enumerate() {
            part.copy_from_slice(&RandomState::new().hash_one(number).to_le_bytes());
        }
        Self { by_start: BTreeMap::new(), starts: RandomState::new(), key }
    }

    pub fn add(&mut self, secret: &str) -> bool {
        let secret = secret.trim();
        if secret.len() < Self::SHORTEST {
            return false;
        }
        for form in forms::of(secret).iter().filter(|form| form.len() >= Self::SHORTEST) {
            let form = form.as_bytes();
            let Some(start) = form.get(..form.len().min(Self::START)) else { continue };
            let known = Known { length: form.len(), digest: self.digest(form) };
            // The digest works on a copy on the stack, which nobody wipes: the same work on zeros overwrites it.
            let _ = std::hint::black_box(self.digest(&[0; 63]));
            let hash = self.hash(start);
            let alike = self.by_start.entry(start.len()).or_default().entry(hash).or_default();
            if alike.iter().all(|other| other.digest != known.digest) {
                alike.push(known);
                alike.sort_by_key(|known| std::cmp::Reverse(known.length));
            }
        }
        true
    }

    fn hash(&self, start: &[u8]) -> u64 {
        let mut hasher = self.starts.build_hasher();
        hasher.write(start);
        hasher.finish()
    }

    fn digest(&self, form: &[u8]) -> [u8; 32] {
        // A key of any length will do.
        let Ok(mut digest) = Hmac::<Sha256>::new_from_slice(&self.key) else { return [0; 32] };
        digest.update(form);
        digest.finalize().into_bytes().into()
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
        let mut found: Vec<Range<usize>> = Vec::new();
        if self.by_start.is_empty() {
            return found;
        }
        for place in 0..text.len() {
            let rest = text.as_bytes().get(place..).unwrap_or_default();
            let longest = self.by_start.iter().filter_map(|(length, known)| {
                let alike = known.get(&self.hash(rest.get(..*length)?))?;
                alike.iter().map(|known| known.length).find(|length| self.is_known(alike, rest.get(..*length)))
            });
            found.extend(longest.max().map(|length| place..place.saturating_add(length)));
        }
        found
    }

    fn is_known(&self, alike: &[Known], form: Option<&[u8]>) -> bool {
        let Some(form) = form else { return false };
        let digest = self.digest(form);
        alike.iter().any(|known| known.length == form.len() && known.digest == digest)
    }
}

//! Seed phrases.

use std::ops::Range;
use std::sync::LazyLock;

use bip32::{Language, Mnemonic};

/// The fewest words of a phrase.
const FEWEST: usize = 12;

/// The longest gap between two words: `", "`, `\n 12. `.
const LONGEST_GAP: usize = 6;

/// The BIP-39 list in its alphabetical order. bip32 keeps its list to itself but spells any entropy, 23 words at a time.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words = Vec::with_capacity(2048);
    for first in (0..2048_u16).step_by(23) {
        let mut entropy = [0_u8; 32];
        let bits = (first..2048).take(23).flat_map(|word| (0..11).rev().map(move |bit| word >> bit & 1));
        for (place, bit) in bits.enumerate() {
            if let Some(byte) = entropy.get_mut(place / 8) {
                *byte |= u8::from(bit == 1) << (7 - place % 8);
            }
        }
        let phrase = Mnemonic::from_entropy(entropy, Language::English);
        let count = usize::from(2048 - first).min(23);
        words.extend(phrase.phrase().split(' ').take(count).map(str::to_owned));
    }
    words
});

/// Finds runs of twelve or more words of the list, in either case, with little between them.
pub fn find(text: &str, found: &mut Vec<Range<usize>>) {
    let mut run: Vec<Range<usize>> = Vec::new();
    for word in words(text) {
        let follows = run.last().is_none_or(|last| word.start.saturating_sub(last.end) <= LONGEST_GAP);
        if !follows || !(3..=8).contains(&word.len()) {
            settle(text, &mut run, found);
        }
        if (3..=8).contains(&word.len()) {
            run.push(word);
        }
    }
    settle(text, &mut run, found);
}

/// The long enough stretches of a run of candidates that are all on the list. The list is only spelled out for these.
fn settle(text: &str, run: &mut Vec<Range<usize>>, found: &mut Vec<Range<usize>>) {
    if run.len() >= FEWEST {
        for stretch in run.split(|word| !is_listed(text.get(word.clone()).unwrap_or_default())) {
            if let (Some(first), Some(last)) = (stretch.first(), stretch.last())
                && stretch.len() >= FEWEST
            {
                found.push(first.start..last.end);
            }
        }
    }
    run.clear();
}

fn is_listed(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    WORDS.binary_search_by(|listed| listed.as_str().cmp(&word)).is_ok()
}

/// The longest stretches of ASCII letters.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut place = 0;
    std::iter::from_fn(move || {
        let rest = text.as_bytes().get(place..)?;
        let start = place.saturating_add(rest.iter().position(u8::is_ascii_alphabetic)?);
        let letters = text.as_bytes().get(start..)?.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        place = start.saturating_add(letters);
        Some(start..place)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redacted(text: &str) -> String {
        let mut found = Vec::new();
        find(text, &mut found);
        super::super::blot(text, found).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn the_list_is_the_list() {
        assert_eq!(WORDS.len(), 2048);
        assert!(WORDS.is_sorted());
        assert_eq!((WORDS[0].as_str(), WORDS[1023].as_str(), WORDS[2047].as_str()), ("abandon", "lend", "zoo"));
    }

    #[test]
    fn phrases_are_found_in_any_dress() {
        // The vectors of the BIP-39 reference.
        let twelve = "legal winner thank year wave sausage worth useful legal winner thank yellow";
        let twenty_four = "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount \
                           doctor acoustic avoid letter advice cage absurd amount doctor acoustic bless";
        for phrase in [twelve, twenty_four] {
            let listed: Vec<String> =
                phrase.split(' ').enumerate().map(|(place, word)| format!("{}. {word}", place + 1)).collect();
            for dressed in [phrase.to_owned(), phrase.to_uppercase(), phrase.replace(' ', "\", \""), listed.join("\n")]
            {
                let text = format!("cannot import: {dressed}: bad checksum");
                let shown = redacted(&text);
                assert!(shown.contains("***") && !shown.to_lowercase().contains("advice"), "{shown}");
                assert!(!shown.contains("winner") && shown.ends_with("checksum"), "{shown}");
            }
        }
    }

    #[test]
    fn prose_stays() {
        for text in [
            "the lease was closed by the tenant because the escrow account has run out of funds and nobody paid",
            "cannot open state file: permission denied, change the owner with chown and try again later please",
            "legal winner thank year wave sausage worth useful legal winner thank",
        ] {
            assert_eq!(redacted(text), text);
        }
    }
}

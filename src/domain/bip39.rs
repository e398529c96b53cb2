//! The English word list of BIP-39, of which seed phrases are made.

use std::sync::LazyLock;

use bip32::{Language, Mnemonic};

/// The list in its alphabetical order. bip32 keeps its list to itself but spells any entropy, 23 words at a time.
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

/// Whether this is a word of the list, in lower case.
pub fn is_word(word: &str) -> bool {
    place(word).is_some()
}

/// The place of a word in the list, from 0: the eleven bits that it stands for.
pub fn place(word: &str) -> Option<u16> {
    let place = WORDS.binary_search_by(|listed| listed.as_str().cmp(word)).ok()?;
    u16::try_from(place).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_list() {
        assert_eq!(WORDS.len(), 2048);
        assert!(WORDS.is_sorted());
        assert_eq!((WORDS[0].as_str(), WORDS[1023].as_str(), WORDS[2047].as_str()), ("abandon", "lend", "zoo"));
        assert!(is_word("zoo") && !is_word("Zoo") && !is_word("zo") && !is_word(""));
    }
}

//! Mnemonics: the 24 words that a secp256k1 key is made from.

use std::borrow::Cow;
use std::fmt;

use bip32::{Language, XPrv};
use zeroize::Zeroizing;

use super::{HdPath, NoRandomness, PrivateKey, random};
use crate::domain::bip39;
use crate::domain::fault::{Classified, Fault};

/// A mnemonic of 24 English words (BIP-39), checked. Overwritten in memory when it is dropped.
pub struct Mnemonic(bip32::Mnemonic);

/// How many words.
const WORDS: usize = 24;

/// Why a text is no mnemonic, or gives no key. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MnemonicError {
    /// More or fewer words.
    #[error("the mnemonic has {found} words, and {WORDS} are needed")]
    WordCount {
        /// How many there are.
        found: usize,
    },
    /// A word that is not on the list.
    #[error("word {place} of the mnemonic is not on the English list of BIP-39")]
    UnknownWord {
        /// Which word; the first is 1.
        place: usize,
    },
    /// All words are on the list, but they are not these words in this order.
    #[error("the checksum of the mnemonic is wrong")]
    Checksum,
    /// The one path in 2^127 that leads to no key.
    #[error("the derivation path leads to no key")]
    NoKey,
}

impl Classified for MnemonicError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::WordCount { .. } => "give all words of the phrase in their order, separated by spaces",
            Self::UnknownWord { .. } => "look for a misspelt word at this place",
            Self::Checksum => {
                "two words are exchanged, or one was taken for another; compare it with what was written down"
            }
            Self::NoKey => "choose another path with --hd-path",
        };
        Some(hint.into())
    }
}

impl Mnemonic {
    /// A new mnemonic from 32 random bytes of the system.
    pub fn generate() -> Result<Self, NoRandomness> {
        let entropy = random::bytes::<32>()?;
        Ok(Self(bip32::Mnemonic::from_entropy(*entropy, Language::English)))
    }

    /// Reads a mnemonic, in either case, with any white space between its words.
    pub fn parse(text: &str) -> Result<Self, MnemonicError> {
        let found = text.split_whitespace().count();
        if found != WORDS {
            return Err(MnemonicError::WordCount { found });
        }
        // Room for all of it from the start, so that no copy is left behind by growing.
        let mut phrase = Zeroizing::new(String::with_capacity(text.len()));
        for (place, word) in text.split_whitespace().enumerate() {
            if place > 0 {
                phrase.push(' ');
            }
            let start = phrase.len();
            phrase.extend(word.chars().map(|character| character.to_ascii_lowercase()));
            if !bip39::is_word(phrase.get(start..).unwrap_or_default()) {
                return Err(MnemonicError::UnknownWord { place: place.saturating_add(1) });
            }
        }
        bip32::Mnemonic::new(phrase.as_str(), Language::English).map(Self).map_err(|_| MnemonicError::Checksum)
    }

    /// The secp256k1 key at this path, without a BIP-39 password, as Cosmos wallets derive it.
    pub fn derive(&self, path: &HdPath) -> Result<PrivateKey, MnemonicError> {
        let seed = self.0.to_seed("");
        let extended = XPrv::derive_from_path(&seed, path.derivation()).map_err(|_| MnemonicError::NoKey)?;
        Ok(PrivateKey::Secp256k1(extended.private_key().clone()))
    }

    /// The words. Whoever asks shows them to their owner, once, and writes them nowhere.
    pub fn reveal(&self) -> &str {
        self.0.phrase()
    }
}

impl fmt::Debug for Mnemonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mnemonic(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PHRASE: &str = "letter advice cage absurd amount doctor acoustic avoid letter advice cage absurd amount doctor \
                          acoustic avoid letter advice cage absurd amount doctor acoustic bless";

    #[test]
    fn a_phrase_is_read_in_any_dress() {
        let loud = format!("\n  {}\n", PHRASE.to_uppercase().replace(' ', "\t \n"));
        assert_eq!(Mnemonic::parse(&loud).unwrap().reveal(), PHRASE);
    }

    #[test]
    fn what_is_wrong_is_said_without_quoting() {
        let parse = |text: &str| Mnemonic::parse(text).unwrap_err();
        assert_eq!(parse(""), MnemonicError::WordCount { found: 0 });
        assert_eq!(parse("letter advice cage"), MnemonicError::WordCount { found: 3 });
        assert_eq!(parse(&PHRASE.replacen("absurd", "obsurd", 1)), MnemonicError::UnknownWord { place: 4 });
        assert_eq!(parse(&PHRASE.replace("bless", "avoid")), MnemonicError::Checksum);
        assert_eq!(parse(&PHRASE.replacen("letter advice", "advice letter", 1)), MnemonicError::Checksum);
        assert!(!format!("{:?}", Mnemonic::parse(PHRASE)).contains("advice"));
    }

    #[test]
    fn new_phrases_read_back_and_differ() {
        let (one, other) = (Mnemonic::generate().unwrap(), Mnemonic::generate().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(Mnemonic::parse(one.reveal()).unwrap().reveal(), one.reveal());
    }
}

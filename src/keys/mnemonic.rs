//! Mnemonics: the words that a secp256k1 key is made from. New ones have 24; other wallets also make 12, 15, 18 or 21.

use std::borrow::Cow;
use std::fmt;

use bip32::{Language, XPrv};
use hmac::{Hmac, Mac as _};
use sha2::{Digest as _, Sha256, Sha512};
use zeroize::Zeroizing;

use super::{HdPath, NoRandomness, PrivateKey, random};
use crate::domain::bip39;
use crate::domain::fault::{Classified, Fault};

/// A mnemonic of English words (BIP-39), checked. Overwritten in memory when it is dropped.
pub struct Mnemonic(Zeroizing<String>);

/// How many words there may be.
const WORDS: [usize; 5] = [12, 15, 18, 21, 24];

/// How often BIP-39 has the phrase hashed to a seed.
const ROUNDS: u32 = 2048;

/// Why a text is no mnemonic, or gives no key. It never quotes the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MnemonicError {
    /// A number of words that no mnemonic has.
    #[error("the mnemonic has {found} words; one has 12, 15, 18, 21 or 24")]
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
        let mnemonic = bip32::Mnemonic::from_entropy(*entropy, Language::English);
        Ok(Self(Zeroizing::new(mnemonic.phrase().to_owned())))
    }

    /// Reads a mnemonic, in either case, with any white space between its words.
    pub fn parse(text: &str) -> Result<Self, MnemonicError> {
        let found = text.split_whitespace().count();
        if !WORDS.contains(&found) {
            return Err(MnemonicError::WordCount { found });
        }
        // Room for all of it from the start, so that no copy is left behind by growing.
        let mut phrase = Zeroizing::new(String::with_capacity(text.len()));
        let mut bits = Zeroizing::new(Vec::with_capacity(found.saturating_mul(BITS_A_WORD.into())));
        for (place, word) in text.split_whitespace().enumerate() {
            if place > 0 {
                phrase.push(' ');
            }
            let start = phrase.len();
            phrase.extend(word.chars().map(|character| character.to_ascii_lowercase()));
            let listed = bip39::place(phrase.get(start..).unwrap_or_default())
                .ok_or(MnemonicError::UnknownWord { place: place.saturating_add(1) })?;
            bits.extend((0..BITS_A_WORD).rev().map(|bit| listed >> bit & 1 == 1));
        }
        if has_checksum(&bits) { Ok(Self(phrase)) } else { Err(MnemonicError::Checksum) }
    }

    /// The seed: PBKDF2 with HMAC-SHA-512, salted with `mnemonic` and no password.
    fn seed(&self) -> Zeroizing<[u8; 64]> {
        let mut seed = Zeroizing::new([0; 64]);
        let mut block = Zeroizing::new(self.hashed(b"mnemonic\0\0\0\x01"));
        for _ in 0..ROUNDS {
            seed.iter_mut().zip(block.iter()).for_each(|(seed, byte)| *seed ^= byte);
            block = Zeroizing::new(self.hashed(block.as_slice()));
        }
        seed
    }

    fn hashed(&self, data: &[u8]) -> [u8; 64] {
        let mut mac = Hmac::<Sha512>::new_from_slice(self.0.as_bytes()).unwrap_or_else(|_| Hmac::new(&[0; 128].into()));
        mac.update(data);
        mac.finalize().into_bytes().into()
    }

    /// The secp256k1 key at this path, without a BIP-39 password, as Cosmos wallets derive it.
    pub fn derive(&self, path: &HdPath) -> Result<PrivateKey, MnemonicError> {
        let extended =
            XPrv::derive_from_path(self.seed().as_slice(), path.derivation()).map_err(|_| MnemonicError::NoKey)?;
        Ok(PrivateKey::Secp256k1(extended.private_key().clone()))
    }

    /// The words. Whoever asks shows them to their owner, once, and writes them nowhere.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// How many bits a word stands for.
const BITS_A_WORD: u8 = 11;

/// Whether the last bits, one for each 32 before them, are the first of the hash of those.
fn has_checksum(bits: &[bool]) -> bool {
    let entropy = bits.len() / 33 * 32;
    let (entropy, checksum) = bits.split_at(entropy);
    let byte = |bits: &[bool]| bits.iter().fold(0_u8, |byte, bit| byte << 1 | u8::from(*bit));
    let bytes = Zeroizing::new(entropy.chunks(8).map(byte).collect::<Vec<u8>>());
    let hash = Sha256::digest(bytes.as_slice());
    let first = hash.first().copied().unwrap_or_default();
    checksum.iter().zip((0..8).rev()).all(|(bit, place)| *bit == (first >> place & 1 == 1))
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
    fn phrases_of_every_length_give_the_account_that_other_wallets_give() {
        use crate::domain::address::Address;
        // The phrases of no entropy at all; the first one's account is known far and wide.
        for (count, last) in [(12, "about"), (15, "address"), (18, "agent"), (21, "admit"), (24, "art")] {
            let phrase = format!("{}{last}", "abandon ".repeat(count - 1));
            let mnemonic = Mnemonic::parse(&phrase).unwrap();
            let key = mnemonic.derive(&HdPath::of_account(118, 0).unwrap()).unwrap();
            let crate::keys::PublicKey::Secp256k1(point) = key.public() else { panic!("another type") };
            let address = Address::of_secp256k1(&point, "cosmos").unwrap();
            if count == 12 {
                assert_eq!(address.as_str(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
                assert!(
                    crate::domain::hex::encode(mnemonic.seed().as_slice())
                        .starts_with("5eb00bbddcf069084889a8ab91555681")
                );
            }
            // The word before the right one has another checksum.
            let wrong = format!("{}abandon", "abandon ".repeat(count - 1));
            assert_eq!(Mnemonic::parse(&wrong).unwrap_err(), MnemonicError::Checksum, "{count}");
        }
        for count in [11, 13, 23, 25] {
            let phrase = "abandon ".repeat(count);
            assert_eq!(Mnemonic::parse(&phrase).unwrap_err(), MnemonicError::WordCount { found: count });
        }
    }

    #[test]
    fn a_phrase_of_24_words_gives_the_seed_that_bip32_gives() {
        let mnemonic = Mnemonic::parse(PHRASE).unwrap();
        let theirs = bip32::Mnemonic::new(PHRASE, Language::English).unwrap().to_seed("");
        assert_eq!(mnemonic.seed().as_slice(), theirs.as_bytes().as_slice());
    }

    #[test]
    fn new_phrases_read_back_and_differ() {
        let (one, other) = (Mnemonic::generate().unwrap(), Mnemonic::generate().unwrap());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(Mnemonic::parse(one.reveal()).unwrap().reveal(), one.reveal());
    }
}

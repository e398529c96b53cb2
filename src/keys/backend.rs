//! What every place for secrets can do.

use std::fmt;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::file::{Key, KeyFile};
use super::{Error, HdPath, KeyType, Name, Passphrase, PassphraseError, PrivateKey, Signature};

/// Which kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BackendKind {
    /// Sealed files.
    File,
    /// A PKCS#11 token.
    Hardware,
    /// A Ledger device.
    Ledger,
    /// A signer program of the operator's.
    NonCustodial,
    /// Derived from names; for tests.
    Memory,
}

impl BackendKind {
    /// The word in the configuration and in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Hardware => "hardware",
            Self::Ledger => "ledger",
            Self::NonCustodial => "non_custodial",
            Self::Memory => "memory",
        }
    }

    /// What it is, for a sentence.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::File => "a key file",
            Self::Hardware => "a PKCS#11 token",
            Self::Ledger => "a Ledger device",
            Self::NonCustodial => "the signer program",
            Self::Memory => "memory",
        }
    }
}

impl fmt::Display for BackendKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// What a key can do, and what it asks of people.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Each signature needs somebody who touches a device. A job that a timer started never waits for that.
    pub needs_touch: bool,
    /// It signs only what it can show: transactions in their JSON form, SIGN_MODE_LEGACY_AMINO_JSON.
    pub json_only: bool,
}

/// Where a new key comes from.
#[derive(Debug)]
pub enum Origin<'a> {
    /// It is made there and then.
    New(KeyType),
    /// It is there already, under its name.
    Existing(KeyType),
    /// It is brought along.
    Given {
        /// The key.
        private: &'a PrivateKey,
        /// Where it was derived, if it has a mnemonic.
        hd_path: Option<HdPath>,
    },
}

/// A key that is to be kept.
#[derive(Debug)]
pub struct NewKey<'a> {
    /// Its name.
    pub name: Name,
    /// Where it comes from.
    pub origin: Origin<'a>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// Something sealed by NaCl's `crypto_box`.
#[derive(Debug, Clone, Copy)]
pub struct SealedBox<'a> {
    /// Whoever sealed it: an X25519 public key.
    pub sender: &'a [u8; 32],
    /// The nonce.
    pub nonce: &'a [u8; 24],
    /// A Poly1305 tag of 16 bytes, then what is sealed.
    pub ciphertext: &'a [u8],
}

/// A place for secrets.
///
/// What it makes it also finds again, with what the key's file says ([`Key::home`]). It never gives a secret away.
pub trait Backend: Send + Sync {
    /// Which kind it is.
    fn kind(&self) -> BackendKind;

    /// Whether it can keep keys of this type.
    fn keeps(&self, key_type: KeyType) -> bool;

    /// What its keys can do, and what they ask of people.
    fn capabilities(&self) -> Capabilities {
        Capabilities::default()
    }

    /// Makes a key, or finds it, and gives back its file, which is not in the folder yet.
    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, Error>;

    /// Signs, as [`PrivateKey::sign`] says.
    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, Error>;

    /// Opens what was sealed to an X25519 key.
    fn open(&self, key: &Key, sealed: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, Error>;

    /// Deletes the secret, where that is ours to do. That it is gone already is success.
    fn remove(&self, key: &Key) -> Result<(), Error>;
}

/// Whoever knows what opens a back end: a person at a terminal, a file, a systemd credential.
pub trait Ask: Send + Sync {
    /// The passphrase of a key that exists.
    fn passphrase(&self, key: &Name) -> Result<Passphrase, PassphraseError>;

    /// A passphrase for a new key.
    fn new_passphrase(&self, key: &Name) -> Result<Passphrase, PassphraseError>;

    /// The PIN of a token.
    fn pin(&self, token: &str) -> Result<Passphrase, PassphraseError>;

    /// Whether a person types passphrases, new ones twice: then no mistake in a file or a credential seals a key.
    fn types(&self) -> bool {
        false
    }
}

/// One passphrase that was asked for before, whatever it is wanted for.
#[derive(Debug, Clone)]
pub struct Known(pub Passphrase);

impl Ask for Known {
    fn passphrase(&self, _: &Name) -> Result<Passphrase, PassphraseError> {
        Ok(self.0.clone())
    }

    fn new_passphrase(&self, _: &Name) -> Result<Passphrase, PassphraseError> {
        Ok(self.0.clone())
    }

    fn pin(&self, _: &str) -> Result<Passphrase, PassphraseError> {
        Ok(self.0.clone())
    }
}

//! A new key: make it, seal it, record it, put it into the key folder.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::keys::file::{self, Costs, Key, Keyring, NewKey};
use crate::keys::{HdPath, KeyType, Mnemonic, MnemonicError, Name, NoRandomness, Passphrase, PrivateKey};
use crate::store;

/// What key to make.
#[derive(Debug)]
pub struct Request<'a> {
    /// Its name.
    pub name: Name,
    /// What it is made from.
    pub origin: Origin<'a>,
    /// What seals it.
    pub passphrase: &'a Passphrase,
    /// What a guess at the passphrase costs.
    pub costs: Costs,
    /// The time.
    pub now: Timestamp,
}

/// What a key is made from.
#[derive(Debug)]
pub enum Origin<'a> {
    /// Random bytes.
    Random(KeyType),
    /// A mnemonic: a secp256k1 key.
    Mnemonic {
        /// The words.
        mnemonic: &'a Mnemonic,
        /// Where it is derived.
        path: HdPath,
        /// It existed before.
        recovered: bool,
    },
}

/// Why there is no new key. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There are no random bytes.
    #[error("cannot make the key `{name}`")]
    Random {
        /// The key.
        name: Name,
        /// Why.
        #[source]
        source: NoRandomness,
    },
    /// The mnemonic gives no key.
    #[error("cannot derive the key `{name}`")]
    Derive {
        /// The key.
        name: Name,
        /// Why.
        #[source]
        source: MnemonicError,
    },
    /// The key folder.
    #[error(transparent)]
    Keyring(#[from] file::Error),
    /// What cannot be recorded is not done.
    #[error(transparent)]
    Record(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Random { .. } => Fault::Unavailable,
            Self::Derive { source, .. } => source.fault(),
            Self::Keyring(error) => error.fault(),
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Random { .. } => None,
            Self::Derive { source, .. } => source.hint(),
            Self::Keyring(error) => error.hint(),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Makes a key, and keeps it.
pub fn run(request: Request<'_>, keyring: &Keyring, trail: Option<&Trail<'_>>) -> Result<Key, Error> {
    let Request { name, origin, passphrase, costs, now } = request;
    let (private, hd_path, what) = match origin {
        Origin::Random(key_type) => {
            let private = PrivateKey::generate(key_type);
            (private.map_err(|source| Error::Random { name: name.clone(), source })?, None, Use::Create)
        }
        Origin::Mnemonic { mnemonic, path, recovered } => {
            let private = mnemonic.derive(&path).map_err(|source| Error::Derive { name: name.clone(), source })?;
            (private, Some(path), if recovered { Use::Recover } else { Use::Create })
        }
    };
    // The slow part, before anything is held.
    let sealed = keyring.seal(NewKey { name, private: &private, hd_path, created_at: now }, passphrase, costs)?;
    drop(private);
    let key = sealed.key().clone();
    key_usage::recorded(trail, (what, &key), &Map::new(), || Ok(keyring.add(sealed)?))
}

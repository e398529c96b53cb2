//! A new key: make it where it is to be kept, record it, put its file into the key folder.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Map;

use super::FailPoint;
use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::domain::key::State;
use crate::keys::file::{self, Key, Keyring};
use crate::keys::{self, Backend, HdPath, KeyType, Mnemonic, MnemonicError, Name, NewKey, PrivateKey};
use crate::store::keys::{self as rows, KeyRow};
use crate::store::{self, Store};

/// What key to make.
pub struct Request<'a> {
    /// Its name.
    pub name: Name,
    /// What it is made from.
    pub origin: Origin<'a>,
    /// The state file, which remembers names.
    pub store: &'a Store,
    /// The time.
    pub now: Timestamp,
}

/// What a key is made from.
#[derive(Debug)]
pub enum Origin<'a> {
    /// The back end makes it.
    New(KeyType),
    /// The back end has it already.
    Existing(KeyType),
    /// A mnemonic: a secp256k1 key.
    Mnemonic {
        /// The words.
        mnemonic: &'a Mnemonic,
        /// Where it is derived.
        path: HdPath,
        /// It existed before.
        recovered: bool,
    },
    /// A key that other software made.
    Imported(&'a PrivateKey),
}

/// Why there is no new key. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The mnemonic gives no key.
    #[error("cannot derive the key `{name}`")]
    Derive {
        /// The key.
        name: Name,
        /// Why.
        #[source]
        source: MnemonicError,
    },
    /// It is in the key folder under another name.
    #[error("the key folder has this very key already, as `{other}`")]
    Twice {
        /// The other name.
        other: Name,
    },
    /// Another key had this name, and nobody has said that it is gone for good.
    #[error("the state file remembers another key `{name}`, which is {state}, and its file is gone")]
    Remembered {
        /// The name.
        name: Name,
        /// The state of the key that had it.
        state: State,
    },
    /// The back end.
    #[error(transparent)]
    Keys(#[from] keys::Error),
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
            Self::Derive { source, .. } => source.fault(),
            Self::Twice { .. } | Self::Remembered { .. } => Fault::Invalid,
            Self::Keys(error) => error.fault(),
            Self::Keyring(error) => error.fault(),
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Derive { source, .. } => source.hint(),
            Self::Twice { .. } => Some("a key has one name and one life: use it under that name".into()),
            Self::Remembered { name, state } => Some(
                if *state == State::Compromised {
                    format!("`provider keys destroy {name}` frees the name")
                } else {
                    format!(
                        "`provider keys restore` brings it back, or `keys add` with --recover (from its mnemonic) or --existing \
                         (from its token or signer); if it is lost, `provider keys compromise {name}` and `provider keys \
                         destroy {name}` free the name"
                    )
                }
                .into(),
            ),
            Self::Keys(error) => error.hint(),
            Self::Keyring(error) => error.hint(),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Makes a key, and keeps it.
pub fn run(
    request: Request<'_>,
    backend: &dyn Backend,
    keyring: &Keyring,
    trail: Option<&Trail<'_>>,
) -> Result<Key, Error> {
    let Request { name, origin, store, now } = request;
    let remembered = store.read("look for a key of this name", |snapshot| rows::by_name(snapshot, name.as_str()))?;
    let taken = |row: &KeyRow| Error::Remembered { name: name.clone(), state: row.state };
    // A key that is made now is none that was.
    if let (Some(row), Origin::New(_)) = (&remembered, &origin) {
        return Err(taken(row));
    }
    let derived;
    let (origin, what) = match origin {
        Origin::New(key_type) => (keys::Origin::New(key_type), Use::Create),
        Origin::Existing(key_type) => (keys::Origin::Existing(key_type), Use::Adopt),
        Origin::Imported(private) => (keys::Origin::Given { private, hd_path: None }, Use::Import),
        Origin::Mnemonic { mnemonic, path, recovered } => {
            let private = mnemonic.derive(&path);
            derived = private.map_err(|source| Error::Derive { name: name.clone(), source })?;
            let what = if recovered { Use::Recover } else { Use::Create };
            (keys::Origin::Given { private: &derived, hd_path: Some(path) }, what)
        }
    };
    // The slow part, before anything is held.
    let file = backend.prepare(NewKey { name: name.clone(), origin, created_at: now })?;
    let key = file.key().clone();
    FailPoint::KeyPrepared.reach();
    if let Some(row) = remembered.filter(|row| row.fingerprint != key.public.fingerprint()) {
        return Err(Error::Remembered { name: key.name, state: row.state });
    }
    let listed = keyring.list()?.into_iter().filter_map(|listed| listed.key.ok());
    if let Some(same) = listed.into_iter().find(|known| known.public == key.public && known.name != key.name) {
        return Err(Error::Twice { other: same.name });
    }
    let added = key_usage::recorded(trail, (what, &key), &Map::new(), || Ok::<_, Error>(keyring.add(file)?))?;
    FailPoint::KeyMade.reach();
    Ok(added)
}

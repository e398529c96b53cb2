//! The end of a key: record it, delete it where it is kept, take its file away.

use std::borrow::Cow;

use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::keys::file::{self, Key};
use crate::keys::{self, Backends};
use crate::store;

/// Why the key is still there.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Where it is kept.
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
            Self::Keys(error) => error.fault(),
            Self::Keyring(error) => error.fault(),
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Keys(error) => error.hint(),
            Self::Keyring(error) => error.hint(),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Deletes a key that was found before.
pub fn run(key: &Key, backends: &Backends<'_>, trail: Option<&Trail<'_>>) -> Result<Key, Error> {
    // The secret first: with its file it is still known where the secret is, after a kill too.
    key_usage::recorded(trail, (Use::Delete, key), &Map::new(), || {
        backends.of(key.home.kind())?.remove(key)?;
        Ok(backends.keyring().delete(&key.name)?)
    })
}

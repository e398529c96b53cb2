//! Keys on a PKCS#11 token: a hardware security module, a smart card, or SoftHSM.
//!
//! A key is a pair of objects whose label is the key's name; its file keeps the token's serial number and the objects'
//! id. Private keys are made as sensitive and not extractable: they never leave the token. The library is loaded when
//! the first key is used, and one session is logged in for the rest of the run.
//!
//! Kept: secp256k1, P-256 and Ed25519, as far as the token has their mechanisms; no X25519, since tokens that have key
//! agreement do not agree on how.

mod curve;
mod error;
mod token;

pub use error::Error;

use std::fmt;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use super::backend::{Ask, Backend, NewKey, Origin, SealedBox};
use super::file::{Described, Home, Key, KeyFile, Keyring};
use super::{BackendKind, KeyType, Signature};
use token::Token;

/// Which token, and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The PKCS#11 library.
    pub library: PathBuf,
    /// The slot of the token.
    pub slot: Option<u64>,
    /// The label of the token.
    pub label: Option<String>,
}

/// The keys of a token.
pub struct Hardware<'a> {
    keyring: &'a Keyring,
    ask: &'a dyn Ask,
    settings: Settings,
    state: Mutex<State>,
}

enum State {
    Unused,
    Ready(Box<Token>),
    /// Another attempt could lock the token's PIN.
    Refused,
}

impl<'a> Hardware<'a> {
    /// The keys of this token.
    pub const fn new(keyring: &'a Keyring, ask: &'a dyn Ask, settings: Settings) -> Self {
        Self { keyring, ask, settings, state: Mutex::new(State::Unused) }
    }

    /// What the token can keep, for `keys init`: asks for no PIN.
    pub fn look(&self) -> Result<Vec<KeyType>, Error> {
        token::types(&self.settings)
    }

    fn with<T>(&self, work: impl FnOnce(&Token) -> Result<T, Error>) -> Result<T, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Unused) {
            *state = State::Refused;
            *state = State::Ready(Box::new(Token::open(&self.settings, self.ask)?));
        }
        match &*state {
            State::Ready(token) => work(token),
            State::Unused | State::Refused => Err(Error::Refused),
        }
    }
}

/// The id of a key's objects, if this is its token.
fn object(key: &Key, token: &Token) -> Result<Vec<u8>, Error> {
    let elsewhere = || Error::Elsewhere { key: key.name.clone() };
    let Home::Hardware { token: serial, object } = &key.home else { return Err(elsewhere()) };
    if *serial != token.serial() {
        return Err(Error::OtherToken {
            key: key.name.clone(),
            expected: serial.clone(),
            found: token.serial().to_owned(),
        });
    }
    crate::domain::hex::decode(object).ok_or_else(elsewhere)
}

impl Backend for Hardware<'_> {
    fn kind(&self) -> BackendKind {
        BackendKind::Hardware
    }

    fn keeps(&self, key_type: KeyType) -> bool {
        key_type.signs()
    }

    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, super::Error> {
        let NewKey { name, origin, created_at } = new;
        let (key_type, make) = match origin {
            Origin::New(key_type) => (key_type, true),
            Origin::Existing(key_type) => (key_type, false),
            Origin::Given { .. } => {
                return Err(super::Error::Cannot { kind: self.kind(), what: "take a key that was made elsewhere" });
            }
        };
        if !self.keeps(key_type) {
            return Err(super::Error::Keeps { kind: self.kind(), key_type });
        }
        let (object, public, serial) = self.with(|token| {
            let (object, public) = if make { token.generate(&name, key_type)? } else { token.find(&name, key_type)? };
            Ok((object, public, token.serial().to_owned()))
        })?;
        let home = Home::Hardware { token: serial, object: crate::domain::hex::encode(&object) };
        Ok(self.keyring.refer(Described { name, hd_path: None, created_at }, public, home)?)
    }

    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, super::Error> {
        let signature =
            self.with(|token| token.sign(&key.name, &object(key, token)?, key.public.key_type(), message))?;
        let wrong = || super::Error::OtherKey { key: key.name.clone(), kind: BackendKind::Hardware };
        key.public.with_low_s(signature).ok_or_else(wrong)
    }

    fn open(&self, key: &Key, _: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, super::Error> {
        Err(super::Error::Keeps { kind: self.kind(), key_type: key.public.key_type() })
    }

    fn remove(&self, key: &Key) -> Result<(), super::Error> {
        Ok(self.with(|token| token.remove(&key.name, &object(key, token)?, &key.public))?)
    }
}

impl fmt::Debug for Hardware<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hardware").field("settings", &self.settings).finish_non_exhaustive()
    }
}

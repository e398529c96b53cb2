//! A key in the hands of one run.

use std::borrow::Cow;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use super::file::{self, Key, Keyring};
use super::{CannotSign, Name, Passphrase, PassphraseError, PrivateKey, Signature};
use crate::domain::fault::{Classified, Fault};

/// Asks for the passphrase of a key.
pub type AskPassphrase<'a> = dyn Fn(&Key) -> Result<Passphrase, PassphraseError> + Send + Sync + 'a;

/// What a key can do, and what it asks of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Each signature needs somebody who touches a device. A job that a timer started never waits for that.
    pub needs_touch: bool,
    /// It signs only what it can show: transactions in their JSON form.
    pub json_only: bool,
}

/// Whatever signs for an account: a key file, a device, a program of the operator's.
pub trait Signs: Send + Sync {
    /// The public part.
    fn key(&self) -> &Key;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Signs a message.
    fn sign(&self, message: &[u8]) -> Result<Signature, SignError>;
}

/// A key that is unlocked when the first thing must be signed, and not before: a run without signatures asks for no
/// passphrase. It stays unlocked to the end of the run.
pub struct Signer<'a> {
    keyring: &'a Keyring,
    key: Key,
    ask: &'a AskPassphrase<'a>,
    state: Mutex<State>,
}

enum State {
    Locked,
    Unlocked(Box<PrivateKey>),
    /// Asking again for each signature would not make it better.
    Refused,
}

/// Why nothing was signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// There is no passphrase.
    #[error("cannot unlock the key `{key}`")]
    Passphrase {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: PassphraseError,
    },
    /// The key does not open.
    #[error("cannot unlock the key `{key}`")]
    Unlock {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: file::Error,
    },
    /// It did not open before, in this run.
    #[error("the key `{key}` could not be unlocked earlier in this run")]
    Refused {
        /// The key.
        key: Name,
    },
    /// It opens things, and does not sign.
    #[error("cannot sign with the key `{key}`")]
    Type {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: CannotSign,
    },
}

impl Classified for SignError {
    fn fault(&self) -> Fault {
        match self {
            Self::Passphrase { source, .. } => source.fault(),
            Self::Unlock { source, .. } => source.fault(),
            Self::Refused { .. } => Fault::Denied,
            Self::Type { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Passphrase { source, .. } => source.hint(),
            Self::Unlock { source, .. } => source.hint(),
            Self::Refused { .. } => Some("the first failure says why".into()),
            Self::Type { .. } => Some("`provider keys list` shows the type of each key".into()),
        }
    }
}

impl<'a> Signer<'a> {
    /// A key of a keyring, still locked.
    pub fn new(keyring: &'a Keyring, name: &Name, ask: &'a AskPassphrase<'a>) -> Result<Self, file::Error> {
        Ok(Self { keyring, key: keyring.find(name)?, ask, state: Mutex::new(State::Locked) })
    }

    /// The public part, which needs no passphrase. It is authentic once something was signed.
    pub const fn key(&self) -> &Key {
        &self.key
    }

    /// Signs a message, as [`PrivateKey::sign`] says; the first time it unlocks the key.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        let key = || self.key.name.clone();
        if !self.key.public.key_type().signs() {
            return Err(SignError::Type { key: key(), source: CannotSign(self.key.public.key_type()) });
        }
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Locked) {
            *state = State::Refused;
            let passphrase = (self.ask)(&self.key).map_err(|source| SignError::Passphrase { key: key(), source })?;
            let unlocked = self.keyring.unlock(&self.key, &passphrase);
            *state =
                State::Unlocked(unlocked.map(Box::new).map_err(|source| SignError::Unlock { key: key(), source })?);
        }
        match &*state {
            State::Unlocked(private) => private.sign(message).map_err(|source| SignError::Type { key: key(), source }),
            State::Locked | State::Refused => Err(SignError::Refused { key: key() }),
        }
    }
}

/// A key file signs anything, and asks nobody.
impl Signs for Signer<'_> {
    fn key(&self) -> &Key {
        Signer::key(self)
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { needs_touch: false, json_only: false }
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, SignError> {
        Signer::sign(self, message)
    }
}

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

//! A key in the hands of one run.

use std::fmt;

use zeroize::Zeroizing;

use super::backend::{Backend, BackendKind, Capabilities, SealedBox};
use super::file::Key;
use super::{CannotSign, Error, Signature};

/// Whatever signs for an account.
pub trait Signs: Send + Sync {
    /// The public part.
    fn key(&self) -> &Key;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Signs a message.
    fn sign(&self, message: &[u8]) -> Result<Signature, Error>;
}

/// A key with the back end that keeps its secret.
#[derive(Clone, Copy)]
pub struct Signer<'a> {
    key: &'a Key,
    backend: &'a dyn Backend,
}

impl<'a> Signer<'a> {
    /// A key and where it is kept.
    pub const fn new(key: &'a Key, backend: &'a dyn Backend) -> Self {
        Self { key, backend }
    }

    /// The public part, which needs no passphrase. It is authentic once something was signed.
    pub const fn key(&self) -> &'a Key {
        self.key
    }

    /// What it can do, and what it asks of people.
    pub fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    /// Signs a message, as [`super::PrivateKey::sign`] says; the first time it unlocks the key. What comes back from
    /// elsewhere than a file is verified before it is believed.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, Error> {
        let key_type = self.key.public.key_type();
        if !key_type.signs() {
            return Err(Error::Type { key: self.key.name.clone(), source: CannotSign(key_type) });
        }
        let signature = self.backend.sign(self.key, message)?;
        let kind = self.backend.kind();
        // A sealed key was compared with its public key when it was unlocked.
        if kind != BackendKind::File && !self.key.public.verifies(message, &signature) {
            return Err(Error::OtherKey { key: self.key.name.clone(), kind });
        }
        Ok(signature)
    }

    /// Opens what was sealed to the key.
    pub fn open(&self, sealed: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.backend.open(self.key, sealed)
    }
}

impl Signs for Signer<'_> {
    fn key(&self) -> &Key {
        self.key
    }

    fn capabilities(&self) -> Capabilities {
        self.backend.capabilities()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, Error> {
        Signer::sign(self, message)
    }
}

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

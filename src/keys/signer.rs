//! A key in the hands of one run.

use std::fmt;

use zeroize::Zeroizing;

use super::backend::{Backend, BackendKind, SealedBox, SignMode};
use super::file::Key;
use super::{Error, Signature};

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

    /// Which text of a transaction it signs.
    pub fn sign_mode(&self) -> SignMode {
        self.backend.sign_mode()
    }

    /// Whether a person confirms each signature.
    pub fn confirms(&self) -> bool {
        self.backend.confirms()
    }

    /// Signs a message, as [`super::PrivateKey::sign`] says; the first time it unlocks the key. What comes back from
    /// elsewhere than a file is verified before it is believed.
    pub fn sign(&self, message: &[u8]) -> Result<Signature, Error> {
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

impl fmt::Debug for Signer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("key", &self.key).finish_non_exhaustive()
    }
}

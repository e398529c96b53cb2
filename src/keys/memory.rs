//! Keys for tests: each is derived from its name, so that nothing is kept and every process of a test finds it again.
//!
//! Anybody can derive them too. Therefore [`Memory::for_tests`] takes only the chains that tests make for themselves.

use std::borrow::Cow;

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::backend::{Backend, NewKey, Origin, SealedBox};
use super::file::{Described, Home, Key, KeyFile, Keyring};
use super::{BackendKind, KeyType, Name, PrivateKey, Signature};
use crate::domain::fault::{Classified, Fault};
use crate::domain::network;

/// Keys that are derived from their names.
#[derive(Debug)]
pub struct Memory<'a> {
    keyring: &'a Keyring,
    chain_id: String,
}

/// Why there are no keys in memory.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Somebody's money could be on that chain.
    #[error("keys in memory are for tests, and `{chain_id}` may be a real chain")]
    RealChain {
        /// The chain.
        chain_id: String,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        Fault::Denied
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(
            "keep keys in files (keys.keyring_backend: file); a chain of tests has `devnet` or `localnet` in its id"
                .into(),
        )
    }
}

impl<'a> Memory<'a> {
    /// Keys for a chain of tests: one with `devnet` or `localnet` as a word of its id.
    pub fn for_tests(keyring: &'a Keyring, chain_id: &str) -> Result<Self, Error> {
        if network::is_of_tests(chain_id) {
            Ok(Self { keyring, chain_id: chain_id.to_owned() })
        } else {
            Err(Error::RealChain { chain_id: chain_id.to_owned() })
        }
    }

    fn derive(&self, name: &Name, key_type: KeyType) -> Result<PrivateKey, super::Error> {
        // All but one of 2^32 hashes are a secret of every type.
        let attempt = |count: u8| {
            let text = format!("provider key of tests\n{}\n{name}\n{key_type}\n{count}\n", self.chain_id);
            PrivateKey::from_bytes(key_type, &Zeroizing::new(<[u8; 32]>::from(Sha256::digest(text))))
        };
        (0..=u8::MAX).find_map(attempt).ok_or(super::Error::Keeps { kind: BackendKind::Memory, key_type })
    }

    fn found(&self, key: &Key) -> Result<PrivateKey, super::Error> {
        let private = self.derive(&key.name, key.public.key_type())?;
        let other = || super::Error::OtherKey { key: key.name.clone(), kind: BackendKind::Memory };
        (private.public() == key.public).then_some(private).ok_or_else(other)
    }
}

impl Backend for Memory<'_> {
    fn kind(&self) -> BackendKind {
        BackendKind::Memory
    }

    fn keeps(&self, _: KeyType) -> bool {
        true
    }

    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, super::Error> {
        let NewKey { name, origin, created_at } = new;
        let key_type = match origin {
            Origin::New(key_type) | Origin::Existing(key_type) => key_type,
            Origin::Given { .. } => {
                return Err(super::Error::Cannot { kind: self.kind(), what: "take a key that was made elsewhere" });
            }
        };
        let public = self.derive(&name, key_type)?.public();
        Ok(self.keyring.refer(Described { name, hd_path: None, created_at }, public, Home::Memory)?)
    }

    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, super::Error> {
        let signed = self.found(key)?.sign(message);
        signed.map_err(|source| super::Error::Type { key: key.name.clone(), source })
    }

    fn open(&self, key: &Key, sealed: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, super::Error> {
        let private = self.found(key)?;
        let opened = private.open(sealed);
        opened.ok_or_else(|| super::Error::DoesNotOpen { key: key.name.clone(), key_type: private.key_type() })
    }

    fn remove(&self, _: &Key) -> Result<(), super::Error> {
        Ok(())
    }
}

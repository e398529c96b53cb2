//! The back end of sealed files.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use super::{Described, Key, KeyFile, Keyring};
use crate::keys::backend::{Ask, Backend, BackendKind, NewKey, Origin, SealedBox};
use crate::keys::{Error, KeyType, PrivateKey, PublicKey, Signature, protect};

/// Keys in sealed files. One is unlocked when the first thing must be done with it, and not before: a run without
/// signatures asks for no passphrase. It stays unlocked to the end of the run.
pub struct Sealing<'a> {
    keyring: &'a Keyring,
    ask: &'a dyn Ask,
    unlocked: Unlocked,
}

/// The keys of sealed files that a run has unlocked, by their files. All back ends of a run share them, so that each is
/// unlocked once, whatever the run does with it.
#[derive(Clone, Default)]
pub struct Unlocked(Arc<Mutex<BTreeMap<PathBuf, Attempt>>>);

enum Attempt {
    /// With its public key, which takes as long to compute as a signature.
    Open(Box<PrivateKey>, PublicKey),
    /// Asking again for each signature would not make it better.
    Refused,
}

impl fmt::Debug for Unlocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unlocked").finish_non_exhaustive()
    }
}

impl<'a> Sealing<'a> {
    /// The sealed keys of a folder.
    pub const fn new(keyring: &'a Keyring, ask: &'a dyn Ask, unlocked: Unlocked) -> Self {
        Self { keyring, ask, unlocked }
    }

    /// Whether the passphrase that a new key would get is the one that seals this key. A person who types a new one twice
    /// may choose another.
    pub fn check_passphrase(&self, key: &Key) -> Result<(), Error> {
        if self.ask.types() { Ok(()) } else { self.with(key, |_| Ok(())) }
    }

    fn with<T>(&self, key: &Key, work: impl FnOnce(&PrivateKey) -> Result<T, Error>) -> Result<T, Error> {
        let mut unlocked = self.unlocked.0.lock().unwrap_or_else(PoisonError::into_inner);
        let name = || key.name.clone();
        let place = || self.keyring.path(&key.name);
        if !unlocked.contains_key(&place()) {
            unlocked.insert(place(), Attempt::Refused);
            protect::lock_memory();
            let passphrase = self.ask.passphrase(&key.name);
            let passphrase = passphrase.map_err(|source| Error::Passphrase { key: name(), source })?;
            let private = self.keyring.unlock(key, &passphrase);
            let private = private.map_err(|source| Error::Unlock { key: name(), source })?;
            unlocked.insert(place(), Attempt::Open(Box::new(private), key.public));
        }
        match unlocked.get(&place()) {
            Some(Attempt::Open(private, public)) if *public == key.public => work(private),
            Some(Attempt::Open(..)) => Err(Error::OtherKey { key: name(), kind: BackendKind::File }),
            Some(Attempt::Refused) | None => Err(Error::Refused { key: name() }),
        }
    }
}

impl Backend for Sealing<'_> {
    fn kind(&self) -> BackendKind {
        BackendKind::File
    }

    fn keeps(&self, _: KeyType) -> bool {
        true
    }

    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, Error> {
        let NewKey { name, origin, created_at } = new;
        protect::lock_memory();
        let made;
        let (private, hd_path) = match origin {
            Origin::Given { private, hd_path } => (private, hd_path),
            Origin::New(key_type) => {
                let random = PrivateKey::generate(key_type);
                made = random.map_err(|source| Error::Random { key: name.clone(), source })?;
                (&made, None)
            }
            Origin::Existing(_) => {
                return Err(Error::Cannot { kind: self.kind(), what: "take over a key that is there" });
            }
        };
        let costs = self.keyring.costs()?;
        let passphrase = self.ask.new_passphrase(&name);
        let passphrase = passphrase.map_err(|source| Error::Passphrase { key: name.clone(), source })?;
        Ok(self.keyring.seal(Described { name, hd_path, created_at }, private, &passphrase, costs)?)
    }

    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, Error> {
        self.with(key, |private| private.sign(message).map_err(|source| Error::Type { key: key.name.clone(), source }))
    }

    fn open(&self, key: &Key, sealed: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.with(key, |private| {
            let opened = private.open(sealed);
            opened.ok_or_else(|| Error::DoesNotOpen { key: key.name.clone(), key_type: private.key_type() })
        })
    }

    fn remove(&self, key: &Key) -> Result<(), Error> {
        // The secret is in the file, which its folder deletes.
        self.unlocked.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.keyring.path(&key.name));
        Ok(())
    }
}

impl fmt::Debug for Sealing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealing").field("keyring", &self.keyring.folder()).finish_non_exhaustive()
    }
}

//! Every back end of a run.

use std::fmt;

use super::backend::{Ask, Backend};
use super::external::{self, External};
use super::file::{Key, Keyring, Sealing, Unlocked};
use super::hardware::{self, Hardware};
use super::ledger::{self, Ledger};
use super::memory::Memory;
use super::{BackendKind, Error, Signer};

/// How the back ends beside files are reached, as far as the configuration says.
#[derive(Debug, Clone)]
pub struct Places {
    /// The PKCS#11 token.
    pub hardware: Option<hardware::Settings>,
    /// The Ledger device.
    pub ledger: Option<(ledger::Settings, ledger::Place)>,
    /// The signer program.
    pub external: Option<external::Settings>,
    /// The chain, for keys in memory.
    pub chain_id: String,
    /// What this run has unlocked already.
    pub unlocked: Unlocked,
}

/// Every back end of a run. Nothing is opened before it is used.
pub struct Backends<'a> {
    keyring: &'a Keyring,
    sealing: Sealing<'a>,
    hardware: Option<Hardware<'a>>,
    ledger: Option<Ledger<'a>>,
    external: Option<External<'a>>,
    memory: Result<Memory<'a>, super::memory::Error>,
}

impl<'a> Backends<'a> {
    /// The back ends of a key folder.
    pub fn new(keyring: &'a Keyring, ask: &'a dyn Ask, places: Places) -> Self {
        Self {
            keyring,
            sealing: Sealing::new(keyring, ask, places.unlocked),
            hardware: places.hardware.map(|settings| Hardware::new(keyring, ask, settings)),
            ledger: places
                .ledger
                .map(|(settings, place)| Ledger::new(keyring, settings, Box::new(move || place.connect()))),
            external: places.external.map(|settings| External::new(keyring, settings)),
            memory: Memory::for_tests(keyring, &places.chain_id),
        }
    }

    /// The key folder.
    pub const fn keyring(&self) -> &'a Keyring {
        self.keyring
    }

    /// A back end.
    pub fn of(&self, kind: BackendKind) -> Result<&dyn Backend, Error> {
        let lacks = |missing| Error::NotConfigured { kind, missing };
        Ok(match kind {
            BackendKind::File => &self.sealing,
            BackendKind::Hardware => self.hardware.as_ref().ok_or(lacks("keys.hsm.library_path"))?,
            BackendKind::Ledger => self.ledger.as_ref().ok_or(lacks("keys.ledger.derivation_path"))?,
            BackendKind::NonCustodial => self.external.as_ref().ok_or(lacks("keys.signer.command"))?,
            BackendKind::Memory => self.memory.as_ref().map_err(Clone::clone)?,
        })
    }

    /// The token, to look at what it can.
    pub fn hardware(&self) -> Result<&Hardware<'a>, Error> {
        let lacks = Error::NotConfigured { kind: BackendKind::Hardware, missing: "keys.hsm.library_path" };
        self.hardware.as_ref().ok_or(lacks)
    }

    /// Whether the passphrase that a new key would get is the one that seals this key, where nobody types it.
    pub fn check_passphrase(&self, key: &Key) -> Result<(), Error> {
        self.sealing.check_passphrase(key)
    }

    /// A key with the back end that keeps it.
    pub fn signer<'s>(&'s self, key: &'s Key) -> Result<Signer<'s>, Error> {
        Ok(Signer::new(key, self.of(key.home.kind())?))
    }
}

impl fmt::Debug for Backends<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backends").field("keyring", &self.keyring.folder()).finish_non_exhaustive()
    }
}

//! A key on a Ledger device, in its Cosmos app.
//!
//! The device holds one secret for everything, so a key is a derivation path on it. The app signs
//! SIGN_MODE_LEGACY_AMINO_JSON only, after it has shown the transaction to a person who presses its buttons; nothing is
//! signed without one. The bytes on the wire ([`apdu`]) are those of the npm libraries for Cosmos.
//!
//! [`Transport`] is how they get there: [`hid`] by USB, [`tcp`] to Speculos, Ledger's emulator, and in tests a recording.

pub mod apdu;
mod error;
pub mod hid;
pub mod tcp;
#[cfg(test)]
mod tests;

pub use error::Error;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use zeroize::Zeroizing;

use super::backend::{Backend, Capabilities, NewKey, Origin, SealedBox};
use super::file::{Described, Home, Key, KeyFile, Keyring};
use super::{BackendKind, HdPath, KeyType, PublicKey, Signature};
use apdu::Command;

/// Carries one command to the device and its answer back.
pub trait Transport: Send {
    /// Sends a command, and waits for the answer, which ends with a status of two bytes. `patience` is how long a person
    /// may take.
    fn exchange(&mut self, command: &[u8], patience: Duration) -> Result<Vec<u8>, Error>;
}

/// Reaches the device.
pub type Connect<'a> = dyn Fn() -> Result<Box<dyn Transport>, Error> + Send + Sync + 'a;

/// How the device is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Which account of the device.
    pub path: HdPath,
    /// The prefix of the addresses that it shows.
    pub prefix: String,
    /// Show the address on the device, and wait for a person, before a key is first used.
    pub require_confirmation: bool,
    /// How long a person may take to press a button.
    pub patience: Duration,
}

/// Where the device is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// By USB.
    Usb,
    /// At the port of an emulator.
    Emulator(std::net::SocketAddr),
}

impl Place {
    /// Reaches the device there.
    pub fn connect(self) -> Result<Box<dyn Transport>, Error> {
        Ok(match self {
            Self::Usb => Box::new(hid::Usb::open()?),
            Self::Emulator(address) => Box::new(tcp::Emulator::open(address)?),
        })
    }
}

/// The most bytes of a text to sign. Larger ones do not fit into the app's memory.
const LONGEST_TEXT: usize = 16 * 1024;

/// How long a command takes in which no person has a part.
const AT_ONCE: Duration = Duration::from_secs(10);

/// The key of a device.
pub struct Ledger<'a> {
    keyring: &'a Keyring,
    settings: Settings,
    connect: Box<Connect<'a>>,
    device: Mutex<Option<Box<dyn Transport>>>,
}

impl<'a> Ledger<'a> {
    /// The keys of the device that this reaches.
    pub fn new(keyring: &'a Keyring, settings: Settings, connect: Box<Connect<'a>>) -> Self {
        Self { keyring, settings, connect, device: Mutex::new(None) }
    }

    /// Talks to the app, which is looked for first, once in a run.
    fn with<T>(&self, work: impl FnOnce(&mut dyn Transport) -> Result<T, Error>) -> Result<T, Error> {
        let mut device = self.device.lock().unwrap_or_else(PoisonError::into_inner);
        if device.is_none() {
            let mut transport = (self.connect)()?;
            check_app(&mut *transport)?;
            *device = Some(transport);
        }
        let Some(transport) = device.as_mut() else { return Err(Error::Lost) };
        let done = work(&mut **transport);
        if matches!(&done, Err(error) if error.is_of_the_line()) {
            // The next one connects anew.
            *device = None;
        }
        done
    }

    fn public_key(&self, path: &HdPath, shown: bool) -> Result<PublicKey, Error> {
        self.with(|transport| {
            let command = Command::address(path, &self.settings.prefix, shown)?;
            let patience = if shown { self.settings.patience } else { AT_ONCE };
            let answer = apdu::data(transport.exchange(&command.bytes(), patience)?)?;
            let key = answer.get(..33).and_then(|bytes| PublicKey::from_bytes(KeyType::Secp256k1, bytes).ok());
            let key = key.ok_or(Error::Answer { what: "no public key" })?;
            let says = answer.get(33..).unwrap_or_default();
            // What a person saw on the device is what we go by.
            let address = key.address(&self.settings.prefix).and_then(Result::ok);
            match address {
                Some(address) if address.to_string().as_bytes() == says => Ok(key),
                _ => Err(Error::Answer { what: "another address than its public key has" }),
            }
        })
    }

    fn path_of<'k>(&'k self, key: &'k Key) -> &'k HdPath {
        key.hd_path.as_ref().unwrap_or(&self.settings.path)
    }
}

/// Whether the Cosmos app is open and takes what we send.
fn check_app(transport: &mut dyn Transport) -> Result<(), Error> {
    let info = apdu::data(transport.exchange(&Command::app_info().bytes(), AT_ONCE)?)?;
    let name = apdu::app_name(&info).ok_or(Error::Answer { what: "no name of an app" })?;
    if !name.eq_ignore_ascii_case("Cosmos") {
        return Err(Error::OtherApp { name });
    }
    let version = apdu::data(transport.exchange(&Command::version().bytes(), AT_ONCE)?)?;
    let version = apdu::version(&version).ok_or(Error::Answer { what: "no version" })?;
    if version.test_mode {
        return Err(Error::TestMode);
    }
    let found = (version.major, version.minor, version.patch);
    if found < apdu::OLDEST_APP { Err(Error::Old { found }) } else { Ok(()) }
}

impl Backend for Ledger<'_> {
    fn kind(&self) -> BackendKind {
        BackendKind::Ledger
    }

    fn keeps(&self, key_type: KeyType) -> bool {
        key_type == KeyType::Secp256k1
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { needs_touch: true, json_only: true }
    }

    fn prepare(&self, new: NewKey<'_>) -> Result<KeyFile, super::Error> {
        let NewKey { name, origin, created_at } = new;
        let key_type = match origin {
            Origin::New(key_type) | Origin::Existing(key_type) => key_type,
            Origin::Given { .. } => {
                return Err(super::Error::Cannot { kind: self.kind(), what: "take a key that was made elsewhere" });
            }
        };
        if !self.keeps(key_type) {
            return Err(super::Error::Keeps { kind: self.kind(), key_type });
        }
        let path = self.settings.path.clone();
        let public = self.public_key(&path, self.settings.require_confirmation)?;
        Ok(self.keyring.refer(Described { name, hd_path: Some(path), created_at }, public, Home::Ledger)?)
    }

    fn sign(&self, key: &Key, message: &[u8]) -> Result<Signature, super::Error> {
        if !message.starts_with(b"{") {
            return Err(Error::NotJson.into());
        }
        if message.len() > LONGEST_TEXT {
            return Err(Error::Long { length: message.len() }.into());
        }
        let path = self.path_of(key);
        // A wrong device would ask a person to confirm for nothing.
        if self.public_key(path, false)? != key.public {
            return Err(super::Error::OtherKey { key: key.name.clone(), kind: self.kind() });
        }
        let signature = self.with(|transport| {
            let mut answer = Vec::new();
            for command in Command::sign(path, message)? {
                let patience = if command.is_last() { self.settings.patience } else { AT_ONCE };
                answer = apdu::data(transport.exchange(&command.bytes(), patience)?)?;
            }
            apdu::signature(&answer).ok_or(Error::Answer { what: "no signature" })
        })?;
        key.public.with_low_s(signature).ok_or_else(|| Error::Answer { what: "no signature" }.into())
    }

    fn open(&self, key: &Key, _: SealedBox<'_>) -> Result<Zeroizing<Vec<u8>>, super::Error> {
        Err(super::Error::Keeps { kind: self.kind(), key_type: key.public.key_type() })
    }

    fn remove(&self, _: &Key) -> Result<(), super::Error> {
        // The device's secret is not ours to delete.
        Ok(())
    }
}

impl fmt::Debug for Ledger<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("settings", &self.settings).finish_non_exhaustive()
    }
}

//! A key as commands show it.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::role;
use crate::cli::output::record::Entry;
use crate::cli::{Configuration, Failure, Status};
use crate::domain::key::{Role, State};
use crate::keys::file::Key;
use crate::keys::{BackendKind, KeyType};

/// The public part of a key.
#[derive(Debug, Clone, Serialize)]
pub struct KeyEntry {
    /// Its name.
    pub name: String,
    /// Its type.
    pub r#type: KeyType,
    /// What the configuration says it is for.
    pub role: Option<Role>,
    /// The address of its account, for secp256k1 keys.
    pub address: Option<String>,
    /// Its public key in base64.
    pub public_key: String,
    /// The chain's fingerprint of it.
    pub fingerprint: String,
    /// Where it was derived, if it has a mnemonic.
    pub hd_path: Option<String>,
    /// When it was made here.
    pub created_at: Timestamp,
    /// Where it stands in its life, as far as the state file knows.
    pub state: Option<State>,
    /// The back end that keeps its secret.
    pub kept: &'static str,
    /// Somebody confirms each signature on a device.
    pub needs_touch: bool,
    /// Its file.
    pub file: PathBuf,
}

impl KeyEntry {
    /// A key under a configuration, which decides the prefix of addresses.
    pub fn new(key: &Key, configuration: &Configuration) -> Result<Self, Failure> {
        let prefix = configuration.network().address_prefix;
        let address = key.public.address(prefix).transpose();
        let address = address.map_err(|error| Failure::new(Status::Bug, "cannot form an address").caused_by(&error))?;
        Ok(Self {
            name: key.name.to_string(),
            r#type: key.public.key_type(),
            role: role::meant(&key.name, &configuration.settings.keys).filter(|role| role.fits(key.public.key_type())),
            address: address.map(|address| address.to_string()),
            public_key: key.public.base64(),
            fingerprint: key.public.fingerprint(),
            hd_path: key.hd_path.as_ref().map(ToString::to_string),
            created_at: key.created_at,
            state: None,
            kept: key.home.kind().word(),
            needs_touch: match key.home.kind() {
                BackendKind::Ledger => true,
                BackendKind::NonCustodial => configuration.settings.keys.signer.require_confirmation,
                BackendKind::File | BackendKind::Hardware | BackendKind::Memory => false,
            },
            file: key.path.clone(),
        })
    }
}

/// What is there, or a dash.
pub fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}

impl Entry for KeyEntry {
    fn parts(&self) -> Vec<(&'static str, String)> {
        vec![
            ("name", self.name.clone()),
            ("type", self.r#type.to_string()),
            ("role", or_dash(self.role.map(Role::word))),
            ("address", or_dash(self.address.as_ref())),
            ("public_key", self.public_key.clone()),
            ("fingerprint", self.fingerprint.clone()),
            ("hd_path", or_dash(self.hd_path.as_ref())),
            ("created_at", self.created_at.to_string()),
            ("state", or_dash(self.state)),
            ("kept", self.kept.to_owned()),
            ("needs_touch", self.needs_touch.to_string()),
            ("file", self.file.display().to_string()),
        ]
    }
}

//! A key as commands show it.

use std::path::PathBuf;

use jiff::Timestamp;
use serde::Serialize;

use super::role::Role;
use crate::cli::output::record::Entry;
use crate::cli::{Configuration, Failure, Status};
use crate::keys::KeyType;
use crate::keys::file::Key;

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
            role: Role::of(&key.name, &configuration.settings.keys),
            address: address.map(|address| address.to_string()),
            public_key: key.public.base64(),
            fingerprint: key.public.fingerprint(),
            hd_path: key.hd_path.as_ref().map(ToString::to_string),
            created_at: key.created_at,
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
            ("file", self.file.display().to_string()),
        ]
    }
}

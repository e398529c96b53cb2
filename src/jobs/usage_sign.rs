//! Signing usage records, with the active usage key.

use std::borrow::Cow;

use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::domain::usage::{Checked, Record, Signed};
use crate::keys::{self, KeyType, Name, PublicKey, Signs};
use crate::store::{self, Change};

/// The key that signs usage records: an Ed25519 key that signs without anybody touching it.
#[derive(Clone, Copy)]
pub struct UsageKey<'a> {
    signer: &'a dyn Signs,
    public: [u8; 32],
}

/// Why a record was not signed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Usage records are signed by Ed25519.
    #[error("the key `{key}` is of type {found}; usage records are signed with an ed25519 key")]
    Type {
        /// The key.
        key: Name,
        /// Its type.
        found: KeyType,
    },
    /// A job cannot wait for a person, and a device cannot show a usage record.
    #[error("the key `{key}` is on a device that somebody must touch; it cannot sign usage records")]
    Device {
        /// The key.
        key: Name,
    },
    /// The key did not sign.
    #[error(transparent)]
    Sign(#[from] keys::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Type { .. } | Self::Device { .. } => Fault::Invalid,
            Self::Sign(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Type { .. } | Self::Device { .. } => {
                Some("make one with `provider keys add NAME --type ed25519`, and name it in keys.usage_key".into())
            }
            Self::Sign(error) => error.hint(),
        }
    }
}

impl<'a> UsageKey<'a> {
    /// The usage key, still locked.
    pub fn new(signer: &'a dyn Signs) -> Result<Self, Error> {
        let (key, can) = (signer.key(), signer.capabilities());
        let PublicKey::Ed25519(public) = key.public else {
            return Err(Error::Type { key: key.name.clone(), found: key.public.key_type() });
        };
        if can.needs_touch || can.json_only {
            return Err(Error::Device { key: key.name.clone() });
        }
        Ok(Self { signer, public })
    }

    /// Signs a record. Only a checked one can be.
    pub fn sign(&self, record: Record<Checked>) -> Result<Record<Signed>, Error> {
        Ok(record.sign(self.public, |hash| self.signer.sign(hash))?)
    }

    /// Records in the audit trail that it signed so many records, in the transaction of their rows.
    pub fn note(&self, trail: &Trail<'_>, change: &Change<'_>, records: usize) -> Result<(), store::Error> {
        if records == 0 {
            return Ok(());
        }
        let mut about = Map::new();
        about.insert("what".into(), "usage records".into());
        about.insert("records".into(), records.into());
        key_usage::append(trail, change, Use::Sign, self.signer.key(), &about)
    }
}

#[cfg(test)]
pub(in crate::jobs) mod tests {
    use super::*;
    use crate::keys::file::{Costs, Home, Key};
    use crate::keys::{Capabilities, PrivateKey, Signature};

    /// A key in memory.
    pub(in crate::jobs) struct InMemory {
        key: Key,
        private: PrivateKey,
        capabilities: Capabilities,
    }

    impl InMemory {
        pub(in crate::jobs) fn new(key_type: KeyType) -> Self {
            let private = PrivateKey::generate(key_type).unwrap();
            let key = Key {
                name: "provider-usage".parse().unwrap(),
                public: private.public(),
                hd_path: None,
                created_at: jiff::Timestamp::UNIX_EPOCH,
                home: Home::File { costs: Costs::NEW },
                path: "usage.key".into(),
            };
            Self { key, private, capabilities: Capabilities { needs_touch: false, json_only: false } }
        }
    }

    impl Signs for InMemory {
        fn key(&self) -> &Key {
            &self.key
        }

        fn capabilities(&self) -> Capabilities {
            self.capabilities
        }

        fn sign(&self, message: &[u8]) -> Result<Signature, keys::Error> {
            let key = || self.key.name.clone();
            self.private.sign(message).map_err(|source| keys::Error::Type { key: key(), source })
        }
    }

    #[test]
    fn only_an_ed25519_key_that_nobody_must_touch_signs_usage() {
        assert!(UsageKey::new(&InMemory::new(KeyType::Ed25519)).is_ok());
        for key_type in [KeyType::Secp256k1, KeyType::P256, KeyType::X25519] {
            assert!(matches!(UsageKey::new(&InMemory::new(key_type)), Err(Error::Type { .. })), "{key_type}");
        }
        let mut device = InMemory::new(KeyType::Ed25519);
        device.capabilities.needs_touch = true;
        assert!(matches!(UsageKey::new(&device), Err(Error::Device { .. })));
    }
}

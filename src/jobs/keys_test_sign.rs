//! Whether a key can do its work: record it, unlock it, sign a text that means nothing, verify the signature.

use std::borrow::Cow;

use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::fault::{Classified, Fault};
use crate::keys::{Name, SignError, Signature, Signer};
use crate::store;

/// What is signed. No transaction and no usage record begins like this.
pub const MESSAGE: &[u8] = b"provider keys test-sign\n";

/// Why the key cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// What it signed does not verify: a defect of this program, or of the machine.
    #[error("the signature of the key `{key}` does not verify")]
    Unverified {
        /// The key.
        key: Name,
    },
    /// What cannot be recorded is not done.
    #[error(transparent)]
    Record(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Sign(error) => error.fault(),
            Self::Unverified { .. } => Fault::Bug,
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Sign(error) => error.hint(),
            Self::Unverified { .. } => Some("test the memory of this machine, and do not use the key here".into()),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Signs [`MESSAGE`], and verifies the signature by the public key of the key's file.
pub fn run(signer: &Signer<'_>, trail: Option<&Trail<'_>>) -> Result<Signature, Error> {
    let key = signer.key();
    let mut about = Map::new();
    about.insert("what".into(), "test".into());
    let signature = key_usage::recorded(trail, (Use::Sign, key), &about, || Ok::<_, Error>(signer.sign(MESSAGE)?))?;
    if key.public.verifies(MESSAGE, &signature) {
        Ok(signature)
    } else {
        Err(Error::Unverified { key: key.name.clone() })
    }
}

//! Opening what was sealed to a key: record it, open it.

use std::borrow::Cow;

use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use crate::domain::envelope::Envelope;
use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;
use crate::keys::Signer;
use crate::keys::sealing::{self, Opened, SealingError};
use crate::store;

/// Why it stays sealed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It does not open.
    #[error(transparent)]
    Sealing(#[from] SealingError),
    /// What cannot be recorded is not done.
    #[error(transparent)]
    Record(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Sealing(error) => error.fault(),
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Sealing(error) => error.hint(),
            Self::Record(error) => error.hint(),
        }
    }
}

/// Opens an envelope with the first of these keys that it is sealed for. The trail says which envelope by its checksum.
pub fn run(envelope: &Envelope, keys: &[Signer<'_>], trail: Option<&Trail<'_>>) -> Result<Opened, Error> {
    let used = keys.iter().find(|key| envelope.recipient(&key.key().public.fingerprint()).is_some());
    let Some(used) = used else { return Ok(sealing::open(envelope, keys)?) };
    let mut about = Map::new();
    about.insert("what".into(), "envelope".into());
    about.insert("checksum".into(), hex::encode(&envelope.checksum()).into());
    key_usage::recorded(trail, (Use::Open, used.key()), &about, || Ok(sealing::open(envelope, keys)?))
}

/// Finds out whether what the world may know of a key is true: only who has its secret opens what is sealed for it.
pub fn prove(key: &Signer<'_>, trail: Option<&Trail<'_>>) -> Result<(), Error> {
    const TEXT: &[u8] = b"whether this key is ours";
    let envelope = sealing::seal(TEXT, &key.key().public, None)?;
    let opened = run(&envelope, std::slice::from_ref(key), trail)?;
    let is_ours = opened.text.as_slice() == TEXT;
    if is_ours { Ok(()) } else { Err(SealingError::Changed.into()) }
}

//! A key from a backup: record it, put its file into the key folder, never over another.

use serde::Serialize;
use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use super::keys_add::Error;
use crate::keys::file::{self, Key, KeyFile, Keyring};

/// What became of a key of a backup.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is in the key folder again, or would be.
    Restored,
    /// It was there.
    Present,
    /// Another key has its name.
    Conflict,
}

impl Outcome {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Present => "present",
            Self::Conflict => "conflict",
        }
    }
}

/// What would become of a key of a backup.
pub fn foresee(file: &KeyFile, keyring: &Keyring) -> Outcome {
    match keyring.find(&file.key().name) {
        Ok(found) if found.public == file.key().public => Outcome::Present,
        Err(file::Error::NotFound { .. }) => Outcome::Restored,
        Ok(_) | Err(_) => Outcome::Conflict,
    }
}

/// Puts a key of a backup into the key folder.
pub fn run(file: KeyFile, keyring: &Keyring, trail: Option<&Trail<'_>>) -> Result<(Key, Outcome), Error> {
    let outcome = foresee(&file, keyring);
    let key = file.key().clone();
    if outcome == Outcome::Restored {
        key_usage::recorded(trail, (Use::Restore, &key), &Map::new(), || Ok::<_, Error>(keyring.add(file)?))?;
    }
    Ok((key, outcome))
}

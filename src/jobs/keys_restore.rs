//! Keys from a backup: remember where each stood in its life, record it, put its file into the key folder, never over
//! another.
//!
//! What the state file of this machine says of a key counts more than what the backup says. Where it knows nothing, a key
//! comes back as it was: one that was given up stays given up.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Map;

use super::FailPoint;
use super::audit::Trail;
use super::key_usage::{self, Subject, Use};
use super::keys_add::Error;
use crate::domain::key::State;
use crate::keys::file::backup::{Memory, Remembered};
use crate::keys::file::{self, Key, KeyFile, Keyring};
use crate::store::keys::{self as rows, AsItWas, KeyId, NewRow};
use crate::store::{self, Change, Store};

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

/// Writes down where keys stood in their lives that the state file does not know, and the policy where it has none. Before
/// their files are there: a kill in between leaves keys whose files are gone, and the next restore brings those.
pub fn remember(
    store: &Store,
    (files, memory): (&[KeyFile], &Memory),
    keyring: &Keyring,
    (now, trail): (Timestamp, Option<&Trail<'_>>),
) -> Result<(), Error> {
    store.write("remember keys of a backup", |change| {
        let mut followed = Vec::new();
        for file in files.iter().filter(|file| foresee(file, keyring) != Outcome::Conflict) {
            let key = file.key();
            let Some(life) = memory.lives.get(&key.name) else { continue };
            let fingerprint = key.public.fingerprint();
            let is_known = rows::by_fingerprint(change, &fingerprint)?.is_some()
                || rows::by_name(change, key.name.as_str())?.is_some()
                || rows::was_compromised(change, &fingerprint)?
                || life.state == State::Destroyed;
            if is_known {
                continue;
            }
            let id = insert(change, key, &fingerprint, life)?;
            followed.extend(life.replaced_by.as_ref().map(|next| (id, next)));
            if let Some(trail) = trail {
                key_usage::append_change(trail, change, life.state, &Subject::from(key), &Map::new())?;
            }
        }
        for (id, next) in followed {
            if let Some(next) = rows::by_fingerprint(change, next)? {
                rows::set_replaced_by(change, id, next.id)?;
            }
        }
        if rows::policy(change)?.is_empty() {
            for (field, value) in &memory.policy {
                rows::set_policy(change, field, value, now)?;
            }
        }
        Ok::<_, store::Error>(())
    })?;
    FailPoint::KeysRemembered.reach();
    Ok(())
}

fn insert(change: &Change<'_>, key: &Key, fingerprint: &str, life: &Remembered) -> Result<KeyId, store::Error> {
    let new = NewRow {
        name: key.name.as_str(),
        key_type: key.public.key_type(),
        public_key: key.public.bytes(),
        fingerprint,
        kept: key.home.kind().word(),
        role: life.role,
        created_at: key.created_at,
    };
    let was = AsItWas {
        state: life.state,
        since: life.since,
        reason: life.reason.as_deref(),
        activated_at: life.activated_at,
        compromised_at: life.compromised_at,
    };
    let id = rows::insert_as_it_was(change, &new, &was)?;
    if let Some((version, registered_at)) = life.on_chain {
        let (revoked_at, deprecated_at) = (life.revoked_at, life.deprecated_at);
        rows::set_registered(change, id, &rows::OnChain { version, registered_at, revoked_at, deprecated_at })?;
    }
    Ok(id)
}

/// Puts a key of a backup into the key folder.
pub fn run(file: KeyFile, keyring: &Keyring, trail: Option<&Trail<'_>>) -> Result<(Key, Outcome), Error> {
    let outcome = foresee(&file, keyring);
    let key = file.key().clone();
    if outcome == Outcome::Restored {
        key_usage::recorded(trail, (Use::Restore, &key), &Map::new(), || Ok::<_, Error>(keyring.add(file)?))?;
        FailPoint::KeyRestored.reach();
    }
    Ok((key, outcome))
}

//! A backup of the keys: what is remembered of them, a row in the trail for each key that leaves, the file.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Map;

use super::audit::Trail;
use super::key_usage::{self, Use};
use super::keys_inventory::{self, Inventory};
use crate::domain::fault::{Classified, Fault};
use crate::domain::key::State;
use crate::keys::file::backup::{self, Memory, Remembered, Written};
use crate::keys::file::{self, Costs, Key, Keyring};
use crate::keys::{Name, Passphrase};
use crate::store::keys::{self as rows, KeyRow};
use crate::store::{self, Snapshot};

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// What is remembered of the keys.
    #[error(transparent)]
    Inventory(#[from] keys_inventory::Error),
    /// The key folder.
    #[error(transparent)]
    Folder(#[from] file::Error),
    /// The file.
    #[error(transparent)]
    Backup(#[from] backup::Error),
    /// What cannot be recorded is not done.
    #[error(transparent)]
    Record(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Inventory(error) => error.fault(),
            Self::Folder(error) => error.fault(),
            Self::Backup(error) => error.fault(),
            Self::Record(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Inventory(error) => error.hint(),
            Self::Folder(error) => error.hint(),
            Self::Backup(error) => error.hint(),
            Self::Record(error) => error.hint(),
        }
    }
}

/// What the state file remembers of the keys of a folder.
pub fn memory(snapshot: &Snapshot<'_>, keyring: &Keyring) -> Result<Memory, Error> {
    let inventory = keys_inventory::look(Some(snapshot), keyring)?;
    let mut lives = BTreeMap::new();
    for kept in inventory.kept.iter().filter(|kept| kept.problem.is_none()) {
        let (Some(row), Some(key)) = (&kept.row, &kept.key) else { continue };
        lives.insert(key.name.clone(), remembered(row, &inventory));
    }
    Ok(Memory { lives, policy: rows::policy(snapshot)? })
}

fn remembered(row: &KeyRow, inventory: &Inventory) -> Remembered {
    Remembered {
        state: row.state,
        since: row.since,
        reason: row.reason.clone(),
        role: row.role,
        activated_at: row.activated_at,
        compromised_at: row.compromised_at,
        replaced_by: next_living(row, inventory).map(|row| row.fingerprint.clone()),
        on_chain: row.chain_version.zip(row.registered_at),
        deprecated_at: row.deprecated_at,
        revoked_at: row.revoked_at,
    }
}

/// The key that took the place of another, or of those that did and are destroyed.
fn next_living<'k>(row: &KeyRow, inventory: &'k Inventory) -> Option<&'k KeyRow> {
    let rows = || inventory.kept.iter().filter_map(|kept| kept.row.as_ref()).chain(&inventory.gone);
    let mut next = row.replaced_by?;
    for _ in rows() {
        let found = rows().find(|row| row.id == next)?;
        if found.state != State::Destroyed {
            return Some(found);
        }
        next = found.replaced_by?;
    }
    None
}

/// Writes the backup, after each key that is in it has its row in the trail.
pub fn run(
    (keyring, memory): (&Keyring, &Memory),
    path: &Path,
    passphrase: &Passphrase,
    costs: Costs,
    (now, trail): (Timestamp, Option<&Trail<'_>>),
) -> Result<Written, Error> {
    let keys: Vec<Key> = keyring.list()?.into_iter().filter_map(|listed| listed.key.ok()).collect();
    let mut about = Map::new();
    about.insert("what".into(), path.display().to_string().into());
    for key in &keys {
        key_usage::recorded(trail, (Use::Backup, key), &about, || Ok::<_, Error>(()))?;
    }
    Ok(backup::write((keyring, memory), path, passphrase, costs, now)?)
}

/// The keys that a backup would have, and those that it cannot.
pub fn foresee(keyring: &Keyring) -> Result<(Vec<Name>, Vec<Name>), Error> {
    let (good, bad): (Vec<_>, Vec<_>) = keyring.list()?.into_iter().partition(|listed| listed.key.is_ok());
    let names = |listed: Vec<file::Listed>| listed.into_iter().map(|listed| listed.name).collect();
    Ok((names(good), names(bad)))
}

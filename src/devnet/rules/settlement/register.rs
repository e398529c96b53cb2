//! Records that belong to somebody and are found by their id as well.

use crate::devnet::collection::Collection;
use crate::devnet::kv::{Broken, Kv};
use prost::Message;

/// Records by owner, then by id as text.
pub(super) struct Register<V> {
    rows: Collection<V>,
    owners: Collection<String>,
}

impl<V: Message + Default> Register<V> {
    /// A register that keeps its rows, and the owner of each id, in the collections of these names.
    pub(super) const fn new(rows: &'static str, owners: &'static str) -> Self {
        Self { rows: Collection::new(rows), owners: Collection::new(owners) }
    }

    /// The record with this id.
    pub(super) fn get(&self, kv: &dyn Kv, id: &str) -> Result<Option<V>, Broken> {
        match self.owners.get(kv, &(id,))? {
            Some(owner) => self.rows.get(kv, &(owner.as_str(), id)),
            None => Ok(None),
        }
    }

    /// The owner's records.
    pub(super) fn of(&self, kv: &dyn Kv, owner: &str) -> Result<Vec<V>, Broken> {
        self.rows.all(kv, &(owner,))
    }

    /// The records, for paging.
    pub(super) const fn rows(&self) -> &Collection<V> {
        &self.rows
    }

    /// Every record.
    pub(super) fn all(&self, kv: &dyn Kv) -> Result<Vec<V>, Broken> {
        self.rows.all(kv, &())
    }

    /// Keeps a record.
    pub(super) fn put(&self, kv: &mut dyn Kv, owner: &str, id: &str, record: &V) -> Result<(), Broken> {
        self.owners.set(kv, &(id,), &owner.to_owned())?;
        self.rows.set(kv, &(owner, id), record)
    }
}

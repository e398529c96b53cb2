//! Rows with their indexes.

use super::by_key;
use super::by_state;
use super::{Question, RowKey};
use crate::chain::wire::cosmos::page::PageResponse;
use crate::devnet::collection::Collection;
use crate::devnet::kv::{Broken, Kv};
use crate::devnet::refusal::QueryError;
use crate::domain::network::Network;
use prost::Message;

/// A row that can be listed.
pub trait Listed: Message + Default + 'static {
    /// The store of such rows in VirtEngine's node; the one of their index by provider has 1 as second byte.
    const STORE: [u8; 2];
    /// Whether such rows have a provider, and an index by it.
    const BY_PROVIDER: bool;

    /// Its key: owner, numbers, perhaps provider.
    fn key(&self, network: &Network) -> RowKey;
    /// Its state.
    fn state(&self) -> u8;
    /// Its key in the index by provider; none where it does not stand there.
    fn provider_key(&self, network: &Network) -> Option<RowKey>;
}

/// Rows by their key, with an index by state and one by provider.
pub struct Table<V> {
    pub(super) rows: Collection<V>,
    /// State and key, to the key.
    pub(super) states: Collection<Vec<u8>>,
    /// Provider's key, to the key.
    pub(super) providers: Collection<Vec<u8>>,
}

impl<V: Listed> Table<V> {
    /// A table of the collections with these names.
    pub const fn new(rows: &'static str, states: &'static str, providers: &'static str) -> Self {
        Self { rows: Collection::new(rows), states: Collection::new(states), providers: Collection::new(providers) }
    }

    /// The row with this key.
    pub fn get(&self, kv: &dyn Kv, key: &RowKey) -> Result<Option<V>, Broken> {
        self.rows.get(kv, key)
    }

    /// Sets a row, and where it stands in the indexes.
    pub fn put(&self, kv: &mut dyn Kv, network: &Network, row: &V) -> Result<(), Broken> {
        let key = row.key(network);
        if let Some(old) = self.rows.get(kv, &key)? {
            self.states.remove(kv, &RowKey::new().byte(old.state()).then(key.as_bytes()))?;
            if let Some(by_provider) = old.provider_key(network) {
                self.providers.remove(kv, &by_provider)?;
            }
        }
        let bytes = key.as_bytes().to_vec();
        self.states.set(kv, &RowKey::new().byte(row.state()).then(&bytes), &bytes)?;
        if let Some(by_provider) = row.provider_key(network) {
            self.providers.set(kv, &by_provider, &bytes)?;
        }
        self.rows.set(kv, &key, row)
    }

    /// All rows in this state whose keys begin with `within`, by key.
    pub fn in_state(&self, kv: &dyn Kv, state: u8, within: &RowKey) -> Result<Vec<V>, Broken> {
        let keys = self.states.all(kv, &RowKey::new().byte(state).then(within.as_bytes()))?;
        keys.iter().map(|key| self.row(kv, key)).collect()
    }

    /// How many rows in this state have keys that begin with `within`.
    pub fn count(&self, kv: &dyn Kv, state: u8, within: &RowKey) -> Result<u64, Broken> {
        let rows = self.states.all(kv, &RowKey::new().byte(state).then(within.as_bytes()))?;
        Ok(rows.len() as u64)
    }

    /// All rows, by key.
    pub fn all(&self, kv: &dyn Kv) -> Result<Vec<V>, Broken> {
        self.rows.all(kv, &())
    }

    /// One page of what is asked for.
    pub fn list(
        &self,
        kv: &dyn Kv,
        network: &Network,
        question: &Question<'_, V>,
    ) -> Result<(Vec<V>, PageResponse), QueryError> {
        if network.behaviour.unfiltered_rows_by_state {
            by_state::list(self, kv, network, question)
        } else {
            by_key::list(self, kv, network, question)
        }
    }

    /// The row that an index names.
    pub(super) fn row(&self, kv: &dyn Kv, key: &[u8]) -> Result<V, Broken> {
        self.rows.get_raw(kv, key)?.ok_or_else(|| Broken::Inconsistent {
            what: format!("an index names a row that is not there: {}", crate::devnet::hex::lower(key)),
        })
    }
}

//! The state in memory.

use super::{Broken, Kv, Row};
use std::collections::BTreeMap;
use std::ops::Bound;

/// An ordered key-value store in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MemoryKv(pub(super) BTreeMap<Vec<u8>, Vec<u8>>);

impl MemoryKv {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The part of a map from `from` up to, not including, `to`; empty where `to` is not after `from`.
pub(super) fn part<'m, V>(
    map: &'m BTreeMap<Vec<u8>, V>,
    from: &[u8],
    to: &[u8],
) -> impl DoubleEndedIterator<Item = (&'m Vec<u8>, &'m V)> {
    // A range that ends before it begins panics.
    let to = to.max(from);
    map.range::<[u8], _>((Bound::Included(from), Bound::Excluded(to)))
}

/// Turns an iterator round where asked.
pub(super) fn directed<'i, T>(
    rows: impl DoubleEndedIterator<Item = T> + 'i,
    reverse: bool,
) -> Box<dyn Iterator<Item = T> + 'i> {
    if reverse { Box::new(rows.rev()) } else { Box::new(rows) }
}

impl Kv for MemoryKv {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
        Ok(self.0.get(key).cloned())
    }

    fn set(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Broken> {
        self.0.insert(key, value);
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Broken> {
        self.0.remove(key);
        Ok(())
    }

    fn scan(&self, from: &[u8], to: &[u8], reverse: bool, limit: usize) -> Result<Vec<Row>, Broken> {
        if from >= to {
            return Ok(Vec::new());
        }
        let rows = directed(part(&self.0, from, to), reverse);
        Ok(rows.take(limit).map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

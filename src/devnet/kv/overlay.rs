//! Writes that are kept apart.

use super::memory::{directed, part};
use super::{Broken, Kv, Row};
use std::collections::BTreeMap;

/// What an overlay would write: a value, or `None` for a key that is taken away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes(BTreeMap<Vec<u8>, Option<Vec<u8>>>);

impl Changes {
    /// Writes all of it to a store.
    pub fn apply(self, kv: &mut dyn Kv) -> Result<(), Broken> {
        for (key, value) in self.0 {
            match value {
                Some(value) => kv.set(key, value)?,
                None => kv.delete(&key)?,
            }
        }
        Ok(())
    }

    /// The keys in order, each with its new value.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Option<&[u8]>)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value.as_deref()))
    }

    /// Sets what a key becomes.
    pub fn put(&mut self, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.0.insert(key, value);
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many keys change.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// A store whose writes are kept apart from the one below it, which stays as it is.
pub struct Overlay<'a> {
    base: &'a dyn Kv,
    changes: Changes,
}

impl<'a> Overlay<'a> {
    /// Nothing written yet.
    pub fn new(base: &'a dyn Kv) -> Self {
        Self::with(base, Changes::default())
    }

    /// With what was written before.
    pub fn with(base: &'a dyn Kv, changes: Changes) -> Self {
        Self { base, changes }
    }

    /// Gives out what was written.
    pub fn into_changes(self) -> Changes {
        self.changes
    }
}

impl Kv for Overlay<'_> {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Broken> {
        match self.changes.0.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.base.get(key),
        }
    }

    fn set(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Broken> {
        self.changes.0.insert(key, Some(value));
        Ok(())
    }

    fn delete(&mut self, key: &[u8]) -> Result<(), Broken> {
        self.changes.0.insert(key.to_vec(), None);
        Ok(())
    }

    fn scan(&self, from: &[u8], to: &[u8], reverse: bool, limit: usize) -> Result<Vec<Row>, Broken> {
        if from >= to {
            return Ok(Vec::new());
        }
        // Of the base's rows, only those that are taken away here can be missing from the result.
        let gone = part(&self.changes.0, from, to).filter(|(_, value)| value.is_none()).count();
        let mut below = self.base.scan(from, to, reverse, limit.saturating_add(gone))?.into_iter().peekable();
        let mut above = directed(part(&self.changes.0, from, to), reverse).peekable();
        let mut rows = Vec::new();
        while rows.len() < limit {
            let (next_below, next_above) = (below.peek().map(|row| &row.0), above.peek().map(|(key, _)| *key));
            let take_above = match (next_below, next_above) {
                (None, None) => break,
                (None, Some(_)) => true,
                (Some(_), None) => false,
                (Some(below), Some(above)) => below == above || (above < below) != reverse,
            };
            if !take_above {
                rows.extend(below.next());
                continue;
            }
            if next_below == next_above {
                below.next();
            }
            if let Some((key, Some(value))) = above.next() {
                rows.push((key.clone(), value.clone()));
            }
        }
        Ok(rows)
    }
}

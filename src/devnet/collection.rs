//! Typed collections over the state.
//!
//! A collection's rows begin with its name and a zero byte. Keys are tuples of text, numbers and bytes, encoded so
//! that the order of the bytes is the order of the tuples, and a shorter tuple is the prefix of the longer ones.

use super::hex;
use super::kv::{Broken, Kv, after_prefix};
use prost::Message;
use std::marker::PhantomData;

/// A part of a key.
pub trait KeyPart {
    /// Appends the part.
    fn encode(&self, key: &mut Vec<u8>);
}

/// Text and bytes end with a zero byte; one inside is doubled with 0xff, so that nothing else begins like it.
fn terminated(bytes: &[u8], key: &mut Vec<u8>) {
    for byte in bytes {
        key.push(*byte);
        if *byte == 0 {
            key.push(0xff);
        }
    }
    key.push(0);
}

impl KeyPart for &str {
    fn encode(&self, key: &mut Vec<u8>) {
        terminated(self.as_bytes(), key);
    }
}

impl KeyPart for &String {
    fn encode(&self, key: &mut Vec<u8>) {
        terminated(self.as_bytes(), key);
    }
}

impl KeyPart for String {
    fn encode(&self, key: &mut Vec<u8>) {
        terminated(self.as_bytes(), key);
    }
}

impl KeyPart for &[u8] {
    fn encode(&self, key: &mut Vec<u8>) {
        terminated(self, key);
    }
}

impl KeyPart for u8 {
    fn encode(&self, key: &mut Vec<u8>) {
        key.push(*self);
    }
}

impl KeyPart for u32 {
    fn encode(&self, key: &mut Vec<u8>) {
        key.extend(self.to_be_bytes());
    }
}

impl KeyPart for u64 {
    fn encode(&self, key: &mut Vec<u8>) {
        key.extend(self.to_be_bytes());
    }
}

/// A key, or the beginning of keys.
pub trait Key {
    /// Appends the key.
    fn encode(&self, key: &mut Vec<u8>);

    /// The key's bytes.
    fn bytes(&self) -> Vec<u8> {
        let mut key = Vec::new();
        self.encode(&mut key);
        key
    }
}

macro_rules! tuple_key {
    ($($part:ident),*) => {
        impl<$($part: KeyPart),*> Key for ($($part,)*) {
            #[allow(non_snake_case, unused_variables, reason = "a tuple of each length")]
            fn encode(&self, key: &mut Vec<u8>) {
                let ($($part,)*) = self;
                $($part.encode(key);)*
            }
        }
    };
}

tuple_key!();
tuple_key!(A);
tuple_key!(A, B);
tuple_key!(A, B, C);
tuple_key!(A, B, C, D);
tuple_key!(A, B, C, D, E);
tuple_key!(A, B, C, D, E, F);

/// The rows with one name, all of one type. Scalars (`u64`, `String`, `Vec<u8>`, `bool`, `()`) are messages, too.
pub struct Collection<V> {
    name: &'static str,
    value: PhantomData<fn() -> V>,
}

/// A row: its key without the collection's name, and its value.
pub type Row<V> = (Vec<u8>, V);

impl<V: Message + Default> Collection<V> {
    /// The collection with this name, which no other may have: `market/order`.
    pub const fn new(name: &'static str) -> Self {
        Self { name, value: PhantomData }
    }

    fn prefix(&self) -> Vec<u8> {
        let mut prefix = self.name.as_bytes().to_vec();
        prefix.push(0);
        prefix
    }

    fn key(&self, key: &impl Key) -> Vec<u8> {
        let mut bytes = self.prefix();
        key.encode(&mut bytes);
        bytes
    }

    fn decode(&self, key: &[u8], value: &[u8]) -> Result<V, Broken> {
        V::decode(value).map_err(|source| Broken::Value { collection: self.name, key: hex::lower(key), source })
    }

    /// The value with this key.
    pub fn get(&self, kv: &dyn Kv, key: &impl Key) -> Result<Option<V>, Broken> {
        let key = self.key(key);
        kv.get(&key)?.map(|value| self.decode(&key, &value)).transpose()
    }

    /// The value with these bytes as key (as [`scan`](Self::scan) gives them).
    pub fn get_raw(&self, kv: &dyn Kv, key: &[u8]) -> Result<Option<V>, Broken> {
        let key = [self.prefix().as_slice(), key].concat();
        kv.get(&key)?.map(|value| self.decode(&key, &value)).transpose()
    }

    /// Whether there is such a key.
    pub fn has(&self, kv: &dyn Kv, key: &impl Key) -> Result<bool, Broken> {
        Ok(kv.get(&self.key(key))?.is_some())
    }

    /// Sets a value.
    pub fn set(&self, kv: &mut dyn Kv, key: &impl Key, value: &V) -> Result<(), Broken> {
        kv.set(self.key(key), value.encode_to_vec())
    }

    /// Takes a value away.
    pub fn remove(&self, kv: &mut dyn Kv, key: &impl Key) -> Result<(), Broken> {
        kv.delete(&self.key(key))
    }

    /// Takes a value away by the bytes of its key (as [`scan`](Self::scan) gives them).
    pub fn remove_raw(&self, kv: &mut dyn Kv, key: &[u8]) -> Result<(), Broken> {
        kv.delete(&[self.prefix().as_slice(), key].concat())
    }

    /// Rows whose keys begin with `within`, from the key `from` on (included; going back, `from` itself is the first
    /// as well), in the order of keys or back, `limit` at most.
    pub fn scan(
        &self,
        kv: &dyn Kv,
        within: &impl Key,
        from: Option<&[u8]>,
        reverse: bool,
        limit: usize,
    ) -> Result<Vec<Row<V>>, Broken> {
        let prefix = self.prefix();
        let all = self.key(within);
        let start = from.map(|from| [prefix.as_slice(), from].concat());
        let (low, high) = match (start, reverse) {
            (None, _) => (all.clone(), after_prefix(&all)),
            (Some(start), false) => (start.max(all.clone()), after_prefix(&all)),
            (Some(mut start), true) => {
                // The smallest key after `start`.
                start.push(0);
                (all.clone(), start.min(after_prefix(&all)))
            }
        };
        let rows = kv.scan(&low, &high, reverse, limit)?;
        rows.into_iter()
            .map(|(key, value)| {
                let value = self.decode(&key, &value)?;
                Ok((key.get(prefix.len()..).unwrap_or_default().to_vec(), value))
            })
            .collect()
    }

    /// All values whose keys begin with `within`, in the order of keys.
    pub fn all(&self, kv: &dyn Kv, within: &impl Key) -> Result<Vec<V>, Broken> {
        Ok(self.scan(kv, within, None, false, usize::MAX)?.into_iter().map(|(_, value)| value).collect())
    }
}

impl Collection<u64> {
    /// Counts one up and gives the number before; a counter begins at `first`.
    pub fn next(&self, kv: &mut dyn Kv, key: &impl Key, first: u64) -> Result<u64, Broken> {
        let number = self.get(kv, key)?.unwrap_or(first);
        self.set(kv, key, &number.saturating_add(1))?;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::devnet::kv::MemoryKv;
    use proptest::prelude::*;

    const NUMBERS: Collection<u64> = Collection::new("test/number");
    const OTHERS: Collection<u64> = Collection::new("test/numbers");

    #[test]
    fn collections_do_not_touch() {
        let kv = &mut MemoryKv::new();
        for (number, owner) in ["a", "ab", "b"].into_iter().enumerate() {
            NUMBERS.set(kv, &(owner, 1u32), &(number as u64)).unwrap();
            OTHERS.set(kv, &(owner,), &99).unwrap();
        }
        assert_eq!(NUMBERS.all(kv, &()).unwrap(), [0, 1, 2]);
        assert_eq!(NUMBERS.all(kv, &("a",)).unwrap(), [0]);
        assert_eq!(NUMBERS.get(kv, &("ab", 1u32)).unwrap(), Some(1));
        NUMBERS.remove(kv, &("ab", 1u32)).unwrap();
        assert!(!NUMBERS.has(kv, &("ab", 1u32)).unwrap());
        assert_eq!(OTHERS.all(kv, &()).unwrap().len(), 3);
    }

    #[test]
    fn a_scan_goes_on_where_it_stopped() {
        let kv = &mut MemoryKv::new();
        for number in 0..5u64 {
            NUMBERS.set(kv, &(number,), &number).unwrap();
        }
        let values = |from: Option<u64>, reverse, limit| -> Vec<u64> {
            let from = from.map(|from| (from,).bytes());
            let rows = NUMBERS.scan(kv, &(), from.as_deref(), reverse, limit).unwrap();
            rows.into_iter().map(|(_, value)| value).collect()
        };
        assert_eq!(values(None, false, 2), [0, 1]);
        assert_eq!(values(Some(2), false, 9), [2, 3, 4]);
        assert_eq!(values(None, true, 2), [4, 3]);
        assert_eq!(values(Some(2), true, 9), [2, 1, 0]);
    }

    proptest! {
        #[test]
        fn the_order_of_keys_is_the_order_of_tuples(
            left in (".{0,4}", any::<u64>(), any::<u32>()), right in (".{0,4}", any::<u64>(), any::<u32>())
        ) {
            let bytes = |key: &(String, u64, u32)| (key.0.as_str(), key.1, key.2).bytes();
            prop_assert_eq!(left.cmp(&right), bytes(&left).cmp(&bytes(&right)));
        }
    }
}

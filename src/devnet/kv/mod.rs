//! The state: an ordered key-value store, like the SDK's.
//!
//! - [`MemoryKv`] keeps it in memory, for tests of rules.
//! - [`Overlay`] keeps writes apart over another store: a message, a transaction, a simulation and a block are overlays.
//! - [`SqliteKv`] keeps it in a file.
//!
//! Keys are ordered byte by byte. A scan runs over `from <= key < to`.

mod memory;
mod overlay;
mod sqlite;

pub use memory::MemoryKv;
pub use overlay::{Changes, Overlay};
pub use sqlite::{SCHEMA as STATE_TABLE, SqliteKv};

use crate::domain::fault::{Classified, Fault};
use std::borrow::Cow;
use std::io;
use std::path::PathBuf;

/// A key and its value.
pub type Row = (Vec<u8>, Vec<u8>);

/// An ordered key-value store.
pub trait Kv {
    /// The value of a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Broken>;
    /// Sets the value of a key.
    fn set(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Broken>;
    /// Takes a key away; that it is not there is no error.
    fn delete(&mut self, key: &[u8]) -> Result<(), Broken>;
    /// The first `limit` rows of `from <= key < to`, or the last ones, backwards.
    fn scan(&self, from: &[u8], to: &[u8], reverse: bool, limit: usize) -> Result<Vec<Row>, Broken>;
}

/// The state cannot be read or written, or holds something that it should not: never a reason of the chain's own.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// The file.
    #[error("cannot {doing} the state of the development chain")]
    File {
        /// What was tried.
        doing: &'static str,
        /// What SQLite says.
        #[source]
        source: rusqlite::Error,
    },
    /// The file cannot be made, or closed to others.
    #[error("cannot make or open {}", path.display())]
    Make {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is not a development chain's: it is not touched.
    #[error("{} is not the file of a development chain: {what}", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What it is.
        what: &'static str,
    },
    /// A value that is not what its collection holds.
    #[error("the state of the development chain holds an unreadable value in {collection} at {key}")]
    Value {
        /// The collection.
        collection: &'static str,
        /// The key, in hex.
        key: String,
        /// What protobuf says.
        #[source]
        source: prost::DecodeError,
    },
    /// The chain is being ended: nothing more is written.
    #[error("the development chain is being ended")]
    Ended,
    /// Two parts of the state that contradict each other.
    #[error("the state of the development chain contradicts itself: {what}")]
    Inconsistent {
        /// How.
        what: String,
    },
}

impl Classified for Broken {
    fn fault(&self) -> Fault {
        match self {
            Self::Make { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::File { .. } | Self::Make { .. } | Self::Ended => Fault::Unavailable,
            Self::Foreign { .. } => Fault::Invalid,
            Self::Value { .. } | Self::Inconsistent { .. } => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed(match self {
            Self::Ended => "start it again with `provider devnet start`",
            Self::Make { .. } | Self::Foreign { .. } => "name another folder with --home",
            Self::File { .. } => "look at the disk; the chain is as it was after its last whole block",
            Self::Value { .. } | Self::Inconsistent { .. } => "start afresh with `provider devnet reset`",
        }))
    }
}

/// The first key after all keys that begin with `prefix`; empty where there is none.
pub fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            break;
        }
    }
    end
}

#[cfg(test)]
mod tests;

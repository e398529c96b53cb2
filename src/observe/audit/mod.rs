//! What of the audit trail lies outside the state file: the key and the seals beside it, and the audit file.
//!
//! ```text
//! state.db.audit-key     0600  the key of the seals: 32 random bytes in hexadecimal digits
//! state.db.audit-seals   0600  one JSON object a line, only appended to; its lock orders all writers of the trail
//! logging.audit.output   0600  the audit file: rows and seals, one JSON object a line, only appended to
//! ```
//!
//! What a seal is worth: somebody who can write the state file, but not these files, cannot cut or rewrite the trail
//! unseen. Somebody who owns the machine can read the key and forge everything on it; against that only copies hold
//! that are elsewhere. Each seal is therefore also a line of the log (`audit trail sealed …`), so that a journal that is
//! sent to another host holds them, and the audit file can be on another disk.
//!
//! What it does not do: decide when to seal, or read the table. `jobs::audit` does.

mod actor;
mod appending;
mod error;
mod file;
mod key;
mod records;
mod seals;

pub use actor::actor;
pub use error::Error;
pub use file::{AuditFile, AuditFileReader, FileLine};
pub use key::{Key, read_key, read_or_create_key};
pub use seals::{Locked, read_seals};

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Where the key and the seals of a state file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files {
    state: PathBuf,
    /// The key.
    pub key: PathBuf,
    /// The seals.
    pub seals: PathBuf,
}

impl Files {
    /// Beside the state file.
    pub fn beside(state: &Path) -> Self {
        let with = |suffix: &str| {
            let mut name = OsString::from(state);
            name.push(suffix);
            PathBuf::from(name)
        };
        Self { state: state.to_owned(), key: with(".audit-key"), seals: with(".audit-seals") }
    }

    /// The state file, whose owner owns the others too.
    pub fn state(&self) -> &Path {
        &self.state
    }
}

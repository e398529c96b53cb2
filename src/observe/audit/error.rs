//! What can go wrong with the files of the audit trail.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::fault::{Classified, Fault};

/// Why a file of the audit trail could not be used. `doing` completes "cannot …".
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another process keeps the lock of the seals.
    #[error("another process keeps {} locked", path.display())]
    Busy {
        /// The seals file.
        path: PathBuf,
    },
    /// The file of the key holds something else.
    #[error("{} does not hold an audit key", path.display())]
    NotAKey {
        /// The file.
        path: PathBuf,
    },
}

impl Error {
    pub(super) fn io<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> Self + 'a {
        move |source| Self::Io { doing, path: path.to_owned(), source }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Fault::Denied,
                _ => Fault::Unavailable,
            },
            Self::Busy { .. } => Fault::Conflict,
            Self::NotAKey { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Io { .. } if self.fault() == Fault::Denied => {
                "run it as the user that owns the state file, or give it the file with chown; what is missing is made \
                 up for by the next run"
                    .into()
            }
            Self::Busy { .. } => "see with `fuser` who it is; what is missing is made up for by the next run".into(),
            Self::Io { .. } => "look at the disk; what is missing is made up for by the next run".into(),
            Self::NotAKey { .. } => {
                "put the file back from a copy; to begin anew move it and the seals file away (`provider audit-log \
                 verify` will say so)"
                    .into()
            }
        })
    }
}

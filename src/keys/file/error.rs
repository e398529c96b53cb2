//! What can go wrong with the key folder, in the words of an operator.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use super::sealed::{CannotSeal, SealError};
use crate::domain::fault::{Classified, Fault};
use crate::keys::Name;

/// Why a key could not be listed, made, deleted or unlocked. `doing` completes "cannot …".
///
/// Whatever the variant, no key is half-written, and none was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The disk or the system refuses.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Something else stands where the key folder should.
    #[error("{} is not a folder", path.display())]
    NotAFolder {
        /// What stands there.
        path: PathBuf,
    },
    /// A link, a folder or a device stands where a key file should.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// What stands there.
        path: PathBuf,
    },
    /// Other users may use the folder or file, and this user may not take it away from them.
    #[error("other users may use {} (mode {mode:04o}, owned by uid {owner})", path.display())]
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// Who owns it.
        owner: u32,
    },
    /// There is no key of this name.
    #[error("there is no key `{name}` in {}", folder.display())]
    NotFound {
        /// The name.
        name: Name,
        /// The key folder.
        folder: PathBuf,
    },
    /// There is a key of this name.
    #[error("there is a key `{name}` already: {}", path.display())]
    Exists {
        /// The name.
        name: Name,
        /// Its file.
        path: PathBuf,
    },
    /// Another process keeps the folder locked.
    #[error("another process keeps the key folder {} locked", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// The key could not be sealed.
    #[error("cannot seal the key `{name}`")]
    Seal {
        /// The name.
        name: Name,
        /// Why.
        #[source]
        source: CannotSeal,
    },
    /// The file that says what new keys are to cost is none of ours.
    #[error("{} does not say what a guess at a passphrase is to cost", path.display())]
    Costs {
        /// The file.
        path: PathBuf,
    },
    /// The content of a key file.
    #[error("cannot use the key file {}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: SealError,
    },
}

impl Error {
    pub(super) fn io<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
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
            Self::Exposed { .. } => Fault::Denied,
            Self::NotFound { .. } => Fault::NotFound,
            Self::NotAFolder { .. } | Self::NotAFile { .. } | Self::Exists { .. } | Self::Costs { .. } => {
                Fault::Invalid
            }
            Self::Busy { .. } => Fault::Conflict,
            Self::Seal { source: CannotSeal::Randomness(_), .. } => Fault::Unavailable,
            Self::Seal { source: CannotSeal::Step { .. }, .. } => Fault::Bug,
            Self::Content { source, .. } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => {
                    "run it as the user that owns the key folder (the one in the systemd units)".into()
                }
                io::ErrorKind::ReadOnlyFilesystem => {
                    "remount the file system writable, or set keys.keyring_path to another folder".into()
                }
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                    "free some space and run it again; nothing is half-written".into()
                }
                _ => "look at the disk and the kernel log (dmesg); the keys are as they were before".into(),
            },
            Self::NotAFolder { .. } => "set keys.keyring_path to a folder".into(),
            Self::NotAFile { .. } => "move it away; a key file is never reached by a link".into(),
            Self::Exposed { path, .. } => {
                let mode = if path.is_dir() { "700" } else { "600" };
                format!("let its owner run chmod {mode} {}, then look who could have used it", path.display()).into()
            }
            Self::NotFound { .. } => "`provider keys list` shows the keys, `provider keys add` makes one".into(),
            Self::Exists { .. } => {
                "a key is never overwritten: choose another name, or see `provider keys destroy`".into()
            }
            Self::Busy { .. } => "try again when it has ended".into(),
            Self::Costs { .. } => "run `provider keys init` again, which measures anew".into(),
            Self::Seal { .. } => return None,
            Self::Content { source, .. } => return source.hint(),
        })
    }
}

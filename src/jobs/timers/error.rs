//! Why units could not be looked after.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use crate::domain::fault::{Classified, Fault};

/// Why units could not be looked after.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of that name was not written by us.
    #[error("{} was not written by `provider timers install`", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// A file or folder.
    #[error("cannot {doing} {}", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        #[source]
        source: io::Error,
    },
    /// There is no `systemctl`, or it cannot be started.
    #[error("cannot run systemctl")]
    NoSystemctl {
        /// Why.
        #[source]
        source: io::Error,
    },
    /// systemd did not do what it was asked to.
    #[error("`{command}` failed: {said}")]
    Refused {
        /// What it was asked.
        command: String,
        /// The beginning of what it said.
        said: String,
    },
    /// It answered in a form that we do not know.
    #[error("`{command}` answered with something else than its JSON")]
    Answer {
        /// What it was asked.
        command: String,
        /// Where the answer is wrong.
        #[source]
        source: serde_json::Error,
    },
}

impl Error {
    pub(super) fn file(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        move |source| Self::File { doing, path: path.to_owned(), source }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Foreign { .. } => Fault::Invalid,
            Self::File { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::File { .. } | Self::NoSystemctl { .. } | Self::Refused { .. } => Fault::Unavailable,
            Self::Answer { .. } => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Foreign { .. } => Some(Cow::Borrowed("move it away, or install into another folder with --dir")),
            Self::File { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                Some(Cow::Borrowed("run it as root, or install units of your own with --user"))
            }
            Self::NoSystemctl { .. } => Some(Cow::Borrowed(
                "without systemd any other timer will do: `provider timers status` says what to run how often",
            )),
            Self::Refused { .. } => Some(Cow::Borrowed(
                "`systemctl status` (with --user for your own) says whether systemd runs here at all",
            )),
            Self::File { .. } | Self::Answer { .. } => None,
        }
    }
}

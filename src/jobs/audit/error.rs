//! What can go wrong with the trail.

use std::borrow::Cow;

use crate::domain::audit::Broken;
use crate::domain::fault::{Classified, Fault};
use crate::{observe, store};

/// Why the trail could not be kept or read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The table.
    #[error("cannot keep the audit trail in the state file")]
    Store(#[source] store::Error),
    /// The key, the seals or the audit file.
    #[error("cannot keep the files of the audit trail")]
    Files(#[source] observe::audit::Error),
    /// The trail is not what was sealed, so it is not sealed again.
    #[error("the audit trail was tampered with, and is not sealed: {0}")]
    Tampered(Broken),
    /// The state file is in memory: there is no place for a key and seals.
    #[error("a state file in memory has no sealed audit trail")]
    InMemory,
}

impl From<store::Error> for Error {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<observe::audit::Error> for Error {
    fn from(error: observe::audit::Error) -> Self {
        Self::Files(error)
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Store(error) => error.fault(),
            Self::Files(error) => error.fault(),
            Self::Tampered(_) | Self::InMemory => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Files(error) => error.hint(),
            Self::Tampered(_) => Some(
                "see `provider audit-log verify`, and keep a copy of the state file and what lies beside it. If you put \
                 a backup in place by hand, use `provider state restore`. To go on with the trail as it is, move the \
                 seals file aside: verification will keep saying so"
                    .into(),
            ),
            Self::InMemory => None,
        }
    }
}

//! Why a key did not do what was asked of it.

use std::borrow::Cow;

use super::{
    BackendKind, CannotSign, KeyType, Name, NoRandomness, PassphraseError, external, file, hardware, ledger, memory,
};
use crate::domain::fault::{Classified, Fault};

/// Why nothing was signed, opened or made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no passphrase.
    #[error("cannot unlock the key `{key}`")]
    Passphrase {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: PassphraseError,
    },
    /// The key does not open.
    #[error("cannot unlock the key `{key}`")]
    Unlock {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: file::Error,
    },
    /// It did not open before, in this run.
    #[error("the key `{key}` could not be unlocked earlier in this run")]
    Refused {
        /// The key.
        key: Name,
    },
    /// It opens things, and does not sign.
    #[error("cannot sign with the key `{key}`")]
    Type {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: CannotSign,
    },
    /// What was sealed was sealed to another key, or was changed.
    #[error("the key `{key}` ({key_type}) does not open it: it was sealed to another key, or changed since")]
    DoesNotOpen {
        /// The key.
        key: Name,
        /// Its type.
        key_type: KeyType,
    },
    /// Where the key is kept is another key than the key's file says.
    #[error("{} holds another key as `{key}` than its file in the key folder says", kind.noun())]
    OtherKey {
        /// The key.
        key: Name,
        /// Where it is kept.
        kind: BackendKind,
    },
    /// The back end keeps no keys of this type.
    #[error("{} keeps no keys of type {key_type}", kind.noun())]
    Keeps {
        /// The back end.
        kind: BackendKind,
        /// The type.
        key_type: KeyType,
    },
    /// The back end cannot do that.
    #[error("{} cannot {what}", kind.noun())]
    Cannot {
        /// The back end.
        kind: BackendKind,
        /// What it cannot.
        what: &'static str,
    },
    /// The configuration does not say how the back end is reached.
    #[error("keys are kept in {}, and the configuration lacks {missing}", kind.noun())]
    NotConfigured {
        /// The back end.
        kind: BackendKind,
        /// What is missing.
        missing: &'static str,
    },
    /// There are no random bytes.
    #[error("cannot make the key `{key}`")]
    Random {
        /// The key.
        key: Name,
        /// Why.
        #[source]
        source: NoRandomness,
    },
    /// The key folder.
    #[error(transparent)]
    File(#[from] file::Error),
    /// The token.
    #[error(transparent)]
    Hardware(#[from] hardware::Error),
    /// The device.
    #[error(transparent)]
    Ledger(#[from] ledger::Error),
    /// The signer program.
    #[error(transparent)]
    External(#[from] external::Error),
    /// Keys in memory.
    #[error(transparent)]
    Memory(#[from] memory::Error),
}

impl Error {
    /// Whether the back end has a key of that name already.
    pub const fn is_taken(&self) -> bool {
        matches!(
            self,
            Self::Hardware(hardware::Error::Taken { .. })
                | Self::External(external::Error::Refused { code: external::Code::Exists, .. })
        )
    }

    /// The cause that has a say of its own.
    fn cause(&self) -> Option<&dyn Classified> {
        match self {
            Self::Passphrase { source, .. } => Some(source),
            Self::Unlock { source, .. } => Some(source),
            Self::File(error) => Some(error),
            Self::Hardware(error) => Some(error),
            Self::Ledger(error) => Some(error),
            Self::External(error) => Some(error),
            Self::Memory(error) => Some(error),
            Self::Refused { .. }
            | Self::Type { .. }
            | Self::DoesNotOpen { .. }
            | Self::OtherKey { .. }
            | Self::Keeps { .. }
            | Self::Cannot { .. }
            | Self::NotConfigured { .. }
            | Self::Random { .. } => None,
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        if let Some(cause) = self.cause() {
            return cause.fault();
        }
        match self {
            Self::Refused { .. } => Fault::Denied,
            Self::Random { .. } => Fault::Unavailable,
            _ => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        if let Some(cause) = self.cause() {
            return cause.hint();
        }
        let hint = match self {
            Self::Refused { .. } => "the first failure says why",
            Self::Type { .. } => "`provider keys list` shows the type of each key",
            Self::DoesNotOpen { .. } => {
                "`provider keys list` shows the fingerprints of all keys; compare them with the recipients of the envelope"
            }
            Self::OtherKey { .. } => {
                "if the device, token or signer was changed on purpose, destroy this key and add the other one; else find \
                 out who changed the key folder"
            }
            Self::Keeps { kind: BackendKind::File, .. } => return None,
            Self::Keeps { .. } | Self::Cannot { .. } => {
                "keep this key in a file (--keyring-backend file): each key remembers where it is kept"
            }
            Self::NotConfigured { .. } => "`provider config example` shows the section `keys`",
            _ => return None,
        };
        Some(hint.into())
    }
}

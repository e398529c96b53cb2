//! What can go wrong with a token, in the words of an operator.

use std::borrow::Cow;
use std::path::PathBuf;

use crate::domain::fault::{Classified, Fault};
use crate::keys::{KeyType, Name, NoRandomness, PassphraseError};

/// Why a token did not do what was asked of it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The library does not load.
    #[error("cannot use the PKCS#11 library {}", library.display())]
    Load {
        /// The library.
        library: PathBuf,
        /// Why.
        #[source]
        source: cryptoki::error::Error,
    },
    /// None or several tokens fit the configuration.
    #[error("{} tokens of {} fit keys.hsm; there are: {}", fitting, library.display(), if seen.is_empty() { "none".to_owned() } else { seen.join(", ") })]
    Which {
        /// The library.
        library: PathBuf,
        /// How many fit.
        fitting: usize,
        /// Every token.
        seen: Vec<String>,
    },
    /// There is no PIN.
    #[error("cannot log in to the token `{token}`")]
    NoPin {
        /// The token.
        token: String,
        /// Why.
        #[source]
        source: PassphraseError,
    },
    /// The PIN is wrong. It is not tried again: a token locks itself after a few.
    #[error("the token `{token}` refuses the PIN")]
    WrongPin {
        /// The token.
        token: String,
    },
    /// The token has locked itself.
    #[error("the PIN of the token `{token}` is locked")]
    PinLocked {
        /// The token.
        token: String,
    },
    /// Another wrong PIN would lock the token.
    #[error("the token `{token}` takes one more PIN before it locks itself, and a program does not take that chance")]
    FinalTry {
        /// The token.
        token: String,
    },
    /// It was refused before, in this run.
    #[error("the token could not be used earlier in this run")]
    Refused,
    /// It lacks the mechanisms of a type.
    #[error("the token has no mechanism for keys of type {key_type}")]
    Lacks {
        /// The type.
        key_type: KeyType,
    },
    /// There are objects of this name.
    #[error("the token has objects with the label `{key}` already")]
    Taken {
        /// The name.
        key: Name,
    },
    /// There is no pair, or more than one.
    #[error("the token has {count} public keys of type {key_type} with the label `{key}`, and one is needed")]
    NotOne {
        /// The name.
        key: Name,
        /// The type.
        key_type: KeyType,
        /// How many.
        count: usize,
    },
    /// Its objects have no id.
    #[error("the objects of `{key}` on the token have no id (CKA_ID), so they cannot be told from others")]
    NoId {
        /// The name.
        key: Name,
    },
    /// Its id is that of others too.
    #[error("{count} private keys of the token have the id {id} of `{key}`, and one is needed")]
    SharedId {
        /// The name.
        key: Name,
        /// The id, in hexadecimal digits.
        id: String,
        /// How many.
        count: usize,
    },
    /// The object with its name and id is another key.
    #[error("the token has another key as `{key}` with the id {id}; nothing was deleted")]
    OtherObject {
        /// The name.
        key: Name,
        /// The id, in hexadecimal digits.
        id: String,
    },
    /// The private object is not there.
    #[error("the token {token} has no private key of `{key}`")]
    Gone {
        /// The key.
        key: Name,
        /// The token's serial number.
        token: String,
    },
    /// Another token is plugged in.
    #[error("the key `{key}` is on the token {expected}, and {found} is there")]
    OtherToken {
        /// The key.
        key: Name,
        /// Its token's serial number.
        expected: String,
        /// The one that is there.
        found: String,
    },
    /// Its file does not say where on a token it is.
    #[error("the file of the key `{key}` names no object of a token")]
    Elsewhere {
        /// The key.
        key: Name,
    },
    /// The token's point is none.
    #[error("the token made a key `{key}` whose public key cannot be read")]
    Point {
        /// The key.
        key: Name,
    },
    /// What it signed has another length.
    #[error("the token's signature with `{key}` has {length} bytes, not 64")]
    Signature {
        /// The key.
        key: Name,
        /// How many bytes.
        length: usize,
    },
    /// There is no id for a new object.
    #[error("cannot name a new object")]
    Random {
        /// Why.
        #[source]
        source: NoRandomness,
    },
    /// The token or its library failed.
    #[error("cannot {doing}")]
    Token {
        /// What was tried.
        doing: &'static str,
        /// What it said.
        #[source]
        source: cryptoki::error::Error,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Load { .. }
            | Self::Which { .. }
            | Self::Lacks { .. }
            | Self::Taken { .. }
            | Self::Elsewhere { .. }
            | Self::NoId { .. }
            | Self::SharedId { .. }
            | Self::OtherObject { .. }
            | Self::NotOne { .. } => Fault::Invalid,
            Self::NoPin { source, .. } => source.fault(),
            Self::WrongPin { .. } | Self::PinLocked { .. } | Self::FinalTry { .. } | Self::Refused => Fault::Denied,
            Self::Gone { .. } | Self::OtherToken { .. } => Fault::NotFound,
            Self::Point { .. } | Self::Signature { .. } | Self::Random { .. } | Self::Token { .. } => {
                Fault::Unavailable
            }
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Load { .. } => {
                "keys.hsm.library_path names the vendor's library; its own settings (such as SOFTHSM2_CONF) must be there \
                 for this user too"
            }
            Self::Which { .. } => "set keys.hsm.token_label or keys.hsm.slot_id so that one token fits",
            Self::NoPin { .. } => {
                "name a file with keys.hsm.pin_file, or give the unit a credential `provider-hsm-pin` (LoadCredential)"
            }
            Self::WrongPin { .. } => "correct the PIN before the next run: the token locks itself after a few attempts",
            Self::PinLocked { .. } => "the token's security officer can set a new PIN",
            Self::FinalTry { .. } => "log in once with the vendor's tool and the right PIN, which resets the count",
            Self::Refused => "the first failure says why",
            Self::Lacks { .. } => "keep this key in a file (--keyring-backend file), or make one of another type",
            Self::Taken { .. } => "take the key that is there over with --existing, or choose another name",
            Self::NotOne { .. } | Self::OtherObject { .. } => "`pkcs11-tool --list-objects` shows what is on the token",
            Self::NoId { .. } | Self::SharedId { .. } => {
                "give its two objects an id of their own with the tool that made them (pkcs11-tool --set-id)"
            }
            Self::Gone { .. } => "put the token's backup in place, or destroy this key and make another",
            Self::OtherToken { .. } => "plug the right token in, or set keys.hsm to it",
            Self::Elsewhere { .. } => "put the key's file back from your backup",
            Self::Point { .. } | Self::Signature { .. } | Self::Token { .. } => {
                "look into the token's own log; `provider keys test-sign` tries again"
            }
            Self::Random { .. } => return None,
        };
        Some(hint.into())
    }
}

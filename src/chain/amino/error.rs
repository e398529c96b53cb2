//! Why something cannot be signed as JSON.

use crate::chain::convert;
use crate::domain::amount;
use crate::domain::fault::{Classified, Fault};
use std::borrow::Cow;

/// Why something cannot be signed in sign mode LEGACY_AMINO_JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A message of a type that the network does not have.
    #[error("cannot sign a message of type {type_url:?} as JSON: it is not known on {network}")]
    UnknownType {
        /// The type URL.
        type_url: String,
        /// The network's word.
        network: &'static str,
    },
    /// The bytes of a message are none.
    #[error("cannot sign a {message} as JSON: its bytes are no such message")]
    Malformed {
        /// The message's name.
        message: String,
    },
    /// A field that the tables do not have: signed without it, the document would not say all.
    #[error("cannot sign a {message} as JSON: field {number} is not known")]
    UnknownField {
        /// The message's name.
        message: String,
        /// The field's number.
        number: u32,
    },
    /// A field whose value is none of its type.
    #[error("cannot sign a {message} as JSON: its field {field} is malformed")]
    Value {
        /// The message's name.
        message: String,
        /// The field's name.
        field: String,
    },
    /// An amount that is none.
    #[error("cannot sign a {message} as JSON: its field {field} is no amount")]
    Amount {
        /// The message's name.
        message: String,
        /// The field's name.
        field: String,
        /// What is wrong with it.
        #[source]
        source: amount::Error,
    },
    /// A time that is none.
    #[error("cannot sign a {message} as JSON: its field {field} is no time")]
    Time {
        /// The message's name.
        message: String,
        /// The field's name.
        field: String,
        /// What is wrong with it.
        #[source]
        source: convert::Error,
    },
    /// A field that this mode has no JSON for.
    #[error("cannot sign a {message} as JSON: the mode has no form for its field {field}")]
    Unsupported {
        /// The message's name.
        message: String,
        /// The field's name.
        field: String,
    },
    /// Messages within messages, without end.
    #[error("cannot sign a {message} as JSON: it is nested too deeply")]
    TooDeep {
        /// The message's name.
        message: String,
    },
    /// The transaction has extension options.
    #[error("cannot sign a transaction with extension options as JSON")]
    ExtensionOptions,
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(Cow::Borrowed("sign in SIGN_MODE_DIRECT, with a key that can"))
    }
}

//! What can be wrong with an amount.

use super::Denom;
use crate::domain::fault::{Classified, Fault};
use std::borrow::Cow;

/// Why an amount could not be read or computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The text is no number of the expected form.
    #[error("{text:?} is not {expected}")]
    Malformed {
        /// The offending text, cut to a printable length.
        text: String,
        /// What was expected, with its article.
        expected: &'static str,
    },
    /// The text has more than 18 decimal places.
    #[error("{text:?} has more than 18 decimal places")]
    TooPrecise {
        /// The offending text, cut to a printable length.
        text: String,
    },
    /// The result of `operation` is outside the 256 bits that the chain allows.
    #[error("overflow: the result of {operation} does not fit into 256 bits")]
    Overflow {
        /// What was being computed.
        operation: &'static str,
    },
    /// The result of `operation` would be below zero where only amounts from zero up exist.
    #[error("the result of {operation} is negative")]
    Negative {
        /// What was being computed.
        operation: &'static str,
    },
    /// A division by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Two amounts of different denominations met in one sum.
    #[error("{left} and {right} cannot be added")]
    DenominationsDiffer {
        /// The denomination on the left.
        left: Denom,
        /// The denomination on the right.
        right: Denom,
    },
}

impl Error {
    /// A [`Error::Malformed`] that quotes at most 80 characters of a possibly hostile text.
    pub(super) fn malformed(text: &str, expected: &'static str) -> Self {
        Self::Malformed { text: excerpt(text), expected }
    }

    /// A [`Error::TooPrecise`] that quotes at most 80 characters of a possibly hostile text.
    pub(super) fn too_precise(text: &str) -> Self {
        Self::TooPrecise { text: excerpt(text) }
    }
}

fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Malformed { .. } | Self::TooPrecise { .. } => {
                Some(Cow::Borrowed("write plain decimals such as 500000uve or 0.025uve: no blanks, signs or exponents"))
            }
            Self::Overflow { .. } | Self::Negative { .. } | Self::DivisionByZero | Self::DenominationsDiffer { .. } => {
                None
            }
        }
    }
}

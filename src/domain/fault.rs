//! The one classification of everything that can go wrong.
//!
//! A [`Fault`] decides whether a retry makes sense, which exit code a command ends with and which label a metric
//! carries. Nothing in the program matches on the text of a message.

use std::borrow::Cow;
use std::fmt;

/// What kind of thing went wrong, whoever noticed it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The input is wrong; the same input fails again.
    Invalid,
    /// The thing that was named does not exist (a confirmed absence, never a failed look-up).
    NotFound,
    /// Somebody else holds it, or it is no longer in the state that was expected; a later try may work.
    Conflict,
    /// We are not allowed to.
    Denied,
    /// The other side did not answer, or not in time: the outcome is unknown.
    Unavailable,
    /// A promise of our own code is broken.
    Bug,
}

impl Fault {
    /// The word used in JSON output, metric labels and stored rows.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Denied => "denied",
            Self::Unavailable => "unavailable",
            Self::Bug => "bug",
        }
    }

    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_temporary(self) -> bool {
        match self {
            Self::Conflict | Self::Unavailable => true,
            Self::Invalid | Self::NotFound | Self::Denied | Self::Bug => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// An error that knows its [`Fault`] and, where there is one, what the operator should do next.
///
/// Each module's error enum implements this. The text of an error (`Display`) names the operation that failed and
/// its operands, and never repeats its source: the source is printed as `caused by:`.
pub trait Classified: std::error::Error {
    /// The kind of fault.
    fn fault(&self) -> Fault;

    /// What to do next, in the words of an operator; `None` where the text says it all.
    fn hint(&self) -> Option<Cow<'static, str>> {
        None
    }
}

/// An error and everything beneath it, in one line: for rows and reports that hold one text.
pub fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

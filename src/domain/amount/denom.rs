//! Denominations.

use super::Error;
use super::text::serde_as_text;
use std::fmt;
use std::str::FromStr;

/// The name of a coin's unit on chain: `uve`, `ibc/27394FB0…`.
///
/// 3 to 128 characters: a letter, then letters, digits and `/ : . _ -` (the Cosmos SDK's
/// `[a-zA-Z][a-zA-Z0-9/:._-]{2,127}`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Denom(Box<str>);

impl Denom {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Denom {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let starts_well = text.starts_with(|first: char| first.is_ascii_alphabetic());
        let goes_on_well = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/:._-".contains(&byte));
        if starts_well && goes_on_well && (3..=128).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(Error::malformed(text, "a denomination (3 to 128 letters, digits and /:._-, a letter first)"))
        }
    }
}

impl fmt::Display for Denom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Denom {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Denom {
    fn eq(&self, other: &str) -> bool {
        &*self.0 == other
    }
}

impl PartialEq<&str> for Denom {
    fn eq(&self, other: &&str) -> bool {
        &*self.0 == *other
    }
}

serde_as_text!(Denom, "a denomination");

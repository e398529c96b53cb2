//! The name of a key.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::domain::key::serving;

/// The name of a key, as in `provider-encryption`. It names a file too, so it can never be a path.
///
/// One to 64 ASCII letters, digits, dots, hyphens and underscores, a letter or digit first and last.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Box<str>);

/// A text that names no key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no name of a key: letters, digits and . - _ between them, {LONGEST} characters at most")]
pub struct NotAName(String);

/// The longest name, in characters.
const LONGEST: usize = 64;

impl Name {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is `role` or, by the operations manual's custom, a later version of it: `provider-encryption-v2`.
    pub fn is_version_of(&self, role: &str) -> bool {
        serving::is_version(&self.0, role)
    }
}

impl FromStr for Name {
    type Err = NotAName;

    fn from_str(text: &str) -> Result<Self, NotAName> {
        let outer = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
        let fits = text.len() <= LONGEST
            && outer(text.bytes().next())
            && outer(text.bytes().next_back())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
        if fits { Ok(Self(text.into())) } else { Err(NotAName(text.chars().take(LONGEST + 1).collect())) }
    }
}

impl TryFrom<String> for Name {
    type Error = NotAName;

    fn try_from(text: String) -> Result<Self, NotAName> {
        text.parse()
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.0.into_string()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        for name in ["provider", "provider-encryption-v2", "a", "9", "Usage_2026.1", "x".repeat(64).as_str()] {
            assert_eq!(name.parse::<Name>().unwrap().to_string(), name);
        }
        let long = "x".repeat(65);
        for name in [
            "",
            ".",
            "..",
            ".new",
            "-rf",
            "a/b",
            "/etc/passwd",
            "../a",
            "a\\b",
            "a b",
            "a\0",
            "a\n",
            "ключ",
            "a.",
            "a-",
            &long,
        ] {
            assert!(name.parse::<Name>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn versions_of_a_role() {
        let name = |text: &str| text.parse::<Name>().unwrap();
        for text in ["provider", "provider-v2", "provider-v10"] {
            assert!(name(text).is_version_of("provider"), "{text}");
        }
        for text in ["provider-encryption", "provider2", "provider-v", "provider-v2a", "other"] {
            assert!(!name(text).is_version_of("provider"), "{text}");
        }
    }
}

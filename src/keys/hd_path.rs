//! Paths of key derivation.

use std::fmt;
use std::str::FromStr;

use bip32::DerivationPath;
use serde::{Deserialize, Serialize};

/// A path of key derivation (BIP-32), as in `m/44'/118'/0'/0/0`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HdPath(DerivationPath);

/// A text that is no path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no derivation path: it looks like m/44'/118'/0'/0/0, with {DEEPEST} steps at most")]
pub struct NotAPath(String);

/// The most steps of a path.
const DEEPEST: usize = 10;

impl HdPath {
    /// The path of an account (BIP-44) of the coin with this SLIP-44 number; Cosmos chains have 118.
    pub fn of_account(coin_type: u32, index: u32) -> Result<Self, NotAPath> {
        format!("m/44'/{coin_type}'/0'/0/{index}").parse()
    }

    /// The number of each step; hardened ones have the highest bit.
    pub fn steps(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().map(|step| step.0)
    }

    pub(super) const fn derivation(&self) -> &DerivationPath {
        &self.0
    }
}

impl FromStr for HdPath {
    type Err = NotAPath;

    fn from_str(text: &str) -> Result<Self, NotAPath> {
        let not_a_path = || NotAPath(text.chars().take(100).collect());
        let path: DerivationPath = text.parse().map_err(|_| not_a_path())?;
        // What prints differently (`m/044'`) would be another text for the same key.
        let fits = (1..=DEEPEST).contains(&path.len()) && path.to_string() == text;
        if fits { Ok(Self(path)) } else { Err(not_a_path()) }
    }
}

impl TryFrom<String> for HdPath {
    type Error = NotAPath;

    fn try_from(text: String) -> Result<Self, NotAPath> {
        text.parse()
    }
}

impl From<HdPath> for String {
    fn from(path: HdPath) -> Self {
        path.to_string()
    }
}

impl fmt::Display for HdPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_back() {
        for text in ["m/44'/118'/0'/0/0", "m/0", "m/44'/60'/2147483647'"] {
            assert_eq!(text.parse::<HdPath>().unwrap().to_string(), text);
        }
        assert_eq!(HdPath::of_account(118, 1).unwrap().to_string(), "m/44'/118'/0'/0/1");
    }

    #[test]
    fn what_is_no_path_is_refused() {
        let deep = format!("m{}", "/0".repeat(11));
        for text in ["", "m", "m/", "44'/118'", "m/44h/0", "m/-1", "m/2147483648", "m/044'", "m//0", "M/0", &deep] {
            assert!(text.parse::<HdPath>().is_err(), "{text}");
        }
    }
}

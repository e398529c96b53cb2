//! Account addresses.

use crate::domain::fault::{Classified, Fault};
use bech32::primitives::decode::{CheckedHrpstring, CheckedHrpstringError};
use bech32::{Bech32, Hrp};
use ripemd::Ripemd160;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::fmt;

/// The longest address of the Cosmos SDK, in bytes. Accounts of one key or several have 20.
const MAX_BYTES: usize = 255;

/// An account address that was checked: lower-case bech32 with the prefix of its network, `ve1…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(Box<str>);

impl Address {
    /// The address of the account that a secp256k1 key signs for: bech32 of RIPEMD-160 of SHA-256 of the compressed
    /// point.
    pub fn of_secp256k1(public_key: &[u8; 33], prefix: &str) -> Result<Self, Error> {
        Self::of_bytes(&Ripemd160::digest(Sha256::digest(public_key)), prefix)
    }

    /// The address with these bytes.
    pub fn of_bytes(bytes: &[u8], prefix: &str) -> Result<Self, Error> {
        check_length(bytes.len())?;
        let hrp = Hrp::parse(prefix).map_err(|source| Error::Prefix { prefix: prefix.to_owned(), source })?;
        let text = bech32::encode_lower::<Bech32>(hrp, bytes).map_err(|_| Error::Length { bytes: bytes.len() })?;
        Ok(Self(text.into()))
    }

    /// Reads an address of the network with this prefix.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, Error> {
        let checked = CheckedHrpstring::new::<Bech32>(text).map_err(|source| Error::Malformed { source })?;
        if checked.hrp().as_str() != prefix || text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            let found = text.rsplit_once('1').map_or(text, |(prefix, _)| prefix).to_owned();
            return Err(Error::OtherPrefix { expected: prefix.to_owned(), found });
        }
        check_length(checked.byte_iter().len())?;
        Ok(Self(text.into()))
    }

    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bytes of the address: 20 for accounts of one key or several.
    pub fn bytes(&self) -> Vec<u8> {
        // Checked when it was made.
        CheckedHrpstring::new::<Bech32>(&self.0).map(|checked| checked.byte_iter().collect()).unwrap_or_default()
    }
}

fn check_length(bytes: usize) -> Result<(), Error> {
    if (1..=MAX_BYTES).contains(&bytes) { Ok(()) } else { Err(Error::Length { bytes }) }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Address {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Why a text is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is not bech32, or its checksum is wrong.
    #[error("the address is not valid bech32")]
    Malformed {
        /// What bech32 says.
        #[source]
        source: CheckedHrpstringError,
    },
    /// It is an address of another network, or not in lower case.
    #[error("the address begins with {found:?}, not with {expected:?}")]
    OtherPrefix {
        /// The prefix of the network.
        expected: String,
        /// The prefix that was found.
        found: String,
    },
    /// It has no bytes, or too many.
    #[error("the address has {bytes} bytes; from 1 to {MAX_BYTES} are possible")]
    Length {
        /// How many bytes.
        bytes: usize,
    },
    /// The prefix itself cannot begin an address.
    #[error("{prefix:?} cannot be the prefix of addresses")]
    Prefix {
        /// The prefix.
        prefix: String,
        /// What bech32 says.
        #[source]
        source: bech32::primitives::hrp::Error,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Malformed { .. } => Some(Cow::Borrowed("copy it again: a single wrong character is noticed")),
            Self::OtherPrefix { expected, .. } => {
                Some(Cow::Owned(format!("addresses of this network begin with {expected}1, in lower case")))
            }
            Self::Length { .. } | Self::Prefix { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TEXT: &str = "ve1r5v5srda7xfth3hn2s26txvrcrntldju8ku0ch";

    #[test]
    fn an_address_reads_back() {
        let address = Address::parse(TEXT, "ve").unwrap();
        assert_eq!(address.bytes().len(), 20);
        assert_eq!(Address::of_bytes(&address.bytes(), "ve").unwrap(), address);
        assert_eq!(address.to_string(), TEXT);
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        let upper = TEXT.to_uppercase();
        let wrong = TEXT.replace("r5v5", "r5v4");
        let other = "akash1r5v5srda7xfth3hn2s26txvrcrntldjuks2uw9";
        assert!(matches!(Address::parse(&wrong, "ve"), Err(Error::Malformed { .. })));
        assert!(matches!(Address::parse("", "ve"), Err(Error::Malformed { .. })));
        assert!(matches!(Address::parse(other, "ve"), Err(Error::OtherPrefix { found, .. }) if found == "akash"));
        assert!(matches!(Address::parse(&upper, "ve"), Err(Error::OtherPrefix { .. })));
        assert!(matches!(Address::of_bytes(&[], "ve"), Err(Error::Length { bytes: 0 })));
        assert!(matches!(Address::of_bytes(&[0; 256], "ve"), Err(Error::Length { bytes: 256 })));
        assert!(matches!(Address::of_bytes(&[0; 20], ""), Err(Error::Prefix { .. })));
    }

    proptest! {
        #[test]
        fn bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 1..=255)) {
            let address = Address::of_bytes(&bytes, "akash").unwrap();
            prop_assert_eq!(Address::parse(address.as_str(), "akash").unwrap().bytes(), bytes);
        }

        #[test]
        fn no_text_panics(text in ".{0,120}") {
            let _ = Address::parse(&text, "ve");
        }
    }
}

//! The hash of a transaction.

use std::fmt;

use sha2::{Digest, Sha256};

use super::hex;

/// SHA-256 of a transaction's bytes: its name on chain, upper-case hex as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TxHash(pub [u8; 32]);

impl TxHash {
    /// The hash of these bytes.
    pub fn of(tx_bytes: &[u8]) -> Self {
        Self(Sha256::digest(tx_bytes).into())
    }

    /// Reads 64 hexadecimal digits, in either case.
    pub fn parse(text: &str) -> Option<Self> {
        hex::decode_array(text).map(Self)
    }
}

impl fmt::Display for TxHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex::encode(&self.0).to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_upper_case_and_reads_back() {
        let hash = TxHash::of(b"tx");
        assert_eq!(hash.to_string(), "1B5B9CCB3E8D006A5230DE9BDA23FF91EDC794D4F56410560830B418528E446C");
        assert_eq!(TxHash::parse(&hash.to_string()), Some(hash));
        assert_eq!(TxHash::parse(&hash.to_string().to_lowercase()), Some(hash));
        assert_eq!(TxHash::parse("00"), None);
    }
}

//! The bytes of a row's key.

use crate::devnet::collection::Key;
use crate::devnet::rules::auth;
use crate::domain::network::Network;

/// A row's key as the network's node writes it, or the beginning of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowKey(Vec<u8>);

impl RowKey {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// These bytes.
    pub fn raw(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// An address: the length and the bytes where rows are kept by state, else the text and a zero byte.
    ///
    /// (What is no address begins no key: nothing is found below it.)
    #[must_use]
    pub fn address(mut self, network: &Network, address: &str) -> Self {
        if network.behaviour.unfiltered_rows_by_state {
            let bytes = auth::bytes_of(network, address).unwrap_or_default();
            self.0.push(u8::try_from(bytes.len()).unwrap_or(u8::MAX));
            self.0.extend(bytes);
        } else {
            self.0.extend(address.as_bytes());
            self.0.push(0);
        }
        self
    }

    /// A 64-bit number.
    #[must_use]
    pub fn long(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// A 32-bit number.
    #[must_use]
    pub fn int(mut self, number: u32) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    /// One byte.
    #[must_use]
    pub fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    /// Another key behind this one.
    #[must_use]
    pub fn then(mut self, bytes: &[u8]) -> Self {
        self.0.extend(bytes);
        self
    }

    /// The bytes so far.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Key for RowKey {
    fn encode(&self, key: &mut Vec<u8>) {
        key.extend(&self.0);
    }
}

//! Addresses as rules need them: between text and bytes.

use crate::devnet::refusal::Refusal;
use crate::domain::address::Address;
use crate::domain::network::Network;
use sha2::{Digest, Sha256};

/// The bytes of an address; a text that is none is refused as the SDK's `AccAddressFromBech32` does (`undefined` 1,
/// which callers wrap or replace: most by `sdk` 7).
pub fn bytes_of(network: &Network, address: &str) -> Result<Vec<u8>, Refusal> {
    if address.trim().is_empty() {
        return Err(Refusal::undefined("empty address string is not allowed"));
    }
    Address::parse(address, network.address_prefix)
        .map(|address| address.bytes())
        .map_err(|error| Refusal::undefined(format!("decoding bech32 failed: {error}")))
}

/// The address with these bytes; empty for bytes that make none (none or too many).
pub fn of_bytes(network: &Network, address: &[u8]) -> String {
    Address::of_bytes(address, network.address_prefix).map(|address| address.to_string()).unwrap_or_default()
}

/// The address of a module's account: the first twenty bytes of SHA-256 of its name.
pub fn module_address(module: &str) -> Vec<u8> {
    Sha256::digest(module.as_bytes()).iter().copied().take(20).collect()
}

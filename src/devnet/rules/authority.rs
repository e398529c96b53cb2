//! Messages that only governance may send.

use super::auth;
use crate::devnet::refusal::Refusal;
use crate::domain::network::Network;

/// Refuses any authority but the account of module `gov`, which no key signs for.
pub fn check(network: &Network, authority: &str) -> Result<(), Refusal> {
    let expected = auth::of_bytes(network, &auth::module_address("gov"));
    if authority == expected {
        return Ok(());
    }
    let text = format!(
        "invalid authority; expected {expected}, got {authority}: expected gov account as only signer for proposal message"
    );
    Err(Refusal::new("gov", 8, text))
}

//! Certificates on chain: tenants show them to gateways, providers serve with them.

use super::address::Address;
use super::chain_state::chain_state;

/// A published certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub owner: Address,
    /// Its serial number, in decimal.
    pub serial: String,
    /// Where it stands.
    pub state: CertificateState,
    /// PEM, as it was published: not checked here.
    pub certificate: Vec<u8>,
    /// PEM of its public key, as it was published: not checked here.
    pub public_key: Vec<u8>,
}

chain_state! {
    /// Where a certificate stands.
    pub enum CertificateState {
        /// It may be used.
        Valid => "valid",
        /// It must not be used any more.
        Revoked => "revoked",
    }
}

//! Providers in the chain's register, and what auditors vouch for.

use super::address::Address;
use super::manifest::Attribute;

/// A registered provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its address.
    pub owner: Address,
    /// Where its gateway is: `https://host[:port]`.
    pub host_uri: String,
    /// What it says of itself; orders ask for these.
    pub attributes: Vec<Attribute>,
    /// How to reach its people; may be empty.
    pub email: String,
    /// Where they present themselves; may be empty.
    pub website: String,
}

/// What one auditor vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedAttributes {
    /// The provider.
    pub owner: Address,
    /// Who vouches.
    pub auditor: Address,
    /// For what.
    pub attributes: Vec<Attribute>,
}

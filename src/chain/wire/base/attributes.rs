//! `base.attributes.v1`: what providers declare of themselves and tenants ask for.

use crate::chain::wire::macros::package;
use prost::Message;

/// A key with a value. Keys match `[a-zA-Z][\w/.\-]{1,126}` and are unique in a list.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct Attribute {
    #[prost(string, tag = 1)]
    pub key: String,
    #[prost(string, tag = 2)]
    pub value: String,
}

/// Whose audits an order asks for.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct SignedBy {
    /// Auditors who must all have signed the attributes.
    #[prost(string, repeated, tag = 1)]
    pub all_of: Vec<String>,
    /// Auditors of whom one must have.
    #[prost(string, repeated, tag = 2)]
    pub any_of: Vec<String>,
}

/// What a group asks of a provider.
#[derive(Clone, PartialEq, Eq, Message)]
pub struct PlacementRequirements {
    #[prost(message, required, tag = 1)]
    pub signed_by: SignedBy,
    /// Each must equal an attribute of the provider; the key may be a glob, the value is compared exactly.
    #[prost(message, repeated, tag = 2)]
    pub attributes: Vec<Attribute>,
}

package! {
    OfNetwork("base.attributes.v1");
    messages {
        Attribute, SignedBy, PlacementRequirements,
    }
}

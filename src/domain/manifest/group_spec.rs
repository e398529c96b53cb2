//! What a group asks of the market.

use super::{Attribute, Resources};
use crate::domain::amount::DecCoin;

/// What a provider must be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requirements {
    /// Attributes that it must have, by key. The key may be a glob, the value is compared exactly.
    pub attributes: Vec<Attribute>,
    /// Auditors who must all vouch for those attributes.
    pub all_of: Vec<String>,
    /// Auditors of whom one must.
    pub any_of: Vec<String>,
}

/// One kind of hardware in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResourceUnit {
    /// One of it.
    pub resources: Resources,
    /// How many.
    pub count: u32,
    /// At most this for one of it, by the block.
    pub price: DecCoin,
}

/// A group: what one provider is to host. The chain makes one order of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupSpec {
    /// Unique in the deployment; the name of its placement in an SDL.
    pub name: String,
    /// What a provider must be.
    pub requirements: Requirements,
    /// The hardware, by id.
    pub units: Vec<ResourceUnit>,
}

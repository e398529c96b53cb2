//! The operator's terms: everything of the configuration that decides about orders.

use std::collections::BTreeSet;
use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use super::price::Pricing;
use crate::domain::amount::{Coin, Dec18};
use crate::domain::glob;
use crate::domain::manifest::Attribute;
use crate::domain::resources::{Bytes, MilliCpu};

/// The operator's terms.
#[derive(Debug, Clone)]
pub struct Terms {
    /// Orders that get no bid.
    pub filters: Filters,
    /// What things cost.
    pub pricing: Pricing,
    /// Bids stop when this share of something that they need is taken.
    pub max_utilization: Dec18,
}

/// Orders that get no bid.
#[derive(Debug, Clone, Default)]
pub struct Filters {
    /// The shortest funded time.
    pub min_duration: Duration,
    /// The longest funded time.
    pub max_duration: Option<Duration>,
    /// The least value: price times funded time.
    pub min_value: Option<Coin>,
    /// The regions that are served; all where it is empty.
    pub allowed_regions: Vec<String>,
    /// Tenants whose orders get no bid.
    pub blocked_addresses: BTreeSet<String>,
    /// The most processor of an order.
    pub max_cpu: Option<MilliCpu>,
    /// The most memory of an order.
    pub max_memory: Option<Bytes>,
    /// The most storage of an order, of every kind together.
    pub max_storage: Option<Bytes>,
    /// Attributes whose orders get no bid.
    pub excluded_attributes: Vec<AttributePattern>,
    /// Attributes without which an order gets no bid.
    pub required_attributes: Vec<AttributePattern>,
}

/// How much may be under way; see the options of the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bids sent within a minute.
    pub per_minute: NonZeroU64,
    /// Bids sent within an hour.
    pub per_hour: NonZeroU64,
    /// Bids that are sent and not confirmed.
    pub in_flight: NonZeroU64,
    /// Bids that are open, those under way included.
    pub open: NonZeroU64,
    /// How often a failed bid is tried again.
    pub retries: u64,
    /// Wait before it is.
    pub retry_delay: Duration,
    /// An open bid that nobody takes for so long is closed.
    pub timeout: Duration,
}

/// An attribute as the configuration names it: `key=value`, or a key alone for any value. Both may be globs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributePattern {
    key: String,
    value: Option<String>,
}

/// A text that names no attribute.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an attribute is written key=value, or key alone for any value")]
pub struct NotAnAttribute;

impl AttributePattern {
    /// Whether an attribute is one of these.
    pub fn matches(&self, attribute: &Attribute) -> bool {
        glob::matches(&self.key, &attribute.key)
            && self.value.as_ref().is_none_or(|value| glob::matches(value, &attribute.value))
    }
}

impl FromStr for AttributePattern {
    type Err = NotAnAttribute;

    fn from_str(text: &str) -> Result<Self, NotAnAttribute> {
        let (key, value) = match text.split_once('=') {
            Some((key, value)) => (key.trim(), Some(value.trim().to_owned())),
            None => (text.trim(), None),
        };
        if key.is_empty() { Err(NotAnAttribute) } else { Ok(Self { key: key.to_owned(), value }) }
    }
}

impl fmt::Display for AttributePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(value) => write!(f, "{}={value}", self.key),
            None => f.write_str(&self.key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_key_and_value() {
        let attribute = |key: &str, value: &str| Attribute { key: key.to_owned(), value: value.to_owned() };
        let pattern = |text: &str| text.parse::<AttributePattern>().unwrap();
        assert!(pattern("gpu-type=nvidia-a100").matches(&attribute("gpu-type", "nvidia-a100")));
        assert!(pattern("gpu-type=nvidia-*").matches(&attribute("gpu-type", "nvidia-a100")));
        assert!(pattern("gpu-type").matches(&attribute("gpu-type", "anything")));
        assert!(!pattern("gpu-type=nvidia-a100").matches(&attribute("gpu-type", "nvidia-h100")));
        assert!(!pattern("gpu").matches(&attribute("gpu-type", "x")));
        assert_eq!("=x".parse::<AttributePattern>(), Err(NotAnAttribute));
        assert_eq!(pattern(" tier = gold ").to_string(), "tier=gold");
    }
}

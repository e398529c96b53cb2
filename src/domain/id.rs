//! What orders, bids, leases and deployments are called.
//!
//! | id | text | what |
//! |---|---|---|
//! | [`DeploymentId`] | `owner/dseq` | what a tenant ordered |
//! | [`GroupId`] | `owner/dseq/gseq` | the part of it that one provider hosts |
//! | [`OrderId`] | `owner/dseq/gseq/oseq` | a group's request for bids |
//! | [`BidId`], [`LeaseId`] | `owner/dseq/gseq/oseq/provider` | a provider's bid, and the lease that it became |
//!
//! The texts are the chain's own: they name escrow accounts, settlement escrows and usage records there. The numbers
//! start at 1, the addresses were checked, so an id that exists is one that the chain could have made. Ids are
//! ordered by owner, then by number.

use std::borrow::Cow;
use std::fmt;

use super::address::{self, Address};
use super::fault::{Classified, Fault};

/// A deployment: `owner/dseq`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeploymentId {
    owner: Address,
    dseq: u64,
}

/// A group of a deployment: `owner/dseq/gseq`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId {
    deployment: DeploymentId,
    gseq: u32,
}

/// An order: `owner/dseq/gseq/oseq`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderId {
    group: GroupId,
    oseq: u32,
}

/// A bid: `owner/dseq/gseq/oseq/provider`. A provider bids on an order once, ever.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BidId {
    order: OrderId,
    provider: Address,
}

/// A lease: the id of the bid that won, as a type of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LeaseId(BidId);

impl DeploymentId {
    /// The deployment `dseq` of `owner`.
    pub fn new(owner: Address, dseq: u64) -> Result<Self, IdError> {
        if dseq == 0 { Err(IdError::Zero { number: "dseq" }) } else { Ok(Self { owner, dseq }) }
    }

    /// Reads `owner/dseq`; addresses begin with `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, IdError> {
        let [owner, dseq] = parts(text, "owner/dseq")?;
        Self::new(address(text, owner, prefix)?, number(text, dseq)?)
    }

    /// The tenant.
    pub const fn owner(&self) -> &Address {
        &self.owner
    }

    /// The tenant's number for it, by custom the height at which it was made.
    pub const fn dseq(&self) -> u64 {
        self.dseq
    }
}

impl GroupId {
    /// The group `gseq` of a deployment.
    pub fn new(deployment: DeploymentId, gseq: u32) -> Result<Self, IdError> {
        if gseq == 0 { Err(IdError::Zero { number: "gseq" }) } else { Ok(Self { deployment, gseq }) }
    }

    /// Reads `owner/dseq/gseq`; addresses begin with `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, IdError> {
        let [owner, dseq, gseq] = parts(text, "owner/dseq/gseq")?;
        let deployment = DeploymentId::new(address(text, owner, prefix)?, number(text, dseq)?)?;
        Self::new(deployment, number(text, gseq)?)
    }

    /// The deployment.
    pub const fn deployment(&self) -> &DeploymentId {
        &self.deployment
    }

    /// The tenant.
    pub const fn owner(&self) -> &Address {
        self.deployment.owner()
    }

    /// The number of the deployment.
    pub const fn dseq(&self) -> u64 {
        self.deployment.dseq()
    }

    /// The number of the group in its deployment.
    pub const fn gseq(&self) -> u32 {
        self.gseq
    }
}

impl OrderId {
    /// The order `oseq` of a group.
    pub fn new(group: GroupId, oseq: u32) -> Result<Self, IdError> {
        if oseq == 0 { Err(IdError::Zero { number: "oseq" }) } else { Ok(Self { group, oseq }) }
    }

    /// The order of these numbers.
    pub fn of(owner: Address, dseq: u64, gseq: u32, oseq: u32) -> Result<Self, IdError> {
        Self::new(GroupId::new(DeploymentId::new(owner, dseq)?, gseq)?, oseq)
    }

    /// Reads `owner/dseq/gseq/oseq`; addresses begin with `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, IdError> {
        let [owner, dseq, gseq, oseq] = parts(text, "owner/dseq/gseq/oseq")?;
        Self::of(address(text, owner, prefix)?, number(text, dseq)?, number(text, gseq)?, number(text, oseq)?)
    }

    /// The group that asks.
    pub const fn group(&self) -> &GroupId {
        &self.group
    }

    /// The deployment that it belongs to.
    pub const fn deployment(&self) -> &DeploymentId {
        self.group.deployment()
    }

    /// The tenant.
    pub const fn owner(&self) -> &Address {
        self.group.owner()
    }

    /// The number of the deployment.
    pub const fn dseq(&self) -> u64 {
        self.group.dseq()
    }

    /// The number of the group in its deployment.
    pub const fn gseq(&self) -> u32 {
        self.group.gseq()
    }

    /// The number of the order in its group; a new order of the group has the next one.
    pub const fn oseq(&self) -> u32 {
        self.oseq
    }
}

impl BidId {
    /// The bid of `provider` on an order. (Whether a tenant may bid on its own order the chain decides.)
    pub const fn new(order: OrderId, provider: Address) -> Self {
        Self { order, provider }
    }

    /// Reads `owner/dseq/gseq/oseq/provider`; addresses begin with `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, IdError> {
        let [owner, dseq, gseq, oseq, provider] = parts(text, "owner/dseq/gseq/oseq/provider")?;
        let owner = address(text, owner, prefix)?;
        let order = OrderId::of(owner, number(text, dseq)?, number(text, gseq)?, number(text, oseq)?)?;
        Ok(Self { order, provider: address(text, provider, prefix)? })
    }

    /// The order.
    pub const fn order(&self) -> &OrderId {
        &self.order
    }

    /// The provider.
    pub const fn provider(&self) -> &Address {
        &self.provider
    }
}

impl LeaseId {
    /// The lease that a bid becomes, or became.
    pub const fn of(bid: BidId) -> Self {
        Self(bid)
    }

    /// Reads `owner/dseq/gseq/oseq/provider`; addresses begin with `prefix`.
    pub fn parse(text: &str, prefix: &str) -> Result<Self, IdError> {
        BidId::parse(text, prefix).map(Self)
    }

    /// The bid that won.
    pub const fn bid(&self) -> &BidId {
        &self.0
    }

    /// The order that it won.
    pub const fn order(&self) -> &OrderId {
        self.0.order()
    }

    /// The provider.
    pub const fn provider(&self) -> &Address {
        self.0.provider()
    }
}

impl fmt::Display for DeploymentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.owner, self.dseq)
    }
}

impl fmt::Display for GroupId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.deployment, self.gseq)
    }
}

impl fmt::Display for OrderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.group, self.oseq)
    }
}

impl fmt::Display for BidId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.order, self.provider)
    }
}

impl fmt::Display for LeaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text or numbers are no id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// It has other parts.
    #[error("`{text}` is not of the form {form}")]
    Form {
        /// The text.
        text: String,
        /// The form that was expected.
        form: &'static str,
    },
    /// One of its parts should be a number.
    #[error("`{part}` in `{text}` is not a number of the chain")]
    Number {
        /// The whole text.
        text: String,
        /// The part.
        part: String,
    },
    /// The chain counts from 1.
    #[error("{number} is 0; the chain counts from 1")]
    Zero {
        /// Which number.
        number: &'static str,
    },
    /// One of its parts should be an address.
    #[error("`{part}` in `{text}` is not an address")]
    Address {
        /// The whole text.
        text: String,
        /// The part.
        part: String,
        /// What is wrong with it.
        #[source]
        source: address::Error,
    },
}

impl Classified for IdError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Address { source, .. } => source.hint(),
            Self::Form { .. } | Self::Number { .. } | Self::Zero { .. } => None,
        }
    }
}

fn parts<'a, const N: usize>(text: &'a str, form: &'static str) -> Result<[&'a str; N], IdError> {
    let parts: Vec<&str> = text.splitn(N + 1, '/').collect();
    parts.try_into().map_err(|_| IdError::Form { text: text.to_owned(), form })
}

fn address(text: &str, part: &str, prefix: &str) -> Result<Address, IdError> {
    Address::parse(part, prefix).map_err(|source| IdError::Address {
        text: text.to_owned(),
        part: part.to_owned(),
        source,
    })
}

/// Plain digits without leading zeros, so that an id has one spelling.
fn number<N: std::str::FromStr>(text: &str, part: &str) -> Result<N, IdError> {
    let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'));
    let number = if plain { part.parse().ok() } else { None };
    number.ok_or_else(|| IdError::Number { text: text.to_owned(), part: part.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TENANT: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw";
    const PROVIDER: &str = "ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

    #[test]
    fn ids_read_back_and_know_their_parts() {
        let text = format!("{TENANT}/28/1/2/{PROVIDER}");
        let lease = LeaseId::parse(&text, "ve").unwrap();
        assert_eq!(lease.to_string(), text);
        assert_eq!(lease, LeaseId::of(BidId::parse(&text, "ve").unwrap()));
        assert_eq!(lease.order().to_string(), format!("{TENANT}/28/1/2"));
        assert_eq!(lease.order().group().to_string(), format!("{TENANT}/28/1"));
        assert_eq!(lease.order().deployment().to_string(), format!("{TENANT}/28"));
        assert_eq!((lease.order().dseq(), lease.order().gseq(), lease.order().oseq()), (28, 1, 2));
        assert_eq!((lease.order().owner().as_str(), lease.provider().as_str()), (TENANT, PROVIDER));
        assert_eq!(OrderId::parse(&lease.order().to_string(), "ve").unwrap(), *lease.order());
        assert_eq!(GroupId::parse(&lease.order().group().to_string(), "ve").unwrap(), *lease.order().group());
    }

    #[test]
    fn what_is_no_id_is_refused_with_the_reason() {
        let parse = |text: &str| OrderId::parse(text, "ve").unwrap_err();
        for text in ["", "/", TENANT, &format!("{TENANT}/1/1"), &format!("{TENANT}/1/1/1/{PROVIDER}")] {
            assert!(matches!(parse(text), IdError::Form { .. }), "{text}");
        }
        for part in ["", "+1", "01", "-1", " 1", "x", "4294967296"] {
            assert!(matches!(parse(&format!("{TENANT}/1/{part}/1")), IdError::Number { .. }), "{part}");
        }
        assert_eq!(parse(&format!("{TENANT}/0/1/1")), IdError::Zero { number: "dseq" });
        assert_eq!(parse(&format!("{TENANT}/1/0/1")), IdError::Zero { number: "gseq" });
        assert_eq!(parse(&format!("{TENANT}/1/1/0")), IdError::Zero { number: "oseq" });
        assert!(matches!(parse("virtengine1x/1/1/1"), IdError::Address { .. }));
        assert!(matches!(OrderId::parse(&format!("{TENANT}/1/1/1"), "akash"), Err(IdError::Address { .. })));
    }

    #[test]
    fn numbers_are_ordered_as_numbers() {
        let order = |dseq: u64, oseq: u32| OrderId::parse(&format!("{TENANT}/{dseq}/1/{oseq}"), "ve").unwrap();
        assert!(order(9, 1) < order(10, 1) && order(9, 9) < order(9, 10));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[a-z0-9/]{0,60}|.{0,40}") {
            let _ = BidId::parse(&text, "ve");
            let _ = OrderId::parse(&text, "ve");
        }

        #[test]
        fn every_id_reads_back(dseq in 1u64.., gseq in 1u32.., oseq in 1u32..) {
            let order = OrderId::of(Address::parse(TENANT, "ve").unwrap(), dseq, gseq, oseq).unwrap();
            prop_assert_eq!(OrderId::parse(&order.to_string(), "ve").unwrap(), order);
        }
    }
}

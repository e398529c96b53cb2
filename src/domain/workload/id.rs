//! Which workload, whose it is, and which manifest it runs.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::domain::hex;
use crate::domain::id::LeaseId;

/// Names a workload: in the state file, on the command line, and in the labels of everything that it is made of.
///
/// A DNS label of at most 40 characters, so that back ends can build names of their own from it. A lease's workload is
/// `l-` and the first 20 digits of the SHA-256 of the lease's id: the same in every state file, so nothing can be
/// deployed twice. The operator's own are `o-` and a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WorkloadId(Box<str>);

/// Whose a workload is: every one has an owner.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owner {
    /// The tenant of a lease.
    Lease(LeaseId),
    /// The operator: metered, never settled, and no orphan without a lease.
    Operator,
}

/// Which manifest: its version, as it stands on chain as the deployment's hash.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub [u8; 32]);

/// Why a text names no workload, owner or revision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAWorkload {
    /// Not the id of a workload.
    #[error(
        "{0:?} is no id of a workload: lower-case letters, digits and hyphens, a letter first, no hyphen at the end, 40 \
         characters at most"
    )]
    Id(String),
    /// Neither a lease nor the operator.
    #[error("{0:?} is neither a lease nor `operator`")]
    Owner(String),
    /// Not 64 hexadecimal digits.
    #[error("{0:?} is no version of a manifest: 64 hexadecimal digits")]
    Revision(String),
}

/// The longest id, in characters.
const LONGEST: usize = 40;
/// How many digits of the hash name a lease's workload.
const DIGITS: usize = 20;

impl WorkloadId {
    /// The workload of a lease: the same wherever it is computed.
    pub fn of_lease(lease: &LeaseId) -> Self {
        let hash = hex::encode(&Sha256::digest(lease.to_string()));
        Self(format!("l-{}", hash.get(..DIGITS).unwrap_or_default()).into())
    }

    /// A workload of the operator's own.
    pub fn of_operator(name: &str) -> Result<Self, NotAWorkload> {
        Self::parse(&format!("o-{name}"))
    }

    /// Reads an id.
    pub fn parse(text: &str) -> Result<Self, NotAWorkload> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST).contains(&text.len())
            && text.bytes().all(allowed)
            && text.starts_with(|first: char| first.is_ascii_lowercase())
            && !text.ends_with('-');
        if fits { Ok(Self(text.into())) } else { Err(NotAWorkload::Id(text.chars().take(LONGEST + 1).collect())) }
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkloadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for WorkloadId {
    type Err = NotAWorkload;

    fn from_str(text: &str) -> Result<Self, NotAWorkload> {
        Self::parse(text)
    }
}

impl Owner {
    /// Reads what [`Display`](fmt::Display) writes: `operator`, or the id of a lease of whatever network.
    pub fn parse(text: &str) -> Result<Self, NotAWorkload> {
        if text == "operator" {
            return Ok(Self::Operator);
        }
        // The prefix of an address stands before its last 1.
        let tenant = text.split('/').next().unwrap_or_default();
        let prefix = tenant.rsplit_once('1').map_or("", |(prefix, _)| prefix);
        let lease = LeaseId::parse(text, prefix);
        lease.map(Self::Lease).map_err(|_| NotAWorkload::Owner(text.chars().take(200).collect()))
    }

    /// The lease, if it is one's.
    pub const fn lease(&self) -> Option<&LeaseId> {
        match self {
            Self::Lease(lease) => Some(lease),
            Self::Operator => None,
        }
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lease(lease) => lease.fmt(f),
            Self::Operator => f.write_str("operator"),
        }
    }
}

impl Revision {
    /// Reads 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, NotAWorkload> {
        let wrong = || NotAWorkload::Revision(text.chars().take(80).collect());
        hex::decode_array(text).map(Self).ok_or_else(wrong)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

    #[test]
    fn a_leases_workload_has_one_name() {
        let Owner::Lease(lease) = Owner::parse(LEASE).unwrap() else { panic!() };
        let id = WorkloadId::of_lease(&lease);
        assert_eq!(id, WorkloadId::of_lease(&lease));
        assert_eq!(WorkloadId::parse(id.as_str()).unwrap(), id);
        assert_eq!(id.as_str().len(), 22);
        assert_eq!(Owner::parse(LEASE).unwrap().to_string(), LEASE);
        assert_eq!(Owner::parse("operator").unwrap(), Owner::Operator);
        assert!(Owner::parse("operators").is_err() && Owner::parse("").is_err());
    }

    #[test]
    fn ids_are_labels() {
        for good in ["l-0123", "o-web", "a"] {
            assert_eq!(WorkloadId::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "-a", "a-", "A", "a_b", "a.b", "1a", "a b", "../a", "a/b", &"a".repeat(41)] {
            assert!(WorkloadId::parse(bad).is_err(), "{bad:?}");
        }
        assert!(WorkloadId::of_operator("a;rm").is_err());
    }

    proptest! {
        #[test]
        fn no_text_panics(text in ".{0,100}") {
            let _ = WorkloadId::parse(&text);
            let _ = Owner::parse(&text);
            let _ = Revision::parse(&text);
        }

        #[test]
        fn revisions_read_back(bytes: [u8; 32]) {
            prop_assert_eq!(Revision::parse(&Revision(bytes).to_string()), Ok(Revision(bytes)));
        }
    }
}

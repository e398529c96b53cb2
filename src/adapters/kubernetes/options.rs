//! What an operator says about a cluster.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::adapters::local::Site;
use crate::domain::resources::{Bytes, MilliCpu};

/// A cluster, and how what runs there is set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// What the back end is called.
    pub name: String,
    /// The name by which this provider's objects are known in the cluster.
    pub site: Site,
    /// How it is reached.
    pub access: Access,
    /// What the name of each namespace begins with; the id of its workload follows.
    pub prefix: Prefix,
    /// Labels of each namespace besides our own.
    pub namespace_labels: BTreeMap<String, String>,
    /// The level of Pod Security that each namespace enforces.
    pub pod_security: PodSecurity,
    /// What containers are held to.
    pub confinement: Confinement,
    /// Which networks pods reach, and who reaches them.
    pub network: Network,
    /// Storage classes that are sold; the first that is marked so, or else the first, is for manifests that name none.
    pub storage_classes: Vec<SoldClass>,
    /// Secrets with registry credentials that every pod may use.
    pub image_pull_secrets: Vec<String>,
    /// The namespace that they are copied from; unless set each namespace is expected to have them.
    pub image_pull_secrets_namespace: Option<String>,
    /// When an image is pulled.
    pub pull: Pull,
    /// What a container gets whose manifest says nothing.
    pub default_limits: Amounts,
    /// The most that one pod may have.
    pub pod_limits: Amounts,
    /// The most pods of one service.
    pub most_pods: Option<u64>,
    /// How much more is sold than there is.
    pub overcommit: Overcommit,
    /// The runtime class of every pod.
    pub runtime_class: Option<String>,
    /// How the checks of manifests are made.
    pub checks: Checks,
}

/// How the checks of manifests are made: by the nodes, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// Time between two checks.
    pub interval: Duration,
    /// How long one may take.
    pub timeout: Duration,
}

/// How a cluster is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// The kubeconfig; the pod's own service account unless set.
    pub kubeconfig: Option<PathBuf>,
    /// The context of the kubeconfig; its current one unless set.
    pub context: Option<String>,
    /// How long one request may take.
    pub timeout: Duration,
    /// How long the end of a namespace is waited for.
    pub removal_timeout: Duration,
    /// How many objects a page of a list holds.
    pub page: u32,
}

/// What the name of a namespace begins with: with the longest id of a workload it is still a DNS label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(Box<str>);

/// A text that no namespace's name can begin with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is no beginning of a namespace's name: lower-case letters, digits and hyphens, a letter first, {LONGEST} \
     characters at most"
)]
pub struct NotAPrefix(String);

/// 63 characters of a DNS label, less the 40 of an id and a hyphen.
const LONGEST: usize = 22;

impl Prefix {
    /// Reads a prefix; a hyphen is put at its end if it has none.
    pub fn parse(text: &str) -> Result<Self, NotAPrefix> {
        let stem = text.strip_suffix('-').unwrap_or(text);
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let fits = (1..=LONGEST).contains(&stem.len())
            && stem.bytes().all(allowed)
            && stem.starts_with(|first: char| first.is_ascii_lowercase());
        let taken = || NotAPrefix(text.chars().take(LONGEST + 2).collect());
        if fits { Ok(Self(format!("{stem}-").into())) } else { Err(taken()) }
    }

    /// The prefix with its hyphen.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A level of the cluster's own Pod Security standards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PodSecurity {
    /// Everything that hardens.
    Restricted,
    /// What is known to be dangerous is not allowed.
    Baseline,
    /// Anything goes.
    Privileged,
}

impl PodSecurity {
    /// The word of the label.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Restricted => "restricted",
            Self::Baseline => "baseline",
            Self::Privileged => "privileged",
        }
    }
}

/// What containers are held to, besides what nobody can lower.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Confinement {
    /// Never as root.
    pub run_as_non_root: bool,
    /// No writing outside of volumes, /tmp and /run.
    pub read_only_root: bool,
    /// A process may gain what its parent lacks.
    pub allow_privilege_escalation: bool,
}

/// Networks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Namespaces are kept apart.
    pub policies: bool,
    /// Nothing comes in that the manifest does not expose.
    pub deny_ingress: bool,
    /// The namespace of the cluster's DNS.
    pub dns_namespace: String,
    /// The class of ingresses; the cluster's own default unless set.
    pub ingress_class: Option<String>,
    /// The domain under which services get a host name of their own; without it only those that the manifest names.
    pub ingress_domain: Option<String>,
    /// The namespace of the ingress controller, whose pods may reach what is served by host name; any unless set.
    pub ingress_namespace: Option<String>,
    /// The class of load balancers that lease IP addresses; none are leased unless set.
    pub load_balancer_class: Option<String>,
}

/// A storage class of the cluster that is sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoldClass {
    /// Its name in the cluster, and in manifests.
    pub name: String,
    /// For manifests that name none.
    pub default: bool,
}

/// When an image is pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// Whenever a container is made of it.
    Always,
    /// When the node lacks it.
    Missing,
    /// Never.
    Never,
}

impl Pull {
    /// The cluster's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Always => "Always",
            Self::Missing => "IfNotPresent",
            Self::Never => "Never",
        }
    }
}

/// Processor and memory, where they are said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Amounts {
    /// Processor.
    pub cpu: Option<MilliCpu>,
    /// Memory.
    pub memory: Option<Bytes>,
}

/// How much more is sold than there is, in percent of what there is: with 100 a container that may use a core is
/// promised half of one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Overcommit {
    /// Of processors.
    pub cpu: u32,
    /// Of memory.
    pub memory: u32,
}

impl Overcommit {
    /// What of an amount is promised: `amount × 100 ÷ (100 + percent)`, rounded up, so that nothing is promised as
    /// nothing.
    pub const fn promised(amount: u64, percent: u32) -> u64 {
        let product = amount as u128 * 100;
        // Not above the amount, which is a u64.
        #[expect(clippy::cast_possible_truncation, reason = "a quotient of at most the amount")]
        let promised = product.div_ceil(100 + percent as u128) as u64;
        promised
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_leaves_room_for_an_id() {
        assert_eq!(Prefix::parse("virt-").unwrap().as_str(), "virt-");
        assert_eq!(Prefix::parse("virtengine-workloads").unwrap().as_str(), "virtengine-workloads-");
        let longest = "a".repeat(LONGEST);
        assert_eq!(Prefix::parse(&longest).unwrap().as_str().len() + 40, 63);
        for text in ["", "-", "Virt", "1virt", "a_b", "a.b", &"a".repeat(LONGEST + 1), "kube system"] {
            assert!(Prefix::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn overcommit_is_exact() {
        for (amount, percent, promised) in
            [(1000, 0, 1000), (1000, 100, 500), (1000, 50, 667), (1, 1000, 1), (0, 50, 0), (u64::MAX, 0, u64::MAX)]
        {
            assert_eq!(Overcommit::promised(amount, percent), promised, "{amount} {percent}");
        }
    }
}

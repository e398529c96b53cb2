//! Names, labels and annotations: by them the cluster tells what is whose, without the state file.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use sha2::{Digest, Sha256};

use super::Options;
use crate::domain::hex;
use crate::domain::manifest::Group;
use crate::domain::workload::{Owner, Revision, Spec, WorkloadId};

/// Labels: what is selected by.
pub(super) mod label {
    /// Whose tool made it.
    pub(in super::super) const MANAGED_BY: &str = "app.kubernetes.io/managed-by";
    /// Which provider's it is.
    pub(in super::super) const SITE: &str = "provider.site";
    /// Which workload it belongs to.
    pub(in super::super) const WORKLOAD: &str = "provider.workload";
    /// Which service.
    pub(in super::super) const SERVICE: &str = "provider.service";
}

/// Annotations: what is only read.
pub(super) mod annotation {
    /// The lease, or `operator`. (A label cannot hold it: slashes, and too long.)
    pub(in super::super) const OWNER: &str = "provider.owner";
    /// The manifest's version.
    pub(in super::super) const REVISION: &str = "provider.revision";
    /// How many pods a service has while it is not held.
    pub(in super::super) const REPLICAS: &str = "provider.replicas";
    /// `paused` or `stopped`: why a service has no pods now.
    pub(in super::super) const HELD: &str = "provider.held";
}

/// The value of [`label::MANAGED_BY`], and what our field manager begins with.
pub(super) const TOOL: &str = "provider";

/// Why a service has no pods though it is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Held {
    Paused,
    Stopped,
}

impl Held {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::Stopped => "stopped",
        }
    }

    /// What an object's annotations say; none where they say nothing that we would.
    pub(super) fn of(meta: &ObjectMeta) -> Option<Self> {
        match meta.annotations.as_ref()?.get(annotation::HELD)?.as_str() {
            "paused" => Some(Self::Paused),
            "stopped" => Some(Self::Stopped),
            _ => None,
        }
    }
}

/// The namespace of a workload: the same wherever it is computed.
pub(super) fn namespace(options: &Options, workload: &WorkloadId) -> String {
    format!("{}{workload}", options.prefix.as_str())
}

/// The longest DNS label.
pub(super) const LABEL: usize = 63;
/// The longest name of what keeps pods: its controller hangs a hash on it and makes a label of both.
const KEEPER: usize = 52;

/// So many digits of the hash of a text.
pub(super) fn digest(text: &str, digits: usize) -> String {
    let all = hex::encode(&Sha256::digest(text));
    all.get(..digits).unwrap_or(&all).to_owned()
}

/// A name, cut to so many characters where it is longer; what is cut off is told apart by a hash.
pub(super) fn within(longest: usize, name: &str) -> String {
    const DIGITS: usize = 10;
    if name.len() <= longest {
        return name.to_owned();
    }
    let stem = name.get(..longest.saturating_sub(DIGITS + 1)).unwrap_or_default();
    format!("{}-{}", stem.trim_end_matches('-'), digest(name, DIGITS))
}

/// The name of what keeps the pods of a service.
pub(super) fn keeper(service: &str) -> String {
    within(KEEPER, service)
}

/// The name of a second object of a service beside the one of its own name; no other service of the group has it.
pub(super) fn beside(group: &Group, service: &str, suffix: &str) -> String {
    let name = within(LABEL, &format!("{service}-{suffix}"));
    if group.services.iter().any(|other| other.name == name) { format!("{suffix}-{}", digest(&name, 20)) } else { name }
}

/// The name under which we own fields.
pub(super) fn field_manager(options: &Options) -> String {
    format!("{TOOL}-{}", options.site.as_str())
}

/// What selects everything of this provider.
pub(super) fn selector(options: &Options) -> String {
    format!("{}={}", label::SITE, options.site.as_str())
}

/// The labels of everything of a workload, or of one of its services.
pub(super) fn labels(options: &Options, workload: &WorkloadId, service: Option<&str>) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([
        (label::MANAGED_BY.to_owned(), TOOL.to_owned()),
        (label::SITE.to_owned(), options.site.as_str().to_owned()),
        (label::WORKLOAD.to_owned(), workload.to_string()),
    ]);
    labels.extend(service.map(|service| (label::SERVICE.to_owned(), service.to_owned())));
    labels
}

/// What selects the pods of a workload, or of one of its services. It can never be changed, so it is short.
pub(super) fn pods_of(workload: &WorkloadId, service: Option<&str>) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::from([(label::WORKLOAD.to_owned(), workload.to_string())]);
    labels.extend(service.map(|service| (label::SERVICE.to_owned(), service.to_owned())));
    labels
}

/// Whose and which manifest.
pub(super) fn annotations(spec: &Spec) -> BTreeMap<String, String> {
    BTreeMap::from([
        (annotation::OWNER.to_owned(), spec.owner.to_string()),
        (annotation::REVISION.to_owned(), spec.revision.to_string()),
    ])
}

/// The metadata of an object of a workload.
pub(super) fn meta(options: &Options, spec: &Spec, service: Option<&str>, name: &str) -> ObjectMeta {
    ObjectMeta {
        name: Some(name.to_owned()),
        namespace: Some(namespace(options, &spec.id)),
        labels: Some(labels(options, &spec.id, service)),
        annotations: Some(annotations(spec)),
        ..ObjectMeta::default()
    }
}

/// What the labels and annotations of an object of ours say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) workload: WorkloadId,
    pub(super) owner: Owner,
    pub(super) revision: Revision,
}

impl Marks {
    /// Reads them; `Err` names the first that is missing or no word of ours, `None` that it is another provider's.
    pub(super) fn read(options: &Options, meta: &ObjectMeta) -> Option<Result<Self, &'static str>> {
        let label = |name: &str| meta.labels.as_ref().and_then(|labels| labels.get(name)).map(String::as_str);
        let note = |name: &str| meta.annotations.as_ref().and_then(|notes| notes.get(name)).map(String::as_str);
        (label(label::SITE) == Some(options.site.as_str())).then(|| {
            let workload = label(label::WORKLOAD).and_then(|text| WorkloadId::parse(text).ok());
            let owner = note(annotation::OWNER).and_then(|text| Owner::parse(text).ok());
            let revision = note(annotation::REVISION).and_then(|text| Revision::parse(text).ok());
            Ok(Self {
                workload: workload.ok_or(label::WORKLOAD)?,
                owner: owner.ok_or(annotation::OWNER)?,
                revision: revision.ok_or(annotation::REVISION)?,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_stay_apart_and_short_enough() {
        assert_eq!(within(63, "web-np"), "web-np");
        let (one, other) = ("a".repeat(70) + "1", "a".repeat(70) + "2");
        assert_eq!((within(63, &one).len(), within(52, &one).len()), (63, 52));
        assert_ne!(within(63, &one), within(63, &other));
        let hyphens = "a".to_owned() + &"-".repeat(61) + "bcd";
        assert!(!within(63, &hyphens).contains("--"), "{}", within(63, &hyphens));
        assert!(keeper(&one).len() <= KEEPER);
    }
}

//! What we are on chain: our registration, and what auditors say of it.

use std::collections::BTreeMap;

use crate::domain::glob;
use crate::domain::manifest::Attribute;

/// What we are on chain, read once in a run.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// Our address.
    pub address: String,
    /// Whether we are registered as a provider.
    pub registered: bool,
    /// What our registration declares.
    pub attributes: Vec<Attribute>,
    /// What each auditor has signed of it, by the auditor's address.
    pub audited: BTreeMap<String, Vec<Attribute>>,
    storage: Vec<Vec<Attribute>>,
    gpus: Vec<Attribute>,
}

/// What the keys of declared capabilities begin with.
const CAPABILITIES: &str = "capabilities/";

impl Standing {
    /// A registration with its attributes and audits.
    pub fn new(
        address: impl Into<String>,
        registered: bool,
        attributes: Vec<Attribute>,
        audited: BTreeMap<String, Vec<Attribute>>,
    ) -> Self {
        let storage = storage_capabilities(&attributes);
        let gpus = gpu_capabilities(&attributes);
        Self { address: address.into(), registered, attributes, audited, storage, gpus }
    }

    /// Whether some one storage capability has all that a volume asks for. The chain refuses a bid otherwise.
    pub fn has_storage(&self, wanted: &[Attribute]) -> bool {
        wanted.is_empty() || self.storage.iter().any(|declared| lacking(wanted, declared).is_none())
    }

    /// Whether some GPU capability is one that a unit would take. The chain refuses a bid otherwise.
    pub fn has_gpu(&self, wanted: &[Attribute]) -> bool {
        wanted.is_empty() || wanted.iter().any(|wish| self.gpus.iter().any(|declared| matches(wish, declared)))
    }
}

/// Whether `declared` is what is wanted: the key may be a glob, the value is compared as it is.
pub fn matches(wanted: &Attribute, declared: &Attribute) -> bool {
    wanted.value == declared.value && glob::matches(&wanted.key, &declared.key)
}

/// The first of the wanted attributes that is not declared.
pub fn lacking<'a>(wanted: &'a [Attribute], declared: &[Attribute]) -> Option<&'a Attribute> {
    wanted.iter().find(|wanted| !declared.iter().any(|declared| matches(wanted, declared)))
}

/// `capabilities/storage/1/class` and its like, those of one number together.
fn storage_capabilities(declared: &[Attribute]) -> Vec<Vec<Attribute>> {
    let mut groups: BTreeMap<&str, Vec<Attribute>> = BTreeMap::new();
    for attribute in declared {
        let Some(key) = attribute.key.strip_prefix(CAPABILITIES) else { continue };
        let mut words = key.split('/');
        let (Some("storage"), Some(number), Some(name), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            continue;
        };
        groups.entry(number).or_default().push(Attribute { key: name.to_owned(), value: attribute.value.clone() });
    }
    groups.into_values().collect()
}

/// `capabilities/gpu/vendor/nvidia/model/a100` and its like, without the first two words.
fn gpu_capabilities(declared: &[Attribute]) -> Vec<Attribute> {
    let capability = |attribute: &Attribute| {
        let key = attribute.key.strip_prefix(CAPABILITIES)?.strip_prefix("gpu/")?;
        Some(Attribute { key: key.to_owned(), value: attribute.value.clone() })
    };
    declared.iter().filter_map(capability).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(pairs: &[(&str, &str)]) -> Vec<Attribute> {
        pairs.iter().map(|(key, value)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() }).collect()
    }

    #[test]
    fn capabilities_of_one_number_stand_together() {
        let standing = Standing::new(
            "ve1provider",
            true,
            list(&[
                ("region", "us-east"),
                ("capabilities/storage/1/class", "beta2"),
                ("capabilities/storage/1/persistent", "true"),
                ("capabilities/storage/2/class", "beta3"),
                ("capabilities/gpu/vendor/nvidia/model/a100", "true"),
            ]),
            BTreeMap::new(),
        );
        assert!(standing.has_storage(&list(&[("class", "beta2"), ("persistent", "true")])));
        assert!(!standing.has_storage(&list(&[("class", "beta3"), ("persistent", "true")])));
        assert!(standing.has_storage(&[]));
        assert!(standing.has_gpu(&list(&[("vendor/nvidia/model/*", "true")])));
        assert!(!standing.has_gpu(&list(&[("vendor/nvidia/model/*", "false")])));
        assert!(!standing.has_gpu(&list(&[("vendor/amd/model/*", "true")])));
        assert!(standing.has_gpu(&[]));
    }

    #[test]
    fn only_the_key_is_a_glob() {
        let declared = list(&[("region", "us-east"), ("tier", "premium")]);
        assert_eq!(lacking(&list(&[("reg*", "us-east")]), &declared), None);
        assert!(lacking(&list(&[("region", "us-*")]), &declared).is_some());
        let wanted = list(&[("tier", "premium"), ("host", "x")]);
        assert_eq!(lacking(&wanted, &declared).unwrap().key, "host");
    }
}

//! Attributes: which keys they may have, and whether a provider has what an order asks for.

use crate::chain::wire::base::{Attribute, Resources, SignedBy};
use crate::devnet::refusal::Refusal;
use crate::domain::glob;
use crate::domain::network::Network;
use std::collections::{BTreeMap, BTreeSet};

/// Whose attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// A provider's: plain keys.
    Declared,
    /// An order's: the last character may be `*`.
    Requested,
}

/// Refuses keys of another form (2) and keys that come twice (1). The codespace is the network's own name.
pub fn check(network: &Network, attributes: &[Attribute], keys: Keys) -> Result<(), Refusal> {
    let mut seen = BTreeSet::new();
    for attribute in attributes {
        if !is_key(&attribute.key, keys) {
            return Err(Refusal::new(network.package_prefix, 2, "attribute key does not match regexp"));
        }
        if !seen.insert(attribute.key.as_str()) {
            return Err(Refusal::new(network.package_prefix, 1, "attributes cannot have duplicate keys"));
        }
    }
    Ok(())
}

/// `[a-zA-Z][\w/.\-]{1,126}`, and `[\w*]?` after it in a request.
fn is_key(key: &str, keys: Keys) -> bool {
    const LONGEST: usize = 127;
    let inner = |byte: u8| byte.is_ascii_alphanumeric() || b"_/.-".contains(&byte);
    let plain = |key: &str| {
        let mut bytes = key.bytes();
        bytes.next().is_some_and(|first| first.is_ascii_alphabetic())
            && (2..=LONGEST).contains(&key.len())
            && bytes.all(inner)
    };
    let end = |byte: u8| byte.is_ascii_alphanumeric() || b"_*".contains(&byte);
    plain(key)
        || (keys == Keys::Requested
            && key
                .as_bytes()
                .split_last()
                .is_some_and(|(last, rest)| end(*last) && std::str::from_utf8(rest).is_ok_and(plain)))
}

/// Whether `declared` is what `wanted` asks for: the key may be a glob, the value is compared as it is. (`us-*` as a
/// value matches nothing but itself.)
fn matches(wanted: &Attribute, declared: &Attribute) -> bool {
    glob::matches(&wanted.key, &declared.key) && wanted.value == declared.value
}

/// Whether each of `wanted` is there.
pub fn all_in(wanted: &[Attribute], declared: &[Attribute]) -> bool {
    wanted.iter().all(|wanted| declared.iter().any(|declared| matches(wanted, declared)))
}

/// Whether one of `wanted` is there.
fn any_in(wanted: &[Attribute], declared: &[Attribute]) -> bool {
    wanted.iter().any(|wanted| declared.iter().any(|declared| matches(wanted, declared)))
}

/// Whether the auditors that an order names vouch for what it asks for. `audited` is what each auditor vouches for.
pub fn signed(wanted: &[Attribute], by: &SignedBy, audited: &BTreeMap<String, Vec<Attribute>>) -> bool {
    let vouches = |auditor: &String| audited.get(auditor).is_some_and(|attributes| all_in(wanted, attributes));
    by.all_of.iter().all(vouches) && (by.any_of.is_empty() || by.any_of.iter().any(vouches))
}

/// Whether a provider can give these resources: some one of its storage capabilities has all that a volume asks for,
/// some GPU capability one of what the GPUs ask for.
pub fn capable(resources: &Resources, declared: &[Attribute]) -> bool {
    let volumes = storage_capabilities(declared);
    let storage = resources
        .storage
        .iter()
        .filter(|volume| !volume.attributes.is_empty())
        .all(|volume| volumes.values().any(|capabilities| all_in(&volume.attributes, capabilities)));
    let wanted = resources.gpu.as_ref().filter(|gpu| !matches!(gpu.units.val.as_slice(), b"" | b"0"));
    let gpu =
        wanted.is_none_or(|gpu| gpu.attributes.is_empty() || any_in(&gpu.attributes, &gpu_capabilities(declared)));
    storage && gpu
}

const CAPABILITIES: &str = "capabilities/";

/// `capabilities/storage/1/class` and its like, by their number; others of another length are passed over.
fn storage_capabilities(declared: &[Attribute]) -> BTreeMap<&str, Vec<Attribute>> {
    let mut groups: BTreeMap<&str, Vec<Attribute>> = BTreeMap::new();
    for attribute in declared {
        let Some(key) = attribute.key.strip_prefix(CAPABILITIES).filter(|key| key.starts_with("storage")) else {
            continue;
        };
        if let [_, number, name] = *key.split('/').collect::<Vec<_>>() {
            let capability = Attribute { key: name.to_owned(), value: attribute.value.clone() };
            groups.entry(number).or_default().push(capability);
        }
    }
    groups
}

/// `capabilities/gpu/vendor/nvidia/model/a100` and its like, without the first two words.
fn gpu_capabilities(declared: &[Attribute]) -> Vec<Attribute> {
    let capability = |attribute: &Attribute| {
        let key = attribute.key.strip_prefix(CAPABILITIES).filter(|key| key.starts_with("gpu"))?;
        let (_, name) = key.split_once('/').filter(|(_, name)| name.contains('/'))?;
        Some(Attribute { key: name.to_owned(), value: attribute.value.clone() })
    };
    declared.iter().filter_map(capability).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::wire::base::{Gpu, ResourceValue, Storage};
    use crate::domain::network::Name;

    fn list(pairs: &[(&str, &str)]) -> Vec<Attribute> {
        pairs.iter().map(|(key, value)| Attribute { key: (*key).to_owned(), value: (*value).to_owned() }).collect()
    }

    #[test]
    fn only_the_key_is_a_glob() {
        let declared = list(&[("region", "us-east"), ("tier", "premium")]);
        assert!(all_in(&list(&[("reg*", "us-east")]), &declared));
        assert!(!all_in(&list(&[("region", "us-*")]), &declared));
        assert!(!all_in(&list(&[("region", "us-east"), ("host", "x")]), &declared));
        assert!(all_in(&[], &declared));
    }

    #[test]
    fn keys_have_a_form_and_come_once() {
        let network = Name::Virtengine.facts();
        let code = |pairs: &[(&str, &str)], keys| check(network, &list(pairs), keys).map_err(|refusal| refusal.code);
        assert_eq!(code(&[("a/b.c-d_1", ""), ("zz", "")], Keys::Declared), Ok(()));
        for key in ["", "a", "1a", "a b", "a*", &"a".repeat(128)] {
            assert_eq!(code(&[(key, "")], Keys::Declared), Err(2), "{key}");
        }
        assert_eq!(code(&[("vendor/nvidia/model/*", "true")], Keys::Requested), Ok(()));
        assert_eq!(code(&[("a*b", "")], Keys::Requested), Err(2));
        assert_eq!(code(&[("ab", "1"), ("ab", "2")], Keys::Declared), Err(1));
    }

    #[test]
    fn auditors_all_or_any() {
        let audited = BTreeMap::from([
            ("one".to_owned(), list(&[("region", "us")])),
            ("two".to_owned(), list(&[("region", "eu")])),
        ]);
        let wanted = list(&[("region", "us")]);
        let by = |all: &[&str], any: &[&str]| {
            let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
            signed(&wanted, &SignedBy { all_of: names(all), any_of: names(any) }, &audited)
        };
        assert!(by(&["one"], &[]) && by(&[], &["two", "one"]) && by(&["one"], &["one"]));
        assert!(!by(&["one", "two"], &[]) && !by(&[], &["two"]) && !by(&[], &["three"]));
    }

    #[test]
    fn capabilities_of_one_kind_stand_together() {
        let declared = list(&[
            ("capabilities/storage/1/class", "beta2"),
            ("capabilities/storage/1/persistent", "true"),
            ("capabilities/storage/2/class", "beta3"),
            ("capabilities/gpu/vendor/nvidia/model/a100", "true"),
        ]);
        let resources = |volume: &[(&str, &str)], units: &str, gpu: &[(&str, &str)]| Resources {
            storage: vec![Storage { attributes: list(volume), ..Default::default() }],
            gpu: Some(Gpu { units: ResourceValue { val: units.into() }, attributes: list(gpu) }),
            ..Default::default()
        };
        let beta2 = [("class", "beta2"), ("persistent", "true")];
        assert!(capable(&resources(&beta2, "0", &[]), &declared));
        assert!(!capable(&resources(&[("class", "beta3"), ("persistent", "true")], "0", &[]), &declared));
        assert!(capable(&resources(&[], "1", &[("vendor/nvidia/model/*", "true")]), &declared));
        assert!(!capable(&resources(&[], "1", &[("vendor/amd/*", "true")]), &declared));
        assert!(capable(&resources(&[], "1", &[]), &[]) && capable(&resources(&[], "0", &[]), &[]));
    }
}

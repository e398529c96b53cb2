//! Each filter by itself: what it lets pass, what it refuses and with which operands; and all of them in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::subsequence;
use serde_json::json;

use super::*;
use crate::domain::bid::tests::fixtures::{attribute, gpu_unit, hourly, order, standing, terms, unit};
use crate::domain::manifest::GroupSpec;
use crate::domain::resources::{Bytes, MilliCpu};

/// What a filter says of an order: its reason as JSON, or null.
fn says(name: &str, spec: &GroupSpec, terms: &Terms, standing: &Standing) -> serde_json::Value {
    let asked = Asked::read("ve1tenant", spec).unwrap();
    let case = Case { asked: &asked, terms, standing };
    let filter = ALL.iter().find(|filter| filter.name == name).unwrap();
    let quiet = (filter.check)(&case, &mut Notes::off());
    let mut notes = Notes::on();
    assert_eq!((filter.check)(&case, &mut notes), quiet, "looking on changes nothing");
    quiet.err().map_or(json!(null), |reason| serde_json::to_value(reason).unwrap())
}

fn small() -> GroupSpec {
    order(vec![unit(1, 500, 1 << 30, 2)])
}

fn asking(key: &str, value: &str) -> GroupSpec {
    let mut spec = small();
    spec.requirements.attributes.push(attribute(key, value));
    spec
}

#[test]
fn only_providers_bid_and_not_on_their_own_orders() {
    let (terms, mut us) = (terms(hourly()), standing());
    assert_eq!(says("registered", &small(), &terms, &us), json!(null));
    us.address = "ve1tenant".to_owned();
    assert_eq!(says("registered", &small(), &terms, &us), json!({"reason": "own_order"}));
    us.registered = false;
    assert_eq!(says("registered", &small(), &terms, &us), json!({"reason": "not_registered"}));
}

#[test]
fn blocked_tenants() {
    let mut terms = terms(hourly());
    terms.filters.blocked_addresses.insert("ve1other".to_owned());
    assert_eq!(says("tenant", &small(), &terms, &standing()), json!(null));
    terms.filters.blocked_addresses.insert("ve1tenant".to_owned());
    assert_eq!(says("tenant", &small(), &terms, &standing()), json!({"reason": "tenant", "owner": "ve1tenant"}));
}

#[test]
fn denominations() {
    let mut spec = small();
    assert_eq!(says("denomination", &spec, &terms(hourly()), &standing()), json!(null));
    spec.units[0].price = "5uakt".parse().unwrap();
    let refused = json!({"reason": "denomination", "denomination": "uakt"});
    assert_eq!(says("denomination", &spec, &terms(hourly()), &standing()), refused);
}

#[test]
fn regions() {
    let mut terms = terms(hourly());
    assert_eq!(says("region", &asking("region", "mars"), &terms, &standing()), json!(null), "all are served");
    terms.filters.allowed_regions = vec!["us-east".to_owned(), "us-west".to_owned()];
    for passes in [small(), asking("region", "us-east"), asking("region", "us-west-2"), asking("tier", "mars")] {
        assert_eq!(says("region", &passes, &terms, &standing()), json!(null));
    }
    let refused = json!({"reason": "region", "asked": "eu-west-1"});
    assert_eq!(says("region", &asking("region", "eu-west-1"), &terms, &standing()), refused);
    assert_eq!(says("region", &asking("location-region", "eu-west-1"), &terms, &standing()), refused);
}

#[test]
fn sizes_are_those_of_the_whole_order() {
    let over = |change: fn(&mut Terms)| {
        let mut terms = terms(hourly());
        change(&mut terms);
        says("size", &small(), &terms, &standing())
    };
    assert_eq!(over(|terms| terms.filters.max_cpu = Some(MilliCpu(1000))), json!(null));
    assert_eq!(over(|terms| terms.filters.max_memory = Some(Bytes(2 << 30))), json!(null));
    assert_eq!(over(|terms| terms.filters.max_storage = Some(Bytes(2 << 30))), json!(null));
    assert_eq!(
        over(|terms| terms.filters.max_cpu = Some(MilliCpu(999))),
        json!({"reason": "over_limit", "resource": "cpu", "asked": "1", "limit": "999m"})
    );
    assert_eq!(
        over(|terms| terms.filters.max_memory = Some(Bytes(1 << 30))),
        json!({"reason": "over_limit", "resource": "memory", "asked": "2Gi", "limit": "1Gi"})
    );
    assert_eq!(
        over(|terms| terms.filters.max_storage = Some(Bytes(1 << 30))),
        json!({"reason": "over_limit", "resource": "storage", "asked": "2Gi", "limit": "1Gi"})
    );
}

#[test]
fn excluded_attributes_of_every_kind() {
    let mut terms = terms(hourly());
    terms.filters.excluded_attributes =
        vec!["gpu-type=nvidia-a100".parse().unwrap(), "vendor/amd/*/*".parse().unwrap()];
    assert_eq!(says("excluded_attributes", &asking("gpu-type", "nvidia-t4"), &terms, &standing()), json!(null));
    assert_eq!(
        says("excluded_attributes", &asking("gpu-type", "nvidia-a100"), &terms, &standing()),
        json!({"reason": "excluded", "attribute": "gpu-type=nvidia-a100"})
    );
    let amd = order(vec![gpu_unit(1, 1, &["vendor/amd/model/mi300"])]);
    assert_eq!(
        says("excluded_attributes", &amd, &terms, &standing()),
        json!({"reason": "excluded", "attribute": "vendor/amd/model/mi300=true"})
    );
}

#[test]
fn attributes_are_required_both_ways() {
    let mut terms = terms(hourly());
    terms.filters.required_attributes = vec!["tier=gold".parse().unwrap()];
    assert_eq!(says("required_attributes", &asking("tier", "gold"), &terms, &standing()), json!(null));
    assert_eq!(
        says("required_attributes", &asking("tier", "silver"), &terms, &standing()),
        json!({"reason": "lacks_required", "attribute": "tier=gold"})
    );
    let declared = vec![attribute("region", "us-east"), attribute("tier", "gold")];
    let us = Standing::new("ve1provider", true, declared, BTreeMap::new());
    assert_eq!(says("attributes", &asking("tier", "gold"), &terms, &us), json!(null));
    assert_eq!(says("attributes", &asking("ti*", "gold"), &terms, &us), json!(null));
    assert_eq!(
        says("attributes", &asking("tier", "go*"), &terms, &us),
        json!({"reason": "attribute", "attribute": "tier=go*"})
    );
}

#[test]
fn auditors_all_of_them_and_any_of_them() {
    let signed = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| attribute(key, value)).collect::<Vec<_>>();
    let audited = BTreeMap::from([
        ("ve1one".to_owned(), signed(&[("region", "us"), ("tier", "gold")])),
        ("ve1two".to_owned(), signed(&[("region", "us")])),
    ]);
    let us = Standing::new("ve1provider", true, signed(&[("region", "us"), ("tier", "gold")]), audited);
    let judged = |key: &str, value: &str, all_of: &[&str], any_of: &[&str]| {
        let mut spec = asking(key, value);
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        spec.requirements.all_of = names(all_of);
        spec.requirements.any_of = names(any_of);
        says("signed_by", &spec, &terms(hourly()), &us)
    };
    assert_eq!(judged("region", "us", &["ve1one", "ve1two"], &[]), json!(null));
    assert_eq!(judged("tier", "gold", &[], &["ve1two", "ve1one"]), json!(null));
    assert_eq!(judged("tier", "gold", &["ve1one", "ve1two"], &[]), json!({"reason": "all_of", "auditor": "ve1two"}));
    let nobody = json!({"reason": "any_of", "auditors": ["ve1two", "ve1three"]});
    assert_eq!(judged("tier", "gold", &["ve1one"], &["ve1two", "ve1three"]), nobody);
}

#[test]
fn capabilities_of_our_registration() {
    let declared = vec![
        attribute("capabilities/storage/1/class", "beta2"),
        attribute("capabilities/storage/1/persistent", "true"),
        attribute("capabilities/gpu/vendor/nvidia/model/a100", "true"),
    ];
    let us = Standing::new("ve1provider", true, declared, BTreeMap::new());
    let terms = terms(hourly());
    let mut spec = small();
    let volume = &mut spec.units[0].resources.storage[0];
    volume.attributes = vec![attribute("class", "beta2"), attribute("persistent", "true")];
    assert_eq!(says("capabilities", &spec, &terms, &us), json!(null));
    let lacking = json!({"reason": "storage_capability", "unit": 1, "volume": "default"});
    assert_eq!(says("capabilities", &spec, &terms, &standing()), lacking);
    let gpu = |key: &str| order(vec![gpu_unit(3, 1, &[key])]);
    assert_eq!(says("capabilities", &gpu("vendor/nvidia/model/*"), &terms, &us), json!(null));
    let lacking = json!({"reason": "gpu_capability", "unit": 3});
    assert_eq!(says("capabilities", &gpu("vendor/nvidia/model/h100"), &terms, &us), lacking);
}

proptest! {
    /// In whatever order filters run: the same orders pass.
    #[test]
    fn the_order_of_filters_changes_nothing(
        filters in Just(ALL.to_vec()).prop_shuffle(),
        asks in subsequence(vec![("region", "us-east"), ("region", "mars"), ("tier", "gold"), ("bad", "x")], 0..=4),
        blocked: bool,
        cpu in 100u64..4000,
        gpus in 0u64..2,
    ) {
        let mut terms = terms(hourly());
        terms.filters.allowed_regions = vec!["us-east".to_owned()];
        terms.filters.excluded_attributes = vec!["bad".parse().unwrap()];
        terms.filters.max_cpu = Some(MilliCpu(2000));
        if blocked {
            terms.filters.blocked_addresses.insert("ve1tenant".to_owned());
        }
        let declared = vec![attribute("region", "us-east"), attribute("region", "mars"), attribute("tier", "gold")];
        let us = Standing::new("ve1provider", true, declared, BTreeMap::new());
        let mut spec = order(vec![unit(1, cpu, 1 << 30, 1)]);
        if gpus > 0 {
            spec.units.push(gpu_unit(2, gpus, &["vendor/nvidia/model/a100"]));
        }
        spec.requirements.attributes = asks.into_iter().map(|(key, value)| attribute(key, value)).collect();
        let asked = Asked::read("ve1tenant", &spec).unwrap();
        let case = Case { asked: &asked, terms: &terms, standing: &us };
        let shuffled = filters.iter().all(|filter| (filter.check)(&case, &mut Notes::off()).is_ok());
        prop_assert_eq!(shuffled, first_refusal(&case).is_ok());
    }
}

//! From a window to a signed document and back.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use ed25519_dalek::{Signer as _, SigningKey, Verifier as _, VerifyingKey};
use proptest::prelude::*;

use super::*;
use crate::domain::audit::canonical_json;
use crate::domain::fraud::{self, Limits, Surroundings};
use crate::domain::id::LeaseId;
use crate::domain::resources::{Bytes, MilliCpu};

const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";

/// The operations manual's example.
fn facts() -> Facts {
    Facts {
        lease: LeaseId::parse(LEASE, "ve").unwrap(),
        workload: "workload_123".to_owned(),
        kind: Kind::Periodic,
        window: Window::new("2026-01-30T00:00:00Z".parse().unwrap(), "2026-01-30T01:00:00Z".parse().unwrap()).unwrap(),
        used: Metrics {
            cpu_milli_seconds: Some(3_600_000),
            gpu_seconds: Some(3600),
            memory_byte_seconds: Some(8_589_934_592_000),
            network_bytes_in: Some(1_073_741_824),
            network_bytes_out: Some(2_147_483_648),
            storage_byte_seconds: Some(107_374_182_400_000),
        },
        gaps: Vec::new(),
        sources: BTreeSet::from(["kubernetes".parse().unwrap()]),
        allocated: Some(Allocation {
            cpu_milli_cores: MilliCpu(1000),
            gpus: 1,
            memory_bytes: Bytes(4 << 30),
            storage_bytes: Bytes(30 << 30),
        }),
        pricing: Pricing {
            lease_price: Some("12.5uve".parse().unwrap()),
            usage_prices: BTreeMap::from([(UsageType::Egress, "0.5uve".parse().unwrap())]),
        },
        revision: 1,
        created_at: "2026-01-30T01:00:05Z".parse().unwrap(),
    }
}

fn signed(facts: Facts) -> Record<Signed> {
    let surroundings = Surroundings { now: facts.created_at, usual_traffic: None };
    let checked = fraud::check(Record::draft(facts), &Limits::default(), &surroundings).unwrap();
    let key = SigningKey::from_bytes(&[7; 32]);
    checked.sign(key.verifying_key().to_bytes(), |hash| Ok::<_, Infallible>(key.sign(hash).to_bytes())).unwrap()
}

#[test]
fn the_document_is_the_manuals_and_canonical() {
    let document = signed(facts()).document();
    let value: serde_json::Value = serde_json::from_str(&document).unwrap();
    assert_eq!(canonical_json(&value), document, "sorted keys, no white space");
    assert_eq!(value["lease_id"], LEASE);
    assert_eq!(value["provider"], "ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg");
    assert_eq!(value["period_start"], "2026-01-30T00:00:00Z");
    assert_eq!(value["period_end"], "2026-01-30T01:00:00Z");
    assert_eq!(
        value["resources"],
        serde_json::json!({"cpu_milli_seconds": 3_600_000, "memory_byte_seconds": 8_589_934_592_000_u64,
            "storage_byte_seconds": 107_374_182_400_000_u64, "gpu_seconds": 3600, "network_bytes_in": 1_073_741_824,
            "network_bytes_out": 2_147_483_648_u64})
    );
    assert_eq!(value["pricing"], serde_json::json!({"lease_price": "12.5uve", "usage_prices": {"egress": "0.5uve"}}));
    assert_eq!((&value["type"], &value["workload_id"]), (&"periodic".into(), &"workload_123".into()));
}

#[test]
fn a_document_is_verified_from_nothing_but_itself() {
    let record = signed(facts());
    let pretty: serde_json::Value = serde_json::from_str(&record.document()).unwrap();
    for text in [record.document(), serde_json::to_string_pretty(&pretty).unwrap()] {
        let claim = Document::read(&text).unwrap();
        assert_eq!((claim.hash, claim.document.resources), (record.signed().hash, facts().used));
        let key = VerifyingKey::from_bytes(&claim.public_key).unwrap();
        key.verify(&claim.hash, &claim.signature.into()).unwrap();
    }
}

#[test]
fn what_was_changed_shows() {
    let document = signed(facts()).document();
    let value: serde_json::Value = serde_json::from_str(&document).unwrap();
    // What is unknown may as well be left out.
    let said = value.as_object().unwrap().iter().filter(|(_, said)| !said.is_null());
    let fields: Vec<String> = said.map(|(field, _)| field.clone()).collect();
    let read =
        |value: &serde_json::Value| Document::read(&value.to_string()).map(|claim| (claim.hash, claim.signature));
    for field in fields {
        let mut less = value.clone();
        less.as_object_mut().unwrap().remove(&field);
        assert!(read(&less).is_err(), "without {field}");
    }
    for (field, other) in [
        ("lease_id", serde_json::json!("other")),
        (
            "resources",
            serde_json::json!({"cpu_milli_seconds": 1, "gpu_seconds": null, "memory_byte_seconds": null,
            "network_bytes_in": null, "network_bytes_out": null, "storage_byte_seconds": null}),
        ),
        ("type", "final".into()),
        ("record_id", "00".into()),
        ("revision", 2.into()),
        ("sha256", "00".into()),
        ("signature", "AA==".into()),
        ("version", 9.into()),
        ("more", 1.into()),
    ] {
        let mut changed = value.clone();
        changed[field] = other;
        assert!(read(&changed).is_err(), "{field}");
    }
    assert!(matches!(Document::read(&" ".repeat(70_000)), Err(DocumentError::TooLong(70_000))));
}

#[test]
fn an_id_names_lease_window_and_revision() {
    let id = |change: fn(&mut Facts)| {
        let mut facts = facts();
        change(&mut facts);
        facts.record_id()
    };
    let first = id(|_| ());
    assert_eq!(first.len(), 32);
    assert_eq!(first, id(|facts| facts.created_at = Moment(0)));
    assert_ne!(first, id(|facts| facts.revision = 2));
    assert_ne!(first, id(|facts| facts.window = Window::new(Moment(0), Moment(9)).unwrap()));
}

fn metrics() -> impl Strategy<Value = Metrics> {
    proptest::collection::vec(proptest::option::of(0i128..i128::MAX), 6).prop_map(|figures| {
        let mut all = Metrics::UNKNOWN;
        for (metric, figure) in Metric::ALL.into_iter().zip(figures) {
            *all.get_mut(metric) = figure;
        }
        all
    })
}

proptest! {
    #[test]
    fn every_document_reads_back(used in metrics(), start in 0i64..4_000_000_000, long in 60i64..90_000, workload in ".{0,40}") {
        let window = Window::new(Moment(start), Moment(start + long)).unwrap();
        let now = window.end();
        let record = signed(Facts { used, window, workload: workload.clone(), allocated: None, created_at: now, ..facts() });
        let claim = Document::read(&record.document()).unwrap();
        prop_assert_eq!((claim.document.resources, claim.document.workload_id), (used, workload));
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = Document::read(&text);
    }
}

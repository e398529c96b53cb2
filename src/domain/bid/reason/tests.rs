//! Reasons: data, words, advice.

use super::*;

#[test]
fn a_reason_is_data_and_a_sentence() {
    let reason = Reason::Short {
        resource: Resource::Memory,
        needed: Resource::Memory.quantity(3 << 30),
        free: Resource::Memory.quantity(1 << 29),
        backend: "kubernetes".into(),
        node_group: Some("gpu".into()),
    };
    let json = serde_json::to_value(&reason).unwrap();
    let expected = serde_json::json!({
        "reason": "short", "resource": "memory", "needed": "3Gi", "free": "512Mi", "backend": "kubernetes",
        "node_group": "gpu",
    });
    assert_eq!(json, expected);
    assert_eq!(json["reason"], reason.word());
    assert_eq!(reason.to_string(), "kubernetes has 512Mi of memory free on a node of gpu, and the order needs 3Gi");
    assert_eq!((reason.code().word(), reason.lasts()), ("insufficient_resources", Lasts::Capacity));
}

#[test]
fn words_are_those_of_json() {
    for reason in
        [Reason::NoBackEnd {}, Reason::GroupPaused {}, Reason::Zero {}, Reason::AlreadyBid { state: "lost".into() }]
    {
        assert_eq!(serde_json::to_value(&reason).unwrap()["reason"], reason.word());
    }
}

#[test]
fn what_a_tenant_wrote_is_cut() {
    assert_eq!(&*cut("region us-east"), "region us-east");
    let long = cut(&"ä".repeat(200_000));
    assert!(long.chars().count() < 400 && long.contains("200000 characters, SHA-256 "), "{long}");
    assert_ne!(long, cut(&format!("{}x", "ä".repeat(199_999))));
}

#[test]
fn advice_is_for_the_reason_itself() {
    let had = Reason::AlreadyBid { state: "lost".into() };
    assert!(!had.action().contains("governance"));
    assert_eq!(Reason::GroupPaused {}.action(), Code::OrderGone.action());
}

#[test]
fn spans_are_shown_as_written() {
    let reason = Reason::TooShort { funded: Duration::from_mins(30), least: Duration::from_hours(1) };
    assert_eq!(serde_json::to_value(&reason).unwrap()["funded"], "30m");
    assert_eq!(reason.to_string(), "the escrow funds 30m at our price, less than 1h");
}

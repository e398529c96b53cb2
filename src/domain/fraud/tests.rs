use std::collections::BTreeSet;

use super::*;
use crate::domain::id::LeaseId;
use crate::domain::resources::MilliCpu;
use crate::domain::usage::{Allocation, Gap, GapKind, Kind, Metric, Metrics, Pricing, Source, Window};

fn facts(seconds: i64) -> Facts {
    let lease = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
    Facts {
        lease: LeaseId::parse(lease, "ve").unwrap(),
        workload: "w".to_owned(),
        kind: Kind::Periodic,
        window: Window::new(Moment(0), Moment(seconds)).unwrap(),
        used: Metrics::UNKNOWN,
        gaps: Vec::new(),
        sources: BTreeSet::from([Source::manual()]),
        allocated: Some(Allocation {
            cpu_milli_cores: MilliCpu(500),
            gpus: 0,
            memory_bytes: Bytes(1000),
            storage_bytes: Bytes(0),
        }),
        pricing: Pricing::default(),
        revision: 1,
        created_at: Moment(seconds),
    }
}

fn flags(facts: Facts, usual_traffic: Option<Traffic>) -> Vec<&'static str> {
    let surroundings = Surroundings { now: Moment(100_000), usual_traffic };
    match check(Record::draft(facts), &Limits::default(), &surroundings) {
        Ok(_) => Vec::new(),
        Err(held) => held.flags.iter().map(Flag::word).collect(),
    }
}

#[test]
fn each_limit_is_exact() {
    let used = |seconds, metric, figure| {
        let mut facts = facts(seconds);
        facts.used.add(metric, figure);
        flags(facts, None)
    };
    assert_eq!(flags(facts(60), None), [""; 0]);
    assert_eq!(flags(facts(59), None), ["DURATION_TOO_SHORT"]);
    assert_eq!(flags(facts(25 * 3600), None), [""; 0]);
    assert_eq!(flags(facts(25 * 3600 + 1), None), ["DURATION_TOO_LONG"]);
    // 500 millicores for 3600 s are 1,800,000 cpu_milli_seconds; twice that is credible.
    assert_eq!(used(3600, Metric::CpuMilliSeconds, 3_600_000), [""; 0]);
    assert_eq!(used(3600, Metric::CpuMilliSeconds, 3_600_001), ["EXCESSIVE_CPU_USAGE"]);
    assert_eq!(used(3600, Metric::MemoryByteSeconds, 5_400_000), [""; 0]);
    assert_eq!(used(3600, Metric::MemoryByteSeconds, 5_400_001), ["EXCESSIVE_MEMORY_USAGE"]);
    for metric in Metric::ALL {
        assert_eq!(used(3600, metric, 0), [""; 0]);
        assert_eq!(used(3600, metric, -1), ["NEGATIVE_METRICS"]);
    }
}

#[test]
fn a_window_ends_in_the_past() {
    let ends = |end| {
        let mut facts = facts(3600);
        facts.window = Window::new(Moment(end - 3600), Moment(end)).unwrap();
        flags(facts, None)
    };
    assert_eq!(ends(100_060), [""; 0]);
    assert_eq!(ends(100_061), ["FUTURE_TIMESTAMP"]);
}

#[test]
fn nothing_is_used_in_no_time() {
    let mut ended = facts(3600);
    ended.gaps = vec![Gap { start: Moment(0), end: Moment(3600), kind: GapKind::AfterLastSample }];
    assert_eq!(flags(ended.clone(), None), [""; 0]);
    ended.used.add(Metric::GpuSeconds, 1);
    assert_eq!(flags(ended, None), ["ZERO_DURATION_WITH_USAGE"]);
}

#[test]
fn traffic_is_compared_with_what_is_usual() {
    let traffic = |bytes, usual| {
        let mut facts = facts(3600);
        facts.used.add(Metric::NetworkBytesIn, 1);
        facts.used.add(Metric::NetworkBytesOut, bytes - 1);
        flags(facts, usual)
    };
    let gib = 1_i128 << 30;
    let usual = Some(Traffic { bytes: gib, seconds: 7200 });
    assert_eq!(traffic(5 * gib, usual), [""; 0]);
    assert_eq!(traffic(5 * gib + 1, usual), ["NETWORK_ANOMALY"]);
    // No history, no suspicion; and little is never much.
    assert_eq!(traffic(999 * gib, None), [""; 0]);
    assert_eq!(traffic(gib, Some(Traffic { bytes: 1, seconds: 7200 })), [""; 0]);
    assert_eq!(traffic(gib + 1, Some(Traffic { bytes: 1, seconds: 7200 })), ["NETWORK_ANOMALY"]);
}

#[test]
fn what_is_not_known_is_not_suspicious() {
    let mut unknown = facts(3600);
    unknown.allocated = None;
    unknown.used = Metrics::UNKNOWN.with(Metric::CpuMilliSeconds, i128::MAX).with(Metric::MemoryByteSeconds, i128::MAX);
    assert_eq!(flags(unknown, None), [""; 0]);
}

#[test]
fn a_record_has_all_its_flags_and_some_cannot_be_waved_through() {
    let mut bad = facts(10);
    bad.used = Metrics::UNKNOWN.with(Metric::CpuMilliSeconds, i128::MAX).with(Metric::GpuSeconds, -5);
    let surroundings = Surroundings { now: Moment(100_000), usual_traffic: None };
    let held = check(Record::draft(bad.clone()), &Limits::default(), &surroundings).unwrap_err();
    let words: Vec<_> = held.flags.iter().map(Flag::word).collect();
    assert_eq!(words, ["DURATION_TOO_SHORT", "EXCESSIVE_CPU_USAGE", "NEGATIVE_METRICS"]);
    let refused = held.approve("alice".to_owned(), Moment(1)).unwrap_err().to_string();
    assert_eq!(refused, "a record with NEGATIVE_METRICS cannot be approved: gpu_seconds is -5, below zero");

    bad.used.gpu_seconds = None;
    let held = check(Record::draft(bad), &Limits::default(), &surroundings).unwrap_err();
    let record = held.approve("alice".to_owned(), Moment(1)).unwrap();
    assert_eq!(record.review().unwrap().flags, ["DURATION_TOO_SHORT", "EXCESSIVE_CPU_USAGE"]);
}

#[test]
fn flags_read_back_from_rows() {
    let flags = [
        Flag::ExcessiveCpu { used: i128::MAX.to_string(), at_most: "1".to_owned() },
        Flag::FutureTimestamp { end: Moment(1), now: Moment(0) },
    ];
    let text = serde_json::to_string(&flags).unwrap();
    assert!(text.contains(r#""flag":"EXCESSIVE_CPU_USAGE""#), "{text}");
    assert_eq!(serde_json::from_str::<Vec<Flag>>(&text).unwrap(), flags);
}

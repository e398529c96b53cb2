use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::domain::fraud::{self, Limits, Surroundings};
use crate::domain::id::LeaseId;
use crate::domain::resources::{Bytes, MilliCpu};
use crate::domain::usage::meter::Rules;
use crate::domain::usage::state::{Event, State};
use crate::domain::usage::*;
use crate::store::{Change, Retention, Store};

const LEASE: &str = "ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw/28/1/2/ve18u2t7lt8zchhhc2tj3yq6yqq56j68mja3xe3gg";
const GIB: i128 = 1 << 30;

fn lease() -> LeaseId {
    LeaseId::parse(LEASE, "ve").unwrap()
}

fn facts(hour: i64, bytes_out: i128) -> Facts {
    Facts {
        lease: lease(),
        workload: "=cmd".to_owned(),
        kind: Kind::Periodic,
        window: Window::new(Moment(hour * 3600), Moment((hour + 1) * 3600)).unwrap(),
        used: Metrics::UNKNOWN.with(Metric::NetworkBytesOut, bytes_out).with(Metric::StorageByteSeconds, i128::MAX),
        gaps: vec![Gap { start: Moment(1), end: Moment(5), kind: GapKind::Restarted }],
        sources: BTreeSet::from([Source::prometheus(), "local".parse().unwrap()]),
        allocated: Some(Allocation {
            cpu_milli_cores: MilliCpu(500),
            gpus: 0,
            memory_bytes: Bytes(1 << 30),
            storage_bytes: Bytes(5),
        }),
        pricing: Pricing {
            lease_price: Some("1.5uve".parse().unwrap()),
            usage_prices: BTreeMap::from([(UsageType::Egress, "3uve".parse().unwrap())]),
        },
        revision: 1,
        created_at: Moment(hour * 3600 + 3605),
    }
}

fn sealed(record: Record<Checked>) -> Record<Signed> {
    record.sign([9; 32], |hash| Ok::<_, Infallible>([hash[0]; 64])).unwrap()
}

fn signed(facts: Facts) -> Record<Signed> {
    let surroundings = Surroundings { now: Moment(i64::MAX), usual_traffic: None };
    sealed(fraud::check(Record::draft(facts), &Limits::default(), &surroundings).unwrap())
}

fn write<T>(store: &Store, work: impl FnOnce(&Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
    store.write("try", work)
}

fn insert(store: &Store, facts: Facts) -> RecordId {
    write(store, |change| records::insert_signed(change, &signed(facts))).unwrap()
}

fn get(store: &Store, id: RecordId) -> RecordRow {
    store.read("get", |snapshot| records::get(snapshot, id)).unwrap()
}

fn charges(store: &Store, id: RecordId) -> Vec<(i128, i128, u64, i128)> {
    let rows = store.read("charges", |snapshot| charges::of_record(snapshot, id)).unwrap();
    rows.iter().map(|row| &row.charge).map(|c| (c.carried_in, c.metered, c.units, c.carried_out)).collect()
}

#[test]
fn a_record_comes_back_as_it_was_written() {
    let store = Store::in_memory().unwrap();
    let id = insert(&store, facts(1, 2 * GIB + 5));
    let row = get(&store, id);
    assert_eq!(row.facts, facts(1, 2 * GIB + 5));
    assert_eq!((row.state, row.cost.as_deref(), row.current), (State::Pending, Some("6uve"), true));
    assert_eq!(row.seal.unwrap().public_key, [9; 32]);
    let found = store.read("find", |s| records::find(s, &row.facts.record_id())).unwrap();
    assert_eq!(found, row);
    for name in ["7", "no-such-record", "99999999999999999999999999"] {
        assert!(matches!(store.read("find", |s| records::find(s, name)), Err(Error::NoRecord { .. })), "{name}");
    }
}

#[test]
fn charges_carry_what_is_left_to_the_next_record() {
    let store = Store::in_memory().unwrap();
    let first = insert(&store, facts(1, 2 * GIB + 5));
    let second = insert(&store, facts(2, GIB - 5));
    let third = insert(&store, facts(3, 7));
    assert_eq!(charges(&store, first), [(0, 2 * GIB + 5, 2, 5)]);
    assert_eq!(charges(&store, second), [(5, GIB - 5, 1, 0)]);
    assert_eq!(charges(&store, third), [(0, 7, 0, 7)]);
    assert_eq!(get(&store, third).state, State::Local, "nothing of it is for the chain");
    let carried = store.read("carried", |s| charges::carried(s, LEASE, UsageType::Egress)).unwrap();
    assert_eq!(carried, 7);
}

#[test]
fn windows_of_a_lease_never_overlap() {
    let store = Store::in_memory().unwrap();
    let id = insert(&store, facts(1, 0));
    let mut other = facts(1, 0);
    other.window = Window::new(Moment(7000), Moment(8000)).unwrap();
    let refused = write(&store, |change| records::insert_signed(change, &signed(other)));
    assert!(matches!(refused, Err(Error::Overlaps { other, .. }) if other == id));
    let again = write(&store, |change| records::insert_signed(change, &signed(facts(1, 0))));
    assert!(matches!(again, Err(Error::Overlaps { .. })), "the same window and revision is there already");
    let mut next = facts(1, 0);
    next.window = Window::new(Moment(7200), Moment(7300)).unwrap();
    insert(&store, next);
}

#[test]
fn a_correction_is_a_new_revision_that_charges_the_difference() {
    let store = Store::in_memory().unwrap();
    let first = insert(&store, facts(1, 5 * GIB));
    let corrected = insert(&store, Facts { revision: 2, ..facts(1, 3 * GIB) });
    let next = insert(&store, facts(2, 4 * GIB));
    assert_eq!((get(&store, first).current, get(&store, corrected).current), (false, true));
    // Nothing of the first was sent: what it charged is taken back.
    assert_eq!(charges(&store, first), [(0, 5 * GIB, 0, 5 * GIB)]);
    assert_eq!(get(&store, first).state, State::Local);
    assert_eq!(charges(&store, corrected), [(5 * GIB, -2 * GIB, 3, 0)]);
    assert_eq!(charges(&store, next), [(0, 4 * GIB, 4, 0)]);
    let listed = |superseded| {
        let filter = Filter { superseded, ..Filter::default() };
        let rows = store.read("list", |s| records::list(s, &filter)).unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(listed(false), [corrected, next]);
    assert_eq!(listed(true), [first, corrected, next]);
    // A correction that makes the metric unknown takes all of it back.
    let mut unknown = Facts { revision: 3, ..facts(1, 0) };
    unknown.used = Metrics::UNKNOWN;
    let unknown = insert(&store, unknown);
    assert_eq!(charges(&store, unknown), [(3 * GIB, -3 * GIB, 0, 0)]);
}

#[test]
fn a_correction_of_what_is_on_chain_charges_the_difference() {
    let store = Store::in_memory().unwrap();
    let first = insert(&store, facts(1, 5 * GIB));
    let row = store.read("charges", |s| charges::of_record(s, first)).unwrap().remove(0);
    write(&store, |change| Ok(charges::recorded(change, row.id, "usage-1")?)).unwrap();
    let corrected = insert(&store, Facts { revision: 2, ..facts(1, 3 * GIB) });
    let next = insert(&store, facts(2, 4 * GIB));
    assert_eq!(charges(&store, first), [(0, 5 * GIB, 5, 0)]);
    assert_eq!(charges(&store, corrected), [(0, -2 * GIB, 0, -2 * GIB)]);
    assert_eq!(charges(&store, next), [(-2 * GIB, 4 * GIB, 2, 0)]);
    assert_eq!(get(&store, corrected).cost, get(&store, first).cost, "what the window costs with it");
}

#[test]
fn a_held_record_waits_for_a_person_and_is_charged_then() {
    let store = Store::in_memory().unwrap();
    let mut short = facts(1, 2 * GIB);
    short.window = Window::new(Moment(3600), Moment(3610)).unwrap();
    let surroundings = Surroundings { now: Moment(i64::MAX), usual_traffic: None };
    let held = fraud::check(Record::draft(short), &Limits::default(), &surroundings).unwrap_err();
    let id = write(&store, |change| records::insert_held(change, &held)).unwrap();
    let row = get(&store, id);
    assert_eq!((row.state, row.cost, row.seal, row.flags.clone()), (State::Held, None, None, held.flags.clone()));
    let submitted = write(&store, |change| records::apply(change, id, Event::Submit, None));
    assert!(matches!(submitted, Err(Error::State { .. })));

    let record = Held { facts: row.facts, flags: row.flags }.approve("alice".to_owned(), Moment(9)).unwrap();
    write(&store, |change| records::approve(change, id, &sealed(record))).unwrap();
    let row = get(&store, id);
    assert_eq!((row.state, row.cost.as_deref()), (State::Pending, Some("6uve")));
    assert_eq!(row.review.unwrap().by, "alice");
    assert!(write(&store, |change| records::reject(change, id, "no")).is_err());
}

#[test]
fn a_rejected_window_can_be_recorded_anew() {
    let store = Store::in_memory().unwrap();
    let mut bad = facts(1, -5);
    bad.used.storage_byte_seconds = None;
    let surroundings = Surroundings { now: Moment(i64::MAX), usual_traffic: None };
    let held = fraud::check(Record::draft(bad.clone()), &Limits::default(), &surroundings).unwrap_err();
    let id = write(&store, |change| records::insert_held(change, &held)).unwrap();
    write(&store, |change| records::reject(change, id, "the source was broken")).unwrap();
    assert_eq!(get(&store, id).detail.as_deref(), Some("the source was broken"));
    let last = store.read("revision", |s| records::last_revision(s, &lease(), bad.window)).unwrap();
    let anew = insert(&store, Facts { revision: last + 1, ..facts(1, 5) });
    assert_eq!(charges(&store, anew), [(0, 5, 0, 5)]);
}

#[test]
fn a_correction_that_is_refused_changes_nothing() {
    let store = Store::in_memory().unwrap();
    let first = insert(&store, facts(1, 5 * GIB));
    let held = |revision| {
        let surroundings = Surroundings { now: Moment(0), usual_traffic: None };
        let facts = Facts { revision, ..facts(1, 9 * GIB) };
        fraud::check(Record::draft(facts), &Limits::default(), &surroundings).unwrap_err()
    };
    let second = write(&store, |change| records::insert_held(change, &held(2))).unwrap();
    let third = write(&store, |change| records::insert_held(change, &held(3))).unwrap();
    let row = get(&store, second);
    assert_eq!((row.state, row.detail.as_deref()), (State::Rejected, Some("revision 3 took its place")));
    write(&store, |change| records::reject(change, third, "no")).unwrap();
    let current = [first, second, third].map(|id| get(&store, id).current);
    assert_eq!(current, [true, false, false]);
    assert_eq!((charges(&store, third), charges(&store, first).len()), (vec![], 1));
}

#[test]
fn after_the_end_nothing_is_left_for_a_later_record() {
    let store = Store::in_memory().unwrap();
    let half = |facts: Facts| Facts {
        pricing: Pricing {
            lease_price: None,
            usage_prices: BTreeMap::from([(UsageType::Egress, "0.5uve".parse().unwrap())]),
        },
        ..facts
    };
    let before = insert(&store, half(facts(1, 3 * GIB)));
    assert_eq!(charges(&store, before), [(0, 3 * GIB, 2, GIB)], "half a coin waits");
    let last = insert(&store, half(Facts { kind: Kind::Final, ..facts(3, 2 * GIB) }));
    assert_eq!(charges(&store, last), [(GIB, 2 * GIB, 3, 0)]);
    let approved_late = insert(&store, half(facts(2, 3 * GIB)));
    assert_eq!(charges(&store, approved_late), [(0, 3 * GIB, 3, 0)]);
}

#[test]
fn records_without_an_escrow_keep_nobody_waiting() {
    let store = Store::in_memory().unwrap();
    let ids: Vec<_> = (1..=4).map(|hour| insert(&store, facts(hour, 2 * GIB))).collect();
    let now = |second: i64| Timestamp::from_second(second).unwrap();
    let due = |at: i64| {
        let rows = store.read("due", |s| records::due(s, now(at), 2)).unwrap();
        rows.iter().map(|row| row.id).collect::<Vec<_>>()
    };
    let none = |id: RecordId, at: i64| {
        write(&store, |change| {
            records::apply(change, id, Event::LackEscrow, Some("none"))?;
            records::put_off(change, id, 0, Some(now(at)))
        })
        .unwrap();
    };
    ids[..3].iter().zip(100..).for_each(|(id, at)| none(*id, at));
    assert_eq!(due(200), [ids[3], ids[0]], "what may have an escrow comes first");
    none(ids[0], 200);
    write(&store, |change| records::apply(change, ids[3], Event::Submit, None)).unwrap();
    assert_eq!(due(300), [ids[1], ids[2]], "and then each in its turn");
}

#[test]
fn usual_traffic_needs_a_history() {
    let store = Store::in_memory().unwrap();
    let usual = || store.read("usual", |s| records::usual_traffic(s, &lease())).unwrap();
    for hour in 1..=2 {
        insert(&store, facts(hour, 10));
    }
    assert_eq!(usual(), None);
    insert(&store, facts(3, 10));
    assert_eq!(usual(), Some(fraud::Traffic { bytes: 30, seconds: 3 * 3600 }));
}

#[test]
fn filters_and_due_records() {
    let store = Store::in_memory().unwrap();
    let ids: Vec<_> = (1..=4).map(|hour| insert(&store, facts(hour, 2 * GIB))).collect();
    let at = |hour: i64| Timestamp::from_second(hour * 3600).unwrap();
    let list = |filter: Filter| {
        store.read("list", |s| records::list(s, &filter)).unwrap().iter().map(|row| row.id).collect::<Vec<_>>()
    };
    assert_eq!(list(Filter { start: Some(at(2)), end: Some(at(4)), ..Filter::default() }), ids[1..3]);
    assert_eq!(list(Filter { newest_first: true, limit: Some(1), ..Filter::default() }), ids[3..]);
    assert_eq!(list(Filter { lease: Some("other".to_owned()), ..Filter::default() }), []);
    assert_eq!(list(Filter { tenant: Some(lease().order().owner().to_string()), ..Filter::default() }), ids);
    write(&store, |change| records::apply(change, ids[0], Event::Submit, None)).unwrap();
    write(&store, |change| records::put_off(change, ids[1], 1, Some(at(100)))).unwrap();
    assert_eq!(list(Filter { states: vec![State::Submitted], ..Filter::default() }), ids[..1]);
    let due =
        |now| store.read("due", |s| records::due(s, now, 9)).unwrap().iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(
        (due(at(99)), due(at(100))),
        (ids[2..].to_vec(), vec![ids[2], ids[3], ids[1]]),
        "those that wait longest come first"
    );
    let by_state = store.read("count", records::by_state).unwrap();
    assert_eq!(by_state, [(State::Pending, 3), (State::Submitted, 1)]);
}

#[test]
fn meters_and_samples_come_back_and_end_once() {
    let store = Store::in_memory().unwrap();
    let rules = Rules {
        interval: Duration::from_hours(1),
        longest_stretch: Duration::from_mins(15),
        shortest_window: Duration::from_mins(1),
    };
    let new = meters::NewMeter {
        lease: lease(),
        workload: "w".to_owned(),
        allocated: facts(1, 0).allocated,
        lease_price: Some("0.5uve".parse().unwrap()),
    };
    let mut meter = Meter::open(Moment(1000), rules.interval);
    assert!(write(&store, |change| Ok(meters::open(change, &new, &meter)?)).unwrap());
    assert!(!write(&store, |change| Ok(meters::open(change, &new, &meter)?)).unwrap(), "only once");
    let row = store.read("running", meters::running).unwrap().remove(0);
    assert_eq!(
        (&row.lease, &row.workload, row.allocated, &row.lease_price),
        (&new.lease, &new.workload, new.allocated, &new.lease_price)
    );

    let reading = Reading {
        source: Source::prometheus(),
        part: "pod/1".to_owned(),
        started_at: Some(Moment(1001)),
        counters: Metrics::UNKNOWN.with(Metric::CpuMilliSeconds, 77),
        levels: Levels { memory: Some(Bytes(5)), storage: None, gpus: Some(2) },
        ended_at: Some(Moment(1299)),
    };
    let sample = Readout { at: Moment(1300), readings: vec![reading.clone()] };
    meter.take(&sample, &rules);
    write(&store, |change| {
        samples::keep(change, row.id, &sample)?;
        samples::keep(change, row.id, &sample)?;
        Ok(meters::save(change, row.id, &meter)?)
    })
    .unwrap();
    let again = store.read("lease", |s| meters::of_lease(s, &lease())).unwrap().unwrap();
    assert_eq!(again.meter, meter);
    let kept = store.read("samples", |s| samples::since(s, row.id, Moment(0))).unwrap();
    assert_eq!(kept, [(Moment(1300), reading)]);

    write(&store, |change| Ok(meters::end(change, row.id, Moment(2000))?)).unwrap();
    assert_eq!(store.read("running", meters::running).unwrap(), []);
    let ended = store.read("lease", |s| meters::of_lease(s, &lease())).unwrap().unwrap();
    assert_eq!(ended.ended_at, Some(Moment(2000)));

    let later = Timestamp::from_second(1_000_000).unwrap();
    let pruned = store.prune(&Retention::default(), later, &|| false).unwrap();
    let of = |table: &str| pruned.iter().find(|pruned| pruned.table == table).map(|pruned| pruned.rows);
    assert_eq!((of("usage_samples"), of("usage_records"), of("alerts")), (Some(1), Some(0), Some(0)));
}

#[test]
fn only_records_that_are_through_are_pruned() {
    let store = Store::in_memory().unwrap();
    let other = LeaseId::parse(&LEASE.replace("/28/", "/29/"), "ve").unwrap();
    let paid = insert(&store, Facts { lease: other.clone(), ..facts(1, 2 * GIB) });
    let (first, open) = (insert(&store, facts(1, 2 * GIB)), insert(&store, facts(2, 2 * GIB)));
    for event in [Event::Submit, Event::Confirm, Event::Settle] {
        write(&store, |change| records::apply(change, paid, event, None)).unwrap();
        write(&store, |change| records::apply(change, first, event, None)).unwrap();
    }
    let keep = Retention { usage_records: Some(Duration::from_hours(1)), ..Retention::default() };
    let later = Timestamp::from_second(1_000_000_000).unwrap();
    let rows = |pruned: Vec<crate::store::Pruned>| pruned.iter().map(|table| table.rows).sum::<u64>();
    assert_eq!(rows(store.prunable(&keep, later).unwrap()), 1);
    assert_eq!(rows(store.prune(&keep, later, &|| false).unwrap()), 1);
    assert!(store.read("get", |s| records::get(s, paid)).is_err());
    assert_eq!(store.read("carries", |s| charges::carries(s, &other.to_string())).unwrap(), []);
    assert_eq!(get(&store, first).state, State::Settled, "the ledger of a lease that is not through stays whole");
    assert_eq!(get(&store, open).state, State::Pending);
}

#[test]
fn an_export_sees_each_record_once_and_in_order() {
    let store = Store::in_memory().unwrap();
    for hour in [3, 1, 2] {
        insert(&store, facts(hour, 2 * GIB));
    }
    let mut starts = Vec::new();
    store
        .read("export", |s| {
            export::each(s, &Filter::default(), (true, false), |row| {
                assert_eq!(row.get::<_, String>(13 - 1)?, (2 * GIB).to_string());
                assert_eq!(row.get::<_, Vec<u8>>(19)?, [9; 32]);
                starts.push(row.get::<_, i64>(6)? / 3_600_000_000);
                Ok(())
            })
        })
        .unwrap();
    assert_eq!(starts, [1, 2, 3]);
}

//! Pruning and restores leave a trail that verifies.

use super::*;

#[test]
fn pruning_keeps_the_rest_verifiable() {
    let place = Place::with_file();
    place.run(5);
    place.run(5);
    place.run(5);
    let store = place.open();
    let time_of = |seq: usize| Timestamp::from_microsecond(place.rows()[seq - 1].at).unwrap();
    let now = Timestamp::from_second(9000).unwrap();
    // Rows 1 to 11 are old enough, and 10 is the last sealed one among them.
    let before = time_of(12);
    let keep = Some(Duration::try_from(now.duration_since(before)).unwrap());
    let pruned = |rows| Pruned { table: "audit", before: Some(before), rows };
    assert_eq!(prunable(&store, keep, now).unwrap(), pruned(10));
    assert_eq!(prune(&store, keep, now, &never).unwrap(), pruned(10));
    assert_eq!(prune(&store, keep, now, &never).unwrap(), pruned(0));
    assert_eq!(prune(&store, None, now, &never).unwrap(), Pruned { table: "audit", before: None, rows: 0 });
    drop(store);
    let found = place.verify();
    assert_eq!((found.rows, found.pruned_until, found.last_row, &found.findings), (5, 10, 15, &vec![]));
    place.run(2);
    assert_eq!(place.verify().findings, []);
    // Everything may go; the chain goes on behind it.
    let store = place.open();
    prune(&store, AT_ONCE, now, &never).unwrap();
    drop(store);
    assert_eq!(place.rows(), []);
    assert_eq!(place.run(1).unwrap().anchor.seq, 18);
    assert_eq!(place.verify().findings, []);

    // Who only claims to have pruned is found.
    place.tamper(
        "UPDATE audit_trail SET pruned_hash = (SELECT hash FROM audit WHERE seq = 18), pruned_seq = 18;
         DELETE FROM audit",
    );
    assert_eq!(place.verify().findings, [Finding::PruningUnsealed { until: 18 }]);
}

#[test]
fn pruning_stops_when_asked_and_is_made_up_for() {
    let place = Place::new();
    place.run(3);
    let store = place.open();
    let now = Timestamp::from_second(9000).unwrap();
    assert_eq!(prune(&store, AT_ONCE, now, &|| true).unwrap().rows, 0);
    let found = verify(&store, None).unwrap();
    assert_eq!((found.pruned_until, found.findings), (3, vec![]));
    assert_eq!(prune(&store, AT_ONCE, now, &never).unwrap().rows, 3);
}

#[test]
fn a_restore_is_part_of_the_record() {
    let place = Place::with_file();
    place.run(4);
    let backup = fs::read(place.state()).unwrap();
    place.run(4);
    let replaced = place.open().read("test", table::head).unwrap();
    fs::write(place.state(), &backup).unwrap();
    // Put in place by hand, it is what it looks like: a cut tail.
    assert_eq!(place.verify().findings[0], Finding::Chain(Broken::Cut { rows: Span::new(5, 8) }));
    let seal = place.with_trail(|trail| restored(trail, "backup of yesterday", Some(replaced)).unwrap().unwrap());
    assert_eq!((seal.anchor.seq, seal.number), (5, 4));
    let found = place.verify();
    assert_eq!(found.findings, []);
    assert_eq!(found.restores.len(), 1);
    assert_eq!((found.restores[0].row, found.restores[0].sealed_before), (4, Some(8)));
    let row = place.rows().pop().unwrap();
    assert_eq!((row.event.as_str(), row.subject.as_str()), ("state_restored", "backup of yesterday"));
    assert!(row.details.contains(&replaced.hash.to_string()), "{}", row.details);
    // Life goes on.
    place.run(3);
    assert_eq!(place.verify().findings, []);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7, 8, 5, 6, 7, 8]);
}

#[test]
fn a_backup_of_another_state_file_can_be_restored() {
    let (place, other) = (Place::new(), Place::new());
    other.run(2);
    place.run(5);
    fs::copy(other.state(), place.state()).unwrap();
    assert!(!place.verify().findings.is_empty());
    place.with_trail(|trail| restored(trail, "another machine's", None).unwrap());
    assert_eq!(place.verify().findings, []);
}

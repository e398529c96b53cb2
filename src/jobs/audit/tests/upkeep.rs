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
    let seal =
        place.with_trail(|trail| restored(trail, "backup of yesterday", Some(replaced), false).unwrap().unwrap());
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
    place.with_trail(|trail| restored(trail, "another machine's", None, false).unwrap());
    assert_eq!(place.verify().findings, []);
}

#[test]
fn a_restore_can_be_undone() {
    let place = Place::with_file();
    place.run(4);
    let backup = fs::read(place.state()).unwrap();
    place.run(4);
    let replaced = fs::read(place.state()).unwrap();
    let keep = place.folder.path().join("replaced.db");
    fs::write(&keep, &replaced).unwrap();
    fs::write(place.state(), &backup).unwrap();
    place.with_trail(|trail| restored(trail, "backup", None, false).unwrap());
    place.run(2);
    check_backup(&place.state(), &keep).unwrap();
    fs::write(place.state(), &replaced).unwrap();
    place.with_trail(|trail| restored(trail, "the replaced file", None, false).unwrap());
    place.run(1);
    let found = place.verify();
    assert_eq!((found.findings, found.last_row, found.restores.len()), (vec![], 10, 2));
}

#[test]
fn a_rewritten_backup_is_refused_and_a_forced_one_is_never_sound() {
    let place = Place::new();
    place.run(4);
    let sound = fs::read(place.state()).unwrap();
    place.rewrite(|rows| rows[1].subject = "order of a friend".into());
    let backup = place.folder.path().join("backup.db");
    fs::copy(place.state(), &backup).unwrap();
    fs::write(place.state(), &sound).unwrap();
    place.run(1);
    let error = check_backup(&place.state(), &backup).unwrap_err();
    assert!(matches!(error, Error::BackupTampered(Broken::Rewritten { .. })), "{error}");
    assert!(error.hint().unwrap().contains("--force"));
    place.with_trail(|trail| not_restored(trail, "backup", &error.to_string()).unwrap());
    let row = place.rows().pop().unwrap();
    assert_eq!((row.event.as_str(), row.outcome.as_str()), ("state_restored", "failed"));
    assert_eq!(place.verify().findings, []);

    fs::copy(&backup, place.state()).unwrap();
    place.with_trail(|trail| restored(trail, "backup", None, true).unwrap());
    place.run(2);
    assert_eq!(place.verify().findings, chain(Broken::Rewritten { rows: Span::new(1, 4) }));
    assert!(place.rows().iter().any(|row| row.details.contains("\"forced\":true")));
}

#[test]
fn on_a_new_host_without_seals_a_restored_trail_is_sound() {
    let (old, new) = (Place::new(), Place::new());
    old.run(2);
    old.run(2);
    fs::copy(old.state(), new.state()).unwrap();
    check_backup(&new.state(), &old.state()).unwrap();
    new.with_trail(|trail| restored(trail, "backup", None, false).unwrap());
    new.run(3);
    let found = new.verify();
    assert_eq!((found.findings, found.restores[0].lost), (vec![], Some(Span::new(1, 2))));
    // A seal that is removed from before the restore later is missed all the same.
    old.run(1);
    let backup = fs::read(old.state()).unwrap();
    fs::write(old.state(), backup).unwrap();
    old.with_trail(|trail| restored(trail, "backup", None, false).unwrap());
    edit(&old.files().seals, |lines| drop(lines.remove(2)));
    assert_eq!(old.verify().findings, [Finding::SealsMissing { seals: Span::new(3, 3) }]);
}

#[test]
fn a_file_that_was_not_told_of_a_restore_learns_of_it() {
    let mut place = Place::with_file();
    place.run(4);
    let backup = fs::read(place.state()).unwrap();
    place.run(4);
    fs::write(place.state(), backup).unwrap();
    let output = place.settings.output.take();
    place.with_trail(|trail| restored(trail, "backup", None, false).unwrap());
    place.settings.output = output;
    place.run(2);
    assert_eq!(place.verify().findings, []);
}

#[test]
fn verification_beside_a_running_job_finds_nothing() {
    let place = Place::with_file();
    place.run(1);
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (0..60).for_each(|_| drop(place.run(1))));
        while !writer.is_finished() {
            assert_eq!(place.verify().findings, []);
        }
    });
}

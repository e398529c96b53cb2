//! What a kill or a full disk left undone is made up for.

use super::*;

#[test]
fn what_a_kill_left_undone_is_made_up_for() {
    // Between the commit and everything else.
    let place = Place::with_file();
    place.run(3);
    place.with_trail(|trail| record(trail, 2));
    assert_eq!(place.verify().unsealed, 2);
    assert_eq!(place.run(0).unwrap().anchor.seq, 5);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5]);

    // Behind the file, before the seal and the note in the state file.
    place.with_trail(|trail| record(trail, 2));
    AuditFile::open(place.output()).unwrap().append_rows(&place.rows()[5..]).unwrap();
    place.run(0).unwrap();
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7], "each row once");

    // Behind the seal, before the note.
    place.tamper("UPDATE audit_trail SET seal_number = 0, output_seq = 0, output_path = NULL");
    assert_eq!(place.run(0), None);
    assert_eq!(numbers_in(place.output()).len(), 7);
    assert_eq!(place.verify().findings, []);

    // In the middle of a line, of the file and of the seals.
    place.with_trail(|trail| record(trail, 1));
    for path in [place.output().to_owned(), place.files().seals] {
        let mut text = fs::read_to_string(&path).unwrap();
        text.push_str("{\"kind\":\"row\",\"seq\":8,\"ti");
        fs::write(&path, text).unwrap();
    }
    assert_eq!(place.verify().findings, [], "what is being written is no finding");
    assert_eq!(place.run(0).unwrap().number, 4);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6, 7, 8]);
    let found = place.verify();
    assert_eq!((found.findings, found.witness.unwrap().unreadable), (vec![], 0));
}

#[test]
fn a_rotated_file_goes_on_and_a_new_one_gets_all() {
    let mut place = Place::with_file();
    place.run(3);
    fs::rename(place.output(), place.folder.path().join("audit.log.1")).unwrap();
    place.run(2);
    assert_eq!(numbers_in(place.output()), [4, 5]);
    place.settings.output = Some(place.folder.path().join("other.log"));
    place.run(1);
    assert_eq!(numbers_in(place.output()), [1, 2, 3, 4, 5, 6]);
}

#[test]
fn a_file_that_cannot_be_written_does_not_keep_the_seal_back() {
    let mut place = Place::new();
    place.settings.output = Some(PathBuf::from("/dev/full"));
    place.with_trail(|trail| {
        record(trail, 3);
        let error = trail.finish().unwrap_err();
        assert!(matches!(error, Error::Files(_)), "{error}");
        assert_eq!(error.fault(), Fault::Unavailable);
    });
    assert_eq!(verify(&place.open(), None).unwrap().sealed.unwrap().row, 3);
    place.settings.output = Some(place.folder.path().join("audit.log"));
    place.run(0);
    assert_eq!(numbers_in(place.output()), [1, 2, 3]);
}

#[test]
fn a_key_that_others_can_read_is_taken_away_from_them() {
    let place = Place::new();
    place.run(1);
    fs::set_permissions(place.files().key, fs::Permissions::from_mode(0o644)).unwrap();
    place.run(1);
    assert_eq!(fs::metadata(place.files().key).unwrap().mode() & 0o777, 0o600);
    assert_eq!(place.verify().findings, []);
}

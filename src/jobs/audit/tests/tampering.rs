//! Tampering of every kind is found and named.

use super::*;

#[test]
fn each_column_of_each_row_is_guarded() {
    for (column, change) in [
        ("at", "at + 1"),
        ("event", "'key_usage'"),
        ("outcome", "CASE outcome WHEN 'failed' THEN 'succeeded' ELSE 'failed' END"),
        ("uid", "0"),
        ("user", "NULL"),
        ("job", "'usage-submit'"),
        ("run", "run + 1"),
        ("subject", "subject || ' '"),
        ("details", "replace(details, 'number', 'nvmber')"),
        ("previous", "zeroblob(32)"),
        ("hash", "zeroblob(32)"),
        ("hash", "x'00'"),
        ("details", "'no json'"),
        ("seq", "seq + 100"),
    ] {
        let place = Place::new();
        place.run(6);
        let sound = fs::read(place.state()).unwrap();
        for seq in 1..=6 {
            place.tamper(&format!("UPDATE audit SET {column} = {change} WHERE seq = {seq}"));
            let found = place.verify();
            let Some(Finding::Chain(broken)) = found.findings.first() else {
                panic!("{column} of row {seq}: {:?}", found.findings)
            };
            assert_eq!(broken.first_row(), seq, "{column} of row {seq}: {broken}");
            assert_eq!(found.rows, u64::try_from(seq).unwrap() - 1, "{column} of row {seq}");
            drop(fs::remove_file(format!("{}-wal", place.state().display())));
            fs::write(place.state(), &sound).unwrap();
        }
        assert_eq!(place.verify().findings, []);
    }
}

#[test]
fn removed_moved_and_inserted_rows_are_named() {
    let removed = |first, last| Broken::Removed { rows: Span::new(first, last) };
    for (sql, want) in [
        ("DELETE FROM audit WHERE seq = 1", removed(1, 1)),
        ("DELETE FROM audit WHERE seq = 4", removed(4, 4)),
        ("DELETE FROM audit WHERE seq BETWEEN 2 AND 7", removed(2, 7)),
        ("DELETE FROM audit WHERE seq = 8", Broken::Cut { rows: Span::new(8, 8) }),
        ("DELETE FROM audit WHERE seq > 5", Broken::Cut { rows: Span::new(6, 8) }),
        ("DELETE FROM audit", Broken::Cut { rows: Span::new(1, 8) }),
        (
            "UPDATE audit SET seq = -3 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 6;
             UPDATE audit SET seq = 6 WHERE seq = -3",
            Broken::Reordered { seq: 3, stands_as: 6 },
        ),
        (
            "UPDATE audit SET seq = seq + 1000 WHERE seq > 4; UPDATE audit SET seq = seq - 999 WHERE seq > 1000;
             INSERT INTO audit SELECT 5, at, event, outcome, uid, user, job, run, 'order forged', details, previous, hash
             FROM audit WHERE seq = 6",
            Broken::Inserted { seq: 5 },
        ),
    ] {
        let place = Place::new();
        place.run(8);
        place.tamper(sql);
        assert_eq!(place.verify().findings, chain(want), "{sql}");
    }
}

#[test]
fn a_chain_computed_anew_and_a_cut_tail_are_found_by_the_seals() {
    let place = Place::new();
    place.run(4);
    place.run(4);
    place.run(4);
    let rows = place.rows();
    for (edited, first, last) in [(2, 1, 4), (5, 5, 8), (11, 9, 12)] {
        place.rewrite(|rows| rows[edited].subject = "order of a friend".into());
        let found = place.verify();
        assert_eq!(found.findings, chain(Broken::Rewritten { rows: Span::new(first, last) }));
        place.put(&rows);
    }
    place.rewrite(|rows| rows.truncate(10));
    assert_eq!(place.verify().findings, chain(Broken::Cut { rows: Span::new(11, 12) }));
    // The next run does not put a seal on it.
    place.with_trail(|trail| {
        record(trail, 5);
        let error = trail.finish().unwrap_err();
        assert!(matches!(error, Error::Tampered(Broken::Rewritten { .. })), "{error}");
        assert_eq!(error.fault(), Fault::Invalid);
        assert!(error.hint().unwrap().contains("audit-log verify"));
    });
}

/// What is done to the files, and what is to be found.
type Spoiling = (&'static str, fn(&Files), Vec<Finding>);

#[test]
fn whatever_is_done_to_seals_and_key_is_found() {
    let missing = |first, last| Finding::SealsMissing { seals: Span::new(first, last) };
    let another = Finding::SealedWithAnotherKey { seals: Span::new(1, 3) };
    let cases: [Spoiling; 8] = [
        ("no seals", |files| fs::remove_file(&files.seals).unwrap(), vec![missing(1, 3)]),
        ("empty seals", |files| fs::write(&files.seals, "").unwrap(), vec![missing(1, 3)]),
        ("the last seal cut off", |files| edit(&files.seals, |lines| lines.truncate(2)), vec![missing(3, 3)]),
        ("the second removed", |files| edit(&files.seals, |lines| drop(lines.remove(1))), vec![missing(2, 2)]),
        (
            "the second edited",
            |files| edit(&files.seals, |lines| lines[1] = lines[1].replace("\"seq\":4", "\"seq\":3")),
            vec![Finding::SealChanged { number: 2 }],
        ),
        (
            "the second garbled",
            |files| edit(&files.seals, |lines| lines[1] = "garbage".into()),
            vec![Finding::SealUnreadable { line: 2 }],
        ),
        ("no key", |files| fs::remove_file(&files.key).unwrap(), vec![Finding::KeyMissing]),
        ("another key", |files| fs::write(&files.key, "ab".repeat(32)).unwrap(), vec![another]),
    ];
    for (name, change, want) in cases {
        let place = Place::new();
        for _ in 0..3 {
            place.run(2);
        }
        change(&place.files());
        let found = place.verify();
        assert_eq!(
            found.findings.iter().filter(|f| !want.contains(f)).collect::<Vec<_>>(),
            Vec::<&Finding>::new(),
            "{name}"
        );
        assert_eq!(found.findings.len(), want.len(), "{name}: {:?}", found.findings);
        // The next run seals again, and the finding stays.
        assert!(place.run(1).is_some_and(|seal| seal.number == 4), "{name}");
        let found = place.verify();
        assert!(!found.findings.is_empty(), "{name}");
        assert_eq!(found.sealed.map(|sealed| sealed.row), Some(7), "{name}");
    }

    // Whoever can also write the state file can make it forget the seals, but not that there should be some.
    let place = Place::new();
    place.run(2);
    fs::remove_file(place.files().seals).unwrap();
    fs::remove_file(place.files().key).unwrap();
    place.tamper("UPDATE audit_trail SET seal_number = 0");
    assert_eq!(place.verify().findings, [Finding::NoSeals]);

    fs::write(place.files().key, "no key").unwrap();
    let error = verify(&place.open(), None).unwrap_err();
    assert_eq!(error.fault(), Fault::Invalid);
    assert!(!error.to_string().contains("no key"));
}

#[test]
fn the_audit_file_is_a_second_witness() {
    let place = Place::with_file();
    place.run(6);
    let rows = place.rows();
    // Behind the last seal the chain alone cannot tell.
    place.with_trail(|trail| record(trail, 2));
    let store = place.open();
    AuditFile::open(place.output()).unwrap().append_rows(&place.rows()[6..]).unwrap();
    drop(store);
    assert_eq!(place.verify().findings, []);
    place.rewrite(|rows| rows.truncate(7));
    assert_eq!(place.verify().findings, [Finding::FileHoldsMore { rows: Span::new(8, 8) }]);
    place.rewrite(|rows| rows[6].subject = "x".into());
    let want = [Finding::FileDiffers { seq: 7 }, Finding::FileHoldsMore { rows: Span::new(8, 8) }];
    assert_eq!(place.verify().findings, want);
    place.put(&rows);
    // Rotated away, in part or wholly.
    edit(place.output(), |lines| drop(lines.drain(..3)));
    edit(place.output(), |lines| lines.truncate(3));
    assert_eq!(place.verify().witness.unwrap().confirmed, 3);
    fs::remove_file(place.output()).unwrap();
    assert_eq!(place.verify().findings, []);
}

#[test]
fn evidence_is_not_pruned() {
    let place = Place::new();
    place.run(3);
    place.tamper("UPDATE audit SET subject = 'x' WHERE seq = 2");
    let store = place.open();
    let now = Timestamp::from_second(9000).unwrap();
    let error = prune(&store, AT_ONCE, now, &never).unwrap_err();
    assert!(matches!(error, Error::Tampered(Broken::Edited { seq: 2, .. })), "{error}");
    assert_eq!(place.rows().len(), 3);
}

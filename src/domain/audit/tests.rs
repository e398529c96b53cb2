//! The tamper table: whatever is done to the rows or the seals is found, and named.
#![allow(
    clippy::cast_possible_wrap,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers"
)]

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::json;

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + second).unwrap()
}

fn draft(number: i64) -> Draft {
    let actor = Actor { uid: 990, user: Some("provider".into()), job: Some("bid run".into()), run: Some(number) };
    let outcome = if number % 3 == 0 { Outcome::Failed } else { Outcome::Succeeded };
    let details = json!({"price": format!("{number}uve"), "attempt": number}).as_object().unwrap().clone();
    Draft::new(at(number), Event::BidSubmitted, outcome, actor, &format!("order ve1tenant/{number}/1/1"), details)
}

fn chain(count: i64) -> Vec<Row> {
    extend(Vec::new(), count)
}

fn extend(mut rows: Vec<Row>, count: i64) -> Vec<Row> {
    for _ in 0..count {
        let seq = rows.len() as i64 + 1;
        let previous = rows.last().map_or(RowHash::genesis(), |row| row.stored_hash().unwrap());
        rows.push(Row::chain(draft(seq), seq, previous));
    }
    rows
}

/// Computes every hash and link anew, as a tamperer with a program would.
fn rechain(rows: &mut [Row]) {
    let mut previous = RowHash::genesis();
    for (place, row) in rows.iter_mut().enumerate() {
        row.seq = place as i64 + 1;
        row.previous = previous.as_bytes().to_vec();
        previous = row.computed_hash();
        row.hash = previous.as_bytes().to_vec();
    }
}

fn anchor(row: &Row) -> Anchor {
    Anchor { seq: row.seq, hash: row.stored_hash().unwrap() }
}

/// Reads the rows as a table gives them: in the order of their numbers.
fn verify(rows: &[Row], sealed: &[Anchor]) -> Verdict {
    let mut rows = rows.to_vec();
    rows.sort_by_key(|row| row.seq);
    verify_in_order(&rows, sealed)
}

fn verify_in_order(rows: &[Row], sealed: &[Anchor]) -> Verdict {
    let mut verifier = Verifier::new(Anchor::genesis(), sealed.to_vec());
    for row in rows {
        if !verifier.push(row.clone()) {
            break;
        }
    }
    verifier.finish()
}

fn broken(rows: &[Row]) -> Broken {
    verify(rows, &[]).broken.expect("the change is found")
}

type Edit = (&'static str, fn(&mut Row));

const EDITS: &[Edit] = &[
    ("at", |row| row.at += 1),
    ("event", |row| row.event = "key_usage".into()),
    ("outcome", |row| row.outcome = if row.outcome == "failed" { "succeeded" } else { "failed" }.into()),
    ("uid", |row| row.uid = 0),
    ("user", |row| row.user = None),
    ("user to empty", |row| row.user = Some(String::new())),
    ("job", |row| row.job = Some("usage submit".into())),
    ("run", |row| row.run = None),
    ("subject", |row| row.subject.push(' ')),
    ("details", |row| row.details = row.details.replace("uve", "uvf")),
    ("details, white space only", |row| row.details = row.details.replace(':', ": ")),
    ("hash", |row| row.hash[31] ^= 1),
    ("hash, cut", |row| row.hash.truncate(31)),
    ("previous", |row| row.previous[0] ^= 1),
    ("number", |row| row.seq += 1000),
    ("number below all", |row| row.seq = -row.seq),
];

#[test]
fn a_sound_chain_is_sound() {
    let rows = chain(20);
    let sealed = [anchor(&rows[4]), anchor(&rows[19])];
    let verdict = verify(&rows, &sealed);
    assert_eq!(verdict, Verdict { sound: 20, head: sealed[1], vouched: Some(sealed[1]), broken: None });
    assert_eq!(verify(&[], &[]).broken, None);
    assert_eq!(verify(&rows[..1], &[]).sound, 1);
}

#[test]
fn each_edited_column_of_each_row_is_named() {
    for place in 0..10 {
        for (name, edit) in EDITS {
            let mut rows = chain(10);
            edit(&mut rows[place]);
            let seq = place as i64 + 1;
            let found = broken(&rows);
            let case = format!("{name} of row {seq}: {found}");
            assert_eq!(found.first_row(), seq, "{case}");
            let last = place == 9;
            match *name {
                "hash" | "hash, cut" if last => {
                    assert_eq!(found, Broken::Edited { seq, column: Column::ContentOrHash }, "{case}");
                }
                "hash" | "hash, cut" => assert_eq!(found, Broken::Edited { seq, column: Column::Hash }, "{case}"),
                "previous" => assert_eq!(found, Broken::Edited { seq, column: Column::Previous }, "{case}"),
                "number" if last => assert_eq!(found, Broken::Edited { seq, column: Column::Number }, "{case}"),
                "number below all" if place == 0 => {
                    assert_eq!(found, Broken::Edited { seq, column: Column::Number }, "{case}");
                }
                "number below all" => {
                    assert!(matches!(found, Broken::Reordered { .. } | Broken::Edited { .. }), "{case}");
                }
                "number" => assert_eq!(found, Broken::Reordered { seq, stands_as: seq + 1000 }, "{case}"),
                _ if last => assert_eq!(found, Broken::Edited { seq, column: Column::ContentOrHash }, "{case}"),
                _ => assert_eq!(found, Broken::Edited { seq, column: Column::Content }, "{case}"),
            }
        }
    }
}

#[test]
fn an_edited_row_with_its_own_hash_computed_anew_is_named_by_its_successor() {
    for place in 0..9 {
        let mut rows = chain(10);
        rows[place].subject = "order of somebody else".into();
        rows[place].hash = rows[place].computed_hash().as_bytes().to_vec();
        let seq = place as i64 + 1;
        assert_eq!(broken(&rows), Broken::Edited { seq, column: Column::Content });
        assert_eq!(verify(&rows, &[]).sound, place as u64);
    }
}

#[test]
fn removed_rows_are_named() {
    for (first, last) in [(1, 1), (1, 3), (5, 5), (4, 8), (9, 9)] {
        let removed = Broken::Removed { rows: Span::new(first, last) };
        let mut rows = chain(10);
        rows.retain(|row| row.seq < first || row.seq > last);
        assert_eq!(broken(&rows), removed);
        // Closing the gap does not help, with or without the hash of the row behind it computed anew.
        for (place, row) in rows.iter_mut().enumerate() {
            row.seq = place as i64 + 1;
        }
        assert_eq!(broken(&rows), removed);
        if last < 9 {
            let behind = &mut rows[first as usize - 1];
            behind.hash = behind.computed_hash().as_bytes().to_vec();
            assert_eq!(broken(&rows), removed);
        }
    }
}

#[test]
fn moved_rows_are_named() {
    for (one, other) in [(0, 1), (4, 5), (2, 7), (8, 9), (0, 9)] {
        let mut rows = chain(10);
        let (low, high) = (rows[one].seq, rows[other].seq);
        rows[one].seq = high;
        rows[other].seq = low;
        assert_eq!(broken(&rows), Broken::Reordered { seq: low, stands_as: high });
    }
    // In a file, rows can be moved without being renumbered.
    let mut rows = chain(10);
    rows.swap(3, 6);
    let verdict = verify_in_order(&rows, &[]);
    assert_eq!(verdict.broken, Some(Broken::Reordered { seq: 4, stands_as: 4 }));
}

#[test]
fn rows_put_in_are_named() {
    // (sound in itself?) × place
    for place in [0, 4, 9] {
        for sound in [false, true] {
            let mut rows = chain(10);
            let previous = if place == 0 { RowHash::genesis() } else { rows[place - 1].stored_hash().unwrap() };
            let seq = place as i64 + 1;
            let mut forged = Row::chain(draft(77), seq, previous);
            if !sound {
                forged.hash[0] ^= 1;
            }
            rows.insert(place, forged);
            for (place, row) in rows.iter_mut().enumerate() {
                row.seq = place as i64 + 1;
            }
            assert_eq!(broken(&rows), Broken::Inserted { seq }, "place {place}, sound {sound}");
        }
    }
    // A copy in a file.
    let mut rows = chain(10);
    rows.insert(6, rows[2].clone());
    assert_eq!(verify_in_order(&rows, &[]).broken, Some(Broken::Inserted { seq: 3 }));
}

#[test]
fn a_cut_tail_is_found_as_far_as_it_was_sealed() {
    let rows = chain(10);
    let sealed = [anchor(&rows[3]), anchor(&rows[7])];
    let cut = Broken::Cut { rows: Span::new(7, 8) };
    assert_eq!(verify(&rows[..6], &sealed).broken, Some(cut));
    assert_eq!(verify(&rows[..6], &sealed).vouched, Some(sealed[0]));
    assert_eq!(verify(&[], &sealed).broken, Some(Broken::Cut { rows: Span::new(1, 8) }));
    // What no seal vouches for can be cut unseen: this is why each run seals at its end.
    assert_eq!(verify(&rows[..9], &sealed).broken, None);
    assert_eq!(verify(&rows[..9], &sealed).vouched, Some(sealed[1]));
}

#[test]
fn a_chain_computed_anew_is_found_between_two_seals() {
    let rows = chain(12);
    let sealed = [anchor(&rows[3]), anchor(&rows[7]), anchor(&rows[11])];
    for (edited, first, last) in [(0, 1, 4), (3, 1, 4), (4, 5, 8), (6, 5, 8), (9, 9, 12)] {
        let mut forged = rows.clone();
        forged[edited].subject = "another order".into();
        rechain(&mut forged);
        let verdict = verify(&forged, &sealed);
        assert_eq!(verdict.broken, Some(Broken::Rewritten { rows: Span::new(first, last) }));
        assert_eq!(verdict.sound, first as u64 - 1);
    }
    // A cut tail that new rows have grown over.
    let regrown = extend(rows[..9].to_vec(), 3).into_iter().map(|mut row| {
        row.at += 1;
        row
    });
    let mut regrown: Vec<Row> = regrown.collect();
    rechain(&mut regrown);
    assert!(matches!(verify(&regrown, &sealed).broken, Some(Broken::Rewritten { .. })));
}

#[test]
fn verification_begins_behind_what_was_pruned() {
    let rows = chain(10);
    let pruned = anchor(&rows[3]);
    let mut verifier = Verifier::new(pruned, vec![anchor(&rows[1]), pruned, anchor(&rows[7])]);
    assert!(rows[4..].iter().all(|row| verifier.push(row.clone())));
    let verdict = verifier.finish();
    assert_eq!((verdict.sound, verdict.broken, verdict.vouched), (6, None, Some(anchor(&rows[7]))));

    let other = Anchor { seq: 4, hash: RowHash::genesis() };
    let verdict = Verifier::new(other, vec![pruned]).finish();
    assert_eq!(verdict.broken, Some(Broken::Rewritten { rows: Span::new(4, 4) }), "the marker itself is sealed");
}

// --- seals

fn key(byte: u8) -> SealKey {
    SealKey::from_bytes([byte; 32])
}

fn seals(count: i64, key: &SealKey) -> Vec<Seal> {
    let rows = chain(count * 4);
    let mut all: Vec<Seal> = Vec::new();
    for number in 1..=count {
        let anchor = anchor(&rows[number as usize * 4 - 1]);
        all.push(Seal::make(key, "store-a", number, all.last(), SealKind::Head, anchor, at(number)));
    }
    all
}

fn lines(seals: &[Seal]) -> Vec<SealLine> {
    seals.iter().cloned().map(SealLine::Seal).collect()
}

fn findings(seals: &[Seal], key: Option<&SealKey>, remembered: Option<i64>) -> Vec<Finding> {
    check(lines(seals), key, "store-a", remembered).findings
}

#[test]
fn genuine_seals_vouch() {
    let all = seals(5, &key(1));
    let checked = check(lines(&all), Some(&key(1)), "store-a", Some(5));
    assert_eq!(checked.findings, []);
    assert_eq!(checked.anchors, all.iter().map(|seal| seal.anchor).collect::<Vec<_>>());
    assert_eq!(checked.last, all.last().cloned());
}

#[test]
fn each_changed_field_of_a_seal_is_found() {
    let edits: &[fn(&mut Seal)] = &[
        |seal| seal.anchor.seq += 1,
        |seal| seal.anchor.hash = RowHash::genesis(),
        |seal| seal.at = at(99),
        |seal| seal.store = "store-b".into(),
        |seal| seal.kind = SealKind::Restored,
        |seal| seal.kind = SealKind::Pruned,
        |seal| seal.previous = Mac::NONE,
        |seal| seal.mac = Mac::NONE,
    ];
    for (place, edit) in edits.iter().enumerate() {
        let mut all = seals(5, &key(1));
        edit(&mut all[2]);
        let checked = check(lines(&all), Some(&key(1)), "store-a", Some(5));
        assert!(checked.findings.contains(&Finding::SealChanged { number: 3 }), "{place}: {:?}", checked.findings);
        assert!(!checked.anchors.contains(&all[2].anchor), "{place}: vouches for nothing");
    }
    let mut all = seals(5, &key(1));
    all[2].number = 7;
    assert!(!findings(&all, Some(&key(1)), Some(5)).is_empty());
}

#[test]
fn missing_moved_and_foreign_seals_are_named() {
    let key_a = key(1);
    let all = seals(6, &key_a);
    let with = Some(&key_a);
    let missing = |first, last| Finding::SealsMissing { seals: Span::new(first, last) };
    assert_eq!(findings(&all[..4], with, Some(6)), [missing(5, 6)]);
    assert_eq!(findings(&all[2..], with, Some(6)), [missing(1, 2)]);
    assert_eq!(findings(&[], with, Some(6)), [missing(1, 6)]);
    assert_eq!(findings(&[&all[..2], &all[3..]].concat(), with, Some(6)), [missing(3, 3)]);
    assert_eq!(findings(&all, None, Some(6)), [Finding::KeyMissing]);
    let another = Finding::SealedWithAnotherKey { seals: Span::new(1, 6) };
    assert_eq!(findings(&all, Some(&key(2)), Some(6)), [another]);
    let mut swapped = all.clone();
    swapped.swap(1, 2);
    assert!(!findings(&swapped, with, Some(6)).is_empty());
    assert_eq!(
        check(lines(&all), with, "store-b", None).findings.first(),
        Some(&Finding::SealOfAnotherStore { number: 1 })
    );
    let mut garbled = lines(&all);
    garbled[3] = SealLine::Unreadable(4);
    assert_eq!(check(garbled.clone(), with, "store-a", Some(6)).findings, [Finding::SealUnreadable { line: 4 }]);
    garbled[5] = SealLine::Unreadable(6);
    let found = check(garbled.clone(), with, "store-a", Some(6)).findings;
    assert_eq!(found, [Finding::SealUnreadable { line: 4 }, Finding::SealUnreadable { line: 6 }]);
}

#[test]
fn a_replaced_key_is_named_and_the_new_seals_vouch() {
    let mut all = seals(3, &key(1));
    let rows = chain(20);
    for number in 4..=5 {
        let anchor = anchor(&rows[number as usize * 4 - 1]);
        all.push(Seal::make(&key(2), "store-a", number, all.last(), SealKind::Head, anchor, at(number)));
    }
    let checked = check(lines(&all), Some(&key(2)), "store-a", Some(5));
    assert_eq!(checked.findings, [Finding::SealedWithAnotherKey { seals: Span::new(1, 3) }]);
    assert_eq!(checked.anchors.len(), 2);
}

#[test]
fn a_sealed_restore_supersedes_what_was_sealed_before() {
    let mut all = seals(5, &key(1));
    let restored = Anchor { seq: 6, hash: anchor(&chain(6)[5]).hash };
    all.push(Seal::make(&key(1), "store-a", 6, all.last(), SealKind::Restored, restored, at(9)));
    let checked = check(lines(&all), Some(&key(1)), "store-a", Some(6));
    assert_eq!(checked.findings, []);
    assert_eq!(checked.anchors, [restored]);
    assert_eq!(checked.restores, [Restore { at: at(9), row: 6, sealed_before: Some(20) }]);
}

#[test]
fn the_key_never_shows() {
    let shown = format!("{:?}", key(0xab));
    assert!(!shown.contains("abab") && shown.starts_with("SealKey("), "{shown}");
}

#[test]
fn what_is_too_long_is_cut_and_not_refused() {
    let details = json!({"text": "x".repeat(Draft::DETAILS_LIMIT)}).as_object().unwrap().clone();
    let actor = Actor { uid: 0, user: None, job: None, run: None };
    let draft = Draft::new(at(1), Event::KeyUsage, Outcome::Failed, actor, &"é".repeat(4000), details);
    let row = Row::chain(draft, 1, RowHash::genesis());
    assert!(row.subject.len() <= Draft::SUBJECT_LIMIT && row.subject.ends_with('é'));
    assert_eq!(row.details, r#"{"omitted_bytes":65547}"#);
    assert_eq!(row.typed().unwrap().event, Event::KeyUsage);
}

/// The format is a contract: trails that exist must verify with every later version. The values were computed by an
/// independent program (Python's hashlib and hmac) from the description in `canonical`, `row` and `seal`.
#[test]
fn the_hashes_are_a_contract() {
    let rows = chain(2);
    assert_eq!(RowHash::genesis().to_string(), "b10d9eec02ea7721cb552dcb4d60ffcba3b02c4df859887e70e67e8dc4796a16");
    assert_eq!(
        rows[1].stored_hash().unwrap().to_string(),
        "d7030e458549d788101b143342150efd48012b689593328332b5da0d116adf85"
    );
    assert_eq!(
        seals(1, &key(1))[0].mac.to_string(),
        "773439fce01acca70afccbeb16e4ccc0410d9d4a2eb023f6278e54879e53561b"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Any change to any bytes of any row is found, and no row behind the changed one is named.
    #[test]
    fn any_change_is_found(place in 0_usize..30, column in 0_usize..EDITS.len(), count in 30_i64..60) {
        let mut rows = chain(count);
        EDITS[column].1(&mut rows[place]);
        prop_assert_eq!(broken(&rows).first_row(), place as i64 + 1);
    }

    /// Any other order of the rows is found, and the first row that is not in its place is named.
    #[test]
    fn any_order_but_the_recorded_is_found(order in Just((0_usize..12).collect::<Vec<_>>()).prop_shuffle()) {
        let rows = chain(12);
        let shuffled: Vec<Row> = order.iter().map(|place| rows[*place].clone()).collect();
        let first = order.iter().enumerate().find(|(place, from)| place != *from).map(|(place, _)| place as i64 + 1);
        let verdict = verify_in_order(&shuffled, &[]);
        prop_assert_eq!(verdict.broken.map(|broken| broken.first_row()), first);
    }
}

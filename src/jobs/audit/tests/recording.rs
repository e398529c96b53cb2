//! What is recorded, and what it leaves behind.

use super::*;

#[test]
fn a_run_leaves_a_sealed_trail_and_private_files() {
    let place = Place::with_file();
    let seal = place.run(5).unwrap();
    assert_eq!((seal.number, seal.anchor.seq), (1, 5));
    assert_eq!(place.run(0), None, "nothing new, no seal");
    assert_eq!(place.run(3).unwrap().number, 2);
    let found = place.verify();
    assert_eq!((found.rows, found.last_row, found.unsealed, &found.findings), (8, 8, 0, &vec![]));
    assert_eq!(found.sealed.unwrap().row, 8);
    assert_eq!(found.witness.unwrap().confirmed, 8);
    for path in [place.files().key, place.files().seals, place.output().to_owned()] {
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600, "{}", path.display());
    }
    assert_eq!(fs::metadata(place.output().parent().unwrap()).unwrap().mode() & 0o777, 0o700);
    let written = fs::read_to_string(place.output()).unwrap();
    assert!(!written.contains("hunter2") && written.contains(r#""password":"***""#), "{written}");
    assert!(place.rows().iter().all(|row| !row.details.contains("hunter2")));
    let key = fs::read_to_string(place.files().key).unwrap();
    assert!(!written.contains(key.trim()));
}

#[test]
fn a_run_without_events_leaves_no_files() {
    let place = Place::with_file();
    assert_eq!(place.run(0), None);
    assert!(!place.files().key.exists() && !place.files().seals.exists() && !place.output().exists());
    assert_eq!(place.verify(), Verification { witness: None, ..Verification::default() });
}

#[test]
fn a_long_run_is_sealed_on_the_way() {
    let place = Place::new();
    place.with_trail(|trail| {
        for number in 0..250 {
            trail.record(happening(number)).unwrap();
            trail.settle();
        }
    });
    let found = place.verify();
    assert_eq!((found.sealed.unwrap().row, found.unsealed, found.findings), (200, 50, vec![]));
}

#[test]
fn only_the_selected_events_are_recorded() {
    let mut place = Place::new();
    place.settings.events = [Event::KeyUsage].into();
    place.with_trail(|trail| {
        record(trail, 2);
        trail.record(Happening { event: Event::KeyUsage, ..happening(1) }).unwrap();
        trail.record(Happening { event: Event::StateRestored, ..happening(1) }).unwrap();
    });
    let events: Vec<String> = place.rows().into_iter().map(|row| row.event).collect();
    assert_eq!(events, ["key_usage", "state_restored"]);
    place.settings.enabled = false;
    place.with_trail(|trail| {
        trail.record(Happening { event: Event::StateRestored, ..happening(1) }).unwrap();
        assert_eq!(trail.finish().unwrap(), None);
    });
    assert_eq!(place.rows().len(), 2);
}

#[test]
fn a_changed_configuration_is_recorded_once() {
    let place = Place::new();
    place.with_trail(|trail| {
        let first = json!({"chain.rpc": "https://me:pw@node", "bidding.enabled": true});
        assert!(note_configuration(trail, first.as_object().unwrap()).unwrap());
        assert!(!note_configuration(trail, first.as_object().unwrap()).unwrap());
        let second = json!({"chain.rpc": "https://me:pw@node", "bidding.max": 3, "vmware.password": "(env:A)"});
        assert!(note_configuration(trail, second.as_object().unwrap()).unwrap());
        assert!(!note_configuration(trail, second.as_object().unwrap()).unwrap());
        let third = json!({"chain.rpc": "https://me:pw@node", "bidding.max": 3, "vmware.password": "(env:B)"});
        assert!(note_configuration(trail, third.as_object().unwrap()).unwrap());
    });
    let details: Vec<Value> = place.rows().iter().map(|row| serde_json::from_str(&row.details).unwrap()).collect();
    assert_eq!(details.len(), 3);
    assert_eq!(details[2]["changed"], json!({"vmware.password": "***"}));
    let kept = place.open().read("test", table::standing).unwrap().configuration.unwrap().1;
    assert!(!kept.contains("me:pw"), "{kept}");
    assert_eq!(details[0], json!({"hash": details[1]["previous_hash"], "first": true}));
    assert_eq!(
        details[1]["changed"],
        json!({
            "bidding.enabled": {"from": true, "to": null},
            "bidding.max": {"from": null, "to": 3},
            "vmware.password": "***",
        })
    );
}

#[test]
fn a_failed_transaction_leaves_no_event() {
    let place = Place::new();
    place.with_trail(|trail| {
        let failed: Result<(), store::Error> = trail.store().write("test", |change| {
            trail.append(change, happening(1))?;
            Err(store::Error::Interrupted { doing: "test" })
        });
        assert!(failed.is_err());
        let nothing = Happening { details: Map::new(), ..happening(2) };
        trail.store().write("test", |change| trail.append(change, nothing)).unwrap();
    });
    assert_eq!(place.rows().len(), 1);
}

#[test]
fn a_state_file_in_memory_records_without_seals() {
    let store = Store::in_memory().unwrap();
    let settings = Settings::default();
    let now = || Timestamp::UNIX_EPOCH;
    let actor = Actor { uid: 0, user: None, job: None, run: None };
    let trail = Trail::new(&store, &settings, actor, &now);
    record(&trail, 150);
    trail.settle();
    assert_eq!(trail.finish().unwrap(), None);
    assert!(!Path::new(":memory:.audit-key").exists());
    assert!(matches!(restored(&trail, "x", None), Err(Error::InMemory)));
}

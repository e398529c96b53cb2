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
    assert_eq!(details[2]["changed"], json!({"vmware.password": {"from": "(env:A)", "to": "(env:B)"}}));
    let kept = place.open().read("test", table::standing).unwrap().configuration.unwrap();
    assert!(!kept.contains("me:pw"), "{kept}");
    assert_eq!(details[0], json!({"hash": details[1]["previous_hash"], "first": true}));
    assert_eq!(
        details[1]["changed"],
        json!({
            "bidding.enabled": {"from": true, "to": null},
            "bidding.max": {"from": null, "to": 3},
            "vmware.password": {"from": null, "to": "(env:A)"},
        })
    );
}

fn note(place: &Place, values: &Value) -> bool {
    place.with_trail(|trail| {
        let news = note_configuration(trail, values.as_object().unwrap()).unwrap();
        trail.finish().unwrap();
        news
    })
}

fn last_details(place: &Place) -> Value {
    serde_json::from_str(&place.rows().pop().unwrap().details).unwrap()
}

#[test]
fn a_secret_that_stands_in_a_value_is_not_shown_but_its_change_is() {
    let place = Place::new();
    assert!(note(&place, &json!({"chain.rpc": "https://me:first@node"})));
    assert!(!note(&place, &json!({"chain.rpc": "https://me:first@node"})));
    assert!(note(&place, &json!({"chain.rpc": "https://me:other@node"})));
    let change = &last_details(&place)["changed"]["chain.rpc"];
    assert_eq!(change["to"]["shown"], "https://***@node");
    assert_ne!(change["from"]["digest"], change["to"]["digest"]);
    assert_eq!(place.verify().findings, []);
}

#[test]
fn what_the_state_file_notes_cannot_keep_a_change_back() {
    let place = Place::new();
    let (old, new) = (json!({"bidding.max": 1}), json!({"bidding.max": 9}));
    note(&place, &old);
    place.tamper(r#"UPDATE audit_trail SET configuration = '{"bidding.max":9}'"#);
    assert_eq!(place.verify().findings, [Finding::ConfigurationNote]);
    assert!(note(&place, &new), "the chain knows better");
    assert_eq!(last_details(&place)["previous_values"], "lost");
    assert_eq!(place.verify().findings, []);
    // Where the row was pruned, the configuration is recorded anew.
    prune(&place.open(), AT_ONCE, Timestamp::from_second(9000).unwrap(), &never).unwrap();
    assert!(note(&place, &new) && !note(&place, &new));
}

#[test]
fn switching_the_trail_off_is_recorded() {
    let mut place = Place::new();
    let with = |enabled, max: u32| json!({"logging.audit.enabled": enabled, "bidding.max": max});
    assert!(note(&place, &with(true, 1)));
    place.settings.enabled = false;
    assert!(note(&place, &with(false, 1)));
    assert!(!note(&place, &with(false, 2)), "nothing is recorded any more");
    let found = place.verify();
    assert_eq!((found.rows, found.unsealed, found.findings), (2, 0, vec![]));
    // What was not recorded is not taken for known.
    place.settings = Settings { events: [Event::KeyUsage].into(), ..Settings::default() };
    assert!(note(&place, &with(true, 2)));
    place.settings = Settings::default();
    assert!(!note(&place, &with(true, 2)) && note(&place, &with(true, 3)));
    let never_on = Place::new();
    never_on.run(0);
    let off = Place { settings: Settings { enabled: false, ..Settings::default() }, ..never_on };
    assert!(!note(&off, &with(false, 1)));
}

#[test]
fn a_huge_difference_still_names_what_changed() {
    let place = Place::new();
    let all = |text: &str| Value::Object((0..190).map(|n| (format!("key.{n}"), json!(text.repeat(3000)))).collect());
    note(&place, &all("a"));
    note(&place, &all("b"));
    let details = last_details(&place);
    assert_eq!(details["changed"].as_object().unwrap().len(), 190);
    assert!(details["hash"].is_string() && details["previous_hash"].is_string());
    assert_eq!(details["changed"]["key.7"]["to"]["bytes"], 3002);
    let small = json!({"key.0": "x", "key.1": "y".repeat(5000)});
    note(&place, &small);
    note(&place, &json!({"key.0": "z", "key.1": "y"}));
    let changed = &last_details(&place)["changed"];
    assert_eq!(changed["key.0"], json!({"from": "x", "to": "z"}));
    assert_eq!(changed["key.1"]["from"]["bytes"], 5002);
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
    assert!(matches!(restored(&trail, "x", None, false), Err(Error::InMemory)));
}

//! Keys in the state file: what is written comes back, and nothing skips the life cycle.

use super::*;
use crate::domain::key::Approval;
use crate::store::{Mode, Store};

fn second(number: i64) -> Timestamp {
    Timestamp::from_second(number).unwrap()
}

struct Place {
    _folder: tempfile::TempDir,
    store: Store,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        Self { _folder: folder, store }
    }

    fn write<T>(&self, work: impl FnOnce(&Change<'_>) -> Result<T, Error>) -> T {
        self.store.write("test", work).unwrap()
    }

    fn add(&self, name: &str, fingerprint: char) -> KeyRow {
        let fingerprint = fingerprint.to_string().repeat(40);
        let new = NewRow {
            name,
            key_type: KeyType::Ed25519,
            public_key: &[7; 32],
            fingerprint: &fingerprint,
            kept: "file",
            role: Some(Role::Usage),
            created_at: second(1),
        };
        self.write(|change| {
            let id = insert(change, &new, second(2))?;
            Ok(by_id(change, id)?.unwrap())
        })
    }

    fn apply(&self, key: &KeyRow, event: Event) -> Result<State, Unchanged> {
        self.store.write("test", |change| apply(change, key, event, second(9), Some("why")))
    }
}

#[test]
fn a_key_comes_back_as_it_was_written() {
    let place = Place::new();
    let row = place.add("usage", 'a');
    let expected = KeyRow {
        id: row.id,
        name: "usage".into(),
        key_type: KeyType::Ed25519,
        public_key: vec![7; 32],
        fingerprint: "a".repeat(40),
        kept: "file".into(),
        role: Some(Role::Usage),
        state: State::Created,
        since: second(2),
        reason: None,
        created_at: second(1),
        activated_at: None,
        replaced_by: None,
        missing_since: None,
        destroying_at: None,
        chain_version: None,
        registered_at: None,
        revoked_at: None,
        deprecated_at: None,
        compromised_at: None,
    };
    assert_eq!(row, expected);
    place.write(|change| {
        set_missing(change, row.id, Some(second(3)))?;
        set_destroying(change, row.id, second(4))?;
        set_role(change, row.id, None)?;
        let seen = OnChain {
            version: 2,
            registered_at: second(5),
            revoked_at: Some(second(6)),
            deprecated_at: Some(second(7)),
        };
        set_registered(change, row.id, &seen)
    });
    let found = place.write(|change| by_fingerprint(change, &"a".repeat(40))).unwrap();
    let expected = KeyRow {
        role: None,
        missing_since: Some(second(3)),
        destroying_at: Some(second(4)),
        chain_version: Some(2),
        registered_at: Some(second(5)),
        revoked_at: Some(second(6)),
        deprecated_at: Some(second(7)),
        ..expected
    };
    assert_eq!(found, expected);
    assert_eq!(place.write(|change| list(change)), [expected]);
}

#[test]
fn states_follow_the_life_cycle_only() {
    let place = Place::new();
    let row = place.add("usage", 'a');
    assert!(matches!(place.apply(&row, Event::Activate), Err(Unchanged::Illegal(_))));
    assert_eq!(place.apply(&row, Event::Submit).unwrap(), State::Pending);
    // By the row as it is now, not as it was read.
    assert_eq!(place.apply(&row, Event::Activate).unwrap(), State::Active);
    let now = place.write(|change| by_name(change, "usage")).unwrap();
    assert_eq!((now.state, now.since, now.activated_at), (State::Active, second(9), Some(second(9))));
    assert_eq!(now.reason.as_deref(), Some("why"));
    for event in [Event::Compromise, Event::Destroy] {
        place.apply(&row, event).unwrap();
    }
    assert!(place.write(|change| by_name(change, "usage")).is_none(), "a name is free when its key is gone");
    let again = place.add("usage", 'b');
    assert_ne!(again.id, row.id);
    assert!(place.write(|change| was_compromised(change, &"a".repeat(40))));
    assert!(!place.write(|change| was_compromised(change, &"b".repeat(40))));
    assert!(place.write(|change| by_fingerprint(change, &"a".repeat(40))).is_none());
    let twice = place.store.write("test", |change| {
        change.execute("INSERT INTO keys (name, type, public_key, fingerprint, kept, state, since, created_at)
                        SELECT name, type, public_key, 'cccccccccccccccccccccccccccccccccccccccc', kept, state, since, created_at FROM keys WHERE state = 'created'", [])
    });
    assert!(twice.is_err(), "one key of a name");
}

#[test]
fn a_key_can_be_written_down_as_it_was_elsewhere() {
    let place = Place::new();
    let new = NewRow {
        name: "usage",
        key_type: KeyType::Ed25519,
        public_key: &[7; 32],
        fingerprint: &"a".repeat(40),
        kept: "file",
        role: Some(Role::Usage),
        created_at: second(1),
    };
    let was = AsItWas {
        state: State::Compromised,
        since: second(3),
        reason: Some("lost"),
        activated_at: Some(second(2)),
        compromised_at: Some(second(3)),
    };
    let id = place.write(|change| insert_as_it_was(change, &new, &was));
    let next = place.add("usage-v2", 'b');
    place.write(|change| set_replaced_by(change, id, next.id));
    let row = place.write(|change| by_id(change, id)).unwrap();
    assert_eq!((row.state, row.since, row.reason.as_deref()), (State::Compromised, second(3), Some("lost")));
    assert_eq!((row.activated_at, row.compromised_at), (was.activated_at, was.compromised_at));
    assert_eq!((row.replaced_by, row.created_at), (Some(next.id), second(1)));
    assert!(place.write(|change| was_compromised(change, &"a".repeat(40))));
}

#[test]
fn requests_are_open_until_they_are_closed() {
    let place = Place::new();
    let row = place.add("usage", 'a');
    let open = || place.write(|change| requests(change));
    for _ in 0..2 {
        place.write(|change| request(change, row.id, Approval::Destruction, "root", second(3)));
    }
    let found = open();
    assert_eq!((found.len(), found[0].what, found[0].approved.clone()), (1, Approval::Destruction, None));
    place.write(|change| approve(change, found[0].id, "ann", second(4)));
    place.write(|change| approve(change, found[0].id, "bob", second(5)));
    assert_eq!(open()[0].approved, Some((second(4), "ann".into())), "the first one counts");
    place.write(|change| close(change, row.id, second(6)));
    assert!(open().is_empty());
    place.write(|change| request(change, row.id, Approval::Activation, "root", second(7)));
    assert_eq!(open()[0].what, Approval::Activation);
}

#[test]
fn rules_replace_each_other_until_they_are_taken_back() {
    let place = Place::new();
    for value in ["90d", "30d"] {
        place.write(|change| set_policy(change, "max_age", value, second(1)));
    }
    assert_eq!(
        place.write(|change| policy(change)).into_iter().collect::<Vec<_>>(),
        [("max_age".into(), "30d".into())]
    );
    assert_eq!(place.write(reset_policy), 1);
    assert!(place.write(|change| policy(change)).is_empty());
}

#[test]
fn a_rotation_goes_from_one_key_to_the_other() {
    let place = Place::new();
    let (old, new) = (place.add("usage", 'a'), place.add("usage-v2", 'b'));
    place.write(|change| begin_rotation(change, Role::Usage, old.id, "usage-v2", "age", second(3)));
    let twice = place.store.write("test", |change| begin_rotation(change, Role::Usage, old.id, "x", "age", second(3)));
    assert!(twice.is_err(), "one rotation of a key at a time");
    let open = || place.write(|change| open_rotations(change));
    let rotation = open().remove(0);
    assert_eq!((rotation.old, rotation.new, rotation.role, rotation.switched_at), (old.id, None, Role::Usage, None));
    place.write(|change| {
        name_new(change, rotation.id, new.id)?;
        switch(change, &rotation, new.id, second(4))
    });
    assert_eq!((open()[0].new, open()[0].switched_at), (Some(new.id), Some(second(4))));
    assert_eq!(place.write(|change| by_id(change, old.id)).unwrap().replaced_by, Some(new.id));
    place.write(|change| end_rotation(change, rotation.id, second(5)));
    assert!(open().is_empty());
    place.write(|change| begin_rotation(change, Role::Usage, new.id, "usage-v3", "age", second(6)));
}

//! Rotations that need no chain, through their whole life and through kills. With the chain: tests/integration/keys.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::*;
use crate::domain::key::{Event, Policy};
use crate::jobs::audit::{Audited, Settings};
use crate::jobs::{keys_add, keys_life};
use crate::keys::file::{Access, Keyring, Unlocked};
use crate::keys::{Ask, BackendKind, KeyType, Name, Passphrase, PassphraseError, Places};
use crate::store::Mode;

/// Nobody is asked for anything: keys in memory have no passphrase.
struct Nobody;

impl Ask for Nobody {
    fn passphrase(&self, _: &Name) -> Result<Passphrase, PassphraseError> {
        Err(PassphraseError::NoSource { credential: Passphrase::CREDENTIAL })
    }

    fn new_passphrase(&self, _: &Name) -> Result<Passphrase, PassphraseError> {
        Err(PassphraseError::NoSource { credential: Passphrase::CREDENTIAL })
    }

    fn pin(&self, _: &str) -> Result<Passphrase, PassphraseError> {
        Err(PassphraseError::NoSource { credential: Passphrase::CREDENTIAL })
    }
}

struct Place {
    _folder: tempfile::TempDir,
    store: Store,
    keyring: Keyring,
    policy: Policy,
    /// A key that took over a moment ago gets a successor too.
    again: bool,
}

fn days(count: u64) -> Duration {
    Duration::from_secs(count * 86_400)
}

fn day(number: i64) -> Timestamp {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(24 * number)
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let keyring = Keyring::open(&folder.path().join("keyring"), Access::Create).unwrap();
        let policy = Policy {
            name: "default".into(),
            max_age: days(90),
            grace_period: days(2),
            expiration: days(365),
            archive_after: days(30),
            destroy_after: days(365),
            approval_for_activation: false,
            approval_for_destruction: true,
            auto_rotate: true,
            notify_before: days(30),
            allowed_types: vec![KeyType::Ed25519],
            minimum_strength: 256,
        };
        Self { _folder: folder, store, keyring, policy, again: true }
    }

    fn with<T>(&self, now: Timestamp, work: impl FnOnce(&Backends<'_>, &Rules<'_>) -> T) -> T {
        let places = Places {
            hardware: None,
            ledger: None,
            external: None,
            chain_id: "virtengine-localnet-1".into(),
            unlocked: Unlocked::default(),
        };
        let backends = Backends::new(&self.keyring, &Nobody, places);
        let roles = |name: &Name, _: KeyType| name.is_version_of("usage").then_some(Role::Usage);
        work(&backends, &Rules { roles: &roles, policy: &self.policy, who: "ann", now })
    }

    /// Makes a key in memory, as `keys add` does.
    fn add(&self, name: &str, now: Timestamp) {
        self.with(now, |backends, rules| {
            let origin = keys_add::Origin::New(KeyType::Ed25519);
            let request = keys_add::Request { name: name.parse().unwrap(), origin, store: &self.store, now };
            keys_add::run(request, backends.of(BackendKind::Memory).unwrap(), &self.keyring, None).unwrap();
            keys_inventory::sync(&self.store, &self.keyring, rules, None).unwrap();
        });
    }

    #[allow(clippy::needless_pass_by_value, reason = "its callers make it where they call")]
    #[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
    fn try_rotate(&self, wanted: Wanted, now: Timestamp) -> Result<Rotated, Error> {
        let (settings, clock, never) = (Settings::default(), move || now, || false);
        let given = Circumstances {
            store: &self.store,
            now: &clock,
            should_stop: &never,
            wait: Duration::ZERO,
            audit: Some(Audited { settings: &settings, configuration: None }),
        };
        let by_hand = wanted != Wanted::Due;
        self.with(now, |backends, rules| {
            let names = [
                (Role::Signing, "provider".to_owned()),
                (Role::Usage, "usage".to_owned()),
                (Role::Encryption, "encryption".to_owned()),
            ];
            let request = Request {
                wanted: &wanted,
                reason: "test",
                backends,
                rules,
                names: &names,
                chain: None,
                no_chain: None,
                registers: true,
                by_hand,
                again: self.again,
            };
            assert!(!needs_chain(&self.store, &request).unwrap());
            let run = Run::begin(&NAME, given).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let done = runtime.block_on(rotate(&run, given, &request));
            run.conclude(done)
        })
    }

    /// Each key's step and outcome.
    fn rotate(&self, wanted: Wanted, now: Timestamp) -> Vec<(String, &'static str, ItemOutcome)> {
        let items = self.try_rotate(wanted, now).unwrap().items;
        items.into_iter().map(|item| (item.key, item.step, item.outcome)).collect()
    }

    fn states(&self) -> Vec<(String, State)> {
        let known = self.store.read("test", rows::list).unwrap();
        known.into_iter().map(|row| (row.name, row.state)).collect()
    }

    fn apply(&self, name: &str, event: Event, now: Timestamp) {
        let deed = keys_life::Deed { key: name, who: "ann", reason: None, now };
        keys_life::run(&self.store, deed, event, None).unwrap();
    }

    /// Deletes a key for good, as `keys destroy` does.
    fn destroy(&self, name: &str, now: Timestamp) {
        self.apply(name, Event::Destroy, now);
        self.keyring.delete(&name.parse().unwrap()).unwrap();
    }

    fn serving(&self, now: Timestamp) -> String {
        self.with(now, |_, rules| {
            let kept = keys_inventory::sync(&self.store, &self.keyring, rules, None).unwrap();
            kept.serving(Role::Usage, "usage").unwrap().name.clone()
        })
    }
}

fn named(states: &[(&str, State)]) -> Vec<(String, State)> {
    states.iter().map(|(name, state)| ((*name).to_owned(), *state)).collect()
}

#[test]
fn a_timer_takes_a_key_through_its_life() {
    let place = Place::new();
    place.add("usage", day(0));
    assert_eq!(place.rotate(Wanted::Due, day(89)), []);
    let usage = || "usage".to_owned();
    assert_eq!(place.rotate(Wanted::Due, day(90)), [(usage(), "grace period", ItemOutcome::Waits)]);
    assert_eq!(place.states(), named(&[("usage", State::Rotating), ("usage-v2", State::Active)]));
    assert_eq!(place.serving(day(90)), "usage-v2");
    assert_eq!(place.rotate(Wanted::Due, day(91)), [(usage(), "grace period", ItemOutcome::Waits)]);
    assert_eq!(place.rotate(Wanted::Due, day(92)), [(usage(), "rotated", ItemOutcome::Done)]);
    assert_eq!(place.rotate(Wanted::Due, day(93)), []);
    assert_eq!(place.rotate(Wanted::Due, day(122)), [(usage(), "archived", ItemOutcome::Done)]);
    // The second key is due in its turn, from the day on which it became active.
    let second = place.rotate(Wanted::Due, day(180));
    assert_eq!(second, [("usage-v2".to_owned(), "grace period", ItemOutcome::Waits)]);
    assert_eq!(place.serving(day(180)), "usage-v3");
    // A timer never destroys: it asks.
    let last = place.rotate(Wanted::Due, day(122 + 365));
    assert!(last.contains(&(usage(), "destruction", ItemOutcome::Waits)), "{last:?}");
    let waiting = place.store.read("test", rows::requests).unwrap();
    assert_eq!((waiting.len(), waiting[0].requested_by.as_str()), (1, "ann"));
    assert!(place.keyring.path_of("usage").exists());
}

#[test]
fn a_policy_without_auto_rotate_only_says_so() {
    let mut place = Place::new();
    place.policy.auto_rotate = false;
    place.add("usage", day(0));
    let said = place.rotate(Wanted::Due, day(90));
    assert_eq!(said, [("usage".to_owned(), "rotation is due", ItemOutcome::Waits)]);
    assert_eq!(place.states(), named(&[("usage", State::Active)]));
    // By hand it goes, and again from the one that serves.
    place.rotate(Wanted::Roles(vec![Role::Usage]), day(90));
    place.rotate(Wanted::Roles(vec![Role::Usage]), day(90));
    assert_eq!(place.serving(day(90)), "usage-v3");
    let states = [("usage", State::Rotating), ("usage-v2", State::Rotating), ("usage-v3", State::Active)];
    assert_eq!(place.states(), named(&states));
}

/// Each of these is where a kill can leave a rotation.
#[test]
fn a_kill_between_two_steps_is_made_up_for() {
    let begun = |place: &Place| {
        let row = place.store.read("test", |snapshot| rows::by_name(snapshot, "usage")).unwrap().unwrap();
        place.store.write("test", |change| {
            rows::begin_rotation(change, Role::Usage, row.id, "usage-v2", "test", day(1)).map(drop)
        })
    };
    for made in [false, true] {
        let place = Place::new();
        place.add("usage", day(0));
        begun(&place).unwrap();
        if made {
            // Made, and perhaps not taken up.
            place.add("usage-v2", day(1));
            assert_eq!(place.states()[1], ("usage-v2".to_owned(), State::Pending), "it serves when it takes over");
        }
        assert_eq!(place.rotate(Wanted::Begun, day(1))[0].1, "grace period", "made: {made}");
        assert_eq!(place.states(), named(&[("usage", State::Rotating), ("usage-v2", State::Active)]));
        let keys = place.keyring.list().unwrap();
        assert_eq!(keys.len(), 2, "no key is made twice");
    }
}

#[test]
fn a_key_that_others_may_have_goes_at_once() {
    let place = Place::new();
    place.add("usage", day(0));
    place.apply("usage", Event::Compromise, day(1));
    let done = place.rotate(Wanted::Roles(vec![Role::Usage]), day(1));
    assert_eq!(done, [("usage".to_owned(), "rotated", ItemOutcome::Done)]);
    assert_eq!(place.states(), named(&[("usage", State::Compromised), ("usage-v2", State::Active)]));
}

#[test]
fn what_cannot_be_rotated_is_refused() {
    let place = Place::new();
    let refused = |roles: Vec<Role>| place.try_rotate(Wanted::Roles(roles), day(1)).unwrap_err();
    assert!(matches!(refused(vec![Role::Usage]), Error::NoKey { .. }));
    place.add("usage", day(0));
    place.add("provider", day(0));
    assert!(matches!(refused(vec![Role::Signing]), Error::Account { .. }));
    place.apply("usage", Event::Suspend, day(1));
    assert!(matches!(refused(vec![Role::Usage]), Error::NotInUse { state: State::Suspended, .. }));
    assert_eq!(place.rotate(Wanted::Due, day(1)), []);
}

/// The ordinary end of a life takes nothing from those that come after.
#[test]
fn a_role_outlives_its_keys() {
    for gone in [vec!["usage"], vec!["usage-v2"], vec!["usage", "usage-v2"], vec!["usage-v2", "usage", "usage-v3"]] {
        let mut place = Place::new();
        place.policy.grace_period = Duration::ZERO;
        place.add("usage", day(0));
        for number in 1..=3 {
            place.rotate(Wanted::Roles(vec![Role::Usage]), day(number));
        }
        for name in &gone {
            place.apply(name, Event::Archive, day(4));
            place.destroy(name, day(5));
        }
        assert_eq!(place.serving(day(5)), "usage-v4", "{gone:?}");
        // It is due in its turn, a name is never used twice, and the next one serves.
        let due = place.rotate(Wanted::Due, day(93));
        assert!(due.contains(&("usage-v4".to_owned(), "rotated", ItemOutcome::Done)), "{gone:?} {due:?}");
        assert_eq!(place.serving(day(93)), "usage-v5", "{gone:?}");
    }
}

#[test]
fn a_role_without_a_key_is_said() {
    let place = Place::new();
    assert_eq!(place.rotate(Wanted::Due, day(1)), [], "a role that never had one is not used");
    place.add("usage", day(0));
    place.apply("usage", Event::Compromise, day(1));
    place.destroy("usage", day(1));
    let said = place.rotate(Wanted::Due, day(2));
    // Somebody gave it up and destroyed it, and nothing took its place.
    assert_eq!(said, [("usage".to_owned(), "role ended", ItemOutcome::Waits)]);
    // One that is made by hand, under another name, serves.
    place.add("usage-v7", day(2));
    assert_eq!(place.serving(day(2)), "usage-v7");
    assert_eq!(place.rotate(Wanted::Due, day(3)), []);
}

#[test]
fn a_timer_replaces_what_others_may_have() {
    let place = Place::new();
    place.add("usage", day(0));
    place.apply("usage", Event::Compromise, day(1));
    assert_eq!(place.rotate(Wanted::Due, day(1)), [("usage".to_owned(), "rotated", ItemOutcome::Done)]);
    assert_eq!(place.serving(day(1)), "usage-v2");
}

/// A new key that is given up, or whose file is gone, never takes over, and the old one goes on until another can.
#[test]
fn a_successor_that_is_lost_is_replaced() {
    for lost in ["given up", "its file is gone", "its file is another key"] {
        let mut place = Place::new();
        place.policy.approval_for_activation = true;
        place.add("usage", day(0));
        let approve = |name: &str| {
            let deed = keys_life::Deed { key: name, who: "ann", reason: None, now: day(1) };
            keys_life::approve(&place.store, deed, None).unwrap();
        };
        approve("usage");
        let waits = place.rotate(Wanted::Roles(vec![Role::Usage]), day(1));
        assert_eq!(waits, [("usage".to_owned(), "approval", ItemOutcome::Waits)]);
        let name: Name = "usage-v2".parse().unwrap();
        if lost == "given up" {
            place.apply("usage-v2", Event::Compromise, day(2));
        } else {
            place.keyring.delete(&name).unwrap();
        }
        if lost == "its file is another key" {
            let public = crate::keys::PrivateKey::generate(KeyType::Ed25519).unwrap().public();
            let said = crate::keys::file::Described { name: name.clone(), hd_path: None, created_at: day(2) };
            let file = place.keyring.refer(said, public, crate::keys::file::Home::Memory).unwrap();
            place.keyring.add(file).unwrap();
        }
        let done = place.rotate(Wanted::Begun, day(2));
        let about = |step: &'static str, outcome| ("usage".to_owned(), step, outcome);
        let rotations: Vec<_> = done.iter().filter(|item| item.0 == "usage").cloned().collect();
        let expected = [about("abandoned", ItemOutcome::Done), about("approval", ItemOutcome::Waits)];
        assert_eq!(rotations, expected, "{lost} {done:?}");
        assert_eq!(place.serving(day(2)), "usage", "{lost}");
        assert_eq!(place.states()[0], ("usage".to_owned(), State::Active), "{lost}");
        approve("usage-v3");
        place.rotate(Wanted::Begun, day(3));
        assert_eq!(place.serving(day(3)), "usage-v3", "{lost}");
    }
}

/// Two keys never serve one role, whatever a person does in between.
#[test]
fn a_key_that_was_suspended_while_another_took_its_place_does_not_come_back() {
    let begin = || {
        let place = Place::new();
        place.add("usage", day(0));
        let row = place.store.read("test", |snapshot| rows::by_name(snapshot, "usage")).unwrap().unwrap();
        let begun = |change: &Change<'_>| {
            rows::begin_rotation(change, Role::Usage, row.id, "usage-v2", "test", day(1)).map(drop)
        };
        place.store.write("test", begun).unwrap();
        place.apply("usage", Event::Suspend, day(1));
        place.rotate(Wanted::Begun, day(1));
        assert_eq!(place.states(), named(&[("usage", State::Suspended), ("usage-v2", State::Active)]));
        place
    };
    let place = begin();
    place.apply("usage", Event::Resume, day(2));
    assert_eq!(place.states(), named(&[("usage", State::Rotating), ("usage-v2", State::Active)]));
    place.rotate(Wanted::Begun, day(3));
    assert_eq!(place.states()[0].1, State::Deactivated);
    // Or it stays suspended, and is put away at the end.
    let place = begin();
    place.rotate(Wanted::Begun, day(3));
    assert_eq!(place.states()[0].1, State::Archived);
}

#[test]
fn a_grace_period_that_a_person_ends_is_over() {
    let place = Place::new();
    place.add("usage", day(0));
    let waits = place.rotate(Wanted::Roles(vec![Role::Usage]), day(1));
    assert_eq!(waits[0].1, "grace period");
    place.apply("usage", Event::Deactivate, day(1));
    assert_eq!(place.rotate(Wanted::Begun, day(1)), [("usage".to_owned(), "rotated", ItemOutcome::Done)]);
    assert!(place.store.read("test", rows::open_rotations).unwrap().is_empty());
}

#[test]
fn one_that_cannot_be_rotated_does_not_stop_the_others() {
    let mut place = Place::new();
    place.add("usage", day(0));
    let both = Wanted::Roles(vec![Role::Encryption, Role::Usage]);
    let expected = [
        ("encryption".to_owned(), "not rotated", ItemOutcome::Failed),
        ("usage".to_owned(), "grace period", ItemOutcome::Waits),
    ];
    assert_eq!(place.rotate(both, day(1)), expected);
    // The policy is asked for successors too.
    place.policy.allowed_types = vec![KeyType::Secp256k1];
    let refused = place.try_rotate(Wanted::Roles(vec![Role::Usage]), day(2)).unwrap_err();
    assert!(matches!(refused, Error::Forbidden { .. }), "{refused}");
    let by_name = |name: &str| place.try_rotate(Wanted::Key(Role::Usage, name.to_owned()), day(2)).unwrap_err();
    assert!(matches!(by_name("usage"), Error::NotServing { serving, .. } if serving == "usage-v2"));
}

#[test]
fn after_the_loss_of_the_state_file_the_newest_key_serves() {
    let place = Place::new();
    place.with(day(0), |backends, _| {
        for name in ["usage", "usage-v2", "usage-v10", "other"] {
            let origin = keys_add::Origin::New(KeyType::Ed25519);
            let request = keys_add::Request { name: name.parse().unwrap(), origin, store: &place.store, now: day(0) };
            keys_add::run(request, backends.of(BackendKind::Memory).unwrap(), &place.keyring, None).unwrap();
        }
    });
    assert_eq!(place.serving(day(1)), "usage-v10");
    let active: Vec<String> =
        place.states().into_iter().filter(|(_, state)| *state == State::Active).map(|(name, _)| name).collect();
    assert_eq!(active, ["other", "usage-v10"]);
    // What a person takes back stands behind it.
    place.apply("usage-v2", Event::Resume, day(2));
    assert_eq!(place.serving(day(2)), "usage-v10");
}

#[test]
fn a_file_with_another_key_is_used_for_nothing_and_stops_nobody() {
    let place = Place::new();
    place.add("usage", day(0));
    place.add("other", day(0));
    let name: Name = "usage".parse().unwrap();
    place.keyring.delete(&name).unwrap();
    place.with(day(1), |backends, _| {
        let origin = || keys_add::Origin::New(KeyType::Ed25519);
        let request = || keys_add::Request { name: name.clone(), origin: origin(), store: &place.store, now: day(1) };
        let refused = keys_add::run(request(), backends.of(BackendKind::Memory).unwrap(), &place.keyring, None);
        assert!(matches!(refused, Err(keys_add::Error::Remembered { state: State::Active, .. })));
    });
    let public = crate::keys::PrivateKey::generate(KeyType::Ed25519).unwrap().public();
    let said = crate::keys::file::Described { name, hd_path: None, created_at: day(1) };
    let file = place.keyring.refer(said, public, crate::keys::file::Home::Memory).unwrap();
    place.keyring.add(file).unwrap();
    let found = place.with(day(1), |_, rules| keys_inventory::sync(&place.store, &place.keyring, rules, None)).unwrap();
    let usage = found.named("usage").unwrap();
    assert_eq!((usage.key.is_none(), usage.problem.clone()), (true, Some(keys_inventory::Problem::OtherKey)));
    assert_ne!(usage.row.as_ref().unwrap().public_key, public.bytes());
    // Others go on, and the way out is open: give it up, and destroy it once the other file is away.
    place.apply("other", Event::Suspend, day(1));
    place.apply("usage", Event::Compromise, day(1));
    place.keyring.delete(&"usage".parse().unwrap()).unwrap();
    place.apply("usage", Event::Destroy, day(1));
    place.add("usage-v2", day(2));
    assert_eq!(place.serving(day(2)), "usage-v2");
}

#[test]
fn successors_are_numbered() {
    let free = |_: &str| false;
    assert_eq!(successor("provider-encryption", free).as_deref(), Some("provider-encryption-v2"));
    assert_eq!(successor("provider-encryption-v9", free).as_deref(), Some("provider-encryption-v10"));
    assert_eq!(successor("a-vault", free).as_deref(), Some("a-vault-v2"));
    assert_eq!(successor("a", |name| name == "a-v2" || name == "a-v3").as_deref(), Some("a-v4"));
    assert_eq!(successor("a", |_| true), None);
}

/// What a person ended is no failure, is said once, and is done by nobody else; what was lost is one until it is mended.
#[test]
fn a_role_that_a_person_ended_is_said_once_and_a_lost_key_each_time() {
    let place = Place::new();
    place.add("usage", day(0));
    place.rotate(Wanted::Roles(vec![Role::Usage]), day(1));
    place.rotate(Wanted::Due, day(3));
    assert_eq!(place.rotate(Wanted::Due, day(4)), []);
    for event in [Event::Suspend, Event::Archive] {
        place.apply("usage-v2", event, day(5));
    }
    let ended = || [("usage-v2".to_owned(), "role ended", ItemOutcome::Waits)];
    assert_eq!(place.rotate(Wanted::Due, day(6)), ended());
    assert_eq!(place.rotate(Wanted::Due, day(7)), []);
    // By hand it is an error all the same: somebody wants a key where there is none.
    assert!(matches!(place.try_rotate(Wanted::Roles(vec![Role::Usage]), day(8)), Err(Error::NoKey { .. })));
    assert_eq!(place.rotate(Wanted::Due, day(9)), []);
    // Destroyed, it is the same decision.
    place.destroy("usage-v2", day(10));
    assert_eq!(place.rotate(Wanted::Due, day(11)), ended());

    let place = Place::new();
    place.add("usage", day(0));
    place.keyring.delete(&"usage".parse().unwrap()).unwrap();
    for number in 1..3 {
        let lost = place.try_rotate(Wanted::Due, day(number)).unwrap();
        assert_eq!((lost.outcome(), lost.items.len()), (Outcome::PartlyFailed, 1));
        let detail = lost.items[0].detail.as_deref().unwrap();
        assert!(detail.contains("its file is gone") && detail.contains("keys restore"), "{detail}");
    }
    // Gone before it could take over: nobody decided that either.
    place.apply("usage", Event::Suspend, day(4));
    assert_eq!(place.try_rotate(Wanted::Due, day(5)).unwrap().outcome(), Outcome::PartlyFailed);
}

/// A command that is given again, or after a kill, goes on with what it began.
#[test]
fn a_rotation_in_its_grace_period_goes_on_and_no_other_begins() {
    let mut place = Place::new();
    place.again = false;
    place.add("usage", day(0));
    let again = |place: &Place, at| place.rotate(Wanted::Roles(vec![Role::Usage]), day(at));
    let waits = || [("usage".to_owned(), "grace period", ItemOutcome::Waits)];
    assert_eq!(again(&place, 1), waits());
    assert_eq!(again(&place, 1), waits());
    let named_so = Wanted::Key(Role::Usage, "usage-v2".into());
    assert_eq!(place.try_rotate(named_so, day(1)).unwrap().goes_on, [Role::Usage]);
    assert_eq!(place.states(), named(&[("usage", State::Rotating), ("usage-v2", State::Active)]));
    // Its grace period was ended by hand: this ends the rotation, and the next one is another.
    place.apply("usage", Event::Deactivate, day(1));
    assert_eq!(again(&place, 1), [("usage".to_owned(), "rotated", ItemOutcome::Done)]);
    assert_eq!(again(&place, 1), [("usage-v2".to_owned(), "grace period", ItemOutcome::Waits)]);
    // One that others may have never waits.
    place.apply("usage-v3", Event::Compromise, day(1));
    again(&place, 1);
    assert_eq!(place.serving(day(1)), "usage-v4");
    place.again = true;
    again(&place, 1);
    assert_eq!(place.serving(day(1)), "usage-v5");
}

/// The name of a key that took over and was ended can be used again, for a key that is in use at once.
#[test]
fn a_name_of_a_rotation_that_has_switched_is_free_again() {
    let place = Place::new();
    place.add("usage", day(0));
    place.rotate(Wanted::Roles(vec![Role::Usage]), day(1));
    for event in [Event::Suspend, Event::Archive] {
        place.apply("usage-v2", event, day(1));
    }
    place.destroy("usage-v2", day(1));
    place.add("usage-v2", day(1));
    assert_eq!(place.serving(day(1)), "usage-v2");
    let active = place.states().into_iter().filter(|(name, state)| name == "usage-v2" && *state == State::Active);
    assert_eq!(active.count(), 1);
    let ended = place.rotate(Wanted::Due, day(4));
    assert!(ended.contains(&("usage".to_owned(), "rotated", ItemOutcome::Done)), "{ended:?}");
    assert_eq!(place.serving(day(4)), "usage-v2");
}

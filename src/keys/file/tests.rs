//! Key files: what opens, what does not, and that each reason is told apart.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::*;
use crate::domain::fault::{Classified as _, Fault};
use crate::domain::hex;
use crate::keys::{Ask, Backend as _, BackendKind, KeyType, Known, Mnemonic, NewKey, Origin, PassphraseError, Signer};

/// As cheap as can be: these tests are not about the costs.
const CHEAP: Costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };

const FIXTURE: &[u8] = include_bytes!("../../../fixtures/keys/usage.key");

fn name(text: &str) -> Name {
    text.parse().unwrap()
}

fn passphrase() -> Passphrase {
    Passphrase::typed("correct horse battery staple").unwrap()
}

fn said(key_name: &str) -> Described {
    Described { name: name(key_name), hd_path: None, created_at: "2026-11-02T03:04:05Z".parse().unwrap() }
}

struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn keyring(&self) -> Keyring {
        Keyring::open(&self.folder.path().join("keyring"), Access::Create).unwrap()
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("keyring").join(file)
    }

    fn add(&self, key_name: &str, key_type: KeyType) -> Key {
        let (keyring, private) = (self.keyring(), PrivateKey::generate(key_type).unwrap());
        let file = keyring.seal(said(key_name), &private, &passphrase(), CHEAP).unwrap();
        let key = keyring.add(file).unwrap();
        assert_eq!(key.public, private.public());
        key
    }

    /// Why the key does not open.
    fn refusal(&self, key_name: &str) -> SealError {
        let keyring = self.keyring();
        let opened = keyring.find(&name(key_name)).and_then(|key| keyring.unlock(&key, &passphrase()));
        match opened.unwrap_err() {
            Error::Content { source, .. } => source,
            other => panic!("{other:?}"),
        }
    }
}

/// A content with the hash that belongs to it: what somebody who tampers would write.
fn rehashed(lines: &[&str]) -> String {
    let body = lines.join("\n") + "\n";
    let hash = hex::encode(&Sha256::digest(&body));
    format!("{body}{hash}\n")
}

#[test]
fn every_type_opens_to_what_was_sealed() {
    let place = Place::new();
    for key_type in KeyType::ALL.iter().copied() {
        let key = place.add(key_type.word(), key_type);
        assert_eq!((key.path.metadata().unwrap().mode() & 0o7777, key.public.key_type()), (0o600, key_type));
        let keyring = place.keyring();
        assert_eq!(keyring.unlock(&key, &passphrase()).unwrap().public(), key.public);
    }
    let keyring = Keyring::open(place.keyring().folder(), Access::Look).unwrap();
    assert_eq!(keyring.folder().metadata().unwrap().mode() & 0o7777, 0o700);
    let names: Vec<String> = keyring
        .list()
        .unwrap()
        .into_iter()
        .map(|Listed { name, key }| {
            assert_eq!(key.unwrap().name, name);
            name.to_string()
        })
        .collect();
    assert_eq!(names, ["ed25519", "p256", "secp256k1", "x25519"]);
    assert_eq!(keyring.notices(), []);
}

#[test]
fn a_file_that_others_wrote_opens() {
    let sealed = Sealed::read(FIXTURE).unwrap();
    let key = sealed.open(&passphrase()).unwrap();
    assert_eq!(key.secret().as_slice(), (0..32).collect::<Vec<u8>>());
    assert_eq!((sealed.name.as_str(), sealed.created_at.to_string().as_str()), ("usage", "2026-11-02T03:04:05Z"));
}

#[test]
fn two_files_of_one_key_have_nothing_secret_in_common() {
    let key = PrivateKey::generate(KeyType::Ed25519).unwrap();
    let texts: Vec<String> =
        (0..2).map(|_| sealed::seal(&key, &said("usage"), &passphrase(), CHEAP).unwrap()).collect();
    let (one, other): (Vec<&str>, Vec<&str>) = (texts[0].lines().collect(), texts[1].lines().collect());
    for line in 1..5 {
        assert_ne!(one[line], other[line]);
    }
    let secret = key.secret();
    assert!(texts.iter().all(|text| !text.contains(&hex::encode(secret.as_slice()))));
}

#[test]
fn a_key_is_never_overwritten() {
    let place = Place::new();
    let key = place.add("provider", KeyType::Ed25519);
    let before = fs::read(&key.path).unwrap();
    let keyring = place.keyring();
    assert!(matches!(keyring.check_free(&name("provider")), Err(Error::Exists { .. })));
    let private = PrivateKey::generate(KeyType::Ed25519).unwrap();
    let file = keyring.seal(said("provider"), &private, &passphrase(), CHEAP).unwrap();
    let error = keyring.add(file).unwrap_err();
    assert!(matches!(error, Error::Exists { .. }), "{error:?}");
    assert_eq!(fs::read(&key.path).unwrap(), before);
    assert!(!place.path(".new").exists());
}

#[test]
fn every_reason_is_told_apart() {
    let place = Place::new();
    let (one, two) = (place.add("one", KeyType::Ed25519), place.add("two", KeyType::Ed25519));
    let original = fs::read_to_string(&one.path).unwrap();
    let lines: Vec<&str> = original.lines().collect();
    let other = fs::read_to_string(&two.path).unwrap();
    let other: Vec<&str> = other.lines().collect();
    let with = |content: String| {
        fs::write(&one.path, content).unwrap();
        place.refusal("one")
    };

    // Changed, and hashed anew.
    let public = hex::encode(two.public.bytes());
    let forged = lines[1].replace(&hex::encode(one.public.bytes()), &public);
    assert_eq!(with(rehashed(&[lines[0], &forged, lines[2], lines[3]])), SealError::HeaderChanged);
    let sealed = format!("{}{}", if lines[3].starts_with('0') { "1" } else { "0" }, &lines[3][1..]);
    assert_eq!(with(rehashed(&[lines[0], lines[1], lines[2], &sealed])), SealError::SealedPartChanged);
    // The parts of two files under one passphrase: the header of the other with its tag, without it, its sealed part.
    let named = other[1].replace("\"two\"", "\"one\"");
    assert_eq!(with(rehashed(&[lines[0], &named, other[2], other[3]])), SealError::HeaderChanged);
    assert_eq!(with(rehashed(&[lines[0], lines[1], lines[2], other[3]])), SealError::SealedPartChanged);
    assert_eq!(with(rehashed(&[lines[0], lines[1], other[2], lines[3]])), SealError::HeaderChanged);
    // A whole header of another key, swapped in under that key's name.
    fs::write(&two.path, rehashed(&[other[0], other[1], other[2], lines[3]])).unwrap();
    assert_eq!(place.refusal("two"), SealError::SealedPartChanged);
    // Another file under this name.
    fs::copy(&one.path, place.path("three.key")).unwrap();
    let renamed = Place::new();
    renamed.keyring();
    fs::write(renamed.path("three.key"), &original).unwrap();
    assert_eq!(renamed.refusal("three"), SealError::Renamed { found: name("one") });
    // Costs that would take the machine down.
    let greedy = lines[1].replace("\"memory_kib\":1024", "\"memory_kib\":4294967295");
    assert!(matches!(with(rehashed(&[lines[0], &greedy, lines[2], lines[3]])), SealError::TooCostly(_)));
    // What this program does not write.
    for header in ["", "{}", "[]", "{\"name\":\"../one\"}", &lines[1].replace("ed25519", "secp256k1")] {
        assert!(
            matches!(with(rehashed(&[lines[0], header, lines[2], lines[3]])), SealError::Malformed { .. }),
            "{header}"
        );
    }
    // Changed without a hash; another format; nothing of ours.
    assert_eq!(with(original.replace("ed25519", "Ed25519")), SealError::Damaged);
    assert_eq!(with(format!("{original}\n")), SealError::Damaged);
    assert_eq!(with(original.replacen("provider-key 1", "provider-key 2", 1)), SealError::Newer { found: 2 });
    assert_eq!(with(original.replacen("provider-key 1", "provider-key 0", 1)), SealError::Damaged);
    assert_eq!(with("-----BEGIN PRIVATE KEY-----\n".into()), SealError::NotAKeyFile);
    assert_eq!(with("provider-key 1\n".repeat(2000)), SealError::NotAKeyFile);
    // And whole again.
    fs::write(&one.path, &original).unwrap();
    let (keyring, wrong) = (place.keyring(), Passphrase::typed("incorrect horse").unwrap());
    let error = keyring.unlock(&one, &wrong).unwrap_err();
    assert!(matches!(&error, Error::Content { source: SealError::WrongPassphrase, .. }), "{error:?}");
    assert_eq!(error.fault(), Fault::Denied);
    keyring.unlock(&one, &passphrase()).unwrap();
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    for length in 0..FIXTURE.len() {
        assert_eq!(Sealed::read(&FIXTURE[..length]).unwrap_err(), SealError::Truncated, "{length}");
    }
}

#[test]
fn a_file_with_any_bit_flipped_is_refused() {
    for place in 0..FIXTURE.len() * 8 {
        let mut bytes = FIXTURE.to_vec();
        bytes[place / 8] ^= 1 << (place % 8);
        Sealed::read(&bytes).unwrap_err();
    }
}

#[test]
fn a_key_that_was_replaced_meanwhile_is_not_taken_for_the_old_one() {
    let place = Place::new();
    let old = place.add("usage", KeyType::Ed25519);
    fs::remove_file(&old.path).unwrap();
    place.add("usage", KeyType::Ed25519);
    let error = place.keyring().unlock(&old, &passphrase()).unwrap_err();
    assert!(matches!(error, Error::Content { source: SealError::OtherKey, .. }), "{error:?}");
}

#[test]
fn what_is_no_key_file_is_left_alone() {
    let place = Place::new();
    let key = place.add("usage", KeyType::Ed25519);
    for file in ["notes.txt", "..key", ".hidden.key", "b c.key", ".lock", "key"] {
        fs::write(place.path(file), "").unwrap();
    }
    fs::create_dir(place.path("folder.key")).unwrap();
    symlink(&key.path, place.path("link.key")).unwrap();
    fs::write(place.path("broken.key"), "provider-key 1\n").unwrap();
    let listed = place.keyring().list().unwrap();
    let found: Vec<(&str, bool)> = listed.iter().map(|Listed { name, key }| (name.as_str(), key.is_ok())).collect();
    assert_eq!(found, [("broken", false), ("folder", false), ("link", false), ("usage", true)]);
    for not_a_key in ["link", "folder", "broken"] {
        place.keyring().delete(&name(not_a_key)).unwrap_err();
        assert!(place.path(&format!("{not_a_key}.key")).symlink_metadata().is_ok());
    }
    assert!(matches!(place.keyring().find(&name("link")), Err(Error::NotAFile { .. })));
}

#[test]
fn deleting_removes_the_one_file() {
    let place = Place::new();
    place.add("one", KeyType::Ed25519);
    place.add("two", KeyType::X25519);
    place.keyring().delete(&name("one")).unwrap();
    assert!(matches!(place.keyring().delete(&name("one")), Err(Error::NotFound { .. })));
    assert_eq!(place.keyring().list().unwrap().len(), 1);
    assert!(matches!(place.keyring().find(&name("one")), Err(Error::NotFound { .. })));
}

#[test]
fn what_others_may_use_is_taken_away_from_them() {
    let place = Place::new();
    let key = place.add("usage", KeyType::Ed25519);
    let folder = place.keyring().folder().to_owned();
    let open = |access| {
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        fs::set_permissions(&key.path, Permissions::from_mode(0o640)).unwrap();
        Keyring::open(&folder, access).unwrap()
    };
    let mode = |path: &Path| path.metadata().unwrap().mode() & 0o7777;
    let looked = open(Access::Look);
    assert_eq!(looked.notices().len(), 2);
    assert!(matches!(looked.notices()[0], Notice::Exposed { mode: 0o755, .. }));
    assert_eq!((mode(&folder), mode(&key.path)), (0o755, 0o640), "looking changes nothing");
    let used = open(Access::Use);
    let tightened = |path: &Path, was| Notice::Tightened { path: path.to_owned(), was };
    assert_eq!(used.notices(), [tightened(&folder, 0o755), tightened(&key.path, 0o640)]);
    assert_eq!((mode(&folder), mode(&key.path)), (0o700, 0o600));
}

#[test]
fn a_folder_that_is_missing_is_an_empty_one_to_look_at() {
    let place = Place::new();
    let folder = place.folder.path().join("none/of/it");
    assert!(Keyring::open(&folder, Access::Look).unwrap().list().unwrap().is_empty());
    assert!(!folder.exists());
    Keyring::open(&folder, Access::Create).unwrap();
    assert_eq!(folder.metadata().unwrap().mode() & 0o7777, 0o700);
    let file = place.folder.path().join("file");
    fs::write(&file, "").unwrap();
    assert!(matches!(Keyring::open(&file, Access::Look), Err(Error::NotAFolder { .. })));
}

#[test]
fn what_a_kill_left_behind_goes_with_the_next_change() {
    let place = Place::new();
    place.keyring();
    fs::write(place.path(".new"), "half").unwrap();
    assert!(place.keyring().list().unwrap().is_empty());
    place.add("usage", KeyType::Ed25519);
    assert!(!place.path(".new").exists());
}

#[test]
fn a_mnemonic_key_remembers_its_path() {
    let place = Place::new();
    let path = HdPath::of_account(118, 7).unwrap();
    let private = Mnemonic::generate().unwrap().derive(&path).unwrap();
    let keyring = place.keyring();
    let said = Described { hd_path: Some(path.clone()), created_at: Timestamp::UNIX_EPOCH, ..said("provider") };
    keyring.add(keyring.seal(said, &private, &passphrase(), CHEAP).unwrap()).unwrap();
    let key = keyring.find(&name("provider")).unwrap();
    assert_eq!((key.hd_path.as_ref(), key.home.clone()), (Some(&path), Home::File { costs: CHEAP }));
    assert_eq!(key.created_at, Timestamp::UNIX_EPOCH);
    assert_eq!(keyring.unlock(&key, &passphrase()).unwrap().public(), private.public());
}

/// Knows a passphrase, and counts how often it is asked for.
struct Counting(&'static str, AtomicU32);

impl Counting {
    fn count(&self) -> u32 {
        self.1.load(Ordering::Relaxed)
    }
}

impl Ask for Counting {
    fn passphrase(&self, _: &Name) -> Result<Passphrase, PassphraseError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Passphrase::typed(self.0)
    }

    fn new_passphrase(&self, key: &Name) -> Result<Passphrase, PassphraseError> {
        self.passphrase(key)
    }

    fn pin(&self, _: &str) -> Result<Passphrase, PassphraseError> {
        panic!("files have no PIN")
    }
}

#[test]
fn a_run_asks_for_the_passphrase_once_and_only_to_sign() {
    let place = Place::new();
    let (usage, opener) = (place.add("usage", KeyType::Ed25519), place.add("opener", KeyType::X25519));
    let (keyring, ask) = (place.keyring(), Counting("correct horse battery staple", AtomicU32::new(0)));
    let sealing = Sealing::new(&keyring, &ask, Unlocked::default());
    let signer = Signer::new(&usage, &sealing);
    assert_eq!(ask.count(), 0);
    for message in [b"one", b"two"] {
        let signature = signer.sign(message).unwrap();
        assert!(signer.key().public.verifies(message, &signature));
    }
    assert_eq!(ask.count(), 1);
    assert!(matches!(Signer::new(&opener, &sealing).sign(b"one"), Err(crate::keys::Error::Type { .. })));
    assert_eq!(ask.count(), 1, "a key that does not sign is not unlocked for it");
    // Another key under a name that is unlocked already.
    let other = Key { public: PrivateKey::generate(KeyType::Ed25519).unwrap().public(), ..usage.clone() };
    assert!(matches!(Signer::new(&other, &sealing).sign(b"one"), Err(crate::keys::Error::OtherKey { .. })));
    // Every part of a run has its own back ends, and what one has unlocked is so for the others.
    let run = Unlocked::default();
    for _ in 0..3 {
        let part = Sealing::new(&keyring, &ask, run.clone());
        Signer::new(&usage, &part).sign(b"one").unwrap();
    }
    assert_eq!(ask.count(), 2, "once more for the second run");

    let wrong = Counting("incorrect horse", AtomicU32::new(0));
    let sealing = Sealing::new(&keyring, &wrong, Unlocked::default());
    let signer = Signer::new(&usage, &sealing);
    assert!(matches!(signer.sign(b"one"), Err(crate::keys::Error::Unlock { .. })));
    assert!(matches!(signer.sign(b"two"), Err(crate::keys::Error::Refused { .. })));
    assert_eq!(wrong.count(), 1, "a wrong passphrase is not asked for again");
}

#[test]
fn the_back_end_of_files_makes_keys_of_every_type() {
    let place = Place::new();
    let (keyring, ask) = (place.keyring(), Known(passphrase()));
    let sealing = Sealing::new(&keyring, &ask, Unlocked::default());
    let new = |key_name: &str, origin| NewKey { name: name(key_name), origin, created_at: Timestamp::UNIX_EPOCH };
    let file = sealing.prepare(new("usage", Origin::New(KeyType::Ed25519))).unwrap();
    assert_eq!(file.key().home, Home::File { costs: Costs::NEW });
    assert_eq!(keyring.list().unwrap().len(), 0, "preparing writes nothing");
    let key = keyring.add(file).unwrap();
    assert!(key.public.verifies(b"one", &sealing.sign(&key, b"one").unwrap()));
    let existing = sealing.prepare(new("other", Origin::Existing(KeyType::Ed25519)));
    assert!(matches!(existing, Err(crate::keys::Error::Cannot { kind: BackendKind::File, .. })));
}

#[test]
fn what_a_guess_costs_is_kept_for_new_keys() {
    let place = Place::new();
    let keyring = place.keyring();
    assert_eq!(keyring.costs().unwrap(), Costs::NEW);
    let more = Costs { memory_kib: 128 * 1024, passes: 4, lanes: 1 };
    for costs in [Costs::NEW, more] {
        keyring.set_costs(costs).unwrap();
        assert_eq!(keyring.costs().unwrap(), costs);
    }
    assert_eq!(place.path(".costs").metadata().unwrap().mode() & 0o7777, 0o600);
    for wrong in ["", "{}", "{\"memory_kib\":1024,\"passes\":1,\"lanes\":1}"] {
        fs::write(place.path(".costs"), wrong).unwrap();
        assert!(matches!(keyring.costs(), Err(Error::Costs { .. })), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let _ = Sealed::read(&bytes);
        let mut like_a_key = b"provider-key 1\n".to_vec();
        like_a_key.extend(&bytes);
        prop_assert!(Sealed::read(&like_a_key).is_err());
    }

    #[test]
    fn no_header_panics(header in "\\PC{0,200}") {
        let tag = "00".repeat(32);
        prop_assert!(Sealed::read(rehashed(&["provider-key 1", &header, &tag, &"00".repeat(48)]).as_bytes()).is_err());
    }
}

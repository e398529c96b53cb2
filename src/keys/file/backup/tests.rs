//! What a backup keeps, and what is no backup.

use super::*;
use crate::keys::file::{Access, Described, Home};
use crate::keys::{KeyType, PrivateKey};

const CHEAP: Costs = Costs { memory_kib: 1024, passes: 1, lanes: 1 };

fn passphrase(text: &str) -> Passphrase {
    Passphrase::typed(text).unwrap()
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn keyring(&self) -> Keyring {
        Keyring::open(&self.folder.path().join("keyring"), Access::Create).unwrap()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("backup")
    }

    /// A sealed key and one that is elsewhere.
    fn filled() -> Self {
        let place = Self::new();
        let keyring = place.keyring();
        let said =
            |name: &str| Described { name: name.parse().unwrap(), hd_path: None, created_at: Timestamp::UNIX_EPOCH };
        let private = PrivateKey::generate(KeyType::Ed25519).unwrap();
        keyring.add(keyring.seal(said("usage"), &private, &passphrase("of the key"), CHEAP).unwrap()).unwrap();
        let public = PrivateKey::generate(KeyType::Secp256k1).unwrap().public();
        keyring.add(keyring.refer(said("provider"), public, Home::Ledger).unwrap()).unwrap();
        place
    }

    fn back_up(&self) -> Result<Written, Error> {
        let memory = Self::memory();
        let (keyring, passphrase) = (self.keyring(), passphrase("of the backup"));
        write((&keyring, &memory), &self.file(), &passphrase, CHEAP, Timestamp::UNIX_EPOCH)
    }

    fn memory() -> Memory {
        let usage = Remembered {
            state: State::Compromised,
            since: Timestamp::UNIX_EPOCH,
            reason: Some("lost".into()),
            role: Some(Role::Usage),
            activated_at: Some(Timestamp::UNIX_EPOCH),
            compromised_at: Some(Timestamp::UNIX_EPOCH),
            replaced_by: Some("a".repeat(40)),
            on_chain: Some((1, Timestamp::UNIX_EPOCH)),
            deprecated_at: None,
            revoked_at: None,
        };
        Memory {
            lives: [("usage".parse().unwrap(), usage)].into(),
            policy: [("max_age".to_owned(), "30d".to_owned())].into(),
        }
    }
}

#[test]
fn what_was_backed_up_comes_back() {
    let place = Place::filled();
    let written = place.back_up().unwrap();
    let names: Vec<&str> = written.keys.iter().map(Name::as_str).collect();
    assert_eq!((names, written.left_out), (vec!["provider", "usage"], vec![]));
    let text = std::fs::read_to_string(place.file()).unwrap();
    assert!(!text.contains("usage") && !text.contains("ledger"), "names are sealed too");
    let other = Place::new();
    let keyring = other.keyring();
    let contents = read(&keyring, &place.file(), &passphrase("of the backup")).unwrap();
    assert_eq!(contents.memory, Place::memory());
    for file in contents.files {
        keyring.add(file).unwrap();
    }
    for name in ["provider", "usage"] {
        let name: Name = name.parse().unwrap();
        assert_eq!(place.keyring().bytes(&name).unwrap(), keyring.bytes(&name).unwrap());
    }
    assert!(matches!(place.back_up(), Err(Error::Io { .. })), "never overwritten");
    let error = read(&keyring, &place.file(), &passphrase("of the key")).unwrap_err();
    assert!(matches!(error, Error::WrongPassphrase { .. }));
}

#[test]
fn nothing_that_is_there_is_written_through() {
    let place = Place::filled();
    let (victim, part) = (place.folder.path().join("victim"), place.folder.path().join("backup.part"));
    std::fs::write(&victim, "precious").unwrap();
    std::os::unix::fs::symlink(&victim, &part).unwrap();
    place.back_up().unwrap();
    assert_eq!(std::fs::read_to_string(&victim).unwrap(), "precious");
    assert!(part.is_symlink() && !place.file().is_symlink());
    let left: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 4, "{left:?}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let place = Place::filled();
    std::fs::write(place.keyring().folder().join("broken.key"), "provider-key 1\n").unwrap();
    let written = place.back_up().unwrap();
    assert_eq!((written.keys.len(), written.left_out[0].as_str()), (2, "broken"));
}

#[test]
fn a_cut_or_changed_backup_is_refused() {
    let place = Place::filled();
    place.back_up().unwrap();
    let whole = std::fs::read(place.file()).unwrap();
    let try_read = |content: &[u8]| {
        let other = place.folder.path().join("other");
        std::fs::write(&other, content).unwrap();
        read(&place.keyring(), &other, &passphrase("of the backup"))
    };
    for length in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
        assert!(matches!(try_read(&whole[..length]), Err(Error::Content { .. })), "{length}");
    }
    // Changed, and hashed anew: what the tags are for.
    let text = String::from_utf8(whole.clone()).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let other_time = lines[1].replace("1970", "1971");
    let flipped =
        lines[3].replacen(if lines[3].starts_with('A') { 'A' } else { lines[3].chars().next().unwrap() }, "B", 1);
    let flipped = if flipped == lines[3] { lines[3].replacen('B', "C", 1) } else { flipped };
    for (header, sealed) in [(other_time.as_str(), lines[3]), (lines[1], flipped.as_str())] {
        let body = format!("{}\n{header}\n{}\n{sealed}\n", lines[0], lines[2]);
        let forged = format!("{body}{}\n", hex::encode(&Sha256::digest(&body)));
        let error = try_read(forged.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("was changed since it was sealed"), "{error}");
    }
}

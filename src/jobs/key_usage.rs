//! What a key is used for, in the audit trail: `key_usage`.
//!
//! A use is recorded before it happens, so that none goes unseen, whatever kills the process in between; if it then
//! fails, the failure is recorded too. A signature on a transaction is recorded in the database transaction that stores
//! the signed bytes ([`append`]).

use serde_json::{Map, Value};

use super::audit::{Happening, Trail};
use crate::domain::audit::{Event, Outcome};
use crate::domain::key::State;
use crate::keys::file::Key;
use crate::keys::{KeyType, PublicKey};
use crate::store::keys::KeyRow;
use crate::store::{self, Change};

/// What a key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// It is made.
    Create,
    /// It is made again from its mnemonic.
    Recover,
    /// It was made by other software, and is kept from now on.
    Import,
    /// Its back end had it already.
    Adopt,
    /// It is carried away in a backup.
    Backup,
    /// It comes back from a backup.
    Restore,
    /// It is deleted.
    Delete,
    /// It opens what was sealed to it.
    Open,
    /// It signs.
    Sign,
}

impl Use {
    /// The word in the trail.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Recover => "recover",
            Self::Import => "import",
            Self::Adopt => "adopt",
            Self::Backup => "backup",
            Self::Restore => "restore",
            Self::Delete => "delete",
            Self::Open => "open",
            Self::Sign => "sign",
        }
    }
}

/// The key that is used, or that changes.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    name: &'a str,
    key_type: KeyType,
    kept: &'a str,
    /// Computed for a key of a file, read for one of the state file.
    fingerprint: Option<&'a str>,
    public: Option<&'a PublicKey>,
}

impl<'a> From<&'a Key> for Subject<'a> {
    fn from(key: &'a Key) -> Self {
        let (name, kept, key_type) = (key.name.as_str(), key.home.kind().word(), key.public.key_type());
        Self { name, key_type, kept, fingerprint: None, public: Some(&key.public) }
    }
}

impl<'a> From<&'a KeyRow> for Subject<'a> {
    fn from(row: &'a KeyRow) -> Self {
        let KeyRow { name, key_type, kept, fingerprint, .. } = row;
        Self { name, key_type: *key_type, kept, fingerprint: Some(fingerprint), public: None }
    }
}

/// A use as the trail has it.
struct Entry {
    outcome: Outcome,
    subject: String,
    details: Map<String, Value>,
}

impl Entry {
    fn new(what: &str, outcome: Outcome, key: &Subject<'_>, about: &Map<String, Value>) -> Self {
        let mut details = about.clone();
        let computed = key.public.map(PublicKey::fingerprint).unwrap_or_default();
        details.insert("use".into(), what.into());
        details.insert("type".into(), key.key_type.word().into());
        details.insert("kept".into(), key.kept.into());
        details.insert("fingerprint".into(), key.fingerprint.unwrap_or(&computed).into());
        Self { outcome, subject: format!("key {}", key.name), details }
    }

    fn happening(&self) -> Happening<'_> {
        let Self { outcome, subject, details } = self;
        Happening { event: Event::KeyUsage, outcome: *outcome, subject, details: details.clone() }
    }
}

/// Appends a use, in the transaction of the rows it speaks of. `about` says more: what is signed.
pub fn append(
    trail: &Trail<'_>,
    change: &Change<'_>,
    what: Use,
    key: &Key,
    about: &Map<String, Value>,
) -> Result<(), store::Error> {
    trail.append(change, Entry::new(what.word(), Outcome::Succeeded, &key.into(), about).happening())
}

/// Appends that a key is in another state from now on, in the transaction that says so.
pub fn append_change(
    trail: &Trail<'_>,
    change: &Change<'_>,
    state: State,
    key: &Subject<'_>,
    about: &Map<String, Value>,
) -> Result<(), store::Error> {
    trail.append(change, Entry::new(state.word(), Outcome::Succeeded, key, about).happening())
}

/// Records a use before it happens, does it, and records the failure if it fails. Without a trail it is only done.
pub(super) fn recorded<T, E: std::error::Error + From<store::Error> + 'static>(
    trail: Option<&Trail<'_>>,
    (what, key): (Use, &Key),
    about: &Map<String, Value>,
    work: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let Some(trail) = trail else { return work() };
    let record = |outcome, about: &Map<String, Value>| {
        trail.record(Entry::new(what.word(), outcome, &key.into(), about).happening())
    };
    record(Outcome::Succeeded, about)?;
    work().inspect_err(|error| {
        let mut about = Map::new();
        about.insert("error".into(), crate::domain::fault::in_one_line(error).into());
        // The failure itself is the more telling one.
        if let Err(unrecorded) = record(Outcome::Failed, &about) {
            let unrecorded = &unrecorded as &(dyn std::error::Error + 'static);
            tracing::error!(key = %key.name, error = unrecorded, "the failed use of a key is not recorded");
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::domain::audit::Actor;
    use crate::jobs::audit::Settings;
    use crate::keys::PrivateKey;
    use crate::store::audit::{Filter, list};
    use crate::store::{Mode, Store};

    fn key() -> Key {
        Key {
            name: "provider".parse().unwrap(),
            public: PrivateKey::generate(KeyType::Secp256k1).unwrap().public(),
            hd_path: None,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            home: crate::keys::file::Home::File { costs: crate::keys::file::Costs::NEW },
            path: "provider.key".into(),
        }
    }

    /// A row: outcome, subject, details.
    type Recorded = (String, String, Value);

    /// What comes of a use, and the rows it leaves.
    fn after<T>(work: impl FnOnce(&Store, &Trail<'_>, &Key) -> T) -> (T, Vec<Recorded>) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("state.db"), Mode::Write).unwrap();
        let settings = Settings::default();
        let actor = Actor { uid: 1, user: None, job: None, run: None };
        let now = jiff::Timestamp::now;
        let trail = Trail::new(&store, &settings, actor, &now);
        let key = key();
        let result = work(&store, &trail, &key);
        let rows =
            store.read("list", |snapshot| list(snapshot, &Filter { limit: Some(9), ..Filter::default() })).unwrap();
        let rows = rows.into_iter().map(|row| {
            assert_eq!(row.event, "key_usage");
            let mut details: Value = serde_json::from_str(&row.details).unwrap();
            assert_eq!(details["fingerprint"].take(), key.public.fingerprint());
            (row.outcome.clone(), row.subject.clone(), details)
        });
        (result, rows.collect())
    }

    fn about() -> Map<String, Value> {
        [("what".to_owned(), "tx 7".into())].into_iter().collect()
    }

    fn used() -> Recorded {
        let sign = json!({"use": "sign", "type": "secp256k1", "kept": "file", "fingerprint": null, "what": "tx 7"});
        ("succeeded".to_owned(), "key provider".to_owned(), sign)
    }

    #[test]
    fn a_use_is_recorded_before_and_its_failure_after() {
        let done = |work: Result<u8, store::Error>| {
            after(|_, trail, key| recorded(Some(trail), (Use::Sign, key), &about(), || work))
        };
        let (result, rows) = done(Ok(7));
        assert_eq!((result.unwrap(), rows), (7, vec![used()]));
        let (result, rows) = done(Err(store::Error::Interrupted { doing: "sign" }));
        assert!(result.is_err() && rows[0] == used() && rows.len() == 2);
        assert_eq!(rows[1].0, "failed");
        assert_eq!(rows[1].2["error"], "stopped on request, and did not sign");
    }

    #[test]
    fn a_use_stands_or_falls_with_the_rows_it_speaks_of() {
        let sign = |work: fn() -> Result<(), store::Error>| {
            after(|store, trail, key| {
                store.write("sign", |change| {
                    append(trail, change, Use::Sign, key, &about())?;
                    work()
                })
            })
        };
        let (result, rows) = sign(|| Ok(()));
        assert_eq!((result.is_ok(), rows), (true, vec![used()]));
        let (result, rows) = sign(|| Err(store::Error::Interrupted { doing: "sign" }));
        assert_eq!((result.is_err(), rows), (true, vec![]));
    }
}

//! Which keys there are: the key folder compared with what the state file remembers.
//!
//! The folder is the truth of which keys exist, the state file of where each stands in its life. A key that the state
//! file does not know is taken up; one whose file is gone is noted, and its destruction ended if one was under way.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::audit::Trail;
use super::key_usage::{self, Subject};
use crate::domain::fault::{Classified, Fault, in_one_line};
use crate::domain::key::{Approval, Event, Policy, Role, State};
use crate::keys::file::{self, Key, Keyring};
use crate::keys::{KeyType, Name};
use crate::store::keys::{self as rows, KeyRow, NewRow, Unchanged};
use crate::store::{self, Change, Snapshot, Store};

/// A key, as far as it is known.
#[derive(Debug)]
pub struct Kept {
    /// What the state file remembers; none for a key that it does not know yet.
    pub row: Option<KeyRow>,
    /// Its file; none if it is gone or cannot be read.
    pub key: Option<Key>,
    /// Its name.
    pub name: String,
    /// What is wrong with its file.
    pub problem: Option<String>,
}

/// What a key is for, by its name and type.
pub type Roles<'a> = dyn Fn(&Name, KeyType) -> Option<Role> + 'a;

/// What is taken up by which rules.
pub struct Rules<'a> {
    /// What keys are for.
    pub roles: &'a Roles<'a>,
    /// The policy.
    pub policy: &'a Policy,
    /// Who does it, for requests.
    pub who: &'a str,
    /// The time.
    pub now: Timestamp,
}

/// Why the keys could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The key folder.
    #[error(transparent)]
    Folder(#[from] file::Error),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The life cycle forbids what cannot be forbidden here: a defect of this program.
    #[error("cannot take up a key")]
    Change(#[source] Unchanged),
}

impl From<Unchanged> for Error {
    fn from(error: Unchanged) -> Self {
        match error {
            Unchanged::Store(error) => Self::Store(error),
            Unchanged::Illegal(_) => Self::Change(error),
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Folder(error) => error.fault(),
            Self::Store(error) => error.fault(),
            Self::Change(_) => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Folder(error) => error.hint(),
            Self::Store(error) => error.hint(),
            Self::Change(_) => None,
        }
    }
}

/// Joins the folder with the state file, and changes nothing. Keys that are gone are left out.
pub fn look(snapshot: Option<&Snapshot<'_>>, keyring: &Keyring) -> Result<Vec<Kept>, Error> {
    let known = snapshot.map_or(Ok(Vec::new()), rows::list)?;
    join(known, keyring)
}

fn join(known: Vec<KeyRow>, keyring: &Keyring) -> Result<Vec<Kept>, Error> {
    let known = known.into_iter().filter(|row| row.state != State::Destroyed);
    let mut living: BTreeMap<String, KeyRow> = known.map(|row| (row.fingerprint.clone(), row)).collect();
    let mut found: Vec<Kept> = Vec::new();
    let mut unreadable = Vec::new();
    for listed in keyring.list()? {
        let name = listed.name.to_string();
        match listed.key {
            Ok(key) => {
                let row = living.remove(&key.public.fingerprint());
                let same =
                    found.iter().find(|other| other.key.as_ref().is_some_and(|other| other.public == key.public));
                let problem = same.map(|other| format!("it is the same key as `{}`", other.name));
                found.push(Kept { row, key: Some(key), name, problem });
            }
            Err(error) => unreadable.push((name, in_one_line(&error))),
        }
    }
    for (_, row) in living {
        let place = unreadable.iter().position(|(name, _)| *name == row.name);
        let problem = place.map_or_else(|| "its file is gone".to_owned(), |place| unreadable.swap_remove(place).1);
        found.push(Kept { name: row.name.clone(), row: Some(row), key: None, problem: Some(problem) });
    }
    let strangers = unreadable.into_iter();
    found.extend(strangers.map(|(name, problem)| Kept { row: None, key: None, name, problem: Some(problem) }));
    found.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(found)
}

/// Compares the folder with the state file, and takes up what is new. Gives back every key.
pub fn sync(
    store: &Store,
    keyring: &Keyring,
    rules: &Rules<'_>,
    trail: Option<&Trail<'_>>,
) -> Result<Vec<Kept>, Error> {
    store.write("compare the key folder with the state file", |change| {
        let mut kept = join(rows::list(change)?, keyring)?;
        for kept in &mut kept {
            match (&kept.row, &kept.key) {
                // A key has one life, under the name that was found first.
                (None, Some(_)) if kept.problem.is_some() => {}
                (None, Some(key)) => kept.row = Some(take_up(change, key, rules, trail)?),
                (Some(row), Some(key)) => keep_up(change, row, key, rules)?,
                (Some(row), None) if row.destroying_at.is_some() && !keyring.path_of(&row.name).exists() => {
                    let state = rows::apply(change, row, Event::Destroy, rules.now, row.reason.as_deref())?;
                    rows::close(change, row.id, rules.now)?;
                    if let Some(trail) = trail {
                        key_usage::append_change(trail, change, state, &Subject::from(row), &Map::new())?;
                    }
                }
                (Some(row), None) if row.missing_since.is_none() => {
                    rows::set_missing(change, row.id, Some(rules.now))?;
                }
                (_, None) => {}
            }
        }
        let known = rows::list(change)?;
        for kept in &mut kept {
            let id = kept.row.as_ref().map(|row| row.id);
            kept.row = known.iter().find(|row| Some(row.id) == id).cloned();
        }
        kept.retain(|kept| kept.key.is_some() || kept.row.as_ref().is_none_or(|row| row.state != State::Destroyed));
        Ok(kept)
    })
}

/// Takes up a key that the state file did not know: made a moment ago, or before the state file was lost.
fn take_up(change: &Change<'_>, key: &Key, rules: &Rules<'_>, trail: Option<&Trail<'_>>) -> Result<KeyRow, Error> {
    let (key_type, fingerprint) = (key.public.key_type(), key.public.fingerprint());
    let new = NewRow {
        name: key.name.as_str(),
        key_type,
        public_key: key.public.bytes(),
        fingerprint: &fingerprint,
        kept: key.home.kind().word(),
        role: (rules.roles)(&key.name, key_type),
        created_at: key.created_at,
    };
    let id = rows::insert(change, &new, rules.now)?;
    let lost = |row: Option<KeyRow>| row.ok_or_else(|| Error::Change(Unchanged::Illegal(vanished())));
    let row = lost(rows::by_id(change, id)?)?;
    rows::apply(change, &row, Event::Submit, rules.now, None)?;
    let rotation = rows::open_rotations(change)?.into_iter().find(|rotation| rotation.new_name == row.name);
    if rows::was_compromised(change, &fingerprint)? {
        rows::apply(change, &row, Event::Compromise, rules.now, Some("it was given up before it was destroyed"))?;
        return lost(rows::by_id(change, id)?);
    }
    match rotation {
        // It becomes active when it takes over.
        Some(rotation) => {
            rows::name_new(change, rotation.id, id)?;
            if rules.policy.approval_for_activation {
                rows::request(change, id, Approval::Activation, rules.who, rules.now)?;
            }
        }
        None if rules.policy.approval_for_activation => {
            rows::request(change, id, Approval::Activation, rules.who, rules.now)?;
        }
        None => {
            rows::apply(change, &row, Event::Activate, rules.now, None)?;
            if let Some(trail) = trail {
                let about: Map<String, Value> = Map::new();
                key_usage::append_change(trail, change, State::Active, &Subject::from(key), &about)?;
            }
        }
    }
    lost(rows::by_id(change, id)?)
}

/// What cannot be: a row that was written a moment ago is not there.
const fn vanished() -> crate::domain::key::IllegalTransition {
    crate::domain::key::IllegalTransition { state: State::Created, event: Event::Submit }
}

fn keep_up(change: &Change<'_>, row: &KeyRow, key: &Key, rules: &Rules<'_>) -> Result<(), Error> {
    if row.missing_since.is_some() {
        rows::set_missing(change, row.id, None)?;
    }
    let role = (rules.roles)(&key.name, row.key_type);
    if row.role != role {
        rows::set_role(change, row.id, role)?;
    }
    Ok(())
}

/// The key that serves where the configuration names `name`: that key, or the last of those that took its place.
pub fn serving<'k>(kept: &'k [Kept], name: &str) -> Option<&'k Kept> {
    let mut at = kept.iter().find(|kept| kept.name == name)?;
    // As many steps as there are keys: the rows could be wrong, but not endless.
    for _ in kept {
        let next = at.row.as_ref().and_then(|row| row.replaced_by);
        match kept.iter().find(|kept| next.is_some() && kept.row.as_ref().map(|row| row.id) == next) {
            Some(next) => at = next,
            None => break,
        }
    }
    Some(at)
}

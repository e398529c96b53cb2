//! Which keys there are: the key folder compared with what the state file remembers.
//!
//! The folder is the truth of which keys exist, the state file of where each stands in its life. A key that the state
//! file does not know is taken up; one whose file is gone is noted, and its destruction ended if one was under way. A file
//! that holds another key than the one that was made under its name is used for nothing: nobody knows whose it is.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::audit::Trail;
use super::key_usage::{self, Subject};
use crate::domain::fault::{Classified, Fault, in_one_line};
use crate::domain::key::serving::{self, Candidate};
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
    /// Its file; none if it is gone, cannot be read, or holds another key.
    pub key: Option<Key>,
    /// Its name.
    pub name: String,
    /// What is wrong with its file.
    pub problem: Option<Problem>,
}

/// What is wrong with a key's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// There is none.
    Gone,
    /// It holds another key than the one that was made under this name.
    OtherKey,
    /// It holds the same key as another file.
    SameAs(String),
    /// It holds a key that was made under this other name.
    Renamed(String),
    /// It cannot be read.
    Unreadable(String),
}

impl Problem {
    /// The key is not there any more, under whatever name.
    pub const fn is_loss(&self) -> bool {
        match self {
            Self::Gone | Self::OtherKey => true,
            Self::SameAs(_) | Self::Renamed(_) | Self::Unreadable(_) => false,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("its file is gone"),
            Self::OtherKey => f.write_str("its file holds another key than the one that was made"),
            Self::SameAs(other) => write!(f, "it is the same key as `{other}`"),
            Self::Renamed(name) => write!(f, "it was made as `{name}`: give its file that name again"),
            Self::Unreadable(why) => f.write_str(why),
        }
    }
}

/// Every key, as far as it is known.
#[derive(Debug, Default)]
pub struct Inventory {
    /// Those that are not gone, in the order of their names.
    pub kept: Vec<Kept>,
    /// What is remembered of those that were destroyed.
    pub gone: Vec<KeyRow>,
}

impl Inventory {
    /// The key with this name that is not gone.
    pub fn named(&self, name: &str) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.name == name)
    }

    /// The key that serves the role whose first key the configuration names so.
    pub fn serving(&self, role: Role, configured: &str) -> Option<&Kept> {
        let living = self.kept.iter().filter_map(|kept| Some((kept.row.as_ref()?, kept.problem.as_ref())));
        let gone = self.gone.iter().map(|row| (row, Some(&Problem::Gone)));
        let candidates: Vec<Candidate<'_>> = living
            .chain(gone)
            .map(|(row, problem)| Candidate {
                id: row.id.0,
                name: &row.name,
                role: row.role,
                state: row.state,
                activated_at: row.activated_at,
                replaced_by: row.replaced_by.map(|id| id.0),
                // What cannot be read is not absent.
                is_there: !matches!(problem, Some(Problem::Gone | Problem::OtherKey)),
                is_revoked: row.revoked_at.is_some(),
            })
            .collect();
        match serving::serving(&candidates, role, configured) {
            Some(found) => self.kept.iter().find(|kept| kept.row.as_ref().is_some_and(|row| row.id.0 == found.id)),
            // One that is not taken up yet.
            None => self.named(configured).filter(|kept| kept.row.is_none() && kept.problem.is_none()),
        }
    }

    /// Whether the role ever had a key.
    pub fn ever_had(&self, role: Role, configured: &str) -> bool {
        self.of_role(role, configured).next().is_some()
    }

    /// The last key of a role that has none any more because a person ended it: of every key that it had, the life is over
    /// (deactivated, archived, destroyed), and only a person ends the life of a key that has no successor. None where one
    /// was lost otherwise: what is in use, given up or under way, and is not there, has ended by no decision.
    pub fn ended(&self, role: Role, configured: &str) -> Option<&KeyRow> {
        let is_over = |row: &KeyRow| match row.state {
            State::Deactivated | State::Archived | State::Destroyed => true,
            State::Created
            | State::Pending
            | State::Active
            | State::Rotating
            | State::Suspended
            | State::Compromised => false,
        };
        // One that has a successor left its part to that.
        let ends = || self.of_role(role, configured).filter(|row| row.replaced_by.is_none());
        ends().all(is_over).then(|| ends().max_by_key(|row| (row.since, row.id))).flatten()
    }

    /// Every key that the role ever had.
    fn of_role(&self, role: Role, configured: &str) -> impl Iterator<Item = &KeyRow> {
        let rows = self.kept.iter().filter_map(|kept| kept.row.as_ref()).chain(&self.gone);
        rows.filter(move |row| row.role == Some(role) || row.name == configured)
    }
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

/// Joins the folder with the state file, and changes nothing.
pub fn look(snapshot: Option<&Snapshot<'_>>, keyring: &Keyring) -> Result<Inventory, Error> {
    let known = snapshot.map_or(Ok(Vec::new()), rows::list)?;
    join(known, keyring)
}

fn join(known: Vec<KeyRow>, keyring: &Keyring) -> Result<Inventory, Error> {
    let (gone, living): (Vec<KeyRow>, Vec<KeyRow>) = known.into_iter().partition(|row| row.state == State::Destroyed);
    let mut living: BTreeMap<String, KeyRow> = living.into_iter().map(|row| (row.name.clone(), row)).collect();
    let mut kept: Vec<Kept> = Vec::new();
    let mut others: Vec<Key> = Vec::new();
    // First the files under the names that their keys have.
    for listed in keyring.list()? {
        let name = listed.name.to_string();
        let row = living.remove(&name);
        match (listed.key, row) {
            (Ok(key), Some(row)) if row.fingerprint == key.public.fingerprint() => {
                kept.push(Kept { row: Some(row), key: Some(key), name, problem: None });
            }
            (Ok(_), Some(row)) => kept.push(Kept { row: Some(row), key: None, name, problem: Some(Problem::OtherKey) }),
            (Ok(key), None) => others.push(key),
            (Err(error), row) => {
                let problem = Some(Problem::Unreadable(in_one_line(&error)));
                kept.push(Kept { row, key: None, name, problem });
            }
        }
    }
    // Then those that are new, or have the key of another name.
    for key in others {
        let (name, fingerprint) = (key.name.to_string(), key.public.fingerprint());
        let same = kept.iter().find(|other| other.key.as_ref().is_some_and(|other| other.public == key.public));
        if let Some(same) = same {
            let problem = Some(Problem::SameAs(same.name.clone()));
            kept.push(Kept { row: None, key: Some(key), name, problem });
            continue;
        }
        let made_as = living.iter().find(|(_, row)| row.fingerprint == fingerprint).map(|(made_as, _)| made_as.clone());
        let row = made_as.as_ref().and_then(|made_as| living.remove(made_as));
        kept.push(Kept { row, key: Some(key), name, problem: made_as.map(Problem::Renamed) });
    }
    let missing = living.into_values();
    kept.extend(missing.map(|row| Kept {
        name: row.name.clone(),
        row: Some(row),
        key: None,
        problem: Some(Problem::Gone),
    }));
    kept.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(Inventory { kept, gone })
}

/// Compares the folder with the state file, and takes up what is new. Gives back every key.
pub fn sync(
    store: &Store,
    keyring: &Keyring,
    rules: &Rules<'_>,
    trail: Option<&Trail<'_>>,
) -> Result<Inventory, Error> {
    store.write("compare the key folder with the state file", |change| {
        let before = join(rows::list(change)?, keyring)?;
        let mut new: Vec<(KeyRow, u64)> = Vec::new();
        for kept in &before.kept {
            match (&kept.row, &kept.key) {
                // A key has one life, under the name that was found first.
                (None, Some(_)) if kept.problem.is_some() => {}
                (None, Some(key)) => {
                    let row = take_up(change, key, rules, trail)?;
                    let version = name_version(&row.name);
                    new.push((row, version));
                }
                (Some(row), Some(key)) => keep_up(change, row, key, rules)?,
                (Some(row), None) if row.destroying_at.is_some() && !keyring.path_of(&row.name).exists() => {
                    let state = rows::apply(change, row, Event::Destroy, rules.now, row.reason.as_deref())?;
                    rows::close(change, row.id, rules.now)?;
                    if let Some(trail) = trail {
                        key_usage::append_change(trail, change, state, &Subject::from(row), &Map::new())?;
                    }
                }
                (Some(row), None) if row.missing_since.is_none() && kept.problem == Some(Problem::Gone) => {
                    rows::set_missing(change, row.id, Some(rules.now))?;
                }
                (_, None) => {}
            }
        }
        for role in Role::ALL.iter().copied().filter(|role| role.rotates()) {
            let of_role = new.iter().filter(|(row, _)| row.role == Some(role) && row.state == State::Active);
            put_in_line(change, of_role.collect(), rules, trail)?;
        }
        join(rows::list(change)?, keyring)
    })
}

/// The number at the end of a name: `provider-usage-v3` is 3, and a name without one is the first.
fn name_version(name: &str) -> u64 {
    let number = name.rsplit_once("-v").and_then(|(base, _)| serving::version(name, base));
    number.unwrap_or(1)
}

/// Several keys of one role that nobody remembers: the state file was lost. The highest version goes on, and the others
/// are behind it, suspended until a person looks: what they opened is not lost, and what they signed stays signed.
fn put_in_line(
    change: &Change<'_>,
    mut keys: Vec<&(KeyRow, u64)>,
    rules: &Rules<'_>,
    trail: Option<&Trail<'_>>,
) -> Result<(), Error> {
    keys.sort_by_key(|(_, version)| *version);
    let Some(((newest, _), older)) = keys.split_last() else { return Ok(()) };
    for (row, _) in older {
        let reason = format!("the state file did not know it, and `{}` is newer", newest.name);
        tracing::warn!(key = row.name, newer = newest.name, "a key is taken up and suspended: a newer one serves");
        let state = rows::apply(change, row, Event::Suspend, rules.now, Some(&reason))?;
        rows::set_replaced_by(change, row.id, newest.id)?;
        if let Some(trail) = trail {
            key_usage::append_change(trail, change, state, &Subject::from(row), &Map::new())?;
        }
    }
    Ok(())
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
    // One that has switched has had its new key, whatever became of that and of its name.
    let is_for = |rotation: &rows::Rotation| rotation.new_name == row.name && rotation.switched_at.is_none();
    let rotation = rows::open_rotations(change)?.into_iter().find(is_for);
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

//! The key policy that is in force: the configuration's, with what `keys set-policy` gave on top.

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::audit::{Happening, Trail};
use crate::domain::audit::{Event, Outcome};
use crate::domain::fault::{Classified, Fault};
use crate::domain::key::{Field, NotAValue, Policy};
use crate::store::{self, Change, Snapshot, keys};

/// The policy in force, and which fields `keys set-policy` gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// The policy.
    pub policy: Policy,
    /// The fields that do not come from the configuration.
    pub given: Vec<Field>,
}

/// Why there is no policy.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A value is none.
    #[error(transparent)]
    Value(#[from] NotAValue),
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Value(_) => Fault::Invalid,
            Self::Store(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Value(_) => Some("`provider keys set-policy` shows every rule; --reset takes all back".into()),
            Self::Store(error) => error.hint(),
        }
    }
}

/// The policy in force; without a state file it is the configuration's.
pub fn in_force(snapshot: Option<&Snapshot<'_>>, configured: Policy) -> Result<InForce, Error> {
    let mut found = InForce { policy: configured, given: Vec::new() };
    let rules = snapshot.map_or(Ok(BTreeMap::new()), keys::policy)?;
    // A field that only a newer version knows is none of ours.
    for (field, value) in rules.iter().filter_map(|(word, value)| Some((Field::of_word(word)?, value))) {
        field.set(&mut found.policy, value)?;
        found.given.push(field);
    }
    found.given.sort_unstable();
    Ok(found)
}

/// Records that rules were given, in the transaction that says so.
pub fn record(
    trail: &Trail<'_>,
    change: &Change<'_>,
    rules: &[(Field, String)],
    reset: bool,
) -> Result<(), store::Error> {
    let mut details: Map<String, Value> = Map::new();
    details.insert("reset".into(), reset.into());
    details.extend(rules.iter().map(|(field, value)| (field.setting().to_owned(), value.as_str().into())));
    let (event, outcome, subject) = (Event::ConfigChanged, Outcome::Succeeded, "key policy");
    trail.append(change, Happening { event, outcome, subject, details })
}

/// Gives rules, after every value was checked; `reset` takes earlier ones back first.
pub fn set(
    change: &Change<'_>,
    configured: Policy,
    rules: &[(Field, String)],
    reset: bool,
    now: Timestamp,
) -> Result<InForce, Error> {
    if reset {
        keys::reset_policy(change)?;
    }
    for (field, value) in rules {
        field.set(&mut configured.clone(), value)?;
        keys::set_policy(change, field.word(), value, now)?;
    }
    in_force(Some(change), configured)
}

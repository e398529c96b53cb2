//! `config_changed`: the effective configuration is another than in the run before.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{Happening, Trail};
use crate::domain::audit::{Event, Outcome};
use crate::store;
use crate::store::audit as table;

/// So many changed values are named.
const MOST: usize = 200;

/// The effective configuration, as a run found it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effective {
    /// A hash over all of it, secrets included.
    pub hash: String,
    /// Its values by their keys (`chain.rpc`), with secrets masked.
    pub values: BTreeMap<String, String>,
}

/// Records that the configuration changed, if it did since the last run, and remembers it. `true` if it did.
///
/// The first run records what it begins with. A change that shows in no value is one of secrets only.
pub fn note_configuration(trail: &Trail<'_>, effective: &Effective) -> Result<bool, store::Error> {
    let store = trail.store();
    let known = |snapshot: &store::Snapshot<'_>| table::standing(snapshot).map(|standing| standing.configuration);
    let unchanged = |known: &Option<(String, String)>| known.as_ref().is_some_and(|(hash, _)| *hash == effective.hash);
    if unchanged(&store.read("read the last configuration", known)?) {
        return Ok(false);
    }
    store.write("record the changed configuration", |change| {
        let before = known(change)?;
        // Another run of the same configuration was faster.
        if unchanged(&before) {
            return Ok(false);
        }
        let what = Happening {
            event: Event::ConfigChanged,
            outcome: Outcome::Succeeded,
            subject: "effective configuration",
            details: details(before.as_ref(), effective),
        };
        trail.append(change, what)?;
        let values = json!(effective.values).to_string();
        table::note_configuration(change, &effective.hash, &values)?;
        Ok(true)
    })
}

fn details(before: Option<&(String, String)>, effective: &Effective) -> Map<String, Value> {
    let old: BTreeMap<String, String> =
        before.and_then(|(_, values)| serde_json::from_str(values).ok()).unwrap_or_default();
    let keys: BTreeSet<&String> = old.keys().chain(effective.values.keys()).collect();
    let changed: Vec<&String> = keys.into_iter().filter(|key| old.get(*key) != effective.values.get(*key)).collect();
    let mut details = Map::new();
    details.insert("hash".into(), effective.hash.clone().into());
    match before {
        None => {
            details.insert("first".into(), true.into());
            return details;
        }
        Some((hash, _)) => details.insert("previous_hash".into(), hash.clone().into()),
    };
    let named = changed.iter().take(MOST).map(|key| {
        let change = json!({"from": old.get(*key), "to": effective.values.get(*key)});
        ((*key).clone(), change)
    });
    details.insert("changed".into(), Value::Object(named.collect()));
    if changed.len() > MOST {
        details.insert("more_changed".into(), (changed.len() - MOST).into());
    }
    if changed.is_empty() {
        details.insert("secrets_only".into(), true.into());
    }
    details
}

//! `config_changed`: the effective configuration is another than in the run before.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{Happening, Trail};
use crate::domain::audit::{Event, Outcome, canonical_json};
use crate::domain::hex;
use crate::observe::redact;
use crate::store;
use crate::store::audit as table;

/// So many changed values are named.
const MOST: usize = 200;

/// Records that the effective configuration changed, if it did since the last run, and remembers it. `true` if it did.
///
/// `values` are all that are in force, by their keys (`chain.rpc`). Secrets are not among them but where they are to be
/// found; what looks like one nevertheless is taken out. The first run records what it begins with.
pub fn note_configuration(trail: &Trail<'_>, values: &Map<String, Value>) -> Result<bool, store::Error> {
    let mut values = Value::Object(values.clone());
    // By its text only: that a secret is to be found elsewhere now is a change.
    redact::json_texts(&mut values);
    let text = canonical_json(&values);
    let hash = hex::encode(&Sha256::digest(&text));
    let known = |snapshot: &store::Snapshot<'_>| table::standing(snapshot).map(|standing| standing.configuration);
    let unchanged = |known: &Option<(String, String)>| known.as_ref().is_some_and(|(before, _)| *before == hash);
    if unchanged(&trail.store().read("read the last configuration", known)?) {
        return Ok(false);
    }
    trail.store().write("record the changed configuration", |change| {
        let before = known(change)?;
        // Another run with the same configuration was faster.
        if unchanged(&before) {
            return Ok(false);
        }
        let what = Happening {
            event: Event::ConfigChanged,
            outcome: Outcome::Succeeded,
            subject: "effective configuration",
            details: details(before.as_ref(), &hash, &values),
        };
        trail.append(change, what)?;
        table::note_configuration(change, &hash, &text)?;
        Ok(true)
    })
}

fn details(before: Option<&(String, String)>, hash: &str, values: &Value) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("hash".into(), hash.into());
    let Some((old_hash, old)) = before else {
        details.insert("first".into(), true.into());
        return details;
    };
    let old: Value = serde_json::from_str(old).unwrap_or_default();
    let names = |values: &Value| values.as_object().map_or_else(Vec::new, |map| map.keys().cloned().collect());
    let names: BTreeSet<String> = names(&old).into_iter().chain(names(values)).collect();
    let changed: Vec<String> = names.into_iter().filter(|name| old.get(name) != values.get(name)).collect();
    details.insert("previous_hash".into(), old_hash.as_str().into());
    let named = changed.iter().take(MOST);
    let named = named.map(|name| (name.clone(), json!({"from": old.get(name), "to": values.get(name)})));
    details.insert("changed".into(), Value::Object(named.collect()));
    if changed.len() > MOST {
        details.insert("more_changed".into(), changed.len().saturating_sub(MOST).into());
    }
    details
}

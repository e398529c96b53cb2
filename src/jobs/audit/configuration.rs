//! `config_changed`: the effective configuration is another than in the run before.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::catch_up::Sealing;
use super::{Error, Happening, Trail};
use crate::domain::audit::{Event, Outcome, SealKey, SealKind, canonical_json};
use crate::domain::hex;
use crate::observe::audit::read_key;
use crate::observe::redact;
use crate::store::audit as table;
use crate::store::{self, Snapshot};

/// So many changed values are named.
const MOST: usize = 200;

/// The longest value that is shown as it is, in bytes of JSON; if there are too many, no long one is.
const LONGEST: [usize; 3] = [4096, 256, 80];

/// So much may all changed values be together, in bytes of JSON: hashes and the rest of the details fit in besides.
const ROOM: usize = 60 * 1024;

/// What is known of the configuration that was recorded last.
struct Known {
    /// The hash in the last row that tells of a change. A row cannot be changed unseen, so this is what decides.
    hash: Option<String>,
    /// The values, to tell the difference. Nothing protects them: believed only where they have the hash.
    values: Option<Value>,
}

impl Known {
    fn read(snapshot: &Snapshot<'_>) -> Result<Self, store::Error> {
        let hash = recorded_hash(snapshot)?;
        let noted = table::standing(snapshot)?.configuration;
        let believed = noted.filter(|text| hash.as_ref().is_none_or(|hash| hash_of(text) == *hash));
        Ok(Self { hash, values: believed.and_then(|text| serde_json::from_str(&text).ok()) })
    }
}

/// Records that the effective configuration changed, if it did since the last run, and remembers it. `true` if it did.
///
/// `values` are all that are in force, by their keys (`chain.rpc`). Secrets are not among them but where they are to be
/// found; what looks like one nevertheless is taken out, and leaves a keyed digest that tells whether it changed. The
/// first run records what it begins with, and so does the first after the last record was pruned.
///
/// What selects the events cannot be changed unseen: a difference in `logging.audit` is recorded even where it says that
/// nothing is to be.
pub fn note_configuration(trail: &Trail<'_>, values: &Map<String, Value>) -> Result<bool, store::Error> {
    let values = shown(trail, values);
    let text = canonical_json(&values);
    let hash = hash_of(&text);
    let due = |known: &Known| known.hash.as_ref() != Some(&hash) && (trail.wants_changes() || touches(known, &values));
    if !due(&trail.store().read("read the last configuration", Known::read)?) {
        return Ok(false);
    }
    trail.store().write("record the changed configuration", |change| {
        let known = Known::read(change)?;
        // Another run with the same configuration may have been faster.
        if !due(&known) {
            return Ok(false);
        }
        let what = Happening {
            event: Event::ConfigChanged,
            outcome: Outcome::Succeeded,
            subject: "effective configuration",
            details: details(&known, &hash, &values),
        };
        trail.append_shown(change, what)?;
        table::note_configuration(change, &text)?;
        Ok(true)
    })
}

/// Whether what the state file remembers is what was recorded last.
pub fn note_is_true(snapshot: &Snapshot<'_>) -> Result<bool, store::Error> {
    let noted = table::standing(snapshot)?.configuration.map(|text| hash_of(&text));
    let recorded = recorded_hash(snapshot)?;
    // Once the row is pruned the note decides nothing.
    Ok(recorded.is_none() || noted == recorded)
}

/// The hash in the last row that tells of a change, unless it is pruned.
fn recorded_hash(snapshot: &Snapshot<'_>) -> Result<Option<String>, store::Error> {
    let pruned = table::standing(snapshot)?.pruned.seq;
    let row = table::last_of(snapshot, Event::ConfigChanged)?.filter(|row| row.seq > pruned);
    let details = row.and_then(|row| serde_json::from_str::<Value>(&row.details).ok());
    Ok(details.and_then(|details| Some(details.get("hash")?.as_str()?.to_owned())))
}

fn hash_of(text: &str) -> String {
    hex::encode(&Sha256::digest(text))
}

/// The values without secrets. What was taken out leaves a digest of the whole value, which only the audit key can
/// repeat: that a password changed is seen, and cannot be used to guess it.
fn shown(trail: &Trail<'_>, values: &Map<String, Value>) -> Value {
    let mut key: Option<Option<SealKey>> = None;
    let mut shown = Map::new();
    for (name, value) in values {
        let mut clean = value.clone();
        redact::json_texts(&mut clean);
        if clean != *value && !trail.store().is_in_memory() {
            let key = key.get_or_insert_with(|| {
                let failed = |error: &Error| {
                    tracing::error!(error = error as &(dyn std::error::Error + 'static), "there is no audit key");
                };
                key_of(trail).inspect_err(failed).ok()
            });
            let digest = key.as_ref().map(|key| key.digest_of(&format!("{name}={}", canonical_json(value))));
            clean = json!({"shown": clean, "digest": digest});
        }
        shown.insert(name.clone(), clean);
    }
    Value::Object(shown)
}

fn key_of(trail: &Trail<'_>) -> Result<SealKey, Error> {
    if let Some(key) = read_key(&trail.files())? {
        return Ok(key);
    }
    let mut sealing = Sealing::begin(trail.store(), &trail.files())?;
    // A key without a seal would look as if the seals had been removed.
    if sealing.number == 0 {
        let head = trail.store().read("read the audit trail", table::head)?;
        let seal = sealing.seal(SealKind::Head, head, trail.now())?;
        trail.store().write("remember the seal of the audit trail", |change| table::note_seal(change, seal.number))?;
    }
    Ok(sealing.into_key())
}

fn changed<'v>(old: &'v Value, new: &'v Value) -> Vec<&'v String> {
    let names = |values: &'v Value| values.as_object().into_iter().flat_map(Map::keys);
    let all: BTreeSet<&String> = names(old).chain(names(new)).collect();
    all.into_iter().filter(|name| old.get(*name) != new.get(*name)).collect()
}

/// Whether what is recorded, and where to, is another than it was. Nothing was, before the first record.
fn touches(known: &Known, values: &Value) -> bool {
    match (&known.values, &known.hash) {
        (Some(old), _) => changed(old, values).iter().any(|name| name.starts_with("logging.audit.")),
        // Somebody made the state file forget what there was.
        (None, hash) => hash.is_some(),
    }
}

fn details(known: &Known, hash: &str, values: &Value) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("hash".into(), hash.into());
    if let Some(before) = &known.hash {
        details.insert("previous_hash".into(), before.as_str().into());
    } else {
        details.insert("first".into(), true.into());
    }
    let Some(old) = &known.values else {
        if known.hash.is_some() {
            details.insert("previous_values".into(), "lost".into());
        }
        return details;
    };
    let changed = changed(old, values);
    let listed = LONGEST.iter().map(|longest| difference(&changed, old, values, *longest));
    let fitting = listed.into_iter().find(|listed| listed.to_string().len() <= ROOM);
    let named = fitting.unwrap_or_else(|| json!(changed.iter().take(MOST).collect::<Vec<_>>()));
    details.insert("changed".into(), named);
    if changed.len() > MOST {
        details.insert("more_changed".into(), changed.len().saturating_sub(MOST).into());
    }
    details
}

fn difference(changed: &[&String], old: &Value, new: &Value, longest: usize) -> Value {
    let short = |value: Option<&Value>| {
        let text = value.map(canonical_json).unwrap_or_default();
        if text.len() > longest { json!({"sha256": hash_of(&text), "bytes": text.len()}) } else { json!(value) }
    };
    let one = |name: &String| json!({"from": short(old.get(name)), "to": short(new.get(name))});
    changed.iter().take(MOST).map(|name| ((*name).clone(), one(name))).collect::<Map<_, _>>().into()
}

//! The configuration as JSON Schema, for editors and for whoever generates configuration files.

use serde_json::{Map, Value as Json, json};

use super::outline::{Branch, Leaf, sentence};

/// The schema of `config.yaml`: every key in its canonical spelling, and the other spellings as deprecated ones.
pub fn json_schema() -> Json {
    let mut schema = Map::new();
    schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    schema.insert("title".to_owned(), json!("Configuration of provider"));
    schema.extend(section(&Branch::of_settings(true)));
    Json::Object(schema)
}

fn section(branch: &Branch) -> Map<String, Json> {
    let mut properties = Map::new();
    for leaf in &branch.leaves {
        // Two keys may share a name only where one of them is another spelling; the canonical one counts.
        if leaf.canonical || !properties.contains_key(&leaf.name) {
            properties.insert(leaf.name.clone(), property(leaf));
        }
    }
    for (name, branch) in &branch.branches {
        properties.insert(name.clone(), Json::Object(section(branch)));
    }
    // A section with a switch may be written as the switch alone: `network_policies: true`.
    let switch = branch.leaves.iter().any(|leaf| leaf.name == "enabled");
    let kind = if switch { json!(["object", "boolean", "null"]) } else { json!(["object", "null"]) };
    let mut node = Map::new();
    node.insert("type".to_owned(), kind);
    node.insert("additionalProperties".to_owned(), json!(false));
    if !branch.doc.is_empty() {
        node.insert("description".to_owned(), json!(branch.doc));
    }
    node.insert("properties".to_owned(), Json::Object(properties));
    node
}

fn property(leaf: &Leaf) -> Json {
    let key = &leaf.key;
    // `${VAR}` may stand wherever a value stands.
    let reference = json!({ "type": "string", "pattern": "\\$\\{[A-Za-z_][A-Za-z0-9_]*\\}" });
    let bare = key.spellings.iter().any(|spelling| spelling.unit.is_some()).then(|| json!({ "type": "number" }));
    let forms: Vec<Json> = [Some((key.schema)()), bare, Some(reference)].into_iter().flatten().collect();
    let mut property = Map::new();
    let mut words = sentence(&key.doc);
    if !leaf.canonical {
        words = format!("Another spelling of {}. {words}", key.path);
        property.insert("deprecated".to_owned(), json!(true));
    }
    property.insert("description".to_owned(), Json::String(words));
    property.insert("anyOf".to_owned(), Json::Array(forms));
    if let Some((low, high)) = key.bounds {
        property.insert("$comment".to_owned(), json!(format!("from {low} to {high}")));
        // Only bare numbers can be bounded here; what has a unit, or another one elsewhere, the program checks.
        let unitless = key.spellings.iter().all(|spelling| spelling.unit.is_none());
        for (word, bound) in [("minimum", low), ("maximum", high)] {
            if unitless && let Ok(number) = bound.parse::<serde_json::Number>() {
                property.insert(word.to_owned(), Json::Number(number));
            }
        }
    }
    if let Some(default) = key.default {
        property.insert("default".to_owned(), literal(default));
    }
    if let Some(example) = key.example {
        property.insert("examples".to_owned(), json!([literal(example)]));
    }
    Json::Object(property)
}

/// A literal of a declaration as JSON.
fn literal(text: &str) -> Json {
    serde_yaml::from_str(text).unwrap_or_else(|_| Json::String(text.to_owned()))
}

//! Lists and mappings of values.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{Text, Value};
use crate::config::reading::Reading;
use crate::domain::yaml::{Node, Value as Yaml};

/// A list. One value alone is a list of one; in a variable or a flag the items stand with commas between.
impl<V: Value> Value for Vec<V> {
    fn schema() -> Json {
        json!({ "oneOf": [{ "type": "array", "items": V::schema() }, V::schema()] })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        match &node.value {
            Yaml::Sequence(items) => {
                let read: Vec<Option<V>> = items.iter().map(|item| V::read(item, reading)).collect();
                read.into_iter().collect()
            }
            Yaml::Scalar { text, .. } if reading.inline => {
                let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
                let scalar = |item: &str| Yaml::Scalar { text: item.to_owned(), plain: true };
                let nodes: Vec<Node> =
                    items.map(|item| Node { span: node.span.clone(), value: scalar(item) }).collect();
                nodes.iter().map(|item| V::read(item, reading)).collect()
            }
            Yaml::Scalar { .. } | Yaml::Mapping(_) => V::read(node, reading).map(|value| vec![value]),
            Yaml::Null => {
                reading.error_with_help(node, "expected a list, found nothing", "write [] for an empty list");
                None
            }
        }
    }

    fn show(&self) -> Json {
        Json::Array(self.iter().map(V::show).collect())
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        self.iter().any(|value| value.outside(low, high))
    }

    const SECRET: bool = V::SECRET;
}

/// Names and texts.
pub type Texts = BTreeMap<String, Text>;

/// A mapping of names of the operator's choice.
impl<V: Value> Value for BTreeMap<String, V> {
    fn schema() -> Json {
        json!({ "type": "object", "additionalProperties": V::schema() })
    }

    fn read(node: &Node, reading: &mut Reading<'_>) -> Option<Self> {
        if let (Yaml::Scalar { text, .. }, true) = (&node.value, reading.inline) {
            return inline(text, node, reading);
        }
        let Yaml::Mapping(entries) = &node.value else {
            reading.error(node, format!("expected a mapping of names to values, found {}", node.value.noun()));
            return None;
        };
        let read: Vec<Option<(String, V)>> =
            entries.iter().map(|entry| Some((entry.key.clone(), V::read(&entry.value, reading)?))).collect();
        read.into_iter().collect()
    }

    fn show(&self) -> Json {
        Json::Object(self.iter().map(|(name, value)| (name.clone(), value.show())).collect())
    }

    fn outside(&self, low: &str, high: &str) -> bool {
        self.values().any(|value| value.outside(low, high))
    }

    const SECRET: bool = V::SECRET;
}

/// A mapping on one line, in a variable: `one=1,two=2`.
fn inline<V: Value>(text: &str, node: &Node, reading: &mut Reading<'_>) -> Option<BTreeMap<String, V>> {
    let mut read = BTreeMap::new();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let Some((name, value)) = item.split_once('=') else {
            reading.error(node, "expected names and values as in one=1,two=2");
            return None;
        };
        let scalar = Yaml::Scalar { text: value.trim().to_owned(), plain: true };
        read.insert(name.trim().to_owned(), V::read(&Node { span: node.span.clone(), value: scalar }, reading)?);
    }
    Some(read)
}

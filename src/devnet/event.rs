//! Events of rules: what transactions and blocks tell the world.

use crate::chain::wire::Named;
use crate::chain::wire::tendermint::abci::{Event, EventAttribute};
use crate::domain::network::Network;

/// An event that is a protobuf message: the type is the message's name, each top-level field an attribute.
pub trait TypedEvent: Named {
    /// The fields with their proto-JSON (see [`Object`]); the order does not matter.
    fn attributes(&self) -> Vec<(&'static str, String)>;

    /// The event. Attributes stand in alphabetical order, as the SDK puts them.
    fn event(&self, network: &Network) -> Event {
        let mut attributes = self.attributes();
        attributes.sort_by_key(|(key, _)| *key);
        let attributes = attributes.into_iter().map(|(key, value)| attribute(key, value)).collect();
        Event { r#type: Self::full_name(network), attributes }
    }
}

/// An event with plain values.
pub fn plain(kind: &str, attributes: &[(&str, &str)]) -> Event {
    Event {
        r#type: kind.to_owned(),
        attributes: attributes.iter().map(|(key, value)| attribute(key, *value)).collect(),
    }
}

fn attribute(key: &str, value: impl Into<String>) -> EventAttribute {
    EventAttribute { key: key.to_owned(), value: value.into(), index: false }
}

/// Adds an attribute at the end.
pub fn add(event: &mut Event, key: &str, value: impl Into<String>) {
    event.attributes.push(attribute(key, value));
}

/// A text as JSON.
pub fn text(value: &str) -> String {
    serde_json::Value::from(value).to_string()
}

/// Bytes as JSON: base64.
pub fn bytes(value: &[u8]) -> String {
    use base64::Engine;
    text(&base64::engine::general_purpose::STANDARD.encode(value))
}

/// A 64-bit number as JSON: in quotes.
pub fn number64(value: impl std::fmt::Display) -> String {
    format!("\"{value}\"")
}

/// A JSON object whose fields stand in the order in which they are added, as protobuf's do.
#[derive(Debug, Default)]
pub struct Object(String);

impl Object {
    /// No fields yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A field whose value is JSON already.
    #[must_use]
    pub fn raw(mut self, key: &str, json: &str) -> Self {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.0.push_str(&text(key));
        self.0.push(':');
        self.0.push_str(json);
        self
    }

    /// A text.
    #[must_use]
    pub fn text(self, key: &str, value: &str) -> Self {
        self.raw(key, &text(value))
    }

    /// A 64-bit number, which JSON writes in quotes.
    #[must_use]
    pub fn number64(self, key: &str, value: impl std::fmt::Display) -> Self {
        self.raw(key, &number64(value))
    }

    /// A 32-bit number.
    #[must_use]
    pub fn number32(self, key: &str, value: impl std::fmt::Display) -> Self {
        self.raw(key, &value.to_string())
    }

    /// The object.
    pub fn finish(self) -> String {
        format!("{{{}}}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_keep_their_order() {
        let object = Object::new().text("owner", "ve1\"").number64("dseq", 28).number32("gseq", 1).finish();
        assert_eq!(object, r#"{"owner":"ve1\"","dseq":"28","gseq":1}"#);
        assert_eq!(bytes(&[1, 2]), r#""AQI=""#);
    }
}

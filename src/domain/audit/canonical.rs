//! One way to write a thing as bytes, so that two people who hash it get the same.

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// A JSON value with sorted keys and no white space, whatever order the map keeps.
pub fn canonical_json(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let mut pairs: Vec<_> = map.iter().collect();
            pairs.sort_by_key(|(name, _)| *name);
            Value::Object(pairs.into_iter().map(|(name, value)| (name.clone(), sorted(value))).collect::<Map<_, _>>())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Fields one after the other, each with its length before it, behind a text that says what they are: no two different
/// lists of fields give the same bytes, and no hash of one kind is one of another.
pub struct Fields(Vec<u8>);

impl Fields {
    pub fn of(purpose: &str) -> Self {
        Self(Vec::with_capacity(512)).bytes(purpose.as_bytes())
    }

    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub fn number(self, number: i64) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// Absent differs from empty.
    pub fn optional(self, bytes: Option<&[u8]>) -> Self {
        match bytes {
            Some(bytes) => self.bytes(&[1]).bytes(bytes),
            None => self.bytes(&[0]),
        }
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn sha256(&self) -> [u8; 32] {
        Sha256::digest(&self.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_sorted_at_every_depth() {
        let value: Value = serde_json::from_str(r#"{ "b": [{"d": 1, "c": null}], "a": "x" }"#).unwrap();
        assert_eq!(canonical_json(&value), r#"{"a":"x","b":[{"c":null,"d":1}]}"#);
    }

    #[test]
    fn no_two_lists_of_fields_are_the_same_bytes() {
        let all = [
            Fields::of("p").text("ab").text("c"),
            Fields::of("p").text("a").text("bc"),
            Fields::of("p").text("abc"),
            Fields::of("pa").text("b").text("c"),
            Fields::of("p").optional(None),
            Fields::of("p").optional(Some(b"")),
            Fields::of("p").number(1),
            Fields::of("p").number(-1),
        ];
        for (place, one) in all.iter().enumerate() {
            for other in &all[place + 1..] {
                assert_ne!(one.as_bytes(), other.as_bytes());
                assert_ne!(one.sha256(), other.sha256());
            }
        }
    }
}

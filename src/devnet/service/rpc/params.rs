//! The parameters of a call: named or in order, in JSON or in a URL.

use super::RpcError;
use crate::devnet::hex;
use base64::Engine;
use serde_json::{Map, Value};

/// The parameters of a call.
#[derive(Debug, Clone, Default)]
pub struct Params {
    values: Map<String, Value>,
    /// They come from a URL, where texts stand in quotes and bytes begin with `0x`.
    of_url: bool,
}

impl Params {
    /// Those of a JSON-RPC request; `names` gives those in order their names.
    pub fn of_json(params: Option<Value>, names: &[&str]) -> Result<Self, RpcError> {
        let values = match params {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(values)) => values,
            Some(Value::Array(values)) => names.iter().map(|name| (*name).to_owned()).zip(values).collect(),
            Some(other) => return Err(RpcError::invalid_params(format!("unknown type for JSON params: {other}"))),
        };
        Ok(Self { values, of_url: false })
    }

    /// Those of a URL.
    pub fn of_url(query: &str) -> Self {
        let pairs = url::form_urlencoded::parse(query.as_bytes());
        let values = pairs.map(|(key, value)| (key.into_owned(), Value::String(value.into_owned()))).collect();
        Self { values, of_url: true }
    }

    fn get(&self, name: &str) -> Option<&Value> {
        self.values.get(name).filter(|value| !value.is_null())
    }

    /// A text; empty where it is missing.
    pub fn text(&self, name: &str) -> Result<String, RpcError> {
        match self.get(name) {
            None => Ok(String::new()),
            Some(Value::String(text)) if self.of_url => Ok(unquoted(text).to_owned()),
            Some(Value::String(text)) => Ok(text.clone()),
            Some(other) => Err(RpcError::invalid_params(format!("{name}: expected a text, got {other}"))),
        }
    }

    /// A number, plain or in quotes.
    pub fn number(&self, name: &str) -> Result<Option<i64>, RpcError> {
        let wrong = |value: &Value| RpcError::invalid_params(format!("{name}: expected a number, got {value}"));
        match self.get(name) {
            None => Ok(None),
            Some(value @ Value::String(text)) => {
                let text = unquoted(text);
                if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(|_| wrong(value)) }
            }
            Some(value) => value.as_i64().map(Some).ok_or_else(|| wrong(value)),
        }
    }

    /// Yes or no; no where it is missing.
    pub fn flag(&self, name: &str) -> Result<bool, RpcError> {
        match self.get(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(Value::String(text)) if self.of_url && matches!(text.as_str(), "true" | "false") => Ok(text == "true"),
            Some(other) => Err(RpcError::invalid_params(format!("{name}: expected true or false, got {other}"))),
        }
    }

    /// The text that stands for bytes; none where it is missing.
    fn bytes_text(&self, name: &str) -> Result<Option<&str>, RpcError> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let wrong = || RpcError::invalid_params(format!("{name}: expected a text that stands for bytes, got {value}"));
        value.as_str().map(Some).ok_or_else(wrong)
    }

    /// Bytes that JSON writes in base64 (transactions and hashes).
    pub fn bytes(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        let Some(text) = self.bytes_text(name)? else { return Ok(Vec::new()) };
        if self.of_url {
            return url_bytes(name, text);
        }
        base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| RpcError::invalid_params(format!("{name}: {error}")))
    }

    /// Bytes that JSON writes in hex (the data of a query).
    pub fn hex(&self, name: &str) -> Result<Vec<u8>, RpcError> {
        let Some(text) = self.bytes_text(name)? else { return Ok(Vec::new()) };
        if self.of_url {
            return url_bytes(name, text);
        }
        hex::decode(text).ok_or_else(|| RpcError::invalid_params(format!("{name}: no hexadecimal digits")))
    }
}

fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

/// `0x…` is hex, a text in quotes stands for its own bytes.
fn url_bytes(name: &str, text: &str) -> Result<Vec<u8>, RpcError> {
    match text.strip_prefix("0x") {
        Some(digits) => {
            hex::decode(digits).ok_or_else(|| RpcError::invalid_params(format!("{name}: no hexadecimal digits")))
        }
        None => Ok(unquoted(text).as_bytes().to_vec()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_and_order_give_the_same() {
        let named = Params::of_json(Some(json!({ "hash": "qg==", "prove": false })), &["hash"]).unwrap();
        let ordered = Params::of_json(Some(json!(["qg==", false])), &["hash", "prove"]).unwrap();
        assert_eq!(named.bytes("hash").unwrap(), [0xaa]);
        assert_eq!(ordered.bytes("hash").unwrap(), [0xaa]);
        assert!(Params::of_json(Some(json!("x")), &[]).is_err());
    }

    #[test]
    fn what_is_of_another_kind_is_refused() {
        let of = |value: Value| Params::of_json(Some(json!({ "x": value })), &[]).unwrap();
        for value in [json!(5), json!(true), json!(["qg=="]), json!({})] {
            assert_eq!(of(value.clone()).bytes("x").unwrap_err().code, -32602, "{value}");
            assert_eq!(of(value.clone()).hex("x").unwrap_err().code, -32602, "{value}");
            assert_eq!(of(value.clone()).text("x").unwrap_err().code, -32602, "{value}");
            let flag = of(value.clone()).flag("x");
            assert_eq!(flag.is_err(), value != json!(true), "{value}");
        }
        assert!(of(json!("true")).flag("x").is_err());
        assert!(Params::of_url("x=true").flag("x").unwrap());
        assert!(!of(json!(null)).flag("x").unwrap());
        assert!(of(json!(null)).bytes("x").unwrap().is_empty());
    }

    #[test]
    fn urls_have_their_own_forms() {
        let params = Params::of_url("height=%2212%22&hash=0xAA&tx=%22ab%22&page=3&query=%22tm.event%3D'Tx'%22");
        assert_eq!(params.number("height").unwrap(), Some(12));
        assert_eq!(params.number("page").unwrap(), Some(3));
        assert_eq!(params.number("missing").unwrap(), None);
        assert_eq!(params.bytes("hash").unwrap(), [0xaa]);
        assert_eq!(params.bytes("tx").unwrap(), b"ab");
        assert_eq!(params.text("query").unwrap(), "tm.event='Tx'");
    }
}

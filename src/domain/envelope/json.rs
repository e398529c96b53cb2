//! Envelopes as JSON: the chain's field names (or those of protobuf's JSON), bytes in base64.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Envelope, NotAnEnvelope, WrappedKey};

#[derive(Serialize, Deserialize)]
struct Json {
    version: u32,
    #[serde(alias = "algorithmId")]
    algorithm_id: String,
    #[serde(alias = "algorithmVersion")]
    algorithm_version: u32,
    #[serde(default, alias = "recipientKeyIds")]
    recipient_key_ids: Vec<String>,
    #[serde(default, alias = "recipientPublicKeys", skip_serializing_if = "Vec::is_empty")]
    recipient_public_keys: Vec<String>,
    #[serde(default, alias = "encryptedKeys", skip_serializing_if = "Vec::is_empty")]
    encrypted_keys: Vec<String>,
    #[serde(default, alias = "wrappedKeys", skip_serializing_if = "Vec::is_empty")]
    wrapped_keys: Vec<Wrapped>,
    nonce: String,
    ciphertext: String,
    #[serde(default, alias = "senderSignature")]
    sender_signature: String,
    #[serde(alias = "senderPubKey")]
    sender_pub_key: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    metadata: BTreeMap<String, String>,
}

#[derive(Serialize, Deserialize)]
struct Wrapped {
    #[serde(alias = "recipientId")]
    recipient_id: String,
    #[serde(alias = "wrappedKey")]
    wrapped_key: String,
}

fn decode(text: &str, part: &'static str) -> Result<Vec<u8>, NotAnEnvelope> {
    STANDARD.decode(text).map_err(|_| NotAnEnvelope::Part(part))
}

impl Envelope {
    /// Whether a text is meant to be an envelope: a JSON object that names an algorithm and has a ciphertext.
    pub fn is_meant(text: &str) -> bool {
        let Ok(Value::Object(fields)) = serde_json::from_str::<Value>(text) else { return false };
        let has = |names: &[&str]| names.iter().any(|name| fields.contains_key(*name));
        has(&["algorithm_id", "algorithmId"]) && has(&["ciphertext"])
    }

    /// Reads an envelope, and checks its shape.
    pub fn from_json(text: &str) -> Result<Self, NotAnEnvelope> {
        let json: Json = serde_json::from_str(text).map_err(|error| NotAnEnvelope::Json(error.to_string()))?;
        let each = |texts: &[String], part| texts.iter().map(|text| decode(text, part)).collect::<Result<Vec<_>, _>>();
        let wrapped = json.wrapped_keys.into_iter().map(|key| {
            let wrapped_key = decode(&key.wrapped_key, "wrapped keys are no base64")?;
            Ok(WrappedKey { recipient_id: key.recipient_id, wrapped_key })
        });
        let envelope = Self {
            version: json.version,
            algorithm_id: json.algorithm_id,
            algorithm_version: json.algorithm_version,
            recipient_key_ids: json.recipient_key_ids,
            recipient_public_keys: each(&json.recipient_public_keys, "public keys are no base64")?,
            encrypted_keys: each(&json.encrypted_keys, "encrypted keys are no base64")?,
            wrapped_keys: wrapped.collect::<Result<_, NotAnEnvelope>>()?,
            nonce: decode(&json.nonce, "nonce is no base64")?,
            ciphertext: decode(&json.ciphertext, "ciphertext is no base64")?,
            sender_signature: decode(&json.sender_signature, "checksum is no base64")?,
            sender_pub_key: decode(&json.sender_pub_key, "sender key is no base64")?,
            metadata: json.metadata,
        };
        envelope.check()?;
        Ok(envelope)
    }

    /// The envelope as a file has it.
    pub fn to_json(&self) -> String {
        let each = |values: &[Vec<u8>]| values.iter().map(|bytes| STANDARD.encode(bytes)).collect();
        let wrapped = self.wrapped_keys.iter().map(|key| Wrapped {
            recipient_id: key.recipient_id.clone(),
            wrapped_key: STANDARD.encode(&key.wrapped_key),
        });
        let json = Json {
            version: self.version,
            algorithm_id: self.algorithm_id.clone(),
            algorithm_version: self.algorithm_version,
            recipient_key_ids: self.recipient_key_ids.clone(),
            recipient_public_keys: each(&self.recipient_public_keys),
            encrypted_keys: each(&self.encrypted_keys),
            wrapped_keys: wrapped.collect(),
            nonce: STANDARD.encode(&self.nonce),
            ciphertext: STANDARD.encode(&self.ciphertext),
            sender_signature: STANDARD.encode(&self.sender_signature),
            sender_pub_key: STANDARD.encode(&self.sender_pub_key),
            metadata: self.metadata.clone(),
        };
        // Texts and numbers only: it cannot fail.
        serde_json::to_string_pretty(&json).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const WRITTEN: &str = r#"{"version":1,"algorithmId":"X25519-XSALSA20-POLY1305","algorithmVersion":1,
        "recipientKeyIds":["f"],"nonce":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB","ciphertext":"AAA=",
        "senderSignature":"AA==","senderPubKey":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","metadata":{"a":"b"}}"#;

    #[test]
    fn both_spellings_are_read_and_one_is_written() {
        let envelope = Envelope::from_json(WRITTEN).unwrap();
        assert!(Envelope::is_meant(WRITTEN));
        let text = envelope.to_json();
        assert!(text.contains("\"algorithm_id\"") && text.contains("\"a\": \"b\""), "{text}");
        assert_eq!(Envelope::from_json(&text).unwrap(), envelope);
        assert!(Envelope::is_meant(&text));
        for other in ["", "[]", "version: 1", "{\"ciphertext\":\"\"}", "services: {}"] {
            assert!(!Envelope::is_meant(other), "{other}");
        }
        assert!(Envelope::from_json(&WRITTEN.replace("AAA=", "A A")).unwrap_err().to_string().contains("no base64"));
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,300}") {
            let _ = Envelope::is_meant(&text);
            prop_assert!(Envelope::from_json(&text).is_err());
        }
    }
}

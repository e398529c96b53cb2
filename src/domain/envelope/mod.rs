//! Sealed envelopes, as the chain's `encryption` module shapes them.
//!
//! An envelope carries a text that only the holders of its recipients' keys can read: X25519-XSalsa20-Poly1305, NaCl's
//! `crypto_box`. As a file it is a JSON object with the chain's field names and bytes in base64. What it says of its
//! sender is not authentic: `sender_signature` is a checksum that anybody can compute, and only the box itself shows that
//! whoever sealed it had the secret of `sender_pub_key`.
//!
//! What it does not do: seal or open; `keys::sealing` does.

mod json;

use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};

use super::hex;

/// The one algorithm that the chain takes.
pub const ALGORITHM: &str = "X25519-XSALSA20-POLY1305";

/// The version of envelopes, and of the algorithm.
pub const VERSION: u32 = 1;

/// The most recipients that the chain takes.
pub const MOST_RECIPIENTS: usize = 10;

/// The length of an X25519 public key.
pub const KEY_LENGTH: usize = 32;

/// The length of a nonce.
pub const NONCE_LENGTH: usize = 24;

/// The data key of an envelope with several recipients, sealed for one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrappedKey {
    /// For whom.
    pub recipient_id: String,
    /// A nonce of 24 bytes, then the box.
    pub wrapped_key: Vec<u8>,
}

/// A sealed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// The version of the shape.
    pub version: u32,
    /// [`ALGORITHM`].
    pub algorithm_id: String,
    /// The version of the algorithm.
    pub algorithm_version: u32,
    /// For whom: fingerprints, perhaps with `:vN` for the version of the key.
    pub recipient_key_ids: Vec<String>,
    /// Their public keys, in the same order; may be left out.
    pub recipient_public_keys: Vec<Vec<u8>>,
    /// The data key for each of several recipients, in the same order.
    pub encrypted_keys: Vec<Vec<u8>>,
    /// The same with names.
    pub wrapped_keys: Vec<WrappedKey>,
    /// The nonce of the ciphertext.
    pub nonce: Vec<u8>,
    /// A Poly1305 tag, then the sealed text.
    pub ciphertext: Vec<u8>,
    /// The checksum.
    pub sender_signature: Vec<u8>,
    /// The X25519 key of whoever sealed it.
    pub sender_pub_key: Vec<u8>,
    /// What the sender's program says besides.
    pub metadata: BTreeMap<String, String>,
}

/// What is wrong with an envelope.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEnvelope {
    /// It is no JSON object with an envelope's fields.
    #[error("it is no sealed envelope: {0}")]
    Json(String),
    /// Another version of the shape, or another algorithm.
    #[error(
        "it is sealed by `{algorithm}` version {algorithm_version} in an envelope of version {version}; known is {ALGORITHM} version 1 in version 1"
    )]
    Unknown {
        /// The envelope's version.
        version: u32,
        /// The algorithm.
        algorithm: String,
        /// Its version.
        algorithm_version: u32,
    },
    /// A part has not the form that the chain asks for.
    #[error("the envelope's {0}")]
    Part(&'static str),
}

/// The chain's fingerprint of a key: the first 20 bytes of its SHA-256, in 40 hexadecimal digits.
pub fn fingerprint(public_key: &[u8]) -> String {
    hex::encode(Sha256::digest(public_key).get(..20).unwrap_or_default())
}

/// The fingerprint in a recipient's id, which may end with the version of the key.
pub fn fingerprint_of(id: &str) -> &str {
    id.split(":v").next().unwrap_or(id)
}

impl Envelope {
    /// Whether the chain would take the shape. Whether anybody can open it is another matter.
    pub fn check(&self) -> Result<(), NotAnEnvelope> {
        let known = (self.version, self.algorithm_version) == (VERSION, VERSION) && self.algorithm_id == ALGORITHM;
        if !known {
            return Err(NotAnEnvelope::Unknown {
                version: self.version,
                algorithm: self.algorithm_id.chars().take(60).collect(),
                algorithm_version: self.algorithm_version,
            });
        }
        let (ids, keys) = (&self.recipient_key_ids, &self.recipient_public_keys);
        let aligned = |count: usize| count == 0 || count == ids.len();
        let wrong = [
            (ids.is_empty(), "recipients are missing"),
            (ids.len() > MOST_RECIPIENTS, "recipients are more than ten"),
            (self.nonce.len() != NONCE_LENGTH, "nonce has not 24 bytes"),
            (self.ciphertext.is_empty(), "ciphertext is missing"),
            (self.sender_pub_key.len() != KEY_LENGTH, "sender key has not 32 bytes"),
            (self.sender_signature.is_empty(), "checksum (sender_signature) is missing"),
            (!aligned(keys.len()), "public keys are not as many as its recipients"),
            (!aligned(self.encrypted_keys.len()), "encrypted keys are not as many as its recipients"),
            (keys.iter().any(|key| key.len() != KEY_LENGTH), "public keys have not 32 bytes each"),
            (
                keys.iter().zip(ids).any(|(key, id)| fingerprint(key) != fingerprint_of(id)),
                "recipients are not those of its public keys",
            ),
        ];
        wrong.into_iter().find(|(is_wrong, _)| *is_wrong).map_or(Ok(()), |(_, what)| Err(NotAnEnvelope::Part(what)))
    }

    /// Which of the recipients has this fingerprint.
    pub fn recipient(&self, fingerprint: &str) -> Option<usize> {
        self.recipient_key_ids.iter().position(|id| fingerprint_of(id) == fingerprint)
    }

    /// Whether each recipient has a data key of its own, sealed for it.
    pub fn has_several_recipients(&self) -> bool {
        !self.encrypted_keys.is_empty() || !self.wrapped_keys.is_empty()
    }

    /// The data key that is sealed for the recipient at this place.
    pub fn wrapped_for(&self, place: usize) -> Option<&[u8]> {
        let by_place = self.encrypted_keys.get(place).map(Vec::as_slice);
        let id = self.recipient_key_ids.get(place)?;
        let by_name = self.wrapped_keys.iter().find(|key| key.recipient_id == *id);
        by_place.or_else(|| by_name.map(|key| key.wrapped_key.as_slice()))
    }

    /// The checksum that belongs to it: SHA-256(SHA-256(version, algorithm, its version, ciphertext, nonce, recipients)
    /// ‖ sender's key), numbers in four bytes, big-endian.
    pub fn checksum(&self) -> [u8; 32] {
        let mut inner = Sha256::new();
        inner.update(self.version.to_be_bytes());
        inner.update(&self.algorithm_id);
        inner.update(self.algorithm_version.to_be_bytes());
        inner.update(&self.ciphertext);
        inner.update(&self.nonce);
        for id in &self.recipient_key_ids {
            inner.update(id);
        }
        let mut outer = Sha256::new();
        outer.update(inner.finalize());
        outer.update(&self.sender_pub_key);
        outer.finalize().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn some() -> Envelope {
        let key = vec![9; 32];
        let mut envelope = Envelope {
            version: 1,
            algorithm_id: ALGORITHM.to_owned(),
            algorithm_version: 1,
            recipient_key_ids: vec![format!("{}:v3", fingerprint(&key))],
            recipient_public_keys: vec![key],
            encrypted_keys: Vec::new(),
            wrapped_keys: Vec::new(),
            nonce: vec![1; 24],
            ciphertext: vec![2; 40],
            sender_signature: Vec::new(),
            sender_pub_key: vec![3; 32],
            metadata: BTreeMap::new(),
        };
        envelope.sender_signature = envelope.checksum().to_vec();
        envelope
    }

    /// What is done to an envelope, and what is said then.
    type Spoil = (fn(&mut Envelope), &'static str);

    #[test]
    fn every_part_is_checked() {
        some().check().unwrap();
        let spoil: &[Spoil] = &[
            (|e| e.version = 2, "version 2"),
            (|e| e.algorithm_id = "AGE-X25519".into(), "`AGE-X25519`"),
            (|e| e.algorithm_version = 0, "version 0"),
            (|e| e.recipient_key_ids.clear(), "recipients are missing"),
            (|e| e.recipient_key_ids = vec![String::new(); 11], "more than ten"),
            (|e| e.nonce.truncate(12), "nonce"),
            (|e| e.ciphertext.clear(), "ciphertext"),
            (|e| e.sender_pub_key.push(0), "sender key"),
            (|e| e.sender_signature.clear(), "checksum"),
            (|e| e.recipient_public_keys.push(vec![9; 32]), "not as many"),
            (|e| e.recipient_public_keys = vec![vec![9; 31]], "32 bytes each"),
            (|e| e.recipient_public_keys = vec![vec![8; 32]], "not those of its public keys"),
            (|e| e.encrypted_keys = vec![vec![1], vec![2]], "encrypted keys"),
        ];
        for (spoil, said) in spoil {
            let mut envelope = some();
            spoil(&mut envelope);
            let error = envelope.check().unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }

    #[test]
    fn recipients_are_found_with_and_without_a_version() {
        let envelope = some();
        let own = fingerprint(&[9; 32]);
        assert_eq!((envelope.recipient(&own), envelope.recipient(&fingerprint(&[8; 32]))), (Some(0), None));
        assert_eq!(own.len(), 40);
        let several = Envelope { encrypted_keys: vec![vec![7]], ..some() };
        assert!(several.has_several_recipients() && !envelope.has_several_recipients());
        assert_eq!((several.wrapped_for(0), several.wrapped_for(1)), (Some(&[7][..]), None));
        let id = envelope.recipient_key_ids[0].clone();
        let named = Envelope { wrapped_keys: vec![WrappedKey { recipient_id: id, wrapped_key: vec![6] }], ..some() };
        assert_eq!(named.wrapped_for(0), Some(&[6][..]));
    }
}

//! Providers in the chain's register, and what auditors vouch for.

use sha2::{Digest as _, Sha256};

use super::address::Address;
use super::manifest::Attribute;

/// A registered provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// Its address.
    pub owner: Address,
    /// Where its gateway is: `https://host[:port]`.
    pub host_uri: String,
    /// What it says of itself; orders ask for these.
    pub attributes: Vec<Attribute>,
    /// How to reach its people; may be empty.
    pub email: String,
    /// Where they present themselves; may be empty.
    pub website: String,
}

impl Provider {
    /// SHA-256 of the record, by which it is recognized: each text with its length before it, so that no two records read
    /// alike.
    pub fn digest(&self) -> [u8; 32] {
        let pairs = self.attributes.iter().flat_map(|attribute| [attribute.key.as_str(), attribute.value.as_str()]);
        let texts = [self.owner.as_str(), &self.host_uri, &self.email, &self.website];
        let mut hash = Sha256::new();
        for text in texts.into_iter().chain(pairs) {
            hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(text);
        }
        hash.finalize().into()
    }
}

/// What one auditor vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditedAttributes {
    /// The provider.
    pub owner: Address,
    /// Who vouches.
    pub auditor: Address,
    /// For what.
    pub attributes: Vec<Attribute>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_record_has_another_digest() {
        let owner = Address::of_bytes(&[7; 20], "ve").unwrap();
        let attribute = |key: &str, value: &str| Attribute { key: key.to_owned(), value: value.to_owned() };
        let record = |host_uri: &str, email: &str, attributes: Vec<Attribute>| Provider {
            owner: owner.clone(),
            host_uri: host_uri.to_owned(),
            attributes,
            email: email.to_owned(),
            website: String::new(),
        };
        let one = record("https://a", "b", vec![attribute("key", "value")]);
        assert_eq!(one.digest(), one.clone().digest());
        for other in [
            record("https://ab", "", vec![attribute("key", "value")]),
            record("https://a", "b", vec![attribute("keyv", "alue")]),
            record("https://a", "b", Vec::new()),
        ] {
            assert_ne!(one.digest(), other.digest(), "{other:?}");
        }
    }
}

//! Keys for which others may seal, as accounts register them on chain (VirtEngine's `encryption.v1`).

use jiff::Timestamp;

use super::address::Address;

/// A registered key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecipientKey {
    /// Whose it is.
    pub owner: Address,
    /// The key.
    pub public_key: Vec<u8>,
    /// Lower-case hex of the first 20 bytes of SHA-256 of the key.
    pub fingerprint: String,
    /// 1, 2, … for each account.
    pub version: u32,
    /// `X25519-XSALSA20-POLY1305`.
    pub algorithm: String,
    /// The owner's name for it.
    pub label: String,
    /// Since when.
    pub registered_at: Option<Timestamp>,
    /// It must not be used any more.
    pub revoked_at: Option<Timestamp>,
    /// A newer one took its place.
    pub deprecated_at: Option<Timestamp>,
    /// Its end.
    pub expires_at: Option<Timestamp>,
}

impl RecipientKey {
    /// Whether others may seal for it at this time.
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.deprecated_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// The key to seal for: of those that may be used, the newest.
pub fn newest_usable(keys: &[RecipientKey], now: Timestamp) -> Option<&RecipientKey> {
    keys.iter().filter(|key| key.is_usable(now)).max_by_key(|key| key.version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_key_that_may_be_used_is_sealed_for() {
        let now = Timestamp::UNIX_EPOCH;
        let later: Timestamp = "1970-01-02T00:00:00Z".parse().unwrap();
        let key = |version| RecipientKey {
            owner: Address::parse("ve17k2w5arzpf0305a6j85ggw6t90h9tvvfvkzrjw", "ve").unwrap(),
            public_key: vec![7; 32],
            fingerprint: String::new(),
            version,
            algorithm: String::new(),
            label: String::new(),
            registered_at: Some(now),
            revoked_at: None,
            deprecated_at: None,
            expires_at: Some(later),
        };
        let revoked = RecipientKey { revoked_at: Some(now), ..key(5) };
        let deprecated = RecipientKey { deprecated_at: Some(now), ..key(4) };
        let expired = RecipientKey { expires_at: Some(now), ..key(3) };
        let forever = RecipientKey { expires_at: None, ..key(1) };
        let keys = [forever, key(2), expired, deprecated, revoked];
        assert_eq!(newest_usable(&keys, now).map(|key| key.version), Some(2));
        assert_eq!(newest_usable(&keys, later).map(|key| key.version), Some(1));
        assert_eq!(newest_usable(&keys[2..], now), None);
    }
}

//! Recipient keys.

use super::{Malformed, Of};
use crate::chain::wire::encryption as wire;
use crate::domain::recipient_key::RecipientKey;

/// Reads a recipient key.
pub(in crate::chain) fn recipient_key(
    found: wire::RecipientKeyRecord,
    prefix: &str,
) -> Result<RecipientKey, Malformed> {
    let of = Of { message: "a RecipientKeyRecord", prefix };
    Ok(RecipientKey {
        owner: of.address("address", &found.address)?,
        registered_at: of.optional_time("registered_at", found.registered_at)?,
        revoked_at: of.optional_time("revoked_at", found.revoked_at)?,
        deprecated_at: of.optional_time("deprecated_at", found.deprecated_at)?,
        expires_at: of.optional_time("expires_at", found.expires_at)?,
        public_key: found.public_key,
        fingerprint: found.key_fingerprint,
        version: found.key_version,
        algorithm: found.algorithm_id,
        label: found.label,
    })
}

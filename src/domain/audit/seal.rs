//! A keyed digest of the chain's head, kept outside the table.

use std::fmt;
use std::str::FromStr;

use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use sha2::Sha256;

use super::Anchor;
use super::canonical::Fields;
use crate::domain::hex;

/// What a seal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SealKind {
    /// The chain ended with this row.
    Head,
    /// The rows up to this one were pruned.
    Pruned,
    /// The state file was replaced by a backup, whose chain ended with this row; what was sealed before is superseded.
    Restored,
}

/// The key that makes and checks seals: 32 random bytes.
#[derive(Clone)]
pub struct SealKey([u8; 32]);

/// Which key made a seal, without telling the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; 8]);

/// The keyed digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mac([u8; 32]);

/// A seal: `mac` vouches for all the other fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// The state file, by its own id.
    pub store: String,
    /// 1, 2, 3 … without gaps.
    pub number: i64,
    /// What it says.
    pub kind: SealKind,
    /// The row it speaks of.
    pub anchor: Anchor,
    /// When it was made, in microseconds.
    pub at: Timestamp,
    /// The digest of the seal before; zeros before the first.
    pub previous: Mac,
    /// The key that made it.
    pub key: KeyId,
    /// The digest: HMAC-SHA256 over all of the above.
    pub mac: Mac,
}

impl SealKind {
    /// The word used in the seals file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Pruned => "pruned",
            Self::Restored => "restored",
        }
    }
}

impl SealKey {
    /// The length of a key, in bytes.
    pub const LENGTH: usize = 32;

    /// The key that these bytes are.
    pub const fn from_bytes(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// Which key it is.
    pub fn id(&self) -> KeyId {
        let digest = Fields::of("provider audit trail, key id, version 1").bytes(&self.0).sha256();
        KeyId(digest.first_chunk().copied().unwrap_or_default())
    }

    fn digest(&self, seal: &Seal) -> Option<Hmac<Sha256>> {
        let fields = Fields::of("provider audit trail, seal, version 1")
            .text(&seal.store)
            .number(seal.number)
            .text(seal.kind.word())
            .number(seal.anchor.seq)
            .bytes(seal.anchor.hash.as_bytes())
            .number(seal.at.as_microsecond())
            .bytes(&seal.previous.0)
            .bytes(&seal.key.0);
        // A key of any length is accepted, so that there always is a digest.
        let mut digest = Hmac::<Sha256>::new_from_slice(&self.0).ok()?;
        digest.update(fields.as_bytes());
        Some(digest)
    }
}

impl Seal {
    /// Seals a row, behind the seal `last`.
    ///
    /// `number` is that of the seal, since seals may have been lost that the state file remembers.
    pub fn make(
        key: &SealKey,
        store: &str,
        number: i64,
        last: Option<&Self>,
        kind: SealKind,
        anchor: Anchor,
        at: Timestamp,
    ) -> Self {
        let mut seal = Self {
            store: store.to_owned(),
            number,
            kind,
            anchor,
            at: Timestamp::from_microsecond(at.as_microsecond()).unwrap_or(at),
            previous: last.map_or(Mac::NONE, |last| last.mac),
            key: key.id(),
            mac: Mac::NONE,
        };
        if let Some(digest) = key.digest(&seal) {
            seal.mac = Mac(digest.finalize().into_bytes().into());
        }
        seal
    }

    /// Whether this key made this seal, and nothing in it changed since. Takes the same time for every wrong digest.
    pub fn is_genuine(&self, key: &SealKey) -> bool {
        self.key == key.id() && key.digest(self).is_some_and(|digest| digest.verify_slice(&self.mac.0).is_ok())
    }
}

impl Mac {
    /// What the first seal holds in place of a seal before it.
    pub const NONE: Self = Self([0; 32]);
}

impl FromStr for SealKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Head, Self::Pruned, Self::Restored].into_iter().find(|kind| kind.word() == text).ok_or(())
    }
}

impl FromStr for KeyId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        hex::decode_array(text).map(Self).ok_or(())
    }
}

impl FromStr for Mac {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        hex::decode_array(text).map(Self).ok_or(())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealKey({})", self.id())
    }
}

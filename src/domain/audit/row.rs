//! A row of the trail, as it is stored, and its place in the chain.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;

use super::canonical::Fields;
use super::{Draft, Event, Outcome};
use crate::domain::hex;

/// The SHA-256 of a row, which the next row holds too.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RowHash([u8; 32]);

impl RowHash {
    /// What the first row of every trail holds in place of a row before it.
    pub fn genesis() -> Self {
        Self(Fields::of("provider audit trail, genesis, version 1").sha256())
    }

    /// The hash that these 32 bytes are.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for RowHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

impl fmt::Debug for RowHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RowHash({self})")
    }
}

/// A row as it was found: nothing in it is believed before the chain is verified, therefore the columns are raw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// When it was recorded, in microseconds since 1970.
    pub at: i64,
    /// The word of its [`Event`].
    pub event: String,
    /// The word of its [`Outcome`].
    pub outcome: String,
    /// The actor's user id.
    pub uid: i64,
    /// The actor's user name.
    pub user: Option<String>,
    /// The actor's job.
    pub job: Option<String>,
    /// The actor's job run.
    pub run: Option<i64>,
    /// What it is about.
    pub subject: String,
    /// More about it: a JSON object, canonical.
    pub details: String,
    /// The hash of the row before.
    pub previous: Vec<u8>,
    /// The hash of this row.
    pub hash: Vec<u8>,
}

/// The columns of a row that have a type of their own, once it is believed.
#[derive(Debug, Clone, PartialEq)]
pub struct Typed {
    /// When it was recorded.
    pub at: Timestamp,
    /// What was done.
    pub event: Event,
    /// How it ended.
    pub outcome: Outcome,
    /// More about it.
    pub details: Value,
}

impl Row {
    /// Gives a draft its place in the chain: number `seq`, behind the row with the hash `previous`.
    pub fn chain(draft: Draft, seq: i64, previous: RowHash) -> Self {
        let (at, event, outcome, actor, subject, details) = draft.into_parts();
        let mut row = Self {
            seq,
            at,
            event: event.word().to_owned(),
            outcome: outcome.word().to_owned(),
            uid: i64::from(actor.uid),
            user: actor.user,
            job: actor.job,
            run: actor.run,
            subject,
            details,
            previous: previous.as_bytes().to_vec(),
            hash: Vec::new(),
        };
        row.hash = row.computed_hash().as_bytes().to_vec();
        row
    }

    /// The hash that this row ought to have.
    pub fn computed_hash(&self) -> RowHash {
        self.hash_as(self.seq, &self.previous)
    }

    /// The hash that this row would have in another place.
    pub(super) fn hash_as(&self, seq: i64, previous: &[u8]) -> RowHash {
        let fields = Fields::of("provider audit trail, row, version 1")
            .bytes(previous)
            .number(seq)
            .number(self.at)
            .text(&self.event)
            .text(&self.outcome)
            .number(self.uid)
            .optional(self.user.as_deref().map(str::as_bytes))
            .optional(self.job.as_deref().map(str::as_bytes))
            .optional(self.run.map(i64::to_be_bytes).as_ref().map(<[u8; 8]>::as_slice))
            .text(&self.subject)
            .text(&self.details);
        RowHash(fields.sha256())
    }

    /// Whether this row was written as number `seq` behind the row with the hash `previous`, and not changed since.
    pub(super) fn is_as_written(&self, seq: i64, previous: &[u8]) -> bool {
        self.hash == self.hash_as(seq, previous).as_bytes()
    }

    /// The stored hash, if it is one.
    pub fn stored_hash(&self) -> Option<RowHash> {
        self.hash.as_slice().try_into().ok().map(RowHash)
    }

    /// The typed columns; `None` where a column is not what this program writes.
    pub fn typed(&self) -> Option<Typed> {
        Some(Typed {
            at: Timestamp::from_microsecond(self.at).ok()?,
            event: self.event.parse().ok()?,
            outcome: self.outcome.parse().ok()?,
            details: serde_json::from_str(&self.details).ok()?,
        })
    }
}

impl FromStr for RowHash {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        hex::decode_array(text).map(Self).ok_or(())
    }
}

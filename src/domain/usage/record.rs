//! A usage record, and how far it has come: drafted, checked, signed.
//!
//! ```text
//! Record<Draft> ──fraud::check──┬─> Record<Checked> ──sign──> Record<Signed>
//!                               └─> Held ──approve──┘
//! ```
//! Only a checked record can be signed, and only the fraud check and a person's approval make one: the types leave no
//! other way.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Document, Gap, Metered, Metrics, Moment, Pricing, Source, Window};
use crate::domain::fraud::Flag;
use crate::domain::hex;
use crate::domain::id::LeaseId;
use crate::domain::resources::{Bytes, MilliCpu};

/// What a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Under which lease.
    pub lease: LeaseId,
    /// Which workload.
    pub workload: String,
    /// One of many, or the last.
    pub kind: Kind,
    /// Over which time.
    pub window: Window,
    /// What was used. What nobody measured is unknown.
    pub used: Metrics,
    /// What is not known of the window.
    pub gaps: Vec<Gap>,
    /// Who measured.
    pub sources: BTreeSet<Source>,
    /// What the lease reserves, where it is known.
    pub allocated: Option<Allocation>,
    /// What is charged for it.
    pub pricing: Pricing,
    /// 1 for the first record of a window; a correction has the next number.
    pub revision: u32,
    /// When the record was made.
    pub created_at: Moment,
}

/// What a lease reserves: its price pays for this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allocation {
    /// Processor.
    pub cpu_milli_cores: MilliCpu,
    /// GPUs.
    pub gpus: u64,
    /// Memory.
    pub memory_bytes: Bytes,
    /// Storage.
    pub storage_bytes: Bytes,
}

/// Which record of a lease it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Another follows.
    Periodic,
    /// The last one.
    Final,
}

impl Kind {
    /// The word in records and output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Periodic => "periodic",
            Self::Final => "final",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Periodic, Self::Final].into_iter().find(|kind| kind.word() == word)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// A person's word that a flagged record is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// When.
    pub at: Moment,
    /// Who.
    pub by: String,
    /// What had been flagged.
    pub flags: Vec<String>,
}

/// Not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft(());

/// Checked: no rule flagged it, or a person approved it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked(Option<Review>);

/// Signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who approved it, where it had been flagged.
    pub review: Option<Review>,
    /// The SHA-256 of the canonical form.
    pub hash: [u8; 32],
    /// The Ed25519 signature of the hash.
    pub signature: [u8; 64],
    /// The Ed25519 key that made it.
    pub public_key: [u8; 32],
}

/// A record that has come so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record<State> {
    facts: Facts,
    state: State,
}

/// A record that the fraud check flagged: it waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// What it says.
    pub facts: Facts,
    /// What is suspicious; never empty.
    pub flags: Vec<Flag>,
}

/// A flag that no person can wave through: such a record can only be rejected, or corrected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a record with {flag} cannot be approved: {reason}")]
pub struct CannotApprove {
    flag: &'static str,
    reason: String,
}

impl Facts {
    /// What names the record everywhere: the first 16 bytes of the SHA-256 of lease, begin and revision, in
    /// hexadecimal digits.
    pub fn record_id(&self) -> String {
        record_id(&self.lease.to_string(), self.window.start(), self.revision)
    }

    /// The facts of a window that the meter gave out; `None` for one that is empty.
    pub fn of_window(
        metered: Metered,
        (lease, workload): (LeaseId, String),
        allocated: Option<Allocation>,
        pricing: Pricing,
        created_at: Moment,
    ) -> Option<Self> {
        let window = metered.window()?;
        let kind = if metered.last { Kind::Final } else { Kind::Periodic };
        let Metered { used, gaps, sources, .. } = metered;
        Some(Self { lease, workload, kind, window, used, gaps, sources, allocated, pricing, revision: 1, created_at })
    }
}

/// [`Facts::record_id`] of its parts.
pub fn record_id(lease: &str, start: Moment, revision: u32) -> String {
    let hash = Sha256::digest(format!("{lease}/{start}/{revision}"));
    hex::encode(hash.get(..16).unwrap_or_default())
}

impl<State> Record<State> {
    /// What it says.
    pub const fn facts(&self) -> &Facts {
        &self.facts
    }
}

impl Record<Draft> {
    /// A record to be checked.
    pub const fn draft(facts: Facts) -> Self {
        Self { facts, state: Draft(()) }
    }

    /// The fraud check's verdict. Nobody else may say so.
    pub(in crate::domain) fn checked(self, flags: Vec<Flag>) -> Result<Record<Checked>, Box<Held>> {
        if flags.is_empty() {
            Ok(Record { facts: self.facts, state: Checked(None) })
        } else {
            Err(Box::new(Held { facts: self.facts, flags }))
        }
    }
}

impl Held {
    /// A person says that the record is right. Some flags nobody can wave through.
    pub fn approve(self, by: String, at: Moment) -> Result<Record<Checked>, CannotApprove> {
        if let Some(flag) = self.flags.iter().find(|flag| !flag.can_be_approved()) {
            return Err(CannotApprove { flag: flag.word(), reason: flag.to_string() });
        }
        let flags = self.flags.iter().map(|flag| flag.word().to_owned()).collect();
        Ok(Record { facts: self.facts, state: Checked(Some(Review { at, by, flags })) })
    }
}

impl Record<Checked> {
    /// Who approved it, if anybody had to.
    pub const fn review(&self) -> Option<&Review> {
        self.state.0.as_ref()
    }

    /// Signs it: `sign` makes the Ed25519 signature of a hash with the key of `public_key`.
    pub fn sign<E>(
        self,
        public_key: [u8; 32],
        sign: impl FnOnce(&[u8; 32]) -> Result<[u8; 64], E>,
    ) -> Result<Record<Signed>, E> {
        let hash = Sha256::digest(Document::of(&self).canonical().as_bytes()).into();
        let signature = sign(&hash)?;
        let review = self.state.0;
        Ok(Record { facts: self.facts, state: Signed { review, hash, signature, public_key } })
    }
}

impl Record<Signed> {
    /// The signature and what it is of.
    pub const fn signed(&self) -> &Signed {
        &self.state
    }

    /// The document with its signature, as it is exported.
    pub fn document(&self) -> String {
        let mut document = Document::of_facts(&self.facts, self.state.review.clone());
        document.sign_with(&self.state.hash, &self.state.signature, &self.state.public_key);
        document.text()
    }
}

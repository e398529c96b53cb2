//! A record as a document that anybody can check: the operations manual's format with the training manual's further
//! fields.
//!
//! # Form
//! One JSON object. The *canonical* form has no white space and its keys in alphabetical order at every depth; figures
//! are plain integers of any size, prices are texts, times are RFC 3339 in UTC, what is unknown is `null`. It does not
//! hold `public_key`, `sha256` and `signature`.
//!
//! - `sha256`: the SHA-256 of the canonical form, in hexadecimal digits.
//! - `signature`: the Ed25519 signature (RFC 8032) of these 32 bytes, in base64.
//! - `public_key`: the key that made it, in base64.
//!
//! How the document is laid out in a file does not matter: it is brought to canonical form before it is checked.

use std::borrow::Cow;
use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::record::{Allocation, Checked, Facts, Record, Review};
use super::{Gap, Kind, Metrics, Moment, Pricing, Source};
use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;

/// The version of the format.
const VERSION: u32 = 1;

/// The longest document that is read, in bytes.
pub const LONGEST: usize = 64 * 1024;

/// A record as a document. The fields stand in the order of the alphabet, so serializing is canonical.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What the lease reserves.
    pub allocated: Option<Allocation>,
    /// When the record was made.
    pub created_at: Moment,
    /// The deployment on chain.
    pub deployment_id: String,
    /// What is not known of the window.
    pub gaps: Vec<Gap>,
    /// The lease on chain.
    pub lease_id: String,
    /// The end of the window.
    pub period_end: Moment,
    /// Its begin.
    pub period_start: Moment,
    /// Pricing inputs.
    pub pricing: Pricing,
    /// The provider's account.
    pub provider: String,
    /// The key that signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public_key: Option<String>,
    /// What names the record.
    pub record_id: String,
    /// What was used.
    pub resources: Metrics,
    /// Who approved it, where it had been flagged.
    pub review: Option<Review>,
    /// The revision of the window.
    pub revision: u32,
    /// The hash of the canonical form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The signature of the hash.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<String>,
    /// Who measured.
    pub sources: BTreeSet<Source>,
    /// `periodic` or `final`.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// The version of this format.
    pub version: u32,
    /// The workload.
    pub workload_id: String,
}

/// A document whose hash is right, and whose signature is to be checked with its key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it says.
    pub document: Document,
    /// What was signed.
    pub hash: [u8; 32],
    /// The signature.
    pub signature: [u8; 64],
    /// The key that it names. Whose key that is, the document cannot prove.
    pub public_key: [u8; 32],
}

/// Why a document proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// It is too long to be one.
    #[error("a usage record has at most {LONGEST} bytes; this has {0}")]
    TooLong(usize),
    /// It is no usage record.
    #[error("this is no usage record")]
    Form(#[source] serde_json::Error),
    /// Another version wrote it.
    #[error("this usage record has format {0}; known is {VERSION}")]
    Version(u32),
    /// It is not signed, or not in the form of a signature.
    #[error("the usage record has no {0} in the form that belongs there")]
    Unsigned(&'static str),
    /// It was changed.
    #[error("the usage record was changed: its contents have the SHA-256 {found}, it says {said}")]
    Changed {
        /// The hash of what it holds.
        found: String,
        /// The hash that it names.
        said: String,
    },
    /// Its id is another record's.
    #[error("the record id {said} does not belong to this lease, window and revision: theirs is {found}")]
    RecordId {
        /// The id of what it holds.
        found: String,
        /// The id that it names.
        said: String,
    },
}

impl Classified for DocumentError {
    fn fault(&self) -> Fault {
        Fault::Invalid
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::TooLong(_) | Self::Form(_) => {
                Some("`provider usage export --format jsonl --documents` writes one record a line".into())
            }
            Self::Version(_) => Some("read it with the version of the program that wrote it".into()),
            Self::Unsigned(_) | Self::Changed { .. } | Self::RecordId { .. } => {
                Some("do not rely on it; ask for the record as it was exported".into())
            }
        }
    }
}

impl Document {
    /// What a checked record will say when it is signed.
    pub fn of(record: &Record<Checked>) -> Self {
        Self::of_facts(record.facts(), record.review().cloned())
    }

    /// The document of these facts, without a signature.
    pub fn of_facts(facts: &Facts, review: Option<Review>) -> Self {
        Self {
            allocated: facts.allocated,
            created_at: facts.created_at,
            deployment_id: facts.lease.order().deployment().to_string(),
            gaps: facts.gaps.clone(),
            lease_id: facts.lease.to_string(),
            period_end: facts.window.end(),
            period_start: facts.window.start(),
            pricing: facts.pricing.clone(),
            provider: facts.lease.provider().to_string(),
            public_key: None,
            record_id: facts.record_id(),
            resources: facts.used,
            review,
            revision: facts.revision,
            sha256: None,
            signature: None,
            sources: facts.sources.clone(),
            kind: facts.kind,
            version: VERSION,
            workload_id: facts.workload.clone(),
        }
    }

    /// The bytes that are hashed.
    pub fn canonical(&self) -> String {
        let bare = if self.sha256.is_none() && self.signature.is_none() && self.public_key.is_none() {
            Cow::Borrowed(self)
        } else {
            Cow::Owned(Self { sha256: None, signature: None, public_key: None, ..self.clone() })
        };
        bare.text()
    }

    /// Puts a signature on it.
    pub fn sign_with(&mut self, hash: &[u8; 32], signature: &[u8; 64], public_key: &[u8; 32]) {
        self.public_key = Some(STANDARD.encode(public_key));
        self.sha256 = Some(hex::encode(hash));
        self.signature = Some(STANDARD.encode(signature));
    }

    /// The document with all its fields, in one line.
    pub fn text(&self) -> String {
        // Texts, numbers and lists: nothing that JSON cannot hold.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads a document, and checks everything but the signature.
    pub fn read(text: &str) -> Result<Claim, DocumentError> {
        if text.len() > LONGEST {
            return Err(DocumentError::TooLong(text.len()));
        }
        let document: Self = serde_json::from_str(text).map_err(DocumentError::Form)?;
        if document.version != VERSION {
            return Err(DocumentError::Version(document.version));
        }
        let hash: [u8; 32] = Sha256::digest(document.canonical().as_bytes()).into();
        let said = document.sha256.clone().ok_or(DocumentError::Unsigned("sha256"))?;
        let found = hex::encode(&hash);
        if said != found {
            return Err(DocumentError::Changed { found, said });
        }
        let id = super::record::record_id(&document.lease_id, document.period_start, document.revision);
        if document.record_id != id {
            return Err(DocumentError::RecordId { found: id, said: document.record_id });
        }
        let signature = bytes(document.signature.as_deref()).ok_or(DocumentError::Unsigned("signature"))?;
        let public_key = bytes(document.public_key.as_deref()).ok_or(DocumentError::Unsigned("public_key"))?;
        Ok(Claim { document, hash, signature, public_key })
    }
}

fn bytes<const N: usize>(text: Option<&str>) -> Option<[u8; N]> {
    STANDARD.decode(text?).ok()?.try_into().ok()
}

//! `usage verify`: whether a usage record is what its provider signed, from nothing but the record.

use std::borrow::Cow;

use crate::domain::fault::{Classified, Fault, in_one_line};
use crate::domain::usage::{Document, DocumentError};
use crate::keys::{KeyType, PublicKey};
use crate::store::usage::{RecordRow, records};
use crate::store::{Snapshot, usage as rows};

/// What verifying a record found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The record, as far as it could be read.
    pub record_id: Option<String>,
    /// Its lease.
    pub lease_id: Option<String>,
    /// The key that signed it, in base64.
    pub public_key: Option<String>,
    /// What was signed.
    pub hash: Option<[u8; 32]>,
    /// Who says whose key that is; a record cannot.
    pub vouched_by: Option<Voucher>,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// Who says that a key is the provider's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Voucher {
    /// Whoever asks gave the key.
    Given,
    /// The keys of this provider: the one that signs now, and those before it.
    OurKeys,
    /// The state file has this very record, signed with this key.
    StateFile,
}

impl Voucher {
    /// The words in output.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Given => "--public-key",
            Self::OurKeys => "our keys",
            Self::StateFile => "the state file",
        }
    }
}

/// Holds a verified document against what this provider has: the record of this id, and the keys. One that says something
/// else than ours is a forgery, however well it is signed.
pub fn vouch(found: &mut Verified, ours: &[PublicKey], snapshot: Option<&Snapshot<'_>>) -> Result<(), Error> {
    let (Some(record_id), Some(hash), Some(key), None) =
        (&found.record_id, found.hash, &found.public_key, &found.problem)
    else {
        return Ok(());
    };
    let stored = match snapshot.map(|snapshot| records::find(snapshot, record_id)).transpose() {
        Ok(row) => row.and_then(|row| row.seal),
        Err(rows::Error::NoRecord { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let with = |seal: &rows::Seal| PublicKey::from_bytes(KeyType::Ed25519, &seal.public_key).map(|key| key.base64());
    match stored {
        Some(seal) if seal.hash != hash => {
            found.problem = Some("the state file has this record, and there it says something else".to_owned());
        }
        Some(seal) if with(&seal).is_ok_and(|with| with != *key) => {
            found.problem = Some("the state file has this record, and there it is signed with another key".to_owned());
        }
        Some(_) => found.vouched_by = found.vouched_by.or(Some(Voucher::StateFile)),
        None if ours.iter().any(|one| one.base64() == *key) => {
            found.vouched_by = found.vouched_by.or(Some(Voucher::OurKeys));
        }
        None => {}
    }
    Ok(())
}

/// Why a record of the state file could not be looked at.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such record, or the state file cannot be read.
    #[error(transparent)]
    Rows(#[from] rows::Error),
    /// It is not signed.
    #[error("usage record {id} is not signed: it is {state}")]
    Unsigned {
        /// The record.
        id: rows::RecordId,
        /// Where it stands.
        state: &'static str,
    },
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Rows(error) => error.fault(),
            Self::Unsigned { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Rows(error) => error.hint(),
            Self::Unsigned { .. } => Some("`provider usage review` decides about it".into()),
        }
    }
}

impl From<crate::store::Error> for Error {
    fn from(error: crate::store::Error) -> Self {
        Self::Rows(error.into())
    }
}

/// Verifies documents: one JSON object, or one in each line. Each must be signed by `key`, where one is given.
pub fn documents(text: &str, key: Option<&PublicKey>) -> Vec<Verified> {
    let one = text.trim();
    let whole = serde_json::from_str::<serde::de::IgnoredAny>(one).is_ok();
    let texts: Vec<&str> = if whole { vec![one] } else { one.lines().filter(|line| !line.trim().is_empty()).collect() };
    texts.into_iter().map(|text| document(text, key)).collect()
}

/// Verifies one document.
pub fn document(text: &str, key: Option<&PublicKey>) -> Verified {
    match Document::read(text) {
        Err(error) => Verified {
            record_id: None,
            lease_id: None,
            public_key: None,
            hash: None,
            vouched_by: None,
            problem: Some(told(&error)),
        },
        Ok(claim) => {
            let signer = PublicKey::from_bytes(KeyType::Ed25519, &claim.public_key);
            let problem = match (&signer, key) {
                (Err(error), _) => Some(error.to_string()),
                (Ok(signer), _) if !signer.verifies(&claim.hash, &claim.signature) => {
                    Some("the signature is not that of the key that it names".to_owned())
                }
                (Ok(signer), Some(key)) if signer != key => Some("it is signed with another key".to_owned()),
                (Ok(_), _) => None,
            };
            Verified {
                record_id: Some(claim.document.record_id),
                lease_id: Some(claim.document.lease_id),
                public_key: signer.ok().map(|signer| signer.base64()),
                hash: Some(claim.hash),
                vouched_by: key.map(|_| Voucher::Given).filter(|_| problem.is_none()),
                problem,
            }
        }
    }
}

fn told(error: &DocumentError) -> String {
    in_one_line(error)
}

/// The document of a record of the state file, as it was signed. What was changed in the state file shows, because the
/// document is made anew from the row.
pub fn of_row(row: &RecordRow) -> Result<String, Error> {
    let seal = row.seal.ok_or(Error::Unsigned { id: row.id, state: row.state.word() })?;
    let mut document = Document::of_facts(&row.facts, row.review.clone());
    document.sign_with(&seal.hash, &seal.signature, &seal.public_key);
    Ok(document.text())
}

/// The document of the record with this number or id.
pub fn find(snapshot: &Snapshot<'_>, name: &str) -> Result<String, Error> {
    of_row(&records::find(snapshot, name)?)
}

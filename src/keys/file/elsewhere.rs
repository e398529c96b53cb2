//! The file of a key that is kept elsewhere: three lines of text.
//!
//! ```text
//! provider-key-elsewhere 1       the format and its version
//! {"name":"provider",…}          the public part, and where the secret is
//! <64 hexadecimal digits>        SHA-256 of the lines above, line ends included
//! ```
//! Nothing in it is secret and nothing authenticates it: the hash tells damage. What it says of the public key is
//! compared with every signature that comes back from where the key is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::sealed::{CannotSeal, SealError};
use super::{Costs, sealed};
use crate::domain::hex;
use crate::keys::{BackendKind, HdPath, KeyType, Name, PublicKey};

/// The first word.
const FORMAT: &str = "provider-key-elsewhere";

/// The version that this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// Where the secret of a key is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Home {
    /// Sealed in the key's own file.
    #[serde(skip)]
    File {
        /// What one guess at its passphrase costs.
        costs: Costs,
    },
    /// On a PKCS#11 token.
    Hardware {
        /// The token's serial number.
        token: String,
        /// The object's id on the token, in hexadecimal digits.
        object: String,
    },
    /// On a Ledger device, at the key's derivation path.
    Ledger,
    /// With the operator's signer program, under the key's name.
    NonCustodial,
    /// Nowhere: derived from its name, for tests.
    Memory,
}

impl Home {
    /// The back end that keeps it.
    pub const fn kind(&self) -> BackendKind {
        match self {
            Self::File { .. } => BackendKind::File,
            Self::Hardware { .. } => BackendKind::Hardware,
            Self::Ledger => BackendKind::Ledger,
            Self::NonCustodial => BackendKind::NonCustodial,
            Self::Memory => BackendKind::Memory,
        }
    }
}

/// The second line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: Name,
    #[serde(rename = "type")]
    key_type: KeyType,
    public_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hd_path: Option<HdPath>,
    created_at: Timestamp,
    home: Home,
}

/// A key file that was read and is whole.
#[derive(Debug, Clone)]
pub(super) struct Elsewhere {
    pub(super) name: Name,
    pub(super) public: PublicKey,
    pub(super) hd_path: Option<HdPath>,
    pub(super) created_at: Timestamp,
    pub(super) home: Home,
}

impl Elsewhere {
    /// Whether the bytes begin as such a file does.
    pub(super) fn is_meant(bytes: &[u8]) -> bool {
        // As long as the beginning is that of both formats it is taken for a cut-off sealed key.
        bytes.len() > sealed::FORMAT.len()
            && bytes.starts_with(FORMAT.get(..=sealed::FORMAT.len()).unwrap_or(FORMAT).as_bytes())
    }

    /// The text of the file.
    pub(super) fn write(&self) -> Result<String, CannotSeal> {
        let line = Line {
            name: self.name.clone(),
            key_type: self.public.key_type(),
            public_key: hex::encode(self.public.bytes()),
            hd_path: self.hd_path.clone(),
            created_at: self.created_at,
            home: self.home.clone(),
        };
        let line = serde_json::to_string(&line).map_err(|_| CannotSeal::Step { step: "header" })?;
        let mut text = format!("{FORMAT} {VERSION}\n{line}\n");
        let hash = hex::encode(&Sha256::digest(&text));
        text.push_str(&hash);
        text.push('\n');
        Ok(text)
    }

    /// Reads such a file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SealError> {
        let text = std::str::from_utf8(bytes).map_err(|_| SealError::Damaged)?;
        let Some((first, _)) = text.split_once('\n') else { return Err(SealError::Truncated) };
        let version = first.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
        let version: u32 = version.parse().map_err(|_| SealError::Damaged)?;
        if version > VERSION {
            return Err(SealError::Newer { found: version });
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let [_, line, hash] = lines.as_slice() else {
            return Err(if lines.len() < 3 { SealError::Truncated } else { SealError::Damaged });
        };
        let Some(hash) = hash.strip_suffix('\n') else { return Err(SealError::Truncated) };
        let hashed = text.len().saturating_sub(hash.len().saturating_add(1));
        if hex::encode(&Sha256::digest(text.get(..hashed).unwrap_or_default())) != hash || version != VERSION {
            return Err(SealError::Damaged);
        }
        let line: Line = serde_json::from_str(line).map_err(|_| SealError::Malformed { part: "public part" })?;
        let public = hex::decode(&line.public_key).and_then(|bytes| PublicKey::from_bytes(line.key_type, &bytes).ok());
        let public = public.ok_or(SealError::Malformed { part: "public key" })?;
        Ok(Self { name: line.name, public, hd_path: line.hd_path, created_at: line.created_at, home: line.home })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::PrivateKey;

    fn some(home: Home) -> Elsewhere {
        let public = PrivateKey::generate(KeyType::Secp256k1).unwrap().public();
        let name = "provider".parse().unwrap();
        Elsewhere { name, public, hd_path: None, created_at: Timestamp::UNIX_EPOCH, home }
    }

    #[test]
    fn what_is_written_is_read() {
        let token = Home::Hardware { token: "5f1c".into(), object: "01".into() };
        for home in [token, Home::Ledger, Home::NonCustodial, Home::Memory] {
            let written = some(home);
            let text = written.write().unwrap();
            assert!(Elsewhere::is_meant(text.as_bytes()));
            let read = Elsewhere::read(text.as_bytes()).unwrap();
            assert_eq!((read.name, read.public, read.home), (written.name, written.public, written.home));
        }
    }

    #[test]
    fn what_was_cut_or_changed_is_refused() {
        let text = some(Home::Ledger).write().unwrap();
        for length in FORMAT.len()..text.len() {
            assert_eq!(Elsewhere::read(&text.as_bytes()[..length]).unwrap_err(), SealError::Truncated, "{length}");
        }
        assert_eq!(Elsewhere::read(text.replace("ledger", "memory").as_bytes()).unwrap_err(), SealError::Damaged);
        assert_eq!(
            Elsewhere::read(text.replace("where 1", "where 2").as_bytes()).unwrap_err(),
            SealError::Newer { found: 2 }
        );
        // A sealed key is never said to be elsewhere.
        assert!(some(Home::File { costs: Costs::NEW }).write().is_err());
    }
}

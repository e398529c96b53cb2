//! The content of a key file: five lines of text.
//!
//! ```text
//! provider-key 1                 the format and its version
//! {"name":"provider",…}          the header: the public part, and how the secret is sealed
//! <64 hexadecimal digits>        header tag: HMAC-SHA256(root, "provider-key 1 header\n" ‖ header)
//! <96 hexadecimal digits>        the sealed secret: its Poly1305 tag, then its 32 bytes
//! <64 hexadecimal digits>        SHA-256 of all lines above, line ends included
//! ```
//! `root` is Argon2id of the passphrase, with the costs and the salt of the header. The header holds a check of the
//! passphrase, the first 16 bytes of HMAC-SHA256(root, "provider-key 1 passphrase"). The secret is sealed by
//! XSalsa20-Poly1305 (NaCl's secretbox) with the nonce of the header and the key HMAC-SHA256(root,
//! "provider-key 1 seal\n" ‖ header), so that it opens under its own header only.
//!
//! The hash at the end needs no passphrase: it tells damage from a wrong passphrase. Against somebody who computes it
//! anew stand the two tags, which need the passphrase, and the comparison of the secret with the public key.

use std::borrow::Cow;

use crypto_secretbox::{AeadInPlace as _, XSalsa20Poly1305};
use hmac::{Hmac, Mac as _};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::costs::{Costs, ROOT_LENGTH, SALT_LENGTH};
use super::{Described, locked};
use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;
use crate::keys::private::SECRET_LENGTH;
use crate::keys::{HdPath, KeyType, Name, NoRandomness, Passphrase, PrivateKey, PublicKey, random};

/// The first word of every key file.
pub(super) const FORMAT: &str = "provider-key";

/// The version that this program writes, and the newest it reads.
const VERSION: u32 = 1;

/// More than any key file has, in bytes.
pub(super) const LONGEST: u64 = 16 * 1024;

const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;
const CHECK_LENGTH: usize = 16;

/// What is wrong with a key file. None of it is repaired: the file is left as it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It does not begin as a key file does.
    #[error("it is not a key file")]
    NotAKeyFile,
    /// A newer version of this program wrote it.
    #[error("it has format {found}, and this program knows {VERSION} at most")]
    Newer {
        /// Its format.
        found: u32,
    },
    /// Its end is missing.
    #[error("it is truncated")]
    Truncated,
    /// Its bytes are not those that were written.
    #[error("it is damaged: its bytes do not have the hash that it ends with")]
    Damaged,
    /// It has the right hash and is not what this program writes.
    #[error("its {part} cannot be read")]
    Malformed {
        /// Which part.
        part: &'static str,
    },
    /// Its header asks for more memory or time than a key is worth.
    #[error("its header asks for {} KiB of memory, {} passes and {} lanes to unlock it", .0.memory_kib, .0.passes, .0.lanes)]
    TooCostly(Costs),
    /// It is the file of another key.
    #[error("it is the file of the key `{found}`, under the name of another")]
    Renamed {
        /// The key it is the file of.
        found: Name,
    },
    /// Another passphrase seals it.
    #[error("the passphrase is not the one that seals it")]
    WrongPassphrase,
    /// The header was changed by somebody who does not know the passphrase.
    #[error("its public part was changed since it was sealed")]
    HeaderChanged,
    /// The sealed part was changed, or is that of another file.
    #[error("its sealed part was changed, or belongs to another header")]
    SealedPartChanged,
    /// It is no sealed key, but says where the key is.
    #[error("its key is kept elsewhere")]
    Elsewhere,
    /// Everything is authentic, and the secret belongs to another public key: a defect of the program that wrote it.
    #[error("its secret belongs to another public key than it says")]
    OtherKey,
}

impl Classified for SealError {
    fn fault(&self) -> Fault {
        match self {
            Self::WrongPassphrase => Fault::Denied,
            Self::NotAKeyFile
            | Self::Newer { .. }
            | Self::Truncated
            | Self::Damaged
            | Self::Malformed { .. }
            | Self::TooCostly(_)
            | Self::Renamed { .. }
            | Self::HeaderChanged
            | Self::SealedPartChanged
            | Self::Elsewhere
            | Self::OtherKey => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::NotAKeyFile => "move it out of the key folder; only `provider keys add` makes key files".into(),
            Self::Newer { .. } => "install the newer version of provider again".into(),
            Self::Truncated | Self::Damaged => {
                "put the copy from your backup in its place, or recover the key from its mnemonic".into()
            }
            Self::Elsewhere => "`provider keys show` says where; the file was another when it was read before".into(),
            Self::Renamed { found } => format!("give the file its name back: {found}.key").into(),
            Self::WrongPassphrase => "try another passphrase; without it only a key's mnemonic brings it back".into(),
            Self::Malformed { .. }
            | Self::TooCostly(_)
            | Self::HeaderChanged
            | Self::SealedPartChanged
            | Self::OtherKey => {
                "somebody may have tampered with it: find out who could write to the key folder, then put the copy from \
                 your backup in its place"
                    .into()
            }
        })
    }
}

/// Why a key was not sealed. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CannotSeal {
    /// There is no salt or nonce.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// A step that cannot fail did: a defect of this program.
    #[error("sealing stopped at its {step}")]
    Step {
        /// Which step.
        step: &'static str,
    },
}

/// The second line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    name: Name,
    #[serde(rename = "type")]
    key_type: KeyType,
    public_key: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    hd_path: Option<HdPath>,
    created_at: Timestamp,
    argon2id: Costs,
    salt: String,
    passphrase_check: String,
    nonce: String,
}

/// A key file that was read and is whole; whether it is authentic shows when it is opened.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    /// Whose file it says it is.
    pub(super) name: Name,
    /// The public key.
    pub(super) public: PublicKey,
    /// Where it was derived.
    pub(super) hd_path: Option<HdPath>,
    /// When it was made.
    pub(super) created_at: Timestamp,
    /// What one guess at its passphrase costs.
    pub(super) costs: Costs,
    salt: [u8; SALT_LENGTH],
    check: [u8; CHECK_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    header: String,
    header_tag: [u8; 32],
    tag: [u8; TAG_LENGTH],
    ciphertext: [u8; SECRET_LENGTH],
}

/// Seals a key: the text of its file. Takes as long as one guess at the passphrase.
pub(super) fn seal(
    key: &PrivateKey,
    said: &Described,
    passphrase: &Passphrase,
    costs: Costs,
) -> Result<String, CannotSeal> {
    let (salt, nonce) = (random::bytes::<SALT_LENGTH>()?, random::bytes::<NONCE_LENGTH>()?);
    let root = costs.root(passphrase, &salt).ok_or(CannotSeal::Step { step: "passphrase" })?;
    let check = mac(&root, "passphrase", "").finalize().into_bytes();
    let header = Header {
        name: said.name.clone(),
        key_type: key.key_type(),
        public_key: hex::encode(key.public().bytes()),
        hd_path: said.hd_path.clone(),
        created_at: said.created_at,
        argon2id: costs,
        salt: hex::encode(salt.as_slice()),
        passphrase_check: hex::encode(check.get(..CHECK_LENGTH).unwrap_or_default()),
        nonce: hex::encode(nonce.as_slice()),
    };
    let header = serde_json::to_string(&header).map_err(|_| CannotSeal::Step { step: "header" })?;
    let header_tag = hex::encode(&mac(&root, "header", &header).finalize().into_bytes());
    let mut secret = key.secret();
    let tag = cipher(&root, &header)
        .encrypt_in_place_detached(&(*nonce).into(), b"", secret.as_mut_slice())
        .map_err(|_| CannotSeal::Step { step: "cipher" })?;
    let (tag, sealed) = (hex::encode(&tag), hex::encode(secret.as_slice()));
    let mut text = format!("{FORMAT} {VERSION}\n{header}\n{header_tag}\n{tag}{sealed}\n");
    let hash = hex::encode(&Sha256::digest(&text));
    text.push_str(&hash);
    text.push('\n');
    Ok(text)
}

impl Sealed {
    /// Reads a key file, without a passphrase.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, SealError> {
        let start = bytes.get(..FORMAT.len().min(bytes.len())).unwrap_or_default();
        if !FORMAT.as_bytes().starts_with(start) {
            return Err(SealError::NotAKeyFile);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| SealError::Damaged)?;
        let Some((first, _)) = text.split_once('\n') else { return Err(SealError::Truncated) };
        let version = first.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix(' ')).unwrap_or_default();
        let version: u32 = version.parse().map_err(|_| SealError::Damaged)?;
        if version > VERSION {
            return Err(SealError::Newer { found: version });
        }
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let [_, header, header_tag, sealed, hash] = lines.as_slice() else {
            return Err(if lines.len() < 5 { SealError::Truncated } else { SealError::Damaged });
        };
        let Some(hash) = hash.strip_suffix('\n') else { return Err(SealError::Truncated) };
        let hashed = text.len().saturating_sub(hash.len().saturating_add(1));
        if hex::encode(&Sha256::digest(text.get(..hashed).unwrap_or_default())) != hash || version != VERSION {
            return Err(SealError::Damaged);
        }
        Self::parse(header.trim_end_matches('\n'), header_tag.trim_end_matches('\n'), sealed.trim_end_matches('\n'))
    }

    fn parse(line: &str, header_tag: &str, sealed: &str) -> Result<Self, SealError> {
        let malformed = |part| SealError::Malformed { part };
        let header: Header = serde_json::from_str(line).map_err(|_| malformed("header"))?;
        if !header.argon2id.are_sane() {
            return Err(SealError::TooCostly(header.argon2id));
        }
        let public =
            hex::decode(&header.public_key).and_then(|bytes| PublicKey::from_bytes(header.key_type, &bytes).ok());
        let (tag, sealed) = (sealed.get(..2 * TAG_LENGTH), sealed.get(2 * TAG_LENGTH..));
        Ok(Self {
            name: header.name,
            public: public.ok_or(malformed("public key"))?,
            hd_path: header.hd_path,
            created_at: header.created_at,
            costs: header.argon2id,
            salt: hex::decode_array(&header.salt).ok_or(malformed("salt"))?,
            check: hex::decode_array(&header.passphrase_check).ok_or(malformed("passphrase check"))?,
            nonce: hex::decode_array(&header.nonce).ok_or(malformed("nonce"))?,
            header: line.to_owned(),
            header_tag: hex::decode_array(header_tag).ok_or(malformed("header tag"))?,
            tag: tag.and_then(hex::decode_array).ok_or(malformed("sealed part"))?,
            ciphertext: sealed.and_then(hex::decode_array).ok_or(malformed("sealed part"))?,
        })
    }

    /// Unseals the key, and with it authenticates everything that was read. Takes as long as one guess is meant to.
    pub(super) fn open(&self, passphrase: &Passphrase) -> Result<PrivateKey, SealError> {
        let root = self.costs.root(passphrase, &self.salt).ok_or(SealError::TooCostly(self.costs))?;
        let check = mac(&root, "passphrase", "").verify_truncated_left(&self.check);
        check.map_err(|_| SealError::WrongPassphrase)?;
        let header = mac(&root, "header", &self.header).verify_slice(&self.header_tag);
        header.map_err(|_| SealError::HeaderChanged)?;
        let mut secret = Zeroizing::new(self.ciphertext);
        cipher(&root, &self.header)
            .decrypt_in_place_detached(&self.nonce.into(), b"", secret.as_mut_slice(), &self.tag.into())
            .map_err(|_| SealError::SealedPartChanged)?;
        let key = PrivateKey::from_bytes(self.public.key_type(), &secret).ok_or(SealError::OtherKey)?;
        if key.public() == self.public { Ok(key) } else { Err(SealError::OtherKey) }
    }
}

/// [`locked::mac`] for this format.
fn mac(root: &[u8; ROOT_LENGTH], purpose: &str, text: &str) -> Hmac<Sha256> {
    locked::mac(root, &format!("{FORMAT} {VERSION}"), purpose, text)
}

fn cipher(root: &[u8; ROOT_LENGTH], header: &str) -> XSalsa20Poly1305 {
    locked::cipher(root, &format!("{FORMAT} {VERSION}"), header)
}

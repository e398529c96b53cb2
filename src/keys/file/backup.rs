//! A backup of the key folder in one file, sealed with a passphrase of its own.
//!
//! ```text
//! provider-key-backup 1          the format and its version
//! {"created_at":…,"keys":3,…}    the header: when, how many, and how the rest is sealed
//! <64 hexadecimal digits>        header tag
//! <base64>                       the sealed part: its Poly1305 tag, then the keys as JSON
//! <64 hexadecimal digits>        SHA-256 of all lines above, line ends included
//! ```
//! Made as a key file is (`sealed`). Each key file is in it as it is, so sealed keys keep their own passphrases, and keys
//! that are elsewhere are references only: their tokens, devices and programs need backups of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use crypto_secretbox::AeadInPlace as _;
use hmac::Mac as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::costs::{Costs, SALT_LENGTH};
use super::{Error as FolderError, KeyFile, Keyring, locked};
use crate::domain::fault::{Classified, Fault};
use crate::domain::hex;
use crate::domain::key::{Role, State};
use crate::keys::whole_file::{self, Over};
use crate::keys::{Name, NoRandomness, Passphrase, random};

const FORMAT: &str = "provider-key-backup";
const VERSION: u32 = 1;
const NONCE_LENGTH: usize = 24;
const TAG_LENGTH: usize = 16;
const CHECK_LENGTH: usize = 16;

/// More than a folder of a thousand keys has.
const LONGEST: u64 = 32 * 1024 * 1024;

/// Why there is no backup, or why it cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A key file that should be in it cannot be read.
    #[error("cannot back up the key folder")]
    Folder(#[source] FolderError),
    /// The disk refuses.
    #[error("cannot {doing} {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It is no such file, or is damaged.
    #[error("{} {what}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: &'static str,
    },
    /// Another passphrase seals it.
    #[error("the passphrase is not the one that seals {}", path.display())]
    WrongPassphrase {
        /// The file.
        path: PathBuf,
    },
    /// What was read back is not what was written.
    #[error("{} was written, and what is read back is not the same", path.display())]
    Unverified {
        /// The file.
        path: PathBuf,
    },
    /// There are no random bytes.
    #[error("cannot seal the backup")]
    Random(#[from] NoRandomness),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Folder(error) => error.fault(),
            Self::Io { source, .. } => match source.kind() {
                io::ErrorKind::PermissionDenied => Fault::Denied,
                io::ErrorKind::NotFound => Fault::NotFound,
                io::ErrorKind::AlreadyExists => Fault::Invalid,
                _ => Fault::Unavailable,
            },
            Self::Content { .. } => Fault::Invalid,
            Self::WrongPassphrase { .. } => Fault::Denied,
            Self::Unverified { .. } | Self::Random(_) => Fault::Unavailable,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::Folder(error) => return error.hint(),
            Self::Io { source, .. } if source.kind() == io::ErrorKind::AlreadyExists => {
                "a backup is never overwritten: choose another name"
            }
            Self::Io { .. } => "nothing was left behind; look at the disk and the permissions of the folder",
            Self::Content { .. } => "take another backup; this one cannot be repaired",
            Self::WrongPassphrase { .. } => "try another passphrase: a backup has one of its own, not that of its keys",
            Self::Unverified { .. } => "the disk cannot be trusted: write the backup to another one",
            Self::Random(_) => return None,
        };
        Some(hint.into())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    created_at: Timestamp,
    keys: usize,
    argon2id: Costs,
    salt: String,
    passphrase_check: String,
    nonce: String,
}

/// A key file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Item {
    name: Name,
    content: String,
    /// Where it stood in its life; none where nobody remembered it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    life: Option<Remembered>,
}

/// Where a key stood in its life when it was backed up: a key that was given up must not come back as a good one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remembered {
    /// Its state.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// Why.
    pub reason: Option<String>,
    /// What it was for.
    pub role: Option<Role>,
    /// When it became active first.
    pub activated_at: Option<Timestamp>,
    /// When it was given up.
    pub compromised_at: Option<Timestamp>,
    /// The fingerprint of the key that took its place.
    pub replaced_by: Option<String>,
    /// What the chain was seen to hold of it: its version, and since when.
    pub on_chain: Option<(u32, Timestamp)>,
    /// When the chain was seen to have put another in its place.
    pub deprecated_at: Option<Timestamp>,
    /// When the chain was seen to have revoked it.
    pub revoked_at: Option<Timestamp>,
}

/// What is remembered beside the key files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// Where keys stand in their lives, by their names.
    pub lives: BTreeMap<Name, Remembered>,
    /// The rules that were given for keys, by their fields.
    pub policy: BTreeMap<String, String>,
}

/// What a backup seals.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    keys: Vec<Item>,
    policy: BTreeMap<String, String>,
}

/// What was in a backup.
#[derive(Debug)]
pub struct Contents {
    /// The keys, each recognized as the file of a key of this folder.
    pub files: Vec<KeyFile>,
    /// What is remembered of them.
    pub memory: Memory,
}

/// What was backed up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub path: PathBuf,
    /// How many bytes it has.
    pub bytes: u64,
    /// The keys in it.
    pub keys: Vec<Name>,
    /// The files of the folder that cannot be read, and are not in it.
    pub left_out: Vec<Name>,
}

/// Backs the key folder up into a new file, reads the file back, opens it and compares every key.
pub fn write(
    (keyring, memory): (&Keyring, &Memory),
    path: &Path,
    passphrase: &Passphrase,
    costs: Costs,
    now: Timestamp,
) -> Result<Written, Error> {
    let mut items = Vec::new();
    let mut left_out = Vec::new();
    for listed in keyring.list().map_err(Error::Folder)? {
        if listed.key.is_err() {
            left_out.push(listed.name);
            continue;
        }
        let bytes = keyring.bytes(&listed.name).map_err(Error::Folder)?;
        let content = String::from_utf8(bytes).map_err(|_| wrong(&keyring.path(&listed.name), "is no text"))?;
        let life = memory.lives.get(&listed.name).cloned();
        items.push(Item { name: listed.name, content, life });
    }
    let payload = Payload { keys: items, policy: memory.policy.clone() };
    let text = seal(&payload, passphrase, costs, now)?;
    let failed = |source| Error::Io { doing: "write", path: path.to_owned(), source };
    // What cannot be trusted must not be found later and taken for a backup: it gets its name when it was read back.
    let mut verified = None;
    let written = whole_file::put_if(path, text.as_bytes(), (0o600, Over::Nothing), |part| {
        let right = unseal(part, passphrase).is_ok_and(|found| found == payload);
        verified = Some(right);
        if right { Ok(()) } else { Err(io::Error::other("what is read back is not the same")) }
    });
    match (written, verified) {
        (Err(_), Some(false)) => return Err(Error::Unverified { path: path.to_owned() }),
        (written, _) => written.map_err(failed)?,
    }
    let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
    let keys = payload.keys.into_iter().map(|item| item.name).collect();
    Ok(Written { path: path.to_owned(), bytes, keys, left_out })
}

/// The keys of a backup, each recognized as the file of a key of this folder; nothing is put there yet.
pub fn read(keyring: &Keyring, path: &Path, passphrase: &Passphrase) -> Result<Contents, Error> {
    let payload = unseal(path, passphrase)?;
    let (mut files, mut memory) = (Vec::new(), Memory { policy: payload.policy, ..Memory::default() });
    for Item { name, content, life } in payload.keys {
        files.push(keyring.recognize(&name, content.as_bytes()).map_err(Error::Folder)?);
        memory.lives.extend(life.map(|life| (name, life)));
    }
    Ok(Contents { files, memory })
}

fn wrong(path: &Path, what: &'static str) -> Error {
    Error::Content { path: path.to_owned(), what }
}

fn format() -> String {
    format!("{FORMAT} {VERSION}")
}

fn seal(contents: &Payload, passphrase: &Passphrase, costs: Costs, now: Timestamp) -> Result<String, Error> {
    let broken = || wrong(Path::new("the backup"), "cannot be sealed");
    let (salt, nonce) = (random::bytes::<SALT_LENGTH>()?, random::bytes::<NONCE_LENGTH>()?);
    let root = costs.root(passphrase, &salt).ok_or_else(broken)?;
    let check = locked::mac(&root, &format(), "passphrase", "").finalize().into_bytes();
    let header = Header {
        created_at: now,
        keys: contents.keys.len(),
        argon2id: costs,
        salt: hex::encode(salt.as_slice()),
        passphrase_check: hex::encode(check.get(..CHECK_LENGTH).unwrap_or_default()),
        nonce: hex::encode(nonce.as_slice()),
    };
    let header = serde_json::to_string(&header).map_err(|_| broken())?;
    let header_tag = hex::encode(&locked::mac(&root, &format(), "header", &header).finalize().into_bytes());
    let mut payload = Zeroizing::new(serde_json::to_vec(contents).map_err(|_| broken())?);
    let cipher = locked::cipher(&root, &format(), &header);
    let tag = cipher.encrypt_in_place_detached(&(*nonce).into(), b"", &mut payload).map_err(|_| broken())?;
    let sealed = STANDARD.encode([&tag[..], &payload].concat());
    let mut text = format!("{}\n{header}\n{header_tag}\n{sealed}\n", format());
    let hash = hex::encode(&Sha256::digest(&text));
    text.push_str(&hash);
    text.push('\n');
    Ok(text)
}

fn unseal(path: &Path, passphrase: &Passphrase) -> Result<Payload, Error> {
    let io = |doing| move |source| Error::Io { doing, path: path.to_owned(), source };
    let file = File::open(path).map_err(io("open"))?;
    let mut bytes = Vec::new();
    file.take(LONGEST.saturating_add(1)).read_to_end(&mut bytes).map_err(io("read"))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| wrong(path, "is no backup of keys"))?;
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let [first, header, tag, sealed, hash] = lines.as_slice() else {
        let what = if text.starts_with(FORMAT) { "is truncated" } else { "is no backup of keys" };
        return Err(wrong(path, what));
    };
    let version = first.trim_end().strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix(' '));
    match version.and_then(|version| version.parse::<u32>().ok()) {
        Some(VERSION) => {}
        Some(version) if version > VERSION => return Err(wrong(path, "was written by a newer version of provider")),
        Some(_) | None => return Err(wrong(path, "is no backup of keys")),
    }
    let Some(hash) = hash.strip_suffix('\n') else { return Err(wrong(path, "is truncated")) };
    let hashed = text.len().saturating_sub(hash.len().saturating_add(1));
    if hex::encode(&Sha256::digest(text.get(..hashed).unwrap_or_default())) != hash {
        return Err(wrong(path, "is damaged"));
    }
    open(path, [header, tag, sealed].map(|line| line.trim_end_matches('\n')), passphrase)
}

fn open(path: &Path, [line, tag, sealed]: [&str; 3], passphrase: &Passphrase) -> Result<Payload, Error> {
    let malformed = || wrong(path, "has the right hash and is not what this program writes");
    let header: Header = serde_json::from_str(line).map_err(|_| malformed())?;
    let salt = hex::decode_array(&header.salt).ok_or_else(malformed)?;
    let nonce: [u8; NONCE_LENGTH] = hex::decode_array(&header.nonce).ok_or_else(malformed)?;
    let check = hex::decode(&header.passphrase_check).filter(|check| check.len() == CHECK_LENGTH);
    let costly = || wrong(path, "asks for more memory or time to open it than it is worth");
    let root = header.argon2id.root(passphrase, &salt).ok_or_else(costly)?;
    let checked = locked::mac(&root, &format(), "passphrase", "").verify_truncated_left(&check.ok_or_else(malformed)?);
    checked.map_err(|_| Error::WrongPassphrase { path: path.to_owned() })?;
    let tag: [u8; 32] = hex::decode_array(tag).ok_or_else(malformed)?;
    let changed = |_| wrong(path, "was changed since it was sealed");
    locked::mac(&root, &format(), "header", line).verify_slice(&tag).map_err(changed)?;
    let sealed = Zeroizing::new(STANDARD.decode(sealed).map_err(|_| malformed())?);
    let (tag, payload) = sealed.split_first_chunk::<TAG_LENGTH>().ok_or_else(malformed)?;
    let mut payload = Zeroizing::new(payload.to_vec());
    let cipher = locked::cipher(&root, &format(), line);
    let opened = cipher.decrypt_in_place_detached(&nonce.into(), b"", &mut payload, tag.into());
    opened.map_err(|_| wrong(path, "was changed since it was sealed"))?;
    let found: Payload = serde_json::from_slice(&payload).map_err(|_| malformed())?;
    if found.keys.len() == header.keys { Ok(found) } else { Err(malformed()) }
}

#[cfg(test)]
mod tests;

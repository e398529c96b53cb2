//! The passphrase that seals a key, and where it may come from.
//!
//! A prompt (which is the caller's business), a file that only its owner reads, or a systemd credential; never an
//! argument or an environment variable, which other processes can read.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::domain::fault::{Classified, Fault};

/// A passphrase. Overwritten in memory when it is dropped, and hidden by `Debug`.
#[derive(Debug, Clone)]
pub struct Passphrase(SecretString);

/// The most bytes of a passphrase, or of a file with a secret.
const LONGEST: usize = 4096;

/// The fewest characters of a new passphrase.
const SHORTEST_NEW: usize = 8;

/// Why there is no passphrase.
#[derive(Debug, thiserror::Error)]
pub enum PassphraseError {
    /// Nobody can be asked, and no file was named.
    #[error("there is no passphrase: no terminal to ask at, no passphrase file and no systemd credential")]
    NoSource {
        /// The systemd credential that could have it.
        credential: &'static str,
    },
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Others can read, or replace, what is in the file.
    #[error("other users may use {} (mode {mode:04o})", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// More than a secret can have, or not UTF-8, or a NUL.
    #[error("{} holds no text of {LONGEST} bytes at most", path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// Nothing.
    #[error("the passphrase is empty")]
    Empty,
    /// Too short for a new key.
    #[error("the passphrase has fewer than {SHORTEST_NEW} characters")]
    Short,
    /// The two entries of a new passphrase differ.
    #[error("the two passphrases differ")]
    Differ,
    /// The terminal failed, or the person at it gave up.
    #[error("the prompt ended without an answer")]
    Prompt {
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Classified for PassphraseError {
    fn fault(&self) -> Fault {
        match self {
            Self::Read { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Exposed { .. } | Self::NoSource { .. } => Fault::Denied,
            Self::Prompt { source } if source.kind() == io::ErrorKind::Interrupted => Fault::Conflict,
            Self::Read { .. }
            | Self::NotText { .. }
            | Self::Empty
            | Self::Short
            | Self::Differ
            | Self::Prompt { .. } => Fault::Invalid,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::NoSource { credential } => {
                let option = match *credential {
                    Passphrase::PIN_CREDENTIAL => "keys.hsm.pin_file",
                    Passphrase::BACKUP_CREDENTIAL => "--backup-passphrase-file",
                    _ => "--passphrase-file",
                };
                format!("name a file with {option}, or give the unit a credential `{credential}` (LoadCredential)")
                    .into()
            }
            Self::Read { .. } => "name a file that this user may read".into(),
            Self::Exposed { path, .. } => format!(
                "take it away from others: chmod 600 {}; if others have read it, choose another",
                path.display()
            )
            .into(),
            Self::NotText { .. } => "a passphrase is one line of text".into(),
            Self::Empty => "a key is never sealed without a passphrase".into(),
            Self::Short => "whoever copies the key file can try passphrases for years; take a longer one".into(),
            Self::Differ => "type the same passphrase twice".into(),
            Self::Prompt { .. } => "nothing was changed; run it again".into(),
        })
    }
}

impl Passphrase {
    /// The credential's name: `LoadCredential=provider-passphrase:…` in a unit.
    pub const CREDENTIAL: &'static str = "provider-passphrase";

    /// The credential with a token's PIN: `LoadCredential=provider-hsm-pin:…` in a unit.
    pub const PIN_CREDENTIAL: &'static str = "provider-hsm-pin";

    /// The credential with the passphrase of backups: `LoadCredential=provider-backup-passphrase:…` in a unit.
    pub const BACKUP_CREDENTIAL: &'static str = "provider-backup-passphrase";

    /// A passphrase that was typed.
    pub fn typed(text: &str) -> Result<Self, PassphraseError> {
        if text.is_empty() { Err(PassphraseError::Empty) } else { Ok(Self(SecretString::from(text))) }
    }

    /// The first line of a file that only its owner may read (or of a pipe).
    pub fn from_file(path: &Path) -> Result<Self, PassphraseError> {
        let text = read_secret_file(path)?;
        Self::typed(text.lines().next().unwrap_or_default())
    }

    /// The systemd credential, if this unit has one; `folder` is what `$CREDENTIALS_DIRECTORY` names.
    ///
    /// The folder is the unit's own. systemd may give the unit's user access by an access control list, which shows as
    /// group permissions; therefore only the permissions of all others count.
    pub fn from_credential(folder: &Path, name: &str) -> Result<Option<Self>, PassphraseError> {
        let path = folder.join(name);
        match read_unless_open_to(0o007, &path) {
            Err(PassphraseError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(None),
            text => Self::typed(text?.lines().next().unwrap_or_default()).map(Some),
        }
    }

    /// Whether it will do for a new key.
    pub fn check_new(&self) -> Result<(), PassphraseError> {
        if self.0.expose_secret().chars().count() < SHORTEST_NEW { Err(PassphraseError::Short) } else { Ok(()) }
    }

    /// The text, for whoever must recognize it to keep it out of logs.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// The text of a file that only its owner may read; a pipe (`/dev/stdin`, `/dev/fd/3`) is its owner's anyway.
pub fn read_secret_file(path: &Path) -> Result<Zeroizing<String>, PassphraseError> {
    read_unless_open_to(0o077, path)
}

fn read_unless_open_to(others: u32, path: &Path) -> Result<Zeroizing<String>, PassphraseError> {
    let failed = |source| PassphraseError::Read { path: path.to_owned(), source };
    let not_text = || PassphraseError::NotText { path: path.to_owned() };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_file() && metadata.mode() & others != 0 {
        return Err(PassphraseError::Exposed { path: path.to_owned(), mode: metadata.mode() & 0o7777 });
    }
    // Room for all of it from the start, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(LONGEST.saturating_add(64)));
    let limit = u64::try_from(LONGEST).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > LONGEST || bytes.contains(&0) {
        return Err(not_text());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| not_text())?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn file(content: &[u8], mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(Passphrase::CREDENTIAL);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn the_first_line_is_the_passphrase() {
        for content in ["correct horse", "correct horse\n", "correct horse\r\nmore\n"] {
            let (_folder, path) = file(content.as_bytes(), 0o600);
            assert_eq!(Passphrase::from_file(&path).unwrap().reveal(), "correct horse");
        }
        let (_folder, path) = file(" spaces count ".as_bytes(), 0o400);
        assert_eq!(Passphrase::from_file(&path).unwrap().reveal(), " spaces count ");
    }

    #[test]
    fn a_file_that_others_may_use_is_refused() {
        for mode in [0o644, 0o640, 0o620, 0o604, 0o602] {
            let (_folder, path) = file(b"correct horse\n", mode);
            let error = Passphrase::from_file(&path).unwrap_err();
            assert!(matches!(error, PassphraseError::Exposed { mode: found, .. } if found == mode), "{error:?}");
            assert!(error.hint().unwrap().contains("chmod 600"));
        }
    }

    #[test]
    fn a_credential_may_have_an_access_list() {
        let (folder, _) = file(b"correct horse", 0o440);
        assert_eq!(
            Passphrase::from_credential(folder.path(), Passphrase::CREDENTIAL).unwrap().unwrap().reveal(),
            "correct horse"
        );
        let (folder, _) = file(b"correct horse", 0o444);
        assert!(matches!(
            Passphrase::from_credential(folder.path(), Passphrase::CREDENTIAL),
            Err(PassphraseError::Exposed { .. })
        ));
        assert!(
            Passphrase::from_credential(tempfile::tempdir().unwrap().path(), Passphrase::CREDENTIAL).unwrap().is_none()
        );
    }

    #[test]
    fn what_is_no_passphrase_is_refused() {
        let read = |content: &[u8]| {
            let (_folder, path) = file(content, 0o600);
            Passphrase::from_file(&path).unwrap_err()
        };
        assert!(matches!(read(b""), PassphraseError::Empty));
        assert!(matches!(read(b"\nsecond"), PassphraseError::Empty));
        assert!(matches!(read(b"\xff\xfe"), PassphraseError::NotText { .. }));
        assert!(matches!(read(b"a\0b"), PassphraseError::NotText { .. }));
        assert!(matches!(read(&[b'a'; 4097]), PassphraseError::NotText { .. }));
        assert!(matches!(Passphrase::typed("seven77").unwrap().check_new(), Err(PassphraseError::Short)));
        Passphrase::typed("eight888").unwrap().check_new().unwrap();
        assert!(!format!("{:?}", Passphrase::typed("correct horse").unwrap()).contains("horse"));
    }
}

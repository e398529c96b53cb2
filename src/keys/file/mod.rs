//! The key folder: a file for each key, readable without a passphrase as far as it is public.
//!
//! A file holds the key itself, sealed (`sealed`), or says where else it is kept (`elsewhere`): on a token, a device, with
//! a signer program. `costs` is what a guess at a passphrase costs, `folder` the permissions, the lock and how a file
//! gets there as a whole or not at all, [`Sealing`] the back end that signs with sealed keys.
//!
//! What it does not do: decide who may use a key, or when it is due for another.

pub mod backup;
mod costs;
mod elsewhere;
mod error;
mod folder;
mod locked;
mod sealed;
mod sealing;

#[cfg(test)]
mod tests;

pub use costs::Costs;
pub use elsewhere::Home;
pub use error::Error;
pub use sealed::{CannotSeal, SealError};
pub use sealing::{Sealing, Unlocked};

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use elsewhere::Elsewhere;
use sealed::Sealed;

use super::{HdPath, Name, Passphrase, PrivateKey, PublicKey};

/// The last part of the name of a key file.
const EXTENSION: &str = "key";

/// The file in the folder that says what a guess at a new passphrase is to cost.
const COSTS: &str = ".costs";

/// What a keyring is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// To look only: nothing is changed, and a folder that is missing is an empty one.
    Look,
    /// To unlock, or to delete: what others may use is taken away from them, or refused.
    Use,
    /// To add: as [`Access::Use`], and the folder is created.
    Create,
}

/// What opening found or changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Other users could use it; they cannot any more.
    Tightened {
        /// The folder or file.
        path: PathBuf,
        /// Its permissions before.
        was: u32,
    },
    /// Other users may use it; it was opened to look only.
    Exposed {
        /// The folder or file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
}

/// A folder of keys.
#[derive(Debug, Clone)]
pub struct Keyring {
    folder: PathBuf,
    notices: Vec<Notice>,
}

/// The public part of a key. Whether it is authentic shows when the key is unlocked.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its name.
    pub name: Name,
    /// Its public key.
    pub public: PublicKey,
    /// Where it was derived, if it has a mnemonic.
    pub hd_path: Option<HdPath>,
    /// When it was made here.
    pub created_at: Timestamp,
    /// Where the secret is.
    pub home: Home,
    /// Its file.
    pub path: PathBuf,
}

/// A key file in a listing.
#[derive(Debug)]
pub struct Listed {
    /// The name that its file says.
    pub name: Name,
    /// Its public part, or what is wrong with the file.
    pub key: Result<Key, Error>,
}

/// What there is to say about a key besides itself.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: Name,
    /// Where it was derived, if it has a mnemonic.
    pub hd_path: Option<HdPath>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// The file of a key before it is in the folder.
#[derive(Debug)]
pub struct KeyFile {
    key: Key,
    content: String,
}

/// What a key file says: the sealed key, or where it is.
enum Content {
    Sealed(Box<Sealed>),
    Elsewhere(Elsewhere),
}

impl Content {
    fn read(bytes: &[u8]) -> Result<Self, SealError> {
        if Elsewhere::is_meant(bytes) {
            return Elsewhere::read(bytes).map(Self::Elsewhere);
        }
        Sealed::read(bytes).map(|sealed| Self::Sealed(Box::new(sealed)))
    }

    const fn name(&self) -> &Name {
        match self {
            Self::Sealed(sealed) => &sealed.name,
            Self::Elsewhere(elsewhere) => &elsewhere.name,
        }
    }
}

impl KeyFile {
    /// Its public part.
    pub const fn key(&self) -> &Key {
        &self.key
    }
}

impl Keyring {
    /// Opens a folder of keys.
    pub fn open(folder: &Path, access: Access) -> Result<Self, Error> {
        if access == Access::Create {
            folder::create(folder)?;
        }
        let mut keyring = Self { folder: folder.to_owned(), notices: Vec::new() };
        let metadata = match fs::metadata(folder) {
            // Looking finds no keys there, using finds no key of that name.
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(keyring),
            metadata => metadata.map_err(Error::io("look at the key folder", folder))?,
        };
        if !metadata.is_dir() {
            return Err(Error::NotAFolder { path: folder.to_owned() });
        }
        let mut places = vec![(folder.to_owned(), metadata)];
        for (path, _) in keyring.files()? {
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_file() => places.push((path, metadata)),
                // Whoever reads it learns what it is; if it is gone by now, nobody does.
                Ok(_) | Err(_) => {}
            }
        }
        for (path, metadata) in places {
            let Some(mode) = folder::exposed(&metadata) else { continue };
            if access == Access::Look {
                keyring.notices.push(Notice::Exposed { path, mode });
            } else if folder::tighten(&path, &metadata)? {
                keyring.notices.push(Notice::Tightened { path, was: mode });
            }
        }
        Ok(keyring)
    }

    /// What opening found or changed.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Every key, in the order of their names, and what is wrong with those that cannot be read.
    pub fn list(&self) -> Result<Vec<Listed>, Error> {
        let mut found = Vec::new();
        for (_, name) in self.files()? {
            match self.find(&name) {
                // It was deleted meanwhile.
                Err(Error::NotFound { .. }) => {}
                key => found.push(Listed { name, key }),
            }
        }
        Ok(found)
    }

    /// The public part of a key.
    pub fn find(&self, name: &Name) -> Result<Key, Error> {
        Ok(self.key(self.read(name)?, name))
    }

    /// Unlocks a key, and with it authenticates its public part. Takes as long as one guess at the passphrase is meant
    /// to; the key that comes back has the public key of `expected`, whatever became of the file since that was read.
    pub fn unlock(&self, expected: &Key, passphrase: &Passphrase) -> Result<PrivateKey, Error> {
        let wrong = |source| Error::Content { path: expected.path.clone(), source };
        let sealed = match self.read(&expected.name)? {
            Content::Sealed(sealed) => sealed,
            Content::Elsewhere(_) => return Err(wrong(SealError::Elsewhere)),
        };
        let key = sealed.open(passphrase).map_err(wrong)?;
        if key.public() == expected.public { Ok(key) } else { Err(wrong(SealError::OtherKey)) }
    }

    /// Says whether a key of this name can be added.
    pub fn check_free(&self, name: &Name) -> Result<(), Error> {
        let path = self.path(name);
        match fs::symlink_metadata(&path) {
            Ok(_) => Err(Error::Exists { name: name.clone(), path }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(Error::io("look at", &path)(error)),
        }
    }

    /// Seals a key, and writes nothing. Takes as long as one guess at the passphrase.
    pub fn seal(
        &self,
        said: Described,
        private: &PrivateKey,
        passphrase: &Passphrase,
        costs: Costs,
    ) -> Result<KeyFile, Error> {
        let content = sealed::seal(private, &said, passphrase, costs);
        let content = content.map_err(|source| Error::Seal { name: said.name.clone(), source })?;
        Ok(self.file_of(said, private.public(), Home::File { costs }, content))
    }

    /// The file of a key that is kept elsewhere; writes nothing.
    pub fn refer(&self, said: Described, public: PublicKey, home: Home) -> Result<KeyFile, Error> {
        let elsewhere = Elsewhere {
            name: said.name.clone(),
            public,
            hd_path: said.hd_path.clone(),
            created_at: said.created_at,
            home: home.clone(),
        };
        let content = elsewhere.write().map_err(|source| Error::Seal { name: said.name.clone(), source })?;
        Ok(self.file_of(said, public, home, content))
    }

    fn file_of(&self, said: Described, public: PublicKey, home: Home, content: String) -> KeyFile {
        let Described { name, hd_path, created_at } = said;
        let path = self.path(&name);
        KeyFile { key: Key { name, public, hd_path, created_at, home, path }, content }
    }

    /// Puts the file of a key into the folder: durably and as a whole, or not at all; never over another.
    pub fn add(&self, file: KeyFile) -> Result<Key, Error> {
        let KeyFile { key, content } = file;
        if folder::lock(&self.folder)?.publish(&key.path, content.as_bytes())? {
            Ok(key)
        } else {
            Err(Error::Exists { name: key.name, path: key.path })
        }
    }

    /// What a guess at the passphrase of a new key is to cost: what `keys init` measured, else [`Costs::NEW`].
    pub fn costs(&self) -> Result<Costs, Error> {
        let path = self.folder.join(COSTS);
        let text = match fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Costs::NEW),
            text => text.map_err(Error::io("read", &path))?,
        };
        let costs: Option<Costs> = serde_json::from_str(&text).ok();
        costs.filter(|costs| costs.are_new()).ok_or(Error::Costs { path })
    }

    /// Keeps what a guess is to cost.
    pub fn set_costs(&self, costs: Costs) -> Result<(), Error> {
        let path = self.folder.join(COSTS);
        let text = serde_json::to_string(&costs).map_err(|_| Error::Costs { path: path.clone() })?;
        folder::lock(&self.folder)?.replace(&path, format!("{text}\n").as_bytes())
    }

    /// The bytes of a key's file, for a backup.
    pub fn bytes(&self, name: &Name) -> Result<Vec<u8>, Error> {
        self.content(name)
    }

    /// The file of a key from a backup, which has that key under that name; writes nothing.
    pub fn recognize(&self, name: &Name, bytes: &[u8]) -> Result<KeyFile, Error> {
        let path = self.path(name);
        let wrong = |source| Error::Content { path: path.clone(), source };
        let content = Content::read(bytes).map_err(wrong)?;
        if content.name() != name {
            return Err(wrong(SealError::Renamed { found: content.name().clone() }));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| wrong(SealError::Damaged))?;
        Ok(KeyFile { key: self.key(content, name), content: text.to_owned() })
    }

    /// Deletes a key. A file that cannot be read as this key is left alone.
    pub fn delete(&self, name: &Name) -> Result<Key, Error> {
        let key = self.find(name)?;
        folder::lock(&self.folder)?.remove(&key.path)?;
        Ok(key)
    }

    /// Deletes a file of this folder, whatever is in it; that it is gone is success.
    pub fn discard(&self, path: &Path) -> Result<(), Error> {
        match folder::lock(&self.folder)?.remove(path) {
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// The file of a key of this name, whether it is there or not.
    pub fn path(&self, name: &Name) -> PathBuf {
        self.path_of(name.as_str())
    }

    /// The file of a key by the text of its name.
    pub fn path_of(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }

    fn key(&self, content: Content, name: &Name) -> Key {
        let (public, hd_path, created_at, home) = match content {
            Content::Sealed(sealed) => {
                (sealed.public, sealed.hd_path, sealed.created_at, Home::File { costs: sealed.costs })
            }
            Content::Elsewhere(elsewhere) => {
                (elsewhere.public, elsewhere.hd_path, elsewhere.created_at, elsewhere.home)
            }
        };
        Key { name: name.clone(), public, hd_path, created_at, home, path: self.path(name) }
    }

    /// The key files with their names. What else is in the folder is none of ours.
    fn files(&self) -> Result<Vec<(PathBuf, Name)>, Error> {
        let failed = |source| Error::Io { doing: "list the key folder", path: self.folder.clone(), source };
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry.map_err(failed)?.path();
            let is_key = path.extension().is_some_and(|extension| extension == EXTENSION);
            let stem = path.file_stem().and_then(|stem| stem.to_str()).filter(|_| is_key);
            let name: Option<Name> = stem.and_then(|stem| stem.parse().ok());
            files.extend(name.map(|name| (path, name)));
        }
        files.sort_by(|(_, one), (_, other)| one.cmp(other));
        Ok(files)
    }

    fn read(&self, name: &Name) -> Result<Content, Error> {
        let wrong = |source| Error::Content { path: self.path(name), source };
        let content = Content::read(&self.content(name)?).map_err(wrong)?;
        if content.name() == name {
            Ok(content)
        } else {
            Err(wrong(SealError::Renamed { found: content.name().clone() }))
        }
    }

    fn content(&self, name: &Name) -> Result<Vec<u8>, Error> {
        let path = self.path(name);
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => Error::NotFound { name: name.clone(), folder: self.folder.clone() },
            _ => Error::Io { doing: "read the key file", path: path.clone(), source },
        };
        let metadata = fs::symlink_metadata(&path).map_err(failed)?;
        if !metadata.is_file() {
            return Err(Error::NotAFile { path });
        }
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let flags = i32::try_from(flags.bits()).unwrap_or_default();
        let file: File = OpenOptions::new().read(true).custom_flags(flags).open(&path).map_err(failed)?;
        let mut bytes = Vec::new();
        file.take(sealed::LONGEST.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > sealed::LONGEST) {
            return Err(Error::Content { path, source: SealError::NotAKeyFile });
        }
        Ok(bytes)
    }
}

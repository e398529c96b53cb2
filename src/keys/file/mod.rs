//! Keys in files: a folder of sealed keys, each readable without a passphrase as far as it is public.
//!
//! `sealed` is the content of a file, `costs` what a guess at its passphrase costs, `folder` the permissions, the lock
//! and how a file gets there as a whole or not at all.
//!
//! What it does not do: decide who may use a key, or when it is due for another.

mod costs;
mod error;
mod folder;
mod sealed;

#[cfg(test)]
mod tests;

pub use costs::Costs;
pub use error::Error;
pub use sealed::{CannotSeal, SealError};

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use sealed::{Said, Sealed};

use super::{HdPath, Name, Passphrase, PrivateKey, PublicKey};

/// The last part of the name of a key file.
const EXTENSION: &str = "key";

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
    /// What one guess at its passphrase costs.
    pub costs: Costs,
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

/// A key that is to be kept.
#[derive(Debug)]
pub struct NewKey<'a> {
    /// Its name.
    pub name: Name,
    /// The key.
    pub private: &'a PrivateKey,
    /// Where it was derived, if it has a mnemonic.
    pub hd_path: Option<HdPath>,
    /// When it is made.
    pub created_at: Timestamp,
}

/// The file of a key before it is in the folder.
#[derive(Debug)]
pub struct SealedKey {
    key: Key,
    content: String,
}

impl SealedKey {
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
        Ok(self.key(&self.read(name)?, name))
    }

    /// Unlocks a key, and with it authenticates its public part. Takes as long as one guess at the passphrase is meant
    /// to; the key that comes back has the public key of `expected`, whatever became of the file since that was read.
    pub fn unlock(&self, expected: &Key, passphrase: &Passphrase) -> Result<PrivateKey, Error> {
        let wrong = |source| Error::Content { path: expected.path.clone(), source };
        let sealed = self.read(&expected.name)?;
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
    pub fn seal(&self, new: NewKey<'_>, passphrase: &Passphrase, costs: Costs) -> Result<SealedKey, Error> {
        let said = Said { name: &new.name, hd_path: new.hd_path.as_ref(), created_at: new.created_at };
        let content = sealed::seal(new.private, &said, passphrase, costs);
        let content = content.map_err(|source| Error::Seal { name: new.name.clone(), source })?;
        let (public, path) = (new.private.public(), self.path(&new.name));
        let NewKey { name, hd_path, created_at, .. } = new;
        Ok(SealedKey { key: Key { name, public, hd_path, created_at, costs, path }, content })
    }

    /// Puts a sealed key into the folder: durably and as a whole, or not at all; never over another.
    pub fn add(&self, sealed: SealedKey) -> Result<Key, Error> {
        let SealedKey { key, content } = sealed;
        if folder::lock(&self.folder)?.publish(&key.path, content.as_bytes())? {
            Ok(key)
        } else {
            Err(Error::Exists { name: key.name, path: key.path })
        }
    }

    /// Deletes a key. A file that cannot be read as this key is left alone.
    pub fn delete(&self, name: &Name) -> Result<Key, Error> {
        let key = self.find(name)?;
        folder::lock(&self.folder)?.remove(&key.path)?;
        Ok(key)
    }

    /// The file of a key of this name, whether it is there or not.
    pub fn path(&self, name: &Name) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }

    fn key(&self, sealed: &Sealed, name: &Name) -> Key {
        Key {
            name: name.clone(),
            public: sealed.public,
            hd_path: sealed.hd_path.clone(),
            created_at: sealed.created_at,
            costs: sealed.costs,
            path: self.path(name),
        }
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

    fn read(&self, name: &Name) -> Result<Sealed, Error> {
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
        let wrong = |source| Error::Content { path: path.clone(), source };
        if u64::try_from(bytes.len()).is_ok_and(|length| length > sealed::LONGEST) {
            return Err(wrong(SealError::NotAKeyFile));
        }
        let sealed = Sealed::read(&bytes).map_err(wrong)?;
        if sealed.name == *name { Ok(sealed) } else { Err(wrong(SealError::Renamed { found: sealed.name })) }
    }
}

//! Where the state file and its companions are, and who may read them.
//!
//! ```text
//! state.db                       0600  the state file
//! state.db-wal, state.db-shm     0600  SQLite's write-ahead log and its index, while in use or after a kill
//! state.db.locks/                0700
//! ├── gate                       0600  held shared by every open store, exclusively by a restore
//! ├── backup                     0600  held by the backup that is being written
//! └── <job>.lock                 0600  held by the run of that job; its text says who holds it
//! state.db.restoring             0600  a restore's copy of the backup, before it is verified
//! state.db.replaced-<time>       0600  what a restore replaced
//! ```
//!
//! Folders that have to be created get 0700. A file created by root gets the owner of what is there already (the state
//! file, or else its folder), so that a command run by root does not shut the service out.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt, chown, fchown};
use std::path::{Path, PathBuf};

use super::Error;

/// The resolved place of a state file. Every process that names the same file, by whatever link, gets the same place,
/// hence the same locks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    file: PathBuf,
}

impl Place {
    /// The place of a state file that exists.
    pub(super) fn existing(path: &Path) -> Result<Self, Error> {
        let file = fs::canonicalize(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Error::Missing { path: path.to_owned() },
            _ => Error::io("find the state file", path)(error),
        })?;
        if !file.is_file() {
            return Err(Error::NotAFile { path: file });
        }
        Ok(Self { file })
    }

    /// The place of a state file that may not exist yet; creates the folder for it.
    pub(super) fn for_creating(path: &Path) -> Result<Self, Error> {
        match Self::existing(path) {
            Err(Error::Missing { .. }) => {}
            found => return found,
        }
        let path = std::path::absolute(path).map_err(Error::io("find the state file", path))?;
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(Error::NotAFile { path });
        };
        create_folder(folder)?;
        let folder = fs::canonicalize(folder).map_err(Error::io("find the folder of the state file", folder))?;
        Ok(Self { file: folder.join(name) })
    }

    /// The state file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The folder the state file is in.
    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(Path::new("/"))
    }

    /// A file beside the state file: its name and a suffix.
    pub(super) fn beside(&self, suffix: &str) -> PathBuf {
        with_suffix(&self.file, suffix)
    }

    /// The folder of the locks.
    pub(super) fn locks(&self) -> PathBuf {
        self.beside(".locks")
    }

    /// Creates the state file, empty, where there is none.
    pub(super) fn create_file(&self) -> Result<(), Error> {
        const DOING: &str = "create the state file";
        // SQLite begins a log only after the file has its first page, and removes the log of an empty file. A single
        // byte is empty to it.
        let length = |path: &Path| fs::metadata(path).map_or(0, |metadata| metadata.len());
        if length(&self.beside("-wal")) > 0 && length(&self.file) <= 1 {
            return Err(Error::Lost { path: self.file.clone() });
        }
        match create_private(&self.file, &self.file) {
            Ok(_) => sync_folder(self.folder()).map_err(Error::io(DOING, self.folder())),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(Error::io(DOING, &self.file)(error)),
        }
    }

    /// Creates the folder of the locks where there is none.
    pub(super) fn create_locks(&self) -> Result<PathBuf, Error> {
        let locks = self.locks();
        if !locks.is_dir() {
            create_folder(&locks)?;
            give_to_owner(&self.file, &locks).map_err(Error::io("create the folder of the locks", &locks))?;
        }
        Ok(locks)
    }

    /// Takes the state file and SQLite's companions away from other users, where we may. Gives back what was wider.
    pub(super) fn tighten(&self) -> Result<Vec<(PathBuf, u32)>, Error> {
        let mut tightened = Vec::new();
        for path in [self.file.clone(), self.beside("-wal"), self.beside("-shm")] {
            let Ok(metadata) = fs::metadata(&path) else { continue };
            let mode = metadata.mode() & 0o7777;
            let user = rustix::process::geteuid();
            if mode & 0o077 != 0 && (user.is_root() || metadata.uid() == user.as_raw()) {
                fs::set_permissions(&path, Permissions::from_mode(0o600))
                    .map_err(Error::io("take the state file away from other users", &path))?;
                tightened.push((path, mode));
            }
        }
        Ok(tightened)
    }
}

/// A path with more at the end of its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Creates a file of mode 0600, whatever the umask, that must not exist; root gives it to the owner of `like`, or if
/// that does not exist, to the owner of the folder.
pub(super) fn create_private(path: &Path, like: &Path) -> io::Result<File> {
    let owner = owner_like(like);
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    if let Some((user, group)) = owner {
        fchown(&file, Some(user), Some(group))?;
    }
    Ok(file)
}

/// Opens a file for reading and writing, and creates it as [`create_private`] does where there is none.
pub(super) fn open_private(path: &Path, like: &Path) -> io::Result<File> {
    loop {
        match OpenOptions::new().read(true).write(true).open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            opened => return opened,
        }
        match create_private(path, like) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.exists() => {}
            created => return created,
        }
    }
}

/// Makes the names in a folder durable: what was created, renamed or removed there survives a power loss.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Creates a folder of mode 0700 and, with the same mode, the folders above it that are missing.
pub(super) fn create_folder(folder: &Path) -> Result<(), Error> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        create_folder(above)?;
    }
    let doing = "create a folder";
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        // Another process was faster; a file in the way shows when it is used.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(()),
        Err(error) => return Err(Error::io(doing, folder)(error)),
    }
    // The umask may have taken bits away.
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(Error::io(doing, folder))?;
    folder.parent().map_or(Ok(()), sync_folder).map_err(Error::io(doing, folder))
}

/// As root, gives a path to the owner of another.
fn give_to_owner(like: &Path, path: &Path) -> io::Result<()> {
    owner_like(like).map_or(Ok(()), |(user, group)| chown(path, Some(user), Some(group)))
}

/// Whom a file that we create belongs to, if not to us: only root can give files away.
fn owner_like(like: &Path) -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let metadata = fs::metadata(like).or_else(|_| fs::metadata(like.parent().unwrap_or(like))).ok()?;
    (metadata.uid() != 0).then(|| (metadata.uid(), metadata.gid()))
}

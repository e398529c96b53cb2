//! The key folder: who may use it, and how a file gets into it.
//!
//! ```text
//! keyring/            0700
//! ├── NAME.key        0600  a sealed key
//! ├── .costs          0600  what a guess at the passphrase of a new key is to cost
//! ├── .lock           0600  held by whoever adds or deletes
//! └── .new            0600  a sealed key before it has its name; what a kill left behind goes with the next change
//! ```
//! What root creates belongs to the owner of the folder, so that a command run by root does not shut the service out.

use std::fs::{self, DirBuilder, File, Metadata, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Error;

/// How long to wait for others to add or delete; each of them takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Creates the folder, and those above it that are missing, where there is none.
pub(super) fn create(folder: &Path) -> Result<(), Error> {
    let failed = |source| Error::Io { doing: "create the key folder", path: folder.to_owned(), source };
    if folder.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
    // The umask may have taken bits away.
    fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed)?;
    if let Some((user, group)) = folder.parent().and_then(owner_to_be) {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).map_err(failed)?;
    }
    folder.parent().map_or(Ok(()), sync).map_err(failed)
}

/// The permissions that others than the owner have, if they have any.
pub(super) fn exposed(metadata: &Metadata) -> Option<u32> {
    (metadata.mode() & 0o077 != 0).then(|| metadata.mode() & 0o7777)
}

/// Takes a folder or file away from other users, where we may; `true` if it was open to them.
pub(super) fn tighten(path: &Path, metadata: &Metadata) -> Result<bool, Error> {
    let Some(mode) = exposed(metadata) else { return Ok(false) };
    let (user, owner) = (rustix::process::geteuid(), metadata.uid());
    let refused = || Error::Exposed { path: path.to_owned(), mode, owner };
    if !user.is_root() && owner != user.as_raw() {
        return Err(refused());
    }
    let right = if metadata.is_dir() { 0o700 } else { 0o600 };
    fs::set_permissions(path, Permissions::from_mode(right)).map_err(|_| refused())?;
    Ok(true)
}

/// The right to change what is in a folder; given back when it is dropped, also by a kill.
pub(super) struct Locked<'a> {
    folder: &'a Path,
    _lock: File,
}

/// Waits for the right to change what is in the folder, and clears away what a kill left behind.
pub(super) fn lock(folder: &Path) -> Result<Locked<'_>, Error> {
    let path = folder.join(".lock");
    let failed = |source| Error::Io { doing: "lock the key folder by", path: path.clone(), source };
    let file = match OpenOptions::new().read(true).write(true).open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => match create_private(&path, folder) {
            // Another process was faster.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                OpenOptions::new().read(true).write(true).open(&path)
            }
            created => created,
        },
        opened => opened,
    };
    let file = file.map_err(failed)?;
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => break,
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => return Err(Error::Busy { path: folder.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    let locked = Locked { folder, _lock: file };
    locked.clear()?;
    Ok(locked)
}

impl Locked<'_> {
    fn new_file(&self) -> PathBuf {
        self.folder.join(".new")
    }

    fn clear(&self) -> Result<(), Error> {
        let path = self.new_file();
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", &path)(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Gives a content its name: durably and as a whole, or not at all. `false` if the name is taken.
    pub(super) fn publish(&self, path: &Path, content: &[u8]) -> Result<bool, Error> {
        let new = self.new_file();
        let written = self.write(&new, path, content);
        let cleared = self.clear();
        match written {
            Ok(()) => cleared.map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(Error::io("write the key file", path)(error)),
        }
    }

    fn write(&self, new: &Path, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut file = create_private(new, self.folder)?;
        file.write_all(content)?;
        file.sync_all()?;
        // A link, unlike a rename, never replaces what is there.
        fs::hard_link(new, path)?;
        sync(self.folder)
    }

    /// Puts a content in the place of another, durably and as a whole.
    pub(super) fn replace(&self, path: &Path, content: &[u8]) -> Result<(), Error> {
        let new = self.new_file();
        let written = create_private(&new, self.folder).and_then(|mut file| {
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&new, path)?;
            sync(self.folder)
        });
        written.map_err(Error::io("write", path))
    }

    /// Removes a file, durably.
    pub(super) fn remove(&self, path: &Path) -> Result<(), Error> {
        fs::remove_file(path).and_then(|()| sync(self.folder)).map_err(Error::io("delete the key file", path))
    }
}

/// Creates a file of mode 0600, whatever the umask, that must not exist.
fn create_private(path: &Path, folder: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    if let Some((user, group)) = owner_to_be(folder) {
        fchown(&file, Some(user), Some(group))?;
    }
    Ok(file)
}

/// Whom something new in this folder belongs to, if not to us: only root can give files away.
fn owner_to_be(folder: &Path) -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let metadata = folder.metadata().ok()?;
    (metadata.uid() != 0).then(|| (metadata.uid(), metadata.gid()))
}

/// Makes the names in a folder durable.
fn sync(folder: &Path) -> io::Result<()> {
    File::open(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })?.sync_all()
}

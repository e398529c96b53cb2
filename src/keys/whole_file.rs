//! A file that is there as a whole or not at all, in a folder that others may write to.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use super::random;
use crate::domain::hex;

/// What may be there already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// Nothing: whatever is there stays, and it is an error.
    Nothing,
    /// Something that is replaced as a whole.
    Anything,
}

/// How a part of a file is named: nobody can know the number before.
const PART: (&str, &str) = (".provider-", ".part");

/// The digits of that number.
const DIGITS: usize = 16;

/// Writes a file durably. It is written under a name that nobody can know before, and nothing that is there is followed or
/// written through; what was begun is taken away when it fails. What a kill left behind in this folder, a part whose
/// writer is gone, goes with the next file that is written there.
pub fn put(path: &Path, content: &[u8], mode: u32, over: Over) -> io::Result<()> {
    put_if(path, content, (mode, over), |_| Ok(()))
}

/// The same for what gets its name only after the part was found to be right: it is read back from the disk by its own
/// path.
pub fn put_if(
    path: &Path,
    content: &[u8],
    (mode, over): (u32, Over),
    is_right: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    let staged = stage(path, content, mode)?;
    is_right(&staged.part)?;
    match over {
        // A link, unlike a rename, never replaces what is there.
        Over::Nothing => fs::hard_link(&staged.part, path)?,
        Over::Anything => return staged.put(),
    }
    File::open(folder_of(path))?.sync_all()
}

/// A whole file that has not its name yet; taken away when it is dropped without one.
pub struct Staged {
    part: PathBuf,
    path: PathBuf,
    /// Locked as long as it is open.
    file: File,
}

impl Staged {
    /// Gives it its name, in the place of what is there.
    pub fn put(self) -> io::Result<()> {
        fs::rename(&self.part, &self.path)?;
        File::open(folder_of(&self.path))?.sync_all()
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Best effort; after a rename it is gone.
        let _ = fs::remove_file(&self.part);
    }
}

/// Writes a file durably without giving it its name.
pub fn stage(path: &Path, content: &[u8], mode: u32) -> io::Result<Staged> {
    let folder = folder_of(path);
    clear(folder);
    let (part, file) = begin(folder, mode)?;
    let mut staged = Staged { part, path: path.to_owned(), file };
    staged.file.set_permissions(Permissions::from_mode(mode))?;
    staged.file.write_all(content)?;
    staged.file.sync_all()?;
    Ok(staged)
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."))
}

/// A part that nobody takes for one that was left behind: it is locked as long as its writer lives.
fn begin(folder: &Path, mode: u32) -> io::Result<(PathBuf, File)> {
    loop {
        let number = random::bytes::<{ DIGITS / 2 }>().map_err(io::Error::other)?;
        let part = folder.join(format!("{}{}{}", PART.0, hex::encode(number.as_slice()), PART.1));
        let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&part)?;
        // Between its making and its locking another process may have cleared it away.
        if file.try_lock().is_ok() && file.metadata()?.nlink() > 0 {
            return Ok((part, file));
        }
        let _ = fs::remove_file(&part);
    }
}

/// Takes away the parts of ours whose writers are gone. Best effort: they stand in nobody's way.
fn clear(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix(PART.0)?.strip_suffix(PART.1));
        let is_part = number
            .is_some_and(|number| number.len() == DIGITS && number.bytes().all(|digit| digit.is_ascii_hexdigit()));
        if is_part {
            let _ = clear_part(&entry.path());
        }
    }
}

fn clear_part(path: &Path) -> io::Result<()> {
    // Never through a link, and never waiting for the writer of a pipe.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let ours = metadata.is_file() && metadata.uid() == rustix::process::geteuid().as_raw();
    if ours && file.try_lock().is_ok() { fs::remove_file(path) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_through() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("victim"), "precious").unwrap();
        for name in ["link", "new.part"] {
            std::os::unix::fs::symlink(at("victim"), at(name)).unwrap();
        }
        let taken = put(&at("link"), b"secret", 0o600, Over::Nothing).unwrap_err();
        assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
        put(&at("link"), b"secret", 0o600, Over::Anything).unwrap();
        put(&at("new"), b"secret", 0o640, Over::Nothing).unwrap();
        assert_eq!(fs::read_to_string(at("victim")).unwrap(), "precious");
        assert!(!at("link").is_symlink() && at("new.part").is_symlink());
        assert_eq!(at("new").metadata().unwrap().permissions().mode() & 0o7777, 0o640);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4, "and nothing is left behind");
        assert!(put(&at("nowhere/new"), b"", 0o600, Over::Nothing).is_err());
    }
    #[test]
    fn parts_of_the_dead_are_cleared_and_those_of_the_living_stay() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let (living, _lock) = begin(folder.path(), 0o600).unwrap();
        let dead = at(".provider-00112233445566ff.part");
        fs::write(&dead, "half a private key").unwrap();
        // What only looks a little like it is somebody else's.
        let others = [".provider-.part", ".provider-0011223344556677", ".provider-00112233445566xx.part"];
        for name in others {
            fs::write(at(name), "theirs").unwrap();
        }
        std::os::unix::fs::symlink(at(others[0]), at(".provider-ffffffffffffffff.part")).unwrap();
        put(&at("new"), b"whole", 0o600, Over::Nothing).unwrap();
        assert!(!dead.exists() && living.exists());
        assert!(others.iter().all(|name| at(name).exists()) && at(".provider-ffffffffffffffff.part").is_symlink());
    }
}

//! A file that is there as a whole or not at all, in a folder that others may write to.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

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

/// Writes a file durably. It is written under a name that nobody can know before, and nothing that is there is followed or
/// written through; what was begun is taken away when it fails.
pub fn put(path: &Path, content: &[u8], mode: u32, over: Over) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let number = random::bytes::<8>().map_err(io::Error::other)?;
    let part = folder.join(format!(".provider-{}.part", hex::encode(number.as_slice())));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&part)?;
    let written = (|| {
        file.set_permissions(Permissions::from_mode(mode))?;
        file.write_all(content)?;
        file.sync_all()?;
        match over {
            // A link, unlike a rename, never replaces what is there.
            Over::Nothing => fs::hard_link(&part, path)?,
            Over::Anything => fs::rename(&part, path)?,
        }
        File::open(folder)?.sync_all()
    })();
    // Best effort; after a rename it is gone.
    let _ = fs::remove_file(&part);
    written
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
}

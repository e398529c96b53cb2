//! Files that only their owner reads.
//!
//! A file that root creates gets the owner of the folder or file it belongs to, so that a command run by root does not
//! shut the service out.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown};
use std::path::Path;

/// Opens a file to read it and to append to it. It is created with mode 0600 if it is not there, for the owner of `like`
/// or, if that does not exist, of the folder; a folder that is missing is created with mode 0700.
pub fn append_to(path: &Path, like: &Path) -> io::Result<File> {
    match OpenOptions::new().read(true).append(true).open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        opened => return opened,
    }
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    match create(path, like) {
        // Another process was faster.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            OpenOptions::new().read(true).append(true).open(path)
        }
        created => created,
    }
}

/// Creates a file that must not exist, for appending, with mode 0600 whatever the umask, and makes its name durable.
pub fn create(path: &Path, like: &Path) -> io::Result<File> {
    let file = OpenOptions::new().read(true).append(true).create_new(true).mode(0o600).open(path)?;
    file.set_permissions(Permissions::from_mode(0o600))?;
    if let Some((user, group)) = owner_like(path, like) {
        fchown(&file, Some(user), Some(group))?;
    }
    sync_folder_of(path)?;
    Ok(file)
}

/// Makes the name of a file durable.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

/// Whom a new file belongs to, if not to us: only root can give files away.
fn owner_like(path: &Path, like: &Path) -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let metadata = like.metadata().or_else(|_| path.parent().unwrap_or(path).metadata()).ok()?;
    (metadata.uid() != 0).then(|| (metadata.uid(), metadata.gid()))
}

/// The permission bits that others than the owner have on a file.
pub fn bits_of_others(file: &File) -> io::Result<u32> {
    Ok(file.metadata()?.mode() & 0o077)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::os::unix::fs::chown;

    use super::*;

    #[test]
    fn a_new_file_is_private_and_an_old_one_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/file");
        append_to(&path, &path).unwrap().write_all(b"one\n").unwrap();
        append_to(&path, &path).unwrap().write_all(b"two\n").unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "one\ntwo\n");
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(folder.path().join("a").metadata().unwrap().mode() & 0o777, 0o700);
        assert!(create(&path, &path).is_err());
        assert_eq!(bits_of_others(&File::open(&path).unwrap()).unwrap(), 0);
    }

    #[test]
    fn root_creates_for_the_owner_of_the_place() {
        if !rustix::process::geteuid().is_root() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        chown(folder.path(), Some(65534), Some(65534)).unwrap();
        let path = folder.path().join("file");
        append_to(&path, &folder.path().join("not there")).unwrap();
        assert_eq!(path.metadata().unwrap().uid(), 65534);
    }
}

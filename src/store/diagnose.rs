//! SQLite says "unable to open" or "disk I/O error" for many causes; the file system knows which.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::{Access, access, statvfs};

use super::error::{Cause, Error};

/// Why SQLite may not open a file or, if `read_only` is its word, may not write to it.
pub(super) fn refusal(doing: &'static str, file: &Path, source: Cause, read_only: bool) -> Error {
    let folder = file.parent().unwrap_or(file);
    match fs::metadata(file) {
        Ok(metadata) if !metadata.is_file() => return Error::NotAFile { path: file.to_owned() },
        Err(error) if error.kind() == io::ErrorKind::NotFound && folder.is_dir() => {
            return Error::Missing { path: file.to_owned() };
        }
        Ok(_) | Err(_) => {}
    }
    // The folder counts too: the write-ahead log is a file beside the state file.
    for (path, wanted) in [(file, Access::READ_OK | Access::WRITE_OK), (folder, Access::WRITE_OK | Access::EXEC_OK)] {
        let path = path.to_owned();
        match access(&path, wanted).map_err(|errno| io::Error::from(errno).kind()) {
            Err(io::ErrorKind::ReadOnlyFilesystem) => return Error::ReadOnly { doing, path, source },
            Err(io::ErrorKind::PermissionDenied) => return Error::Denied { doing, path, source },
            Ok(()) | Err(_) => {}
        }
    }
    let path = file.to_owned();
    if read_only {
        Error::ReadOnly { doing, path, source }
    } else if is_full(file) {
        Error::DiskFull { doing, path, source }
    } else {
        Error::Io { doing, path, source }
    }
}

/// Whether the file system of a file has no room for even a small file more.
pub(super) fn is_full(file: &Path) -> bool {
    /// What the shared memory file of a write-ahead log takes.
    const SMALL_FILE: u64 = 64 * 1024;
    let folder = file.parent().unwrap_or(file);
    statvfs(folder).is_ok_and(|space| {
        let no_inode = space.f_files > 0 && space.f_favail == 0;
        no_inode || space.f_bavail.saturating_mul(space.f_frsize) < SMALL_FILE
    })
}

/// Whether SQLite read a value that this program cannot have written.
pub(super) const fn is_foreign_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as E;
    matches!(
        error,
        E::FromSqlConversionFailure(..) | E::IntegralValueOutOfRange(..) | E::Utf8Error(..) | E::InvalidColumnType(..)
    )
}

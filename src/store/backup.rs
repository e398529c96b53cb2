//! Backups: a consistent copy of the state file as one ordinary file, made while others write.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::copy::{Copy, Progress};
use super::place::{no_regular_file, sync_folder};
use super::{Error, ShouldStop, Store};

/// A backup that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Its schema version.
    pub schema: u32,
}

const DOING: &str = "write a backup of the state file";

impl Store {
    /// Writes a backup: copied, synced and fully verified under a temporary name beside the target, then renamed. So
    /// the target is a sound backup, or it is what it was before. Several may be written at the same time.
    ///
    /// The folder of the target must exist. An existing target is replaced only if `overwrite`.
    pub fn backup(
        &self,
        target: &Path,
        overwrite: bool,
        should_stop: ShouldStop<'_>,
        progress: Progress<'_>,
    ) -> Result<BackupFile, Error> {
        let target = self.can_back_up(target, overwrite)?;
        let folder = target.parent().unwrap_or(Path::new("/"));

        let held = self.hold(DOING)?;
        let source = (&*held, self.path());
        let copy =
            Copy { doing: DOING, source, name: &target, like: folder, should_stop, progress, amend: None }.make()?;
        drop(held);
        // Copying took a while.
        self.can_back_up(&target, overwrite)?;
        let written = BackupFile { path: target.clone(), bytes: copy.bytes, schema: copy.schema };
        let named = if overwrite { copy.rename(&target) } else { copy.rename_to_new(&target) };
        named.and_then(|()| sync_folder(folder)).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::Exists { path: target.clone() },
            _ => Error::io(DOING, &target)(error),
        })?;
        Ok(written)
    }

    /// Whether [`Store::backup`] may write there: never over the state file, its log and its locks, and never over
    /// anything but a regular file; over a regular file only if allowed. Gives back the full path.
    pub fn can_back_up(&self, target: &Path, overwrite: bool) -> Result<PathBuf, Error> {
        let target = std::path::absolute(target).map_err(Error::io(DOING, target))?;
        let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(Error::InTheWay { path: target, what: "a folder", leads_to: None });
        };
        if !folder.is_dir() {
            return Err(Error::NoFolder { path: folder.to_owned() });
        }
        if let (Some(place), Ok(folder)) = (self.place(), fs::canonicalize(folder)) {
            let resolved = folder.join(name);
            let own = ["", "-wal", "-shm", "-journal"].map(|suffix| place.beside(suffix));
            if own.contains(&resolved) || resolved.starts_with(place.locks()) {
                return Err(Error::Itself { path: resolved });
            }
        }
        match fs::symlink_metadata(&target) {
            Ok(metadata) if !metadata.is_file() => Err(no_regular_file(&target, metadata.file_type())),
            Ok(_) if !overwrite => Err(Error::Exists { path: target }),
            Ok(_) => Ok(target),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(target),
            Err(error) => Err(Error::io(DOING, &target)(error)),
        }
    }
}

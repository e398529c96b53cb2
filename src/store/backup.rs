//! Backups: a consistent copy of the state file as one ordinary file, made while others write.

use std::fs::TryLockError;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use super::copy::{Copy, Progress, remove_unnamed};
use super::place::{Place, open_private, sync_folder, with_suffix};
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
    /// the target is a sound backup, or it is what it was before.
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
        let partial = with_suffix(&target, ".partial");
        let _turn = self.place().map(|place| take_turn(place, &partial)).transpose()?;

        let held = self.hold(DOING)?;
        let source = (&*held, self.path());
        let copy = Copy { doing: DOING, source, target: &partial, like: folder, should_stop, progress }.make()?;
        drop(held);
        self.can_back_up(&target, overwrite)?;
        let written = BackupFile { path: target.clone(), bytes: copy.bytes, schema: copy.schema };
        copy.rename(&target).and_then(|()| sync_folder(folder)).map_err(Error::io(DOING, &target))?;
        Ok(written)
    }

    /// Whether [`Store::backup`] may write there: never over the state file or its log, over other files only if
    /// allowed. Gives back the full path.
    pub fn can_back_up(&self, target: &Path, overwrite: bool) -> Result<PathBuf, Error> {
        let target = std::path::absolute(target).map_err(Error::io(DOING, target))?;
        let folder = target.parent().unwrap_or(Path::new("/"));
        if !folder.is_dir() {
            return Err(Error::NoFolder { path: folder.to_owned() });
        }
        if let (Some(place), Ok(resolved)) = (self.place(), fs::canonicalize(&target)) {
            let own = ["", "-wal", "-shm", "-journal"].map(|suffix| place.beside(suffix));
            if own.contains(&resolved) {
                return Err(Error::Itself { path: resolved });
            }
        }
        match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_dir() => Err(Error::NotAFile { path: target }),
            Ok(_) if !overwrite => Err(Error::Exists { path: target }),
            Ok(_) | Err(_) => Ok(target),
        }
    }
}

/// One backup of a state file at a time; so what an earlier one left behind when it was killed can be removed.
/// Beside a state file on a read-only file system no lock can be held, and nothing is removed.
fn take_turn(place: &Place, partial: &Path) -> Result<Option<File>, Error> {
    let path = match place.create_locks() {
        Ok(locks) => locks.join("backup"),
        Err(Error::ReadOnly { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let opening = "open the lock of backups";
    let file = match open_private(&path, place.file()).map_err(Error::io(opening, &path)) {
        Ok(file) => file,
        Err(Error::ReadOnly { .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    match file.try_lock() {
        Ok(()) => {
            remove_unnamed(partial);
            Ok(Some(file))
        }
        Err(TryLockError::WouldBlock) => Err(Error::BackupRuns { path: place.file().to_owned() }),
        Err(TryLockError::Error(error)) => Err(Error::io(opening, &path)(error)),
    }
}

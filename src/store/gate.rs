//! The gate in front of a state file: whoever uses the file holds it shared, whoever replaces the file holds it alone.
//!
//! SQLite's own locks belong to the file, so they cannot protect a name whose file is being replaced: a process that
//! opened the old file would go on writing to it, and its writes would be lost. The gate belongs to the name. It is
//! an `flock`, which the kernel drops when the last holder dies, and which other PID namespaces see.

use std::fs::{self, File, Metadata, TryLockError};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::Error;
use super::place::{Place, open_regular};

/// How often a lock that somebody else holds is tried again.
pub(super) const POLL: Duration = Duration::from_millis(50);

/// A held gate; dropping it lets others pass.
#[derive(Debug)]
pub(super) struct Gate {
    file: File,
}

impl Drop for Gate {
    fn drop(&mut self) {
        // Closing is not enough: a child that another thread is just starting has the file open too, until it runs its
        // program.
        let _ = self.file.unlock();
    }
}

impl Gate {
    /// Passes the gate, for as long as the store is open. Waits for a restore that is under way.
    pub(super) fn pass(place: &Place, patience: Duration) -> Result<Self, Error> {
        loop {
            place.create_locks()?;
            let path = gate_of(place);
            let file = place.open_lock("open the gate of the state file", &path)?;
            if let Some(gate) = Self::share(file, place, &path, patience)? {
                return Ok(gate);
            }
        }
    }

    /// Passes the gate if there is one that this user may use; a reader that may not create it goes without.
    pub(super) fn pass_to_read(place: &Place, patience: Duration) -> Result<Option<Self>, Error> {
        let path = gate_of(place);
        if let Err(untrusted @ Error::Locks { .. }) = place.trust_locks().and_then(|_| place.trust_lock(&path)) {
            return Err(untrusted);
        }
        match open_regular(&path) {
            Ok(file) => Self::share(file, place, &path, patience),
            Err(_) => Ok(None),
        }
    }

    /// `None`: the gate was taken away meanwhile, see [`Gate::take_away`].
    fn share(file: File, place: &Place, path: &Path, patience: Duration) -> Result<Option<Self>, Error> {
        let begun = Instant::now();
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(is_still(&file, path).then_some(Self { file })),
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => thread::sleep(POLL),
                Err(TryLockError::WouldBlock) => return Err(Error::BeingRestored { path: place.file().to_owned() }),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::io("pass the gate of the state file", path)(error));
                }
            }
        }
    }

    /// Shuts the gate: succeeds when no process has the state file open. `None` when one has.
    pub(super) fn shut(place: &Place) -> Result<Option<Self>, Error> {
        loop {
            place.create_locks()?;
            let path = gate_of(place);
            let file = place.open_lock("open the gate of the state file", &path)?;
            match file.try_lock() {
                Ok(()) if is_still(&file, &path) => return Ok(Some(Self { file })),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => {
                    return Err(Error::io("shut the gate of the state file", &path)(error));
                }
            }
        }
    }

    /// Removes a shut gate with the folder of the locks, where there is nothing to guard. Who waits at it notices.
    #[allow(clippy::unused_self, reason = "only who holds the gate may take it away")]
    pub(super) fn take_away(self, place: &Place) {
        // Best effort: what stays is used by the next one.
        let _ = fs::remove_file(gate_of(place));
        let _ = fs::remove_dir(place.locks());
    }
}

/// Whether a path still names an open file.
fn is_still(file: &File, path: &Path) -> bool {
    let same = |a: Metadata, b: Metadata| (a.dev(), a.ino()) == (b.dev(), b.ino());
    file.metadata().and_then(|open| fs::symlink_metadata(path).map(|named| same(open, named))).unwrap_or(false)
}

/// No job can be called so: lock files of jobs end in `.lock`.
fn gate_of(place: &Place) -> std::path::PathBuf {
    place.locks().join("gate")
}

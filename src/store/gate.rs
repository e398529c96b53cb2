//! The gate in front of a state file: whoever uses the file holds it shared, whoever replaces the file holds it alone.
//!
//! SQLite's own locks belong to the file, so they cannot protect a name whose file is being replaced: a process that
//! opened the old file would go on writing to it, and its writes would be lost. The gate belongs to the name. It is
//! an `flock`, which the kernel drops when the last holder dies, and which other PID namespaces see.

use std::fs::{File, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::error::Error;
use super::place::{Place, open_private};

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
        place.create_locks()?;
        let path = gate_of(place);
        let file = open_private(&path, place.file()).map_err(Error::io("open the gate of the state file", &path))?;
        Self::share(file, place, &path, patience)
    }

    /// Passes the gate if there is one that this user may use; a reader that may not create it goes without.
    pub(super) fn pass_to_read(place: &Place, patience: Duration) -> Result<Option<Self>, Error> {
        let path = gate_of(place);
        match File::open(&path) {
            Ok(file) => Self::share(file, place, &path, patience).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn share(file: File, place: &Place, path: &Path, patience: Duration) -> Result<Self, Error> {
        let begun = Instant::now();
        loop {
            match file.try_lock_shared() {
                Ok(()) => return Ok(Self { file }),
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
        place.create_locks()?;
        let path = gate_of(place);
        let file = open_private(&path, place.file()).map_err(Error::io("open the gate of the state file", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Error::io("shut the gate of the state file", &path)(error)),
        }
    }
}

/// No job can be called so: lock files of jobs end in `.lock`.
fn gate_of(place: &Place) -> std::path::PathBuf {
    place.locks().join("gate")
}

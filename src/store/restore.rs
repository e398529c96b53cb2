//! Putting a backup in the place of the state file.
//!
//! ```text
//! shut the gate             no process of ours has the state file open, none can open it
//! copy, hold, verify        a file of a temporary name: complete, synced, every check passed; what its outbox had open
//!                           waits for a person, for it may be on the chain by now
//! fold                      state.db takes in its log and is one file; nothing is left that could be applied to another
//! exchange                  state.db is the backup, state.db.replaced-<time> is the old file: one atomic step
//! ```
//! Before the exchange the old state is complete, after it the new one is, wherever a kill or a power loss falls.
//!
//! A file that is too damaged to be opened cannot take in its log. Then the log is renamed to
//! `state.db.replaced-<time>-wal` before the exchange, and a kill between leaves what was there before: a file that is
//! refused, with nothing lost.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::check::{Check, Checked, check_file};
use super::copy::{Copy, Progress};
use super::gate::{Gate, POLL};
use super::job_lock::held_beside;
use super::migrate;
use super::open::{PATIENCE, configure, connect_to_read, leave_the_log};
use super::place::{Place, sync_folder, with_suffix};
use super::{Error, LockError, Waiting, outbox};

/// What to restore.
#[derive(Clone, Copy)]
pub struct Restore<'a> {
    /// The state file; may be missing.
    pub state: &'a Path,
    /// The backup.
    pub backup: &'a Path,
    /// The time that the replaced file is named by.
    pub now: Timestamp,
    /// How long to wait until nobody uses the state file.
    pub waiting: Waiting<'a>,
}

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The state file.
    pub state: PathBuf,
    /// Its schema version now; opening it migrates it if it is old.
    pub schema: u32,
    /// Its size now.
    pub bytes: u64,
    /// Where the file is that was replaced; none if there was none.
    pub replaced: Option<PathBuf>,
}

/// How far a restore is. Told after each step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreStep {
    /// Nobody else can use the state file.
    GateShut,
    /// The backup is copied and verified.
    Copied,
    /// The old file has taken in its log.
    Folded,
    /// The new file is the state file.
    Exchanged,
}

const DOING: &str = "restore the state file";

impl Restore<'_> {
    /// Restores. The backup stays where it is.
    pub fn run(self, progress: Progress<'_>, told: &mut dyn FnMut(RestoreStep)) -> Result<Restored, LockError> {
        let source_place = self.backup_place()?;
        let source = connect_to_read(&source_place, PATIENCE)?;
        let new = NewPlace::before(self.state);
        let place = Place::for_creating(self.state).inspect_err(|_| new.take_away())?;
        if source_place == place {
            return Err(Error::Itself { path: place.file().to_owned() }.into());
        }
        let had_locks = place.locks().exists();
        let gate = self.shut_gate(&place)?;
        let restored = self.replace(&place, (&source, source_place.file()), progress, told);
        if restored.is_err() && !had_locks {
            gate.take_away(&place);
            new.take_away();
        }
        restored
    }

    /// The rest, while the gate is shut.
    fn replace(
        self,
        place: &Place,
        source: (&Connection, &Path),
        progress: Progress<'_>,
        told: &mut dyn FnMut(RestoreStep),
    ) -> Result<Restored, LockError> {
        told(RestoreStep::GateShut);

        let copy = Copy {
            doing: DOING,
            source,
            name: place.file(),
            like: place.file(),
            should_stop: self.waiting.should_stop,
            progress,
            amend: Some(&|copy, schema| outbox::hold_all(copy, schema, self.now)),
        }
        .make()?;
        told(RestoreStep::Copied);

        let (schema, bytes) = (copy.schema, copy.bytes);
        let replaced = self.free_name(place);
        let exists = fold(place, &replaced)?;
        told(RestoreStep::Folded);
        let exchanged = if exists {
            copy.rename(&replaced).and_then(|()| {
                // What was not exchanged is a mere copy of the backup.
                exchange(place.file(), &replaced).inspect_err(|_| drop(fs::remove_file(&replaced)))
            })
        } else {
            copy.rename(place.file())
        };
        exchanged.and_then(|()| sync_folder(place.folder())).map_err(Error::io(DOING, place.file()))?;
        told(RestoreStep::Exchanged);
        Ok(Restored { state: place.file().to_owned(), schema, bytes, replaced: exists.then_some(replaced) })
    }

    /// What [`Restore::run`] would do now, short of waiting: verifies the backup where it is, and changes nothing.
    pub fn rehearse(self) -> Result<Checked, Error> {
        let mut checked = check_file(self.backup_place()?.file(), self.waiting.should_stop)?;
        // The restored file gets a mode of its own.
        checked.findings.retain(|finding| finding.check != Check::Permission);
        if fs::canonicalize(self.state).is_ok_and(|state| state == checked.path) {
            return Err(Error::Itself { path: checked.path });
        }
        if checked.findings.is_empty() {
            Ok(checked)
        } else {
            Err(Error::Unsound { path: checked.path, findings: checked.findings })
        }
    }

    fn backup_place(&self) -> Result<Place, Error> {
        Place::existing(self.backup).map_err(|error| match error {
            Error::Missing { path } => Error::NoBackup { path },
            other => other,
        })
    }

    /// Waits until no process of ours has the state file open.
    fn shut_gate(&self, place: &Place) -> Result<Gate, LockError> {
        let begun = Instant::now();
        loop {
            if let Some(gate) = Gate::shut(place)? {
                return Ok(gate);
            }
            if (self.waiting.should_stop)() {
                return Err(Error::Interrupted { doing: DOING }.into());
            }
            if begun.elapsed() >= self.waiting.at_most {
                return Err(LockError::InUse { path: place.file().to_owned(), holders: held_beside(place)? });
            }
            thread::sleep(POLL.min(self.waiting.at_most.saturating_sub(begun.elapsed())));
        }
    }

    /// A name for the replaced file that nothing has yet.
    fn free_name(&self, place: &Place) -> PathBuf {
        let time = self.now.strftime("%Y%m%dT%H%M%SZ");
        let name = |again: u32| match again {
            0 => place.beside(&format!(".replaced-{time}")),
            _ => place.beside(&format!(".replaced-{time}-{again}")),
        };
        let free = |name: &PathBuf| fs::symlink_metadata(name).is_err();
        (0..1000).map(name).find(free).unwrap_or_else(|| name(1000))
    }
}

/// The folders above a state file that are not there yet: what a failed restore made is taken away again.
struct NewPlace(Vec<PathBuf>);

impl NewPlace {
    fn before(state: &Path) -> Self {
        let state = std::path::absolute(state).unwrap_or_default();
        Self(state.ancestors().skip(1).take_while(|folder| !folder.exists()).map(Path::to_owned).collect())
    }

    fn take_away(&self) {
        for folder in &self.0 {
            // Best effort, and never what is not empty.
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Makes the old state file one file without companions. Says whether there is one.
fn fold(place: &Place, replaced: &Path) -> Result<bool, LockError> {
    let exists = place.file().exists();
    if exists {
        match fold_in(place) {
            Ok(()) => return Ok(true),
            Err(Error::Busy { .. }) => {
                return Err(LockError::InUse { path: place.file().to_owned(), holders: Vec::new() });
            }
            Err(error) if error.is_damage() => {}
            Err(error) => return Err(error.into()),
        }
    }
    // Nobody can open the old file, so nobody misses its log; but SQLite would apply the log to the new file.
    for suffix in ["-wal", "-journal", "-shm"] {
        let (from, to) = (place.beside(suffix), with_suffix(replaced, suffix));
        match fs::rename(&from, &to) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(Error::io("put the log of the old state file aside", &from)(error).into());
            }
            Ok(()) | Err(_) => {}
        }
    }
    sync_folder(place.folder()).map_err(Error::io(DOING, place.folder()))?;
    Ok(exists)
}

/// Lets SQLite take the log into the file and remove it. Refuses the database of another program.
fn fold_in(place: &Place) -> Result<(), Error> {
    let doing = "fold the log of the old state file into it";
    let failed = || Error::sql(doing, place.file());
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let old = Connection::open_with_flags(place.file(), flags).map_err(failed())?;
    leave_the_log(&old, true).and_then(|()| configure(&old, POLL)).map_err(failed())?;
    match migrate::identify(&old, place.file()) {
        // A downgrade is a good reason to restore.
        Ok(_) | Err(Error::Newer { .. }) => {}
        Err(error) => return Err(error),
    }
    leave_the_log(&old, false).map_err(failed())?;
    old.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(failed())?;
    old.close().map_err(|(_, error)| failed()(error))
}

/// Exchanges two files in one step, where the file system can; else there is a moment in which the old file has both
/// names.
fn exchange(state: &Path, replaced: &Path) -> io::Result<()> {
    match renameat_with(CWD, state, CWD, replaced, RenameFlags::EXCHANGE).map_err(io::Error::from) {
        Err(error) if matches!(error.kind(), io::ErrorKind::Unsupported | io::ErrorKind::InvalidInput) => {
            exchange_in_steps(state, replaced)
        }
        done => done,
    }
}

fn exchange_in_steps(state: &Path, replaced: &Path) -> io::Result<()> {
    let new = with_suffix(replaced, ".new");
    fs::rename(replaced, &new)?;
    fs::hard_link(state, replaced).and_then(|()| fs::rename(&new, state)).inspect_err(|_| drop(fs::remove_file(&new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_of_exchanging_exchange() {
        for way in [exchange, exchange_in_steps] {
            let folder = tempfile::TempDir::new().unwrap();
            let (state, replaced) = (folder.path().join("state.db"), folder.path().join("replaced"));
            fs::write(&state, "old").unwrap();
            fs::write(&replaced, "new").unwrap();
            way(&state, &replaced).unwrap();
            assert_eq!(fs::read_to_string(&state).unwrap(), "new");
            assert_eq!(fs::read_to_string(&replaced).unwrap(), "old");
            assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        }
    }
}

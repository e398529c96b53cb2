//! A complete, verified copy of a state file: what a backup and a restore have in common.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::interrupt::{ShouldStop, watched};
use super::migrate::{self, Identity};
use super::place::{create_private, with_suffix};
use super::{Error, check};

/// Told while a copy grows: pages done, pages in all.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Which file to copy where.
pub(super) struct Copy<'a> {
    /// What is done, for errors.
    pub(super) doing: &'static str,
    /// The open source and its path.
    pub(super) source: (&'a Connection, &'a Path),
    /// The file to write; must not exist.
    pub(super) target: &'a Path,
    /// Whose owner the target gets when root writes it.
    pub(super) like: &'a Path,
    pub(super) should_stop: ShouldStop<'a>,
    pub(super) progress: Progress<'a>,
}

/// A copy that is written, synced and verified, but still has its temporary name. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Unnamed {
    path: PathBuf,
    /// Its schema version.
    pub(super) schema: u32,
    /// Its size.
    pub(super) bytes: u64,
}

/// Pages in one step: between two of them we look whether to stop.
const PAGES: i32 = 2000;

impl Copy<'_> {
    /// Copies one consistent state, while others may write: the source's snapshot is held from the first page to the
    /// last, so the copy never has to begin again. The copy is a single file without a log.
    pub(super) fn make(mut self) -> Result<Unnamed, Error> {
        let created = create_private(self.target, self.like).map_err(Error::io(self.doing, self.target))?;
        // Closed before SQLite opens it: a later close would drop SQLite's locks.
        drop(created);
        let mut unnamed = Unnamed { path: self.target.to_owned(), schema: 0, bytes: 0 };
        self.fill()?;
        unnamed.schema = self.verify()?;
        let file = File::open(self.target).map_err(Error::io(self.doing, self.target))?;
        file.sync_all().map_err(Error::io(self.doing, self.target))?;
        unnamed.bytes = file.metadata().map_err(Error::io(self.doing, self.target))?.len();
        Ok(unnamed)
    }

    fn fill(&mut self) -> Result<(), Error> {
        let (source, source_path) = self.source;
        let reading = || Error::sql(self.doing, source_path);
        let writing = || Error::sql(self.doing, self.target);
        let view = source.unchecked_transaction().map_err(reading())?;
        view.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(reading())?;

        let mut target = self.open_target()?;
        // It has no name yet and is synced as a whole in the end.
        target.pragma_update(None, "synchronous", "OFF").map_err(writing())?;
        target.pragma_update_and_check(None, "journal_mode", "OFF", |_| Ok(())).map_err(writing())?;
        let backup = Backup::new(&view, &mut target).map_err(writing())?;
        loop {
            if (self.should_stop)() {
                return Err(Error::Interrupted { doing: self.doing });
            }
            let step = backup.step(PAGES).map_err(|error| {
                let damaged = error.sqlite_error_code() == Some(ErrorCode::DatabaseCorrupt);
                if damaged { reading()(error) } else { writing()(error) }
            })?;
            let state = backup.progress();
            let [total, left] = [state.pagecount, state.remaining].map(|pages| u64::try_from(pages).unwrap_or(0));
            (self.progress)(total.saturating_sub(left), total);
            match step {
                StepResult::Done => return Ok(()),
                StepResult::Busy | StepResult::Locked => thread::sleep(Duration::from_millis(20)),
                _ => {}
            }
        }
    }

    /// Checks everything in the copy, and makes it a file that needs no log beside it. Gives back its schema version.
    fn verify(&self) -> Result<u32, Error> {
        let (_, source_path) = self.source;
        let writing = || Error::sql(self.doing, self.target);
        let target = self.open_target()?;
        // What is wrong with the copy is wrong with the source.
        let Identity::Ours(schema) = migrate::identify(&target, source_path)? else {
            return Err(Error::NotOurs { path: source_path.to_owned(), found: 0 });
        };
        target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(writing())?;
        let findings = watched(&target, self.should_stop, || check::content(&target, schema)).map_err(writing())?;
        if findings.is_empty() { Ok(schema) } else { Err(Error::Unsound { path: source_path.to_owned(), findings }) }
    }

    fn open_target(&self) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(self.target, flags).map_err(Error::sql(self.doing, self.target))
    }
}

impl Unnamed {
    /// Gives the copy a name, and replaces what has that name.
    pub(super) fn rename(mut self, name: &Path) -> std::io::Result<()> {
        fs::rename(&self.path, name)?;
        // Nothing is left for the drop to remove.
        self.path = PathBuf::new();
        Ok(())
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.path.as_os_str().is_empty() {
            remove_unnamed(&self.path);
        }
    }
}

/// Removes a copy that has no name yet, of ours or of a process that was killed, and what SQLite put beside it.
pub(super) fn remove_unnamed(path: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        // What is not there need not be removed; what cannot be removed fails the next step with a better word.
        let _ = fs::remove_file(with_suffix(path, suffix));
    }
}

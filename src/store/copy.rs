//! A complete, verified copy of a state file: what a backup and a restore have in common.
//!
//! While it grows, the copy of `state.db` is `.state.db.<12 random characters>.partial` in the same folder, so it is never
//! a file that somebody else made; and its process holds an `flock` on it, so what a killed process left behind can
//! be told from what is being written.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, ErrorCode, OpenFlags};
use tempfile::TempPath;

use super::interrupt::{ShouldStop, watched};
use super::migrate::{self, Identity};
use super::place::{create_private, open_regular, with_suffix};
use super::{Error, check};

/// Told while a copy grows: pages done, pages in all.
pub type Progress<'a> = &'a mut dyn FnMut(u64, u64);

/// Which file to copy where.
pub(super) struct Copy<'a> {
    /// What is done, for errors.
    pub(super) doing: &'static str,
    /// The open source and its path.
    pub(super) source: (&'a Connection, &'a Path),
    /// The name that the copy is to get: a full path.
    pub(super) name: &'a Path,
    /// Whose owner the copy gets when root writes it.
    pub(super) like: &'a Path,
    pub(super) should_stop: ShouldStop<'a>,
    pub(super) progress: Progress<'a>,
    /// What changes in the copy before it is verified; given the copy and its schema version.
    pub(super) amend: Option<Amend<'a>>,
}

/// A change to a copy.
pub(super) type Amend<'a> = &'a dyn Fn(&Connection, u32) -> rusqlite::Result<()>;

/// A copy that is written, synced and verified, but still has its temporary name. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Unnamed {
    path: TempPath,
    /// Dropped after the file is removed.
    _companions: Companions,
    /// Held for as long as the file has no name.
    _lock: File,
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
    ///
    /// What killed processes left of copies for the same name is removed first.
    pub(super) fn make(mut self) -> Result<Unnamed, Error> {
        let mut unnamed = self.begin().map_err(Error::io(self.doing, self.name))?;
        self.fill(&unnamed.path)?;
        self.amend(&unnamed.path)?;
        unnamed.schema = self.verify(&unnamed.path)?;
        let file = File::open(&unnamed.path).map_err(Error::io(self.doing, self.name))?;
        file.sync_all().map_err(Error::io(self.doing, self.name))?;
        unnamed.bytes = file.metadata().map_err(Error::io(self.doing, self.name))?.len();
        Ok(unnamed)
    }

    /// An empty file of a name that nothing has.
    fn begin(&self) -> io::Result<Unnamed> {
        let folder = self.name.parent().unwrap_or(Path::new("/"));
        let name = self.name.file_name().unwrap_or_default();
        // What cannot be listed or removed is not in the way.
        for abandoned in abandoned(folder, |of| of == name).unwrap_or_default() {
            let _ = remove_abandoned(&abandoned);
        }
        let mut before = OsString::from(".");
        before.push(name);
        before.push(".");
        let named =
            tempfile::Builder::new().prefix(&before).suffix(PARTIAL).rand_bytes(RANDOM).make_in(folder, |path| {
                let file = create_private(path, self.like)?;
                // Who removes abandoned copies may have been between the two: then another name is tried.
                let ours = file.try_lock().is_ok() && file.metadata()?.nlink() > 0;
                if ours { Ok(file) } else { Err(io::ErrorKind::AlreadyExists.into()) }
            })?;
        let (lock, path) = named.into_parts();
        Ok(Unnamed { _companions: Companions(path.to_path_buf()), path, _lock: lock, schema: 0, bytes: 0 })
    }

    fn fill(&mut self, copy: &Path) -> Result<(), Error> {
        let (source, source_path) = self.source;
        let reading = || Error::sql(self.doing, source_path);
        let writing = || Error::sql(self.doing, copy);
        let view = source.unchecked_transaction().map_err(reading())?;
        view.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())).map_err(reading())?;

        let mut target = self.open(copy)?;
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

    /// Changes the copy as wanted; in a file that is not ours there is nothing that could be changed.
    fn amend(&self, copy: &Path) -> Result<(), Error> {
        let Some(amend) = self.amend else { return Ok(()) };
        let target = self.open(copy)?;
        match migrate::identify(&target, copy) {
            Ok(Identity::Ours(schema)) => amend(&target, schema).map_err(Error::sql(self.doing, copy)),
            // Verifying it says what it is instead.
            Ok(Identity::Empty) | Err(_) => Ok(()),
        }
    }

    /// Checks everything in the copy, and makes it a file that needs no log beside it. Gives back its schema version.
    fn verify(&self, copy: &Path) -> Result<u32, Error> {
        let (_, source_path) = self.source;
        let writing = || Error::sql(self.doing, copy);
        let target = self.open(copy)?;
        // What is wrong with the copy is wrong with the source.
        let Identity::Ours(schema) = migrate::identify(&target, source_path)? else {
            return Err(Error::NotOurs { path: source_path.to_owned(), found: 0 });
        };
        target.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(())).map_err(writing())?;
        let findings = watched(&target, self.should_stop, || check::content(&target, schema)).map_err(writing())?;
        if findings.is_empty() { Ok(schema) } else { Err(Error::Unsound { path: source_path.to_owned(), findings }) }
    }

    fn open(&self, copy: &Path) -> Result<Connection, Error> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(copy, flags).map_err(Error::sql(self.doing, copy))
    }
}

impl Unnamed {
    /// Gives the copy its name, and replaces the file that has that name.
    pub(super) fn rename(self, name: &Path) -> io::Result<()> {
        self.path.persist(name).map_err(|error| error.error)
    }

    /// Gives the copy a name that nothing has; fails with "already exists" if something has it after all.
    pub(super) fn rename_to_new(self, name: &Path) -> io::Result<()> {
        self.path.persist_noclobber(name).map_err(|error| error.error)
    }
}

/// What SQLite puts beside a file; removed with this.
#[derive(Debug)]
struct Companions(PathBuf);

impl Drop for Companions {
    fn drop(&mut self) {
        for suffix in ["-journal", "-wal", "-shm"] {
            // Mostly not there.
            let _ = fs::remove_file(with_suffix(&self.0, suffix));
        }
    }
}

const PARTIAL: &str = ".partial";

/// Random characters in the name of a growing copy.
const RANDOM: usize = 12;

/// The copies in a folder that killed processes left unfinished. `wanted` is asked about the name that the copy was to
/// get. A file that is not named like such a copy, or that a living process writes, is never among them.
pub fn abandoned(folder: &Path, wanted: impl Fn(&OsStr) -> bool) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        let path = folder.join(&name);
        if name_of_copy(&name).is_some_and(&wanted) && lock_abandoned(&path).is_some() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Removes one of them, unless a living process turns out to write it.
pub fn remove_abandoned(path: &Path) -> io::Result<()> {
    // Held until the file is gone: see the start of a copy.
    let Some(_lock) = lock_abandoned(path) else { return Ok(()) };
    drop(Companions(path.to_owned()));
    fs::remove_file(path)
}

fn lock_abandoned(path: &Path) -> Option<File> {
    let file = open_regular(path).ok()?;
    file.try_lock().ok()?;
    Some(file)
}

/// `state.db` for `.state.db.aB3dE5gH7jK9.partial`.
fn name_of_copy(name: &OsStr) -> Option<&OsStr> {
    let rest = name.to_str()?.strip_prefix('.')?.strip_suffix(PARTIAL)?;
    let (of, random) = rest.rsplit_once('.')?;
    let fits = random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    fits.then_some(OsStr::new(of))
}

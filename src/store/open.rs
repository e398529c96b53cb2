//! Opening a state file: cheap checks only, whatever its size.

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::gate::{Gate, POLL};
use super::migrate::{self, Identity, SCHEMA_VERSION};
use super::place::Place;
use super::{Error, error::Cause};

/// How long a reader or writer waits for its turn before it gives up with [`Error::Busy`].
pub const PATIENCE: Duration = Duration::from_secs(30);

/// After a checkpoint the write-ahead log is cut to this, in bytes.
const LOG_LIMIT: i64 = 64 << 20;

/// What a state file is opened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// To read and write: created where it is missing, with the folders above it, and brought up to date.
    Write,
    /// The same, but the folder must exist: its disk may not be mounted.
    WriteInFolder,
    /// The same, but the file must exist: a misspelt path should not make anybody begin anew.
    WriteExisting,
    /// To look only: nothing is created, migrated or made tighter.
    Read,
}

/// What opening changed or saw, for the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The state file did not exist.
    Created {
        /// The new file.
        path: PathBuf,
    },
    /// The schema was brought up to date.
    Migrated {
        /// The version before.
        from: u32,
        /// The version now.
        to: u32,
    },
    /// Other users could use a file, or the folder of the locks.
    Tightened {
        /// The file or folder.
        path: PathBuf,
        /// The mode it had.
        was: u32,
        /// The mode it has now.
        now: u32,
    },
}

/// An open state file.
pub struct Store {
    // Fields are dropped in this order: the gate is held until the connection is closed.
    connection: Mutex<Connection>,
    /// The thread that is inside a transaction.
    inside: Mutex<Option<ThreadId>>,
    place: Option<Place>,
    notices: Vec<Notice>,
    _gate: Option<Gate>,
}

impl Store {
    /// Opens a state file.
    pub fn open(path: &Path, mode: Mode) -> Result<Self, Error> {
        Self::open_patiently(path, mode, PATIENCE)
    }

    /// The same, with another limit of patience than [`PATIENCE`].
    pub fn open_patiently(path: &Path, mode: Mode, patience: Duration) -> Result<Self, Error> {
        match mode {
            Mode::Write => Self::open_to_write(&Place::for_creating(path)?, patience),
            Mode::WriteInFolder => Self::open_to_write(&Place::in_folder(path)?, patience),
            Mode::WriteExisting => Self::open_to_write(&Place::existing(path)?, patience),
            Mode::Read => Self::open_to_read(path, patience),
        }
    }

    /// A new state file in memory: private to this store and gone with it. For tests, and rehearsals where there is none.
    pub fn in_memory() -> Result<Self, Error> {
        const DOING: &str = "make a state file in memory";
        let path = Path::new(MEMORY);
        let mut connection = Connection::open_in_memory().map_err(Error::sql(DOING, path))?;
        configure(&connection, PATIENCE).map_err(Error::sql(DOING, path))?;
        migrate::bring_up_to_date(&mut connection, path)?;
        Ok(Self::of(connection, None, None, Vec::new()))
    }

    fn open_to_write(place: &Place, patience: Duration) -> Result<Self, Error> {
        /// Closing a file drops SQLite's locks on it in the whole process, so no thread may open it while another
        /// creates it.
        static CREATING: Mutex<()> = Mutex::new(());
        let gate = Gate::pass(place, patience)?;
        let mut connection = {
            let _creating = CREATING.lock().unwrap_or_else(PoisonError::into_inner);
            place.create_file()?;
            connect(place, OpenFlags::SQLITE_OPEN_READ_WRITE, patience)?
        };
        if connection.is_readonly(rusqlite::MAIN_DB).map_err(Error::sql(OPENING, place.file()))? {
            let source = rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY),
                Some("the file is write-protected".to_owned()),
            );
            return Err(Error::sql(OPENING, place.file())(source));
        }
        migrate::identify(&connection, place.file())?;
        keep_a_log(&connection, place, patience)?;
        let mut notices = Vec::new();
        match migrate::bring_up_to_date(&mut connection, place.file())? {
            None => {}
            Some(0) => notices.push(Notice::Created { path: place.file().to_owned() }),
            Some(from) => notices.push(Notice::Migrated { from, to: SCHEMA_VERSION }),
        }
        leave_the_log(&connection, false).map_err(Error::sql(OPENING, place.file()))?;
        let tightened = place.tighten()?;
        notices.extend(tightened.into_iter().map(|(path, was, now)| Notice::Tightened { path, was, now }));
        Ok(Self::of(connection, Some(place.clone()), Some(gate), notices))
    }

    fn open_to_read(path: &Path, patience: Duration) -> Result<Self, Error> {
        let place = Place::existing(path)?;
        let gate = Gate::pass_to_read(&place, patience)?;
        let connection = connect_to_read(&place, patience)?;
        match migrate::identify(&connection, place.file())? {
            Identity::Ours(SCHEMA_VERSION) => Ok(Self::of(connection, Some(place), gate, Vec::new())),
            Identity::Ours(found) => Err(Error::Older { path: place.file().to_owned(), found, known: SCHEMA_VERSION }),
            Identity::Empty => Err(Error::Older { path: place.file().to_owned(), found: 0, known: SCHEMA_VERSION }),
        }
    }

    pub(super) fn of(connection: Connection, place: Option<Place>, gate: Option<Gate>, notices: Vec<Notice>) -> Self {
        Self { connection: Mutex::new(connection), inside: Mutex::new(None), place, notices, _gate: gate }
    }

    /// The state file, all links resolved; `:memory:` for one in memory.
    pub fn path(&self) -> &Path {
        self.place.as_ref().map_or(Path::new(MEMORY), Place::file)
    }

    /// Whether it is private to this store and gone with it.
    pub const fn is_in_memory(&self) -> bool {
        self.place.is_none()
    }

    /// What opening changed or saw.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Where the file is; `None` for one in memory.
    pub(super) const fn place(&self) -> Option<&Place> {
        self.place.as_ref()
    }

    /// Takes the connection for one transaction or maintenance step.
    pub(super) fn hold(&self, doing: &'static str) -> Result<Held<'_>, Error> {
        let this_thread = thread::current().id();
        if *self.inside.lock().unwrap_or_else(PoisonError::into_inner) == Some(this_thread) {
            return Err(Error::Nested { doing });
        }
        // A panic inside a transaction has rolled it back, so the connection is as good as before.
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        *self.inside.lock().unwrap_or_else(PoisonError::into_inner) = Some(this_thread);
        Ok(Held { connection, inside: &self.inside })
    }
}

const MEMORY: &str = ":memory:";
/// So many statements stay compiled: more than one round of any job's loop has. With fewer, each of them would be compiled
/// anew in each round.
const STATEMENTS: usize = 64;
const OPENING: &str = "open the state file";

/// The connection, held by one thread.
pub(super) struct Held<'s> {
    connection: MutexGuard<'s, Connection>,
    inside: &'s Mutex<Option<ThreadId>>,
}

impl Deref for Held<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        *self.inside.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn connect(place: &Place, access: OpenFlags, patience: Duration) -> Result<Connection, Error> {
    let connection = Connection::open_with_flags(place.file(), access | OpenFlags::SQLITE_OPEN_NO_MUTEX)
        .map_err(Error::sql(OPENING, place.file()))?;
    leave_the_log(&connection, true).map_err(Error::sql(OPENING, place.file()))?;
    configure(&connection, patience).map_err(Error::sql(OPENING, place.file()))?;
    Ok(connection)
}

/// Whether closing the connection leaves the log as it is. Otherwise the last one to close takes the log in and removes
/// it, which must not happen to a file that turns out to be damaged or foreign.
pub(super) fn leave_the_log(connection: &Connection, leave: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, leave).map(drop)
}

/// Opens a file to look at it. Where neither the log nor its index can be created because the file system is mounted
/// read-only and there is no log, the file is read as one that nobody changes.
pub(super) fn connect_to_read(place: &Place, patience: Duration) -> Result<Connection, Error> {
    let opened = connect(place, OpenFlags::SQLITE_OPEN_READ_ONLY, patience)
        .and_then(|connection| migrate::identify(&connection, place.file()).map(|_| connection));
    match opened {
        Err(Error::ReadOnly { .. }) if !place.beside("-wal").exists() => {
            let uri = immutable_uri(place.file());
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(uri, flags).map_err(Error::sql(OPENING, place.file()))?;
            configure(&connection, patience).map_err(Error::sql(OPENING, place.file()))?;
            Ok(connection)
        }
        opened => opened,
    }
}

/// The same file in SQLite's own spelling, "will never change"; every byte that could mean something is escaped.
fn immutable_uri(file: &Path) -> String {
    use std::fmt::Write;
    use std::os::unix::ffi::OsStrExt;
    let mut uri = "file:".to_owned();
    for byte in file.as_os_str().as_bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.') {
            uri.push(char::from(*byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02x}");
        }
    }
    uri + "?immutable=1"
}

/// What holds for every connection.
pub(super) fn configure(connection: &Connection, patience: Duration) -> rusqlite::Result<()> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    // A commit is on the disk before it is acknowledged.
    connection.pragma_update(None, "synchronous", "FULL")?;
    // A damaged or foreign schema cannot make us run its functions.
    connection.pragma_update(None, "trusted_schema", false)?;
    Ok(())
}

/// Turns the write-ahead log on, which stays on for the file. SQLite does not queue for this step, so we do.
fn keep_a_log(connection: &Connection, place: &Place, patience: Duration) -> Result<(), Error> {
    let begun = Instant::now();
    loop {
        let mode = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get::<_, String>(0));
        match mode.map_err(Error::sql(OPENING, place.file())) {
            Ok(mode) if mode == "wal" => break,
            Ok(_) => return Err(Error::Unsupported { path: place.file().to_owned() }),
            Err(Error::Busy { source: Cause::Sqlite(_), .. }) if begun.elapsed() < patience => thread::sleep(POLL / 10),
            Err(error) => return Err(error),
        }
    }
    connection
        .pragma_update_and_check(None, "journal_size_limit", LOG_LIMIT, |_| Ok(()))
        .map_err(Error::sql(OPENING, place.file()))
}

//! What can go wrong with the state file, in the words of an operator.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use super::check::Finding;
use super::diagnose;
use crate::domain::fault::{Classified, Fault};

/// Why the state file could not be used. `doing` completes "cannot …": what was tried.
///
/// Whatever the variant, nothing is half-written: a transaction that failed has changed nothing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No space (or no inode, or no quota) is left.
    #[error("cannot {doing}: no space is left for {}", path.display())]
    DiskFull {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// The file, or the file system it is on, is read-only.
    #[error("cannot {doing}: {} is read-only", path.display())]
    ReadOnly {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// The system does not let this user.
    #[error("cannot {doing}: this user may not use {}", path.display())]
    Denied {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// There is no state file.
    #[error("there is no state file at {}", path.display())]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The state file is gone or empty, and its write-ahead log is not: creating a new one would destroy the log.
    #[error("the state file {} is missing or empty, but its log (-wal) is there", path.display())]
    Lost {
        /// The state file.
        path: PathBuf,
    },
    /// A folder, a device or a pipe stands where the state file should.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// What stands there.
        path: PathBuf,
    },
    /// The locks of the state file may be somebody else's.
    #[error("the locks of the state file cannot be trusted: {} {what}", path.display())]
    Locks {
        /// The folder of the locks, or a file in it.
        path: PathBuf,
        /// What is wrong with it: "is a symbolic link".
        what: String,
    },
    /// The backup that is to be restored does not exist.
    #[error("there is no backup at {}", path.display())]
    NoBackup {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// Not an SQLite database at all.
    #[error("{} is not a state file: it is no SQLite database, or its first page is destroyed", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// An SQLite database of another program.
    #[error("{} is not a state file: it is the database of another program (application id {found:#x})", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// The application id it carries.
        found: i32,
    },
    /// A newer version of this program wrote it.
    #[error("the state file {} has schema {found}, and this program knows {known} at most", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The newest that this program knows.
        known: u32,
    },
    /// An older version of this program wrote it, and it was opened to be looked at only.
    #[error("the state file {} has schema {found}, and {known} is needed to read it", path.display())]
    Older {
        /// The file.
        path: PathBuf,
        /// Its schema version.
        found: u32,
        /// The version of this program.
        known: u32,
    },
    /// The content is damaged.
    #[error("cannot {doing}: {} is damaged", path.display())]
    Corrupt {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// Other processes held it for longer than we wait.
    #[error("cannot {doing}: other processes keep {} busy", path.display())]
    Busy {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// The file is being replaced by `state restore` right now.
    #[error("the state file {} is being restored", path.display())]
    BeingRestored {
        /// The file.
        path: PathBuf,
    },
    /// The file system lacks what a write-ahead log needs.
    #[error("the file system of {} cannot hold a state file: it lacks memory maps or locks", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
    },
    /// A file that is to be written exists already.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The folder that a file is to be written to does not exist. It is not created: its disk may not be mounted.
    #[error("there is no folder {}", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// A backup or restore of the state file from or to itself.
    #[error("{} is the state file itself, or part of it", path.display())]
    Itself {
        /// The file.
        path: PathBuf,
    },
    /// Something stands where a file is to be written that is no regular file, and so is never replaced.
    #[error("{} is {what}, and is not replaced", path.display())]
    InTheWay {
        /// Where the file was to be written.
        path: PathBuf,
        /// What stands there: "a named pipe".
        what: &'static str,
        /// Where a symbolic link leads.
        leads_to: Option<PathBuf>,
    },
    /// A file that should be a sound state file (a backup) is not.
    #[error("{} is not sound: {}", path.display(), Finding::summary(findings))]
    Unsound {
        /// The file.
        path: PathBuf,
        /// What is wrong with it; not empty.
        findings: Vec<Finding>,
    },
    /// We were asked to stop, and did before anything was changed.
    #[error("stopped on request, and did not {doing}")]
    Interrupted {
        /// What was given up.
        doing: &'static str,
    },
    /// A row that every state file has was removed.
    #[error("cannot {doing}: {} lacks its {what}", path.display())]
    Lacks {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What is gone.
        what: &'static str,
    },
    /// Any other failure of the disk or the system.
    #[error("cannot {doing} at {}", path.display())]
    Io {
        /// What was tried.
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: Cause,
    },
    /// SQLite refuses a statement: a defect of this program.
    #[error("cannot {doing}: a statement does not fit the state file {}", path.display())]
    Statement {
        /// What was tried.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: Cause,
    },
    /// A transaction was begun inside another: a defect of this program.
    #[error("cannot {doing}: another transaction of the same thread is open")]
    Nested {
        /// What was tried.
        doing: &'static str,
    },
}

/// What lies beneath a failure.
#[derive(Debug, thiserror::Error)]
pub enum Cause {
    /// The operating system's word.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// SQLite's word, which says all that lies beneath it.
    #[error("{0}")]
    Sqlite(rusqlite::Error),
}

impl Error {
    /// What the operating system's refusal means.
    pub(crate) fn io<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(io::Error) -> Self + 'a {
        move |error| {
            let (path, kind) = (path.to_owned(), error.kind());
            let source = Cause::Io(error);
            match kind {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull { doing, path, source },
                io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { doing, path, source },
                io::ErrorKind::PermissionDenied => Self::Denied { doing, path, source },
                _ => Self::Io { doing, path, source },
            }
        }
    }

    /// What SQLite's refusal means; asks the file system where SQLite is vague.
    pub(super) fn sql<'a>(doing: &'static str, path: &'a Path) -> impl FnOnce(rusqlite::Error) -> Self + 'a {
        move |error| {
            let code = error.sqlite_error_code();
            let written_by_others = diagnose::is_foreign_value(&error);
            let (at, path, source) = (path, path.to_owned(), Cause::Sqlite(error));
            match code {
                Some(ErrorCode::DiskFull) => Self::DiskFull { doing, path, source },
                Some(ErrorCode::ReadOnly) => diagnose::refusal(doing, at, source, true),
                Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                    diagnose::refusal(doing, at, source, false)
                }
                Some(ErrorCode::SystemIoFailure) if diagnose::is_full(at) => Self::DiskFull { doing, path, source },
                Some(ErrorCode::SystemIoFailure) => Self::Io { doing, path, source },
                Some(ErrorCode::DatabaseCorrupt) => Self::Corrupt { doing, path, source },
                Some(ErrorCode::NotADatabase) => Self::NotADatabase { path, source },
                Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
                    Self::Busy { doing, path, source }
                }
                Some(ErrorCode::OperationInterrupted) => Self::Interrupted { doing },
                _ if written_by_others => Self::Corrupt { doing, path, source },
                _ => Self::Statement { doing, path, source },
            }
        }
    }

    /// Whether the file's content, not its surroundings, is at fault.
    pub(super) const fn is_damage(&self) -> bool {
        matches!(self, Self::Corrupt { .. } | Self::NotADatabase { .. })
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::DiskFull { .. } | Self::Io { .. } => Fault::Unavailable,
            Self::ReadOnly { .. } | Self::Denied { .. } | Self::Locks { .. } => Fault::Denied,
            Self::Missing { .. } | Self::Lost { .. } | Self::NoBackup { .. } | Self::NoFolder { .. } => Fault::NotFound,
            Self::NotAFile { .. }
            | Self::NotADatabase { .. }
            | Self::NotOurs { .. }
            | Self::Newer { .. }
            | Self::Older { .. }
            | Self::Corrupt { .. }
            | Self::Lacks { .. }
            | Self::Unsupported { .. }
            | Self::Itself { .. }
            | Self::InTheWay { .. }
            | Self::Unsound { .. } => Fault::Invalid,
            Self::Busy { .. } | Self::BeingRestored { .. } | Self::Exists { .. } | Self::Interrupted { .. } => {
                Fault::Conflict
            }
            Self::Statement { .. } | Self::Nested { .. } => Fault::Bug,
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        let hint = match self {
            Self::DiskFull { .. } => {
                "free some space and run it again, nothing is half-written; SQLite puts temporary files into \
                 SQLITE_TMPDIR or /var/tmp, which may be the full one"
            }
            Self::ReadOnly { .. } => "remount the file system writable, or name another state file with --state-file",
            Self::Denied { .. } => {
                "run it as the user that owns the state file (the one in the systemd units), or give it the file and \
                 its folder with chown"
            }
            Self::Missing { .. } => {
                "name the right one with --state-file; a new one is made by `provider init`, or, where the configuration puts \
                 it and --state-file is not given, by any job, such as `provider state maintain`"
            }
            Self::Locks { .. } => {
                "find out who made it; then remove it (it holds no data, and the next run makes it anew), or give it to the \
                 owner of the state file with chown"
            }
            Self::NoBackup { .. } => {
                "name a file that `provider state backup` or `provider state maintain` wrote; `provider config show \
                 state.backup` says where the latter puts them"
            }
            Self::Lost { .. } => {
                "put the file back, or `provider state restore` the last backup; to begin anew move the log away first"
            }
            Self::NotAFile { .. } | Self::NotOurs { .. } => "name the right file (the state file with --state-file)",
            Self::NotADatabase { .. } | Self::Corrupt { .. } | Self::Lacks { .. } => {
                "keep a copy of the file and what lies beside it, see `provider state check`, then `provider state \
                 restore` the last backup"
            }
            Self::Newer { .. } => {
                "install the newer version again; an older one never writes to it (or `provider state restore` a \
                 backup from before the upgrade)"
            }
            Self::Older { .. } => "run `provider state maintain` (or any job) once, which brings it up to date",
            Self::Busy { .. } => "see `provider job list` for what runs; try again when it has ended",
            Self::BeingRestored { .. } => "try again when `provider state restore` has ended",
            Self::Unsupported { .. } => "put the state file on a local disk and name it with --state-file",
            Self::InTheWay { leads_to: Some(to), .. } => {
                let to = to.display();
                return Some(format!("the link leads to {to}: name that file itself, or remove the link").into());
            }
            Self::InTheWay { .. } => "name a regular file, or a name that nothing has yet",
            Self::NoFolder { .. } => "mount its disk or create it (mode 0700), or name another",
            Self::Itself { .. } => "name another file",
            Self::Exists { .. } => "choose another name, or overwrite it with --force",
            Self::Unsound { .. } => {
                "`provider state check --state-file FILE` shows all findings; restore a backup that is sound"
            }
            Self::Io { .. } => "look at the disk and the kernel log (dmesg); the state file is as it was before",
            Self::Interrupted { .. } | Self::Statement { .. } | Self::Nested { .. } => return None,
        };
        Some(Cow::Borrowed(hint))
    }
}

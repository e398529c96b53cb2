//! A new provider's folder: configuration, key folder, state file.
//!
//! Nothing that exists is touched. The configuration comes last, so that a folder with a configuration is complete; what
//! a failed run made is taken away again.

use std::borrow::Cow;
use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::domain::fault::{Classified, Fault};
use crate::store::{self, Mode, Store};

/// What belongs to a new provider, in the order in which it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The folder of everything.
    Folder,
    /// The folder of keys.
    Keyring,
    /// The state file.
    StateFile,
    /// The configuration file.
    Configuration,
}

/// A part of a new provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Which part.
    pub part: Part,
    /// Where.
    pub path: PathBuf,
    /// Its permissions; of a folder that was there, those that it has.
    pub mode: u32,
    /// It was there before: only a folder can.
    pub existed: bool,
    /// It was made now; `false` for a folder that was there, and in a dry run.
    pub created: bool,
}

/// What to make.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The folder of everything.
    pub folder: &'a Path,
    /// The state file, if it is not `state.db` in that folder; the configuration says so then. Its folder must exist.
    pub state_file: Option<&'a Path>,
    /// The configuration file.
    pub starter: &'a str,
}

/// Why no folder was made.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something is there already.
    #[error("{path} exists already")]
    Exists {
        /// What exists.
        path: PathBuf,
    },
    /// Others than its owner may write to the folder: they could put files of theirs in the place of ours.
    #[error("others may write to the folder {path} (its mode is {mode:04o})")]
    Shared {
        /// The folder.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The configuration cannot name the state file: its path is no text.
    #[error("the path {path:?} is not UTF-8, so a configuration cannot name it")]
    NotText {
        /// The path of the state file.
        path: PathBuf,
    },
    /// A file or folder cannot be made.
    #[error("cannot make {path}")]
    Make {
        /// What could not be made.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The state file cannot be made.
    #[error("cannot make the state file {path}")]
    State {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: store::Error,
    },
}

impl Error {
    /// Whether the disk (or the state file on it) is at fault, not what was asked for.
    pub fn is_of_the_disk(&self) -> bool {
        use io::ErrorKind as K;
        match self {
            Self::State { .. } => true,
            Self::Make { source, .. } => {
                matches!(source.kind(), K::StorageFull | K::QuotaExceeded | K::ReadOnlyFilesystem)
            }
            Self::Exists { .. } | Self::Shared { .. } | Self::NotText { .. } => false,
        }
    }
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        use io::ErrorKind as K;
        match self {
            Self::Make { source, .. } => match source.kind() {
                K::PermissionDenied | K::ReadOnlyFilesystem => Fault::Denied,
                K::StorageFull | K::QuotaExceeded => Fault::Unavailable,
                _ => Fault::Invalid,
            },
            Self::Shared { .. } => Fault::Denied,
            Self::Exists { .. } | Self::NotText { .. } => Fault::Invalid,
            Self::State { source, .. } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        use io::ErrorKind as K;
        Some(match self {
            Self::Exists { .. } => "nothing was changed; choose another folder with --dir".into(),
            Self::Shared { path, .. } => {
                let path = path.display();
                format!("see what is in it and whose it is, then `chmod 700 {path}`; or choose another with --dir")
                    .into()
            }
            Self::NotText { .. } => "choose another place with --state-file".into(),
            Self::Make { source, .. } => match source.kind() {
                K::PermissionDenied => {
                    "run it as the user that the provider runs as, or choose another folder with --dir".into()
                }
                K::StorageFull | K::QuotaExceeded => "nothing was left behind; free some space and run it again".into(),
                K::ReadOnlyFilesystem => {
                    "nothing was left behind; remount the file system writable, or choose another folder with --dir"
                        .into()
                }
                _ => "nothing was left behind; choose another folder with --dir".into(),
            },
            Self::State { source, .. } => return source.hint(),
        })
    }
}

impl Part {
    const ALL: [Self; 4] = [Self::Folder, Self::Keyring, Self::StateFile, Self::Configuration];

    /// What it is, in a word or two.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::Keyring => "key folder",
            Self::StateFile => "state file",
            Self::Configuration => "configuration",
        }
    }

    /// Its permissions.
    pub const fn mode(self) -> u32 {
        match self {
            Self::Folder | Self::Keyring => 0o700,
            Self::StateFile | Self::Configuration => 0o600,
        }
    }

    fn path(self, request: Request<'_>) -> PathBuf {
        match self {
            Self::Folder => request.folder.to_path_buf(),
            Self::Keyring => request.folder.join("keyring"),
            Self::StateFile => request.state_file.map_or_else(|| request.folder.join("state.db"), Path::to_path_buf),
            Self::Configuration => request.folder.join("config.yaml"),
        }
    }
}

/// Makes a new provider's folder. In a dry run nothing is made.
pub fn run(request: Request<'_>, dry_run: bool) -> Result<Vec<Made>, Error> {
    let starter = configuration(request)?;
    let parts = Part::ALL.map(|part| (part, part.path(request)));
    let taken = parts.iter().rev().find(|(part, path)| *part != Part::Folder && path.symlink_metadata().is_ok());
    if let Some((_, path)) = taken {
        return Err(Error::Exists { path: path.clone() });
    }
    let state_file = Part::StateFile.path(request);
    let log = with_suffix(&state_file, "-wal");
    if log.symlink_metadata().is_ok() {
        // It belongs to a state file that is lost.
        return Err(Error::State { source: store::Error::Lost { path: state_file.clone() }, path: state_file });
    }
    let found = mode_of_folder(request.folder)?;
    let elsewhere = state_file.parent().filter(|folder| *folder != request.folder);
    if let Some(folder) = elsewhere.filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        let source = store::Error::NoFolder { path: folder.to_path_buf() };
        return Err(Error::State { path: state_file, source });
    }
    let had_locks = with_suffix(&state_file, ".locks").symlink_metadata().is_ok();
    let mut plan = Vec::new();
    for (part, path) in parts {
        let existing = found.filter(|_| part == Part::Folder);
        let created = !dry_run && existing.is_none();
        let mode = existing.unwrap_or(part.mode());
        let made = if created { make(part, &path, &starter) } else { Ok(()) };
        let item = Made { part, path, mode, existed: existing.is_some(), created };
        if let Err(error) = made {
            // What was half made, too: it did not exist before.
            plan.extend((part == Part::StateFile).then_some(item));
            take_away(&plan, had_locks);
            return Err(error);
        }
        plan.push(item);
    }
    Ok(plan)
}

/// The starter configuration, which names a state file that is elsewhere.
fn configuration(request: Request<'_>) -> Result<String, Error> {
    let Some(path) = request.state_file else { return Ok(request.starter.to_owned()) };
    let failed = |source| Error::Make { path: path.to_path_buf(), source };
    let full = std::path::absolute(path).map_err(failed)?;
    let text = full.to_str().ok_or_else(|| Error::NotText { path: full.clone() })?;
    // A JSON string is a YAML string.
    let value = serde_json::Value::from(text);
    Ok(format!("{}\n# Where the state file is.\nstate:\n  path: {value}\n", request.starter))
}

/// The mode of a folder that exists, if nobody but its owner may write to it.
fn mode_of_folder(path: &Path) -> Result<Option<u32>, Error> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) if metadata.is_dir() => metadata,
        Ok(_) => return Err(Error::Exists { path: path.to_path_buf() }),
        Err(_) => return Ok(None),
    };
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o022 == 0 { Ok(Some(mode)) } else { Err(Error::Shared { path: path.to_path_buf(), mode }) }
}

/// Makes one part.
fn make(part: Part, path: &Path, starter: &str) -> Result<(), Error> {
    let failed = |source| Error::Make { path: path.to_path_buf(), source };
    match part {
        Part::Folder => DirBuilder::new().recursive(true).mode(part.mode()).create(path).map_err(failed),
        Part::Keyring => DirBuilder::new().mode(part.mode()).create(path).map_err(failed),
        Part::StateFile => {
            let opened = Store::open(path, Mode::WriteInFolder);
            opened.map(drop).map_err(|source| Error::State { path: path.to_path_buf(), source })
        }
        Part::Configuration => write_new(path, starter, part.mode()).map_err(failed),
    }
}

/// Writes a file that must not exist, whole or not at all.
fn write_new(path: &Path, text: &str, mode: u32) -> io::Result<()> {
    let part = path.with_extension("part");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(&part)?;
        file.set_permissions(fs::Permissions::from_mode(mode))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        // A link, unlike a rename, never replaces what somebody else made meanwhile.
        fs::hard_link(&part, path)
    })();
    // Best effort: a leftover is overwritten by the next try.
    let _ = fs::remove_file(&part);
    written
}

/// Best effort: the failure that led here is the one to report.
fn take_away(made: &[Made], had_locks: bool) {
    for item in made.iter().rev().filter(|item| item.created) {
        let _ = match item.part {
            Part::Folder | Part::Keyring => fs::remove_dir(&item.path),
            Part::StateFile => {
                for suffix in ["-wal", "-shm"] {
                    let _ = fs::remove_file(with_suffix(&item.path, suffix));
                }
                if !had_locks {
                    let _ = fs::remove_dir_all(with_suffix(&item.path, ".locks"));
                }
                fs::remove_file(&item.path)
            }
            Part::Configuration => fs::remove_file(&item.path),
        };
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

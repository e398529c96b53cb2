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
    /// It was made now; `false` for a folder that was there, and in a dry run.
    pub created: bool,
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

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Make { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => Fault::Denied,
            Self::Exists { .. } | Self::Make { .. } => Fault::Invalid,
            Self::State { source, .. } => source.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::Exists { .. } => "nothing was changed; choose another folder with --dir".into(),
            Self::Make { source, .. } if source.kind() == io::ErrorKind::PermissionDenied => {
                "run it as the user that the provider runs as, or choose another folder with --dir".into()
            }
            Self::Make { .. } => "nothing was left behind; choose another folder with --dir".into(),
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

    fn path(self, folder: &Path) -> PathBuf {
        match self {
            Self::Folder => folder.to_path_buf(),
            Self::Keyring => folder.join("keyring"),
            Self::StateFile => folder.join("state.db"),
            Self::Configuration => folder.join("config.yaml"),
        }
    }
}

/// Makes a new provider's folder. In a dry run nothing is made.
pub fn run(folder: &Path, starter: &str, dry_run: bool) -> Result<Vec<Made>, Error> {
    let parts = Part::ALL.map(|part| (part, part.path(folder)));
    let taken = parts.iter().rev().find(|(part, path)| *part != Part::Folder && path.symlink_metadata().is_ok());
    if let Some((_, path)) = taken {
        return Err(Error::Exists { path: path.clone() });
    }
    let mut plan = Vec::new();
    for (part, path) in parts {
        let made = if dry_run { Ok(false) } else { make(part, &path, starter) };
        match made {
            Ok(created) => plan.push(Made { part, path, created }),
            Err(error) => {
                // What was half made, too: it did not exist before.
                let half = (part == Part::StateFile).then_some(Made { part, path, created: true });
                plan.extend(half);
                take_away(&plan);
                return Err(error);
            }
        }
    }
    Ok(plan)
}

/// Makes one part; whether it is new.
fn make(part: Part, path: &Path, starter: &str) -> Result<bool, Error> {
    let failed = |source| Error::Make { path: path.to_path_buf(), source };
    match part {
        Part::Folder if path.is_dir() => return Ok(false),
        Part::Folder => DirBuilder::new().recursive(true).mode(part.mode()).create(path).map_err(failed)?,
        Part::Keyring => DirBuilder::new().mode(part.mode()).create(path).map_err(failed)?,
        Part::StateFile => {
            let opened = Store::open(path, Mode::Write);
            drop(opened.map_err(|source| Error::State { path: path.to_path_buf(), source })?);
        }
        Part::Configuration => write_new(path, starter, part.mode()).map_err(failed)?,
    }
    Ok(true)
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
fn take_away(made: &[Made]) {
    for item in made.iter().rev().filter(|item| item.created) {
        let _ = match item.part {
            Part::Folder | Part::Keyring => fs::remove_dir(&item.path),
            Part::StateFile => {
                for companion in ["db-wal", "db-shm"] {
                    let _ = fs::remove_file(item.path.with_extension(companion));
                }
                let _ = fs::remove_dir_all(item.path.with_extension("db.locks"));
                fs::remove_file(&item.path)
            }
            Part::Configuration => fs::remove_file(&item.path),
        };
    }
}

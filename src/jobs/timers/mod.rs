//! The units of systemd: written, switched on and off, looked at, removed.
//!
//! What the units say is [`crate::domain::schedule`]'s. Only files with our signature are ever replaced or removed; each is
//! written whole or not at all. systemd is asked through `systemctl`, in the form that programs read.
//!
//! These are no jobs with a row: they change nothing in the state file.

mod error;
mod systemctl;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::domain::schedule::{Unit, is_ours};

pub use error::Error;
pub use systemctl::{Systemctl, UnitState};

/// What became of a unit file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Written,
    /// It said something else before.
    Replaced,
    /// It says what it said.
    Kept,
    /// It is gone.
    Removed,
}

impl Change {
    /// The word in output.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Written => "written",
            Self::Replaced => "replaced",
            Self::Kept => "kept",
            Self::Removed => "removed",
        }
    }
}

/// A unit file and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The file.
    pub path: PathBuf,
    /// What became of it.
    pub change: Change,
}

/// Writes units into a folder and removes those of ours that are no longer among them. A rehearsal says the same and
/// changes nothing. Nothing is written where a file stands in the way that is not ours.
pub fn install(folder: &Path, units: &[Unit], rehearsal: bool) -> Result<Vec<Changed>, Error> {
    let mut changes = Vec::new();
    for unit in units {
        let path = folder.join(&unit.name);
        let change = match read(&path)? {
            None => Change::Written,
            Some(found) if !is_ours(&found) => return Err(Error::Foreign { path }),
            Some(found) if found == unit.text => Change::Kept,
            Some(_) => Change::Replaced,
        };
        changes.push(Changed { path, change });
    }
    let left: Vec<PathBuf> =
        ours(folder)?.into_iter().filter(|path| !changes.iter().any(|changed| changed.path == *path)).collect();
    if !rehearsal {
        fs::create_dir_all(folder).map_err(Error::file("make the folder", folder))?;
        for (unit, changed) in units.iter().zip(&changes) {
            if changed.change != Change::Kept {
                write(folder, &changed.path, &unit.text)?;
            }
        }
        remove(&left)?;
    }
    changes.extend(left.into_iter().map(|path| Changed { path, change: Change::Removed }));
    Ok(changes)
}

/// Removes every unit of ours from a folder.
pub fn uninstall(folder: &Path, rehearsal: bool) -> Result<Vec<Changed>, Error> {
    let ours = ours(folder)?;
    if !rehearsal {
        remove(&ours)?;
    }
    Ok(ours.into_iter().map(|path| Changed { path, change: Change::Removed }).collect())
}

/// The units of ours in a folder, in the order of their names.
pub fn ours(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::file("list", folder)(error)),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::file("list", folder))?;
        let path = entry.path();
        let named_like_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with("provider"));
        if named_like_ours && entry.file_type().is_ok_and(|kind| kind.is_file()) {
            let text = read(&path)?.unwrap_or_default();
            if is_ours(&text) {
                found.push(path);
            }
        }
    }
    found.sort_unstable();
    Ok(found)
}

/// The text of a file; none where there is no file. What is no text is nobody's unit, and not ours.
fn read(path: &Path) -> Result<Option<String>, Error> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::file("read", path)(error)),
    }
}

fn write(folder: &Path, path: &Path, text: &str) -> Result<(), Error> {
    let written = (|| {
        use std::os::unix::fs::PermissionsExt as _;
        let mut file = tempfile::Builder::new().prefix(".provider-").tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        // Units hold no secrets, and systemd wants to read them whoever wrote them.
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|error| error.error)
    })();
    written.map(drop).map_err(Error::file("write", path))
}

fn remove(paths: &[PathBuf]) -> Result<(), Error> {
    paths.iter().try_for_each(|path| fs::remove_file(path).map_err(Error::file("remove", path)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::schedule::SIGNATURE;

    fn unit(name: &str, text: &str) -> Unit {
        Unit { name: name.to_owned(), text: format!("# {SIGNATURE}.\n{text}") }
    }

    fn changes(changed: &[Changed]) -> Vec<(String, Change)> {
        let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
        changed.iter().map(|changed| (name(&changed.path), changed.change)).collect()
    }

    #[test]
    fn units_are_written_replaced_and_removed_and_nobody_elses_are_touched() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("systemd");
        let (one, two) = (unit("provider-one.timer", "[Timer]\n"), unit("provider-two.timer", "[Timer]\n"));
        assert_eq!(install(&folder, &[one.clone(), two.clone()], true).unwrap().len(), 2);
        assert!(!folder.exists(), "a rehearsal changes nothing");
        install(&folder, &[one.clone(), two.clone()], false).unwrap();
        fs::write(folder.join("provider-other.service"), "[Service]\n").unwrap();

        let newer = unit("provider-one.timer", "[Timer]\nOnActiveSec=1\n");
        let again = install(&folder, std::slice::from_ref(&newer), false).unwrap();
        let expected =
            [("provider-one.timer".to_owned(), Change::Replaced), ("provider-two.timer".to_owned(), Change::Removed)];
        assert_eq!(changes(&again), expected);
        assert_eq!(install(&folder, std::slice::from_ref(&newer), false).unwrap()[0].change, Change::Kept);
        assert_eq!(fs::read_to_string(folder.join("provider-one.timer")).unwrap(), newer.text);

        let foreign = unit("provider-other.service", "[Service]\n");
        let refused = install(&folder, &[two, foreign], false).unwrap_err();
        assert!(matches!(refused, Error::Foreign { .. }), "{refused}");
        assert!(!folder.join("provider-two.timer").exists(), "nothing is written beside a foreign file");

        assert_eq!(changes(&uninstall(&folder, false).unwrap()), [("provider-one.timer".to_owned(), Change::Removed)]);
        let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["provider-other.service"]);
    }
}

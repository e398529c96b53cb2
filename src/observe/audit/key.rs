//! The key of the seals.

use std::fs::{self, File, Permissions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::{Error, Files};
use crate::domain::audit::SealKey;
use crate::domain::hex;
use crate::observe::private;

/// A key, and what there is to say about it.
#[derive(Debug)]
pub struct Key {
    /// The key.
    pub key: SealKey,
    /// It did not exist before.
    pub created: bool,
    /// Others than its owner could read it; they cannot any more.
    pub tightened: bool,
}

/// The key, if there is one.
pub fn read_key(files: &Files) -> Result<Option<SealKey>, Error> {
    match File::open(&files.key) {
        Ok(file) => read(&file, &files.key).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io("open the audit key", &files.key)(error)),
    }
}

/// The key; made from 32 random bytes of the system if there is none. To be called with the seals locked.
pub fn read_or_create_key(files: &Files) -> Result<Key, Error> {
    if let Some(key) = read_key(files)? {
        let tightened =
            tighten(&files.key).map_err(Error::io("take the audit key away from other users", &files.key))?;
        return Ok(Key { key, created: false, tightened });
    }
    let key = create(files).map_err(Error::io("create the audit key", &files.key))?;
    Ok(Key { key, created: true, tightened: false })
}

fn read(file: &File, path: &Path) -> Result<SealKey, Error> {
    let mut text = String::new();
    // A little more than a key, so that a longer file is seen to be none.
    let limit = u64::try_from(SealKey::LENGTH.saturating_mul(2)).unwrap_or(u64::MAX).saturating_add(16);
    let not_a_key = || Error::NotAKey { path: path.to_owned() };
    match file.take(limit).read_to_string(&mut text) {
        Ok(_) => hex::decode_array(text.trim_end()).map(SealKey::from_bytes).ok_or_else(not_a_key),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(not_a_key()),
        Err(error) => Err(Error::io("read the audit key", path)(error)),
    }
}

/// Written under another name first, so that a kill never leaves half a key.
fn create(files: &Files) -> io::Result<SealKey> {
    let mut bytes = [0; SealKey::LENGTH];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let half = half_written(&files.key);
    match fs::remove_file(&half) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = private::create(&half, files.state())?;
    file.write_all(hex::encode(&bytes).as_bytes())?;
    file.write_all(b"\n")?;
    file.sync_all()?;
    fs::rename(&half, &files.key)?;
    private::sync_folder_of(&files.key)?;
    Ok(SealKey::from_bytes(bytes))
}

fn half_written(key: &Path) -> PathBuf {
    key.with_added_extension("new")
}

fn tighten(path: &Path) -> io::Result<bool> {
    let wide = private::bits_of_others(&File::open(path)?)? != 0;
    if wide {
        fs::set_permissions(path, Permissions::from_mode(0o600))?;
    }
    Ok(wide)
}

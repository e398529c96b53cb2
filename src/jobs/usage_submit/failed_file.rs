//! A record that is given up, as a file that a person can carry elsewhere.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use crate::jobs::usage_verify;
use crate::store::usage::RecordRow;

/// Writes the signed document of a record into a folder, as a whole or not at all; only its owner may read it.
pub(super) fn write(folder: &Path, row: &RecordRow) -> io::Result<PathBuf> {
    let document = usage_verify::of_row(row).map_err(io::Error::other)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = folder.join(format!("{}.json", row.facts.record_id()));
    let mut file = tempfile::Builder::new().prefix(".usage-").tempfile_in(folder)?;
    writeln!(file, "{document}")?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(path)
}

//! A record that is given up, as a file that a person can carry elsewhere.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use super::{Error, Request, Submitted};
use crate::domain::fault::in_one_line;
use crate::domain::usage::state::State;
use crate::jobs::{Circumstances, usage_verify};
use crate::store::usage::{Filter, RecordRow, records};

fn path(folder: &Path, row: &RecordRow) -> PathBuf {
    folder.join(format!("{}.json", row.facts.record_id()))
}

/// Writes the file of every record that is given up and has none: the folder may not have been there when it was.
pub(super) fn complete(given: Circumstances<'_>, request: &Request<'_>, done: &mut Submitted) -> Result<(), Error> {
    let filter = Filter { states: vec![State::Failed], superseded: true, ..Filter::default() };
    let failed = given.store.read("read what was given up", |snapshot| records::list(snapshot, &filter))?;
    done.unwritten.clear();
    for row in failed.iter().filter(|row| !path(&request.failed_reports, row).exists()) {
        if let Err(error) = write(&request.failed_reports, row) {
            done.unwritten.push((row.id.0, in_one_line(&error)));
        }
    }
    Ok(())
}

/// Writes the signed document of a record into a folder, as a whole or not at all; only its owner may read it.
pub(super) fn write(folder: &Path, row: &RecordRow) -> io::Result<PathBuf> {
    let document = usage_verify::of_row(row).map_err(io::Error::other)?;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let path = path(folder, row);
    let mut file = tempfile::Builder::new().prefix(".usage-").tempfile_in(folder)?;
    writeln!(file, "{document}")?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(path)
}

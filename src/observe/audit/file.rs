//! The audit file: what the table holds, for `grep`, for log shippers, and as a second witness.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::records::{self, Parsed};
use super::{Error, appending, seals};
use crate::domain::audit::{Row, Seal};
use crate::observe::backwards::{Backwards, Line};
use crate::observe::private;

/// The audit file (`logging.audit.output`).
pub struct AuditFile {
    path: PathBuf,
    file: File,
}

/// A line of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileLine {
    /// A row of the trail.
    Row(Row),
    /// A seal.
    Seal(Seal),
    /// Anything else.
    Unreadable,
}

impl AuditFile {
    /// Opens it, and creates it if there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = private::append_to(path, path).map_err(Error::io("open the audit file", path))?;
        Ok(Self { path: path.to_owned(), file })
    }

    /// The last row in it; `None` in a new file.
    pub fn last_row(&self) -> Result<Option<Row>, Error> {
        let failed = Error::io("read the audit file", &self.path);
        for line in Backwards::new(&self.file).map_err(&failed)? {
            if let Line::Whole(bytes) = line.map_err(&failed)?
                && let Some(Parsed::Row(row)) = records::parse(&bytes)
            {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Appends rows. They are on the disk when this returns.
    pub fn append_rows(&mut self, rows: &[Row]) -> Result<(), Error> {
        self.append(&rows.iter().map(records::row_line).collect::<String>())
    }

    /// Appends a seal.
    pub fn append_seal(&mut self, seal: &Seal) -> Result<(), Error> {
        self.append(&records::seal_line(seal))
    }

    fn append(&mut self, lines: &str) -> Result<(), Error> {
        appending::append(&mut self.file, lines).map_err(Error::io("append to the audit file", &self.path))
    }
}

/// An audit file as it is now; what is appended later is not read.
pub struct AuditFileReader {
    path: PathBuf,
    file: io::Take<File>,
}

impl AuditFileReader {
    /// Opens it; `None` if there is none.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        let failed = Error::io("open the audit file", path);
        let file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let length = file.metadata().map_err(failed)?.len();
        Ok(Some(Self { path: path.to_owned(), file: file.take(length) }))
    }

    /// Every whole line, in order, to `look`.
    pub fn read<E: From<Error>>(self, mut look: impl FnMut(FileLine) -> Result<(), E>) -> Result<(), E> {
        seals::for_each_line(self.file, Error::io("read the audit file", &self.path), |line| {
            look(match records::parse(line) {
                Some(Parsed::Row(row)) => FileLine::Row(row),
                Some(Parsed::Seal(seal)) => FileLine::Seal(seal),
                None => FileLine::Unreadable,
            })
        })
    }
}

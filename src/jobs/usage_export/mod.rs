//! `usage export`: usage records as CSV, JSON or JSON lines, of any number, in a few megabytes of memory.
//!
//! # The contract
//! The columns stand in the order of [`columns`], and their names do not change. Times are RFC 3339 in UTC, figures and
//! amounts are exact decimals as text (also in JSON, where numbers lose digits beyond 2⁵³), what is unknown is empty in CSV
//! and `null` in JSON. In CSV no text can be taken for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or
//! a carriage return has an apostrophe before it.

mod cell;
mod csv;
mod json;
mod per_lease;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::io::{self, Write};

use rusqlite::Row;

use crate::domain::fault::{Classified, Fault};
use crate::store::usage::{Filter, export, records};
use crate::store::{self, Store};

use super::usage_verify;

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A header, and a line for each row.
    Csv,
    /// An array of objects.
    Json,
    /// An object in each line.
    JsonLines,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Per {
    /// A record.
    Window,
    /// A lease: the sums of its records.
    Lease,
    /// A signed document, as anybody can verify it; JSON lines only.
    Document,
}

/// What to export.
#[derive(Debug, Clone)]
pub struct Request {
    /// Which records.
    pub filter: Filter,
    /// In which form.
    pub format: Format,
    /// What a row is.
    pub per: Per,
    /// Hash, signature and key, too.
    pub signatures: bool,
}

/// Why an export ended early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The state file.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Its reader, or the disk.
    #[error("cannot write the export")]
    Write(#[source] io::Error),
    /// A record cannot be made into a document.
    #[error(transparent)]
    Document(#[from] usage_verify::Error),
}

impl Classified for Error {
    fn fault(&self) -> Fault {
        match self {
            Self::Store(error) => error.fault(),
            Self::Write(_) => Fault::Unavailable,
            Self::Document(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Store(error) => error.hint(),
            Self::Write(_) => None,
            Self::Document(error) => error.hint(),
        }
    }
}

/// The names of the columns.
pub fn columns(request: &Request) -> Vec<&'static str> {
    match request.per {
        Per::Window => cell::columns(request.signatures).map(|column| column.name).collect(),
        Per::Lease => per_lease::COLUMNS.to_vec(),
        Per::Document => Vec::new(),
    }
}

/// Writes an export. Gives back how many rows.
pub fn run(store: &Store, request: &Request, sink: &mut dyn Write) -> Result<u64, Error> {
    match (request.per, request.format) {
        (Per::Document, _) => documents(store, request, sink),
        (Per::Lease, format) => per_lease::run(store, request, format, sink),
        (Per::Window, Format::Csv) => {
            let mut writer = csv::Writer::new(sink);
            writer.header(&columns(request)).map_err(Error::Write)?;
            let columns: Vec<_> = cell::columns(request.signatures).collect();
            let rows = each(store, request, |row| writer.row(row, &columns))?;
            writer.finish().map_err(Error::Write)?;
            Ok(rows)
        }
        (Per::Window, format) => {
            let mut writer = json::Writer::new(sink, format == Format::JsonLines);
            let columns: Vec<_> = cell::columns(request.signatures).collect();
            let rows = each(store, request, |row| writer.row(row, &columns))?;
            writer.finish().map_err(Error::Write)?;
            Ok(rows)
        }
    }
}

/// Hands each row on. What the sink says passes through SQLite's callback as a value of its own.
fn each(
    store: &Store,
    request: &Request,
    mut write: impl FnMut(&Row<'_>) -> rusqlite::Result<io::Result<()>>,
) -> Result<u64, Error> {
    let (mut rows, mut failed) = (0_u64, None);
    let read = store.read("export usage records", |snapshot| {
        export::each(snapshot, &request.filter, (request.signatures, request.per == Per::Lease), |row| {
            match write(row)? {
                Ok(()) => {
                    rows = rows.saturating_add(1);
                    Ok(())
                }
                Err(error) => {
                    failed = Some(error);
                    Err(rusqlite::Error::QueryReturnedNoRows)
                }
            }
        })
    });
    match (read, failed) {
        (_, Some(error)) => Err(Error::Write(error)),
        (Err(error), None) => Err(Error::Store(error)),
        (Ok(()), None) => Ok(rows),
    }
}

/// Signed documents, one in each line. Records that are not signed are left out.
fn documents(store: &Store, request: &Request, sink: &mut dyn Write) -> Result<u64, Error> {
    let (mut rows, mut failed) = (0_u64, None);
    let read = store.read("export usage records", |snapshot| {
        records::each(snapshot, &request.filter, |row| {
            if row.seal.is_none() {
                return Ok(());
            }
            let written = usage_verify::of_row(&row)
                .map_err(Error::from)
                .and_then(|document| writeln!(sink, "{document}").map_err(Error::Write));
            match written {
                Ok(()) => {
                    rows = rows.saturating_add(1);
                    Ok(())
                }
                Err(error) => {
                    failed = Some(error);
                    Err(rusqlite::Error::QueryReturnedNoRows)
                }
            }
        })
    });
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => Err(Error::Store(error)),
        (Ok(()), None) => sink.flush().map(|()| rows).map_err(Error::Write),
    }
}

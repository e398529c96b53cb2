//! Reading the log file back, from its end.
//!
//! Takes what [`super::logging`] writes, in both forms and mixed, as a file is after its form was changed. What is
//! neither (the words of another program, a line that a crash cut short) is passed over and counted; lines that follow
//! an entry in text form without being one themselves belong to it. Text is given as it is in the file: whoever shows
//! it escapes it.

mod parse;

#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use super::Level;
use super::backwards::{Backwards, Line};
use crate::domain::fault::{Classified, Fault};
use parse::Parsed;

/// The most lines that are taken as belonging to one entry.
const MOST_LINES: usize = 200;

/// The longest of such lines, in bytes.
const LONGEST_LINE: usize = 16 * 1024;

/// Several processes write one file, and clocks are set: entries may be out of order by this much.
const DISORDER: SignedDuration = SignedDuration::from_mins(5);

/// An entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// When it was written.
    pub at: Timestamp,
    /// How important it is.
    pub level: Level,
    /// The part of the program.
    pub target: String,
    /// The job, if it is of one.
    pub job: Option<String>,
    /// The run of the job.
    pub run: Option<i64>,
    /// What it says; in text form its fields too, and the lines that belong to it.
    pub message: String,
    /// Its fields, in JSON form.
    pub fields: Map<String, Value>,
}

/// Which entries are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query {
    /// At most so many, the last ones.
    pub count: usize,
    /// The least important level.
    pub level: Level,
    /// Only those not older.
    pub since: Option<Timestamp>,
}

/// The entries that were found.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tail {
    /// The entries in the order of the file.
    pub entries: Vec<Entry>,
    /// How many lines were passed over because they are no entries.
    pub passed_over: u64,
}

/// Why the log file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It could not be opened.
    #[error("cannot open the log file {}", path.display())]
    Open {
        /// The log file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It could not be read.
    #[error("cannot read the log file {}", path.display())]
    Read {
        /// The log file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Classified for ReadError {
    fn fault(&self) -> Fault {
        match self {
            Self::Open { source, .. } | Self::Read { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => Fault::NotFound,
                io::ErrorKind::PermissionDenied => Fault::Denied,
                _ => Fault::Unavailable,
            },
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self.fault() {
            Fault::NotFound => Some("no job has written it yet, or `logging.output` names another file".into()),
            Fault::Denied => Some("run the command as the user of the jobs, or as root".into()),
            _ => None,
        }
    }
}

/// Reads the last entries of a log file. Memory and time are those of the entries that are looked at, not of the file.
pub fn tail(path: &Path, query: Query) -> Result<Tail, ReadError> {
    let file = File::open(path).map_err(|source| ReadError::Open { path: path.to_owned(), source })?;
    let read = |source| ReadError::Read { path: path.to_owned(), source };
    let lines = Backwards::new(file).map_err(read)?;
    if query.count == 0 {
        return Ok(Tail::default());
    }
    last_entries(lines, query).map_err(read)
}

fn last_entries(lines: impl Iterator<Item = io::Result<Line>>, query: Query) -> io::Result<Tail> {
    let mut tail = Tail::default();
    // Lines that may belong to the entry above them, the last first.
    let mut following: Vec<String> = Vec::new();
    for line in lines {
        let (bytes, torn) = match line? {
            Line::Whole(bytes) => (bytes, false),
            Line::Torn(bytes) => (bytes, true),
            Line::TooLong => {
                tail.pass_over(1 + following.len());
                following.clear();
                continue;
            }
        };
        match parse::line(&String::from_utf8_lossy(&bytes)) {
            Parsed::Text(mut entry) => {
                for line in following.drain(..).rev() {
                    entry.message.push('\n');
                    entry.message.push_str(&line);
                }
                if !tail.take(entry, query) {
                    break;
                }
            }
            Parsed::Json(entry) => {
                tail.pass_over(following.len());
                following.clear();
                if !tail.take(entry, query) {
                    break;
                }
            }
            // A torn line that is no entry was to become one.
            Parsed::Other(_) if torn => tail.pass_over(1),
            Parsed::Other(text) => following.push(text),
        }
        if following.len() > MOST_LINES || following.last().is_some_and(|line| line.len() > LONGEST_LINE) {
            tail.pass_over(following.len());
            following.clear();
        }
    }
    tail.pass_over(following.len());
    tail.entries.reverse();
    Ok(tail)
}

impl Tail {
    /// Takes an entry if it is wanted; `false` once no older one is or can be.
    fn take(&mut self, entry: Entry, query: Query) -> bool {
        let old = query.since.is_some_and(|since| entry.at < since);
        let too_old =
            query.since.is_some_and(|since| entry.at.checked_add(DISORDER).is_ok_and(|latest| latest < since));
        if !old && entry.level <= query.level {
            self.entries.push(entry);
        }
        !too_old && self.entries.len() < query.count
    }

    fn pass_over(&mut self, lines: usize) {
        self.passed_over = self.passed_over.saturating_add(u64::try_from(lines).unwrap_or(u64::MAX));
    }
}

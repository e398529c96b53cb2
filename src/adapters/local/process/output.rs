//! The output of units: kept by their supervisor in bounded files, read from them.
//!
//! A line in a file is `TIME o|e TEXT`. The newest file is cut at [`LARGEST`] and becomes the one before; what is older
//! is gone.

use std::collections::VecDeque;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;

use super::folder::Folder;
use super::plan::{Plan, PlannedUnit};
use crate::adapters::log::LONGEST_LINE;
use crate::adapters::{LogLine, LogRequest, LogSink, Stream};

/// The most that one file holds, in bytes; there are two for each unit.
const LARGEST: u64 = 4 << 20;
/// How often the files are looked at while they are followed.
const LOOK: Duration = Duration::from_millis(200);

/// Writes the output of one unit, from both of its streams.
#[derive(Clone)]
pub(super) struct Keeper(Arc<Mutex<Kept>>);

struct Kept {
    paths: [PathBuf; 2],
    file: File,
    size: u64,
}

impl Keeper {
    /// Goes on where an earlier run of the unit ended.
    pub(super) fn open(folder: &Folder, unit: &str) -> io::Result<Self> {
        let paths = folder.logs(unit);
        let [newest, _] = &paths;
        let file = OpenOptions::new().create(true).append(true).mode(0o600).open(newest)?;
        let size = file.metadata()?.len();
        Ok(Self(Arc::new(Mutex::new(Kept { paths, file, size }))))
    }

    /// Copies a stream, line by line, to its end. What cannot be written is lost: a full disk must not block the unit.
    pub(super) fn copy(&self, stream: impl Read, kind: Stream) {
        let mut reader = BufReader::with_capacity(LONGEST_LINE, stream);
        loop {
            let mut line = Vec::new();
            match (&mut reader).take(LONGEST_LINE as u64).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) => {}
            }
            while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
                line.pop();
            }
            self.line(kind, &line);
        }
    }

    /// Adds a line.
    pub(super) fn line(&self, kind: Stream, text: &[u8]) {
        let mark = match kind {
            Stream::Stdout => 'o',
            Stream::Stderr => 'e',
        };
        let mut line = format!("{} {mark} ", Timestamp::now()).into_bytes();
        line.extend(text.iter().map(|byte| if *byte == b'\n' { b' ' } else { *byte }));
        line.push(b'\n');
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.size.saturating_add(line.len() as u64) > LARGEST {
            let _ = kept.turn();
        }
        if kept.file.write_all(&line).is_ok() {
            kept.size = kept.size.saturating_add(line.len() as u64);
        }
    }
}

impl Kept {
    fn turn(&mut self) -> io::Result<()> {
        let [newest, before] = &self.paths;
        fs::rename(newest, before)?;
        self.file = OpenOptions::new().create(true).append(true).mode(0o600).open(newest)?;
        self.size = 0;
        Ok(())
    }
}

/// Passes on what is kept, and then what comes, if that is wanted.
pub(super) async fn read(folder: &Folder, plan: &Plan, wanted: &LogRequest, sink: LogSink<'_>) -> io::Result<()> {
    let units: Vec<&PlannedUnit> =
        plan.units.iter().filter(|unit| wanted.service.as_ref().is_none_or(|only| *only == unit.service)).collect();
    let mut places = vec![];
    let mut lines = vec![];
    for unit in units {
        let [newest, before] = folder.logs(&unit.name());
        let mut kept = VecDeque::new();
        let most = wanted.tail.map_or(usize::MAX, |tail| usize::try_from(tail).unwrap_or(usize::MAX));
        let mut place = Place::default();
        for path in [before, newest.clone()] {
            place = Place::default();
            place.read(&path, |line| {
                kept.push_back(line);
                if kept.len() > most {
                    kept.pop_front();
                }
            })?;
        }
        lines.extend(kept.iter().filter_map(|line| parse(unit, line)));
        places.push((unit, newest, place));
    }
    lines.sort_by_key(|line| line.at);
    for line in lines {
        if sink(line).is_break() {
            return Ok(());
        }
    }
    if !wanted.follow {
        return Ok(());
    }
    loop {
        let mut lines = vec![];
        for (unit, path, place) in &mut places {
            place.read(path, |line| lines.extend(parse(unit, &line)))?;
        }
        lines.sort_by_key(|line| line.at);
        for line in lines {
            if sink(line).is_break() {
                return Ok(());
            }
        }
        if !folder.is_supervised()? {
            return Ok(());
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// How far a file was read.
#[derive(Default)]
struct Place {
    inode: u64,
    offset: u64,
}

impl Place {
    /// Reads the whole lines that are new. A file that was turned is begun anew.
    fn read(&mut self, path: &std::path::Path, mut each: impl FnMut(Vec<u8>)) -> io::Result<()> {
        let mut file = match File::open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        let inode = file.metadata()?.ino();
        if inode != self.inode {
            *self = Self { inode, offset: 0 };
        }
        file.seek(SeekFrom::Start(self.offset))?;
        let mut reader = BufReader::new(file);
        loop {
            let mut line = Vec::new();
            let read = (&mut reader).take(2 * LARGEST).read_until(b'\n', &mut line)?;
            if line.pop() != Some(b'\n') {
                return Ok(());
            }
            self.offset = self.offset.saturating_add(read as u64);
            each(line);
        }
    }
}

fn parse(unit: &PlannedUnit, line: &[u8]) -> Option<LogLine> {
    let text = String::from_utf8_lossy(line);
    let (at, rest) = text.split_once(' ')?;
    let (mark, text) = rest.split_once(' ')?;
    let stream = match mark {
        "o" => Stream::Stdout,
        "e" => Stream::Stderr,
        _ => return None,
    };
    let (service, replica) = (unit.service.clone(), unit.replica);
    Some(LogLine { service, replica, at: at.parse().ok(), stream, text: text.to_owned() })
}

//! The seals file.

use std::fs::{File, TryLockError};
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::records::{self, Parsed};
use super::{Error, Files, appending};
use crate::domain::audit::{Seal, SealLine};
use crate::observe::backwards::{Backwards, Line};
use crate::observe::private;

/// How long to wait for another writer.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often to look.
const POLL: Duration = Duration::from_millis(5);

/// The seals file, locked: whoever holds this is the only one that writes the files of the trail.
pub struct Locked {
    path: PathBuf,
    file: File,
}

impl Locked {
    /// Opens the seals file (and creates it if there is none) and waits for its lock, which the kernel drops with us.
    ///
    /// It is held for milliseconds; who holds it longer is stopped or stuck, and must not stop all others.
    pub fn take(files: &Files) -> Result<Self, Error> {
        Self::take_patiently(files, PATIENCE)
    }

    fn take_patiently(files: &Files, patience: Duration) -> Result<Self, Error> {
        let path = files.seals.clone();
        let file = private::append_to(&path, files.state()).map_err(Error::io("open the seals file", &path))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { path, file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < patience => thread::sleep(POLL),
                Err(TryLockError::WouldBlock) => return Err(Error::Busy { path }),
                Err(TryLockError::Error(error)) => return Err(Error::io("lock the seals file", &path)(error)),
            }
        }
    }

    /// The last seal that is `wanted`; lines that are no seals are passed over.
    pub fn last(&self, wanted: impl Fn(&Seal) -> bool) -> Result<Option<Seal>, Error> {
        let failed = Error::io("read the seals file", &self.path);
        for line in Backwards::new(&self.file).map_err(&failed)? {
            if let Line::Whole(bytes) = line.map_err(&failed)?
                && let Some(Parsed::Seal(seal)) = records::parse(&bytes)
                && wanted(&seal)
            {
                return Ok(Some(seal));
            }
        }
        Ok(None)
    }

    /// Appends a seal. It is on the disk when this returns.
    pub fn append(&mut self, seal: &Seal) -> Result<(), Error> {
        appending::append(&mut self.file, &records::seal_line(seal))
            .map_err(Error::io("append to the seals file", &self.path))
    }
}

/// Every line of the seals file, in order, to `look`; a last line without its end is being written, and left out.
/// `false` if there is no such file.
pub fn read_seals(files: &Files, mut look: impl FnMut(SealLine)) -> Result<bool, Error> {
    let failed = Error::io("read the seals file", &files.seals);
    let file = match File::open(&files.seals) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(failed(error)),
    };
    let mut number = 0_i64;
    for_each_line(file, failed, |line| {
        number = number.saturating_add(1);
        look(match records::parse(line) {
            Some(Parsed::Seal(seal)) => SealLine::Seal(seal),
            Some(Parsed::Row(_)) | None => SealLine::Unreadable(number),
        });
        Ok::<(), Error>(())
    })?;
    Ok(true)
}

/// Whole lines, in order, without their line feed, until `look` fails. Only files of our own are read so: their lines are
/// short.
pub fn for_each_line<E: From<Error>>(
    source: impl Read,
    failed: impl Fn(io::Error) -> Error,
    mut look: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let mut reader = BufReader::new(source);
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.read_until(b'\n', &mut line).map_err(&failed)?;
        match line.split_last() {
            Some((b'\n', line)) => look(line)?,
            Some(_) | None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fault::{Classified, Fault};

    #[test]
    fn one_writer_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let files = Files::beside(&folder.path().join("state.db"));
        let first = Locked::take(&files).unwrap();
        let error = Locked::take_patiently(&files, Duration::from_millis(20)).err().unwrap();
        assert_eq!(error.fault(), Fault::Conflict);
        drop(first);
        assert!(Locked::take_patiently(&files, Duration::ZERO).unwrap().last(|_| true).unwrap().is_none());
    }
}

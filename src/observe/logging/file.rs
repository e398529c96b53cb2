//! The log file.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::super::private;

/// A log file that is appended to. Failures are kept, told once, and never passed on.
pub struct LogFile {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    file: Place,
    failure: Option<String>,
    told: bool,
    /// The last line was written in part only.
    torn: bool,
}

enum Place {
    /// No line was written yet.
    Unopened,
    Open(Box<dyn Write + Send>),
    /// It could not be opened, which is not tried again.
    Lost,
}

impl LogFile {
    /// The file at a path. It is opened with the first line, so that a command that has nothing to say leaves no file; it
    /// is made with mode 0600 if it is not there, and its folder with 0700.
    pub fn at(path: &Path) -> Self {
        Self::over(path, Place::Unopened)
    }

    fn over(path: &Path, file: Place) -> Self {
        Self { path: path.to_owned(), state: Mutex::new(State { file, failure: None, told: false, torn: false }) }
    }

    fn open(&self) -> (Place, Option<String>) {
        match private::append_to(&self.path, &self.path) {
            Ok(file) => (Place::Open(Box::new(file)), None),
            Err(error) => (Place::Lost, Some(format!("cannot open the log file {}: {error}", self.path.display()))),
        }
    }

    /// Appends a line, as well as it goes. Gives the failure back the first time there is one.
    ///
    /// A line that was lost is not tried again, the next one is: a full disk may be emptied while a job runs.
    pub fn append(&self, line: &str) -> Option<String> {
        let mut state = self.state();
        let torn = state.torn;
        if matches!(state.file, Place::Unopened) {
            (state.file, state.failure) = self.open();
        }
        if let Place::Open(file) = &mut state.file {
            let line = if torn { format!("\n{line}") } else { line.to_owned() };
            match write(file.as_mut(), line.as_bytes()) {
                Ok(()) => state.torn = false,
                Err((error, written)) => {
                    // A line feed that came through has ended the torn line.
                    state.torn = if torn { written != 1 } else { written > 0 };
                    let failure = || format!("cannot write the log file {}: {error}", self.path.display());
                    state.failure.get_or_insert_with(failure);
                }
            }
        }
        let first = !state.told;
        state.told = state.failure.is_some();
        state.failure.clone().filter(|_| first)
    }

    /// Why lines were lost, if they were.
    pub fn failure(&self) -> Option<String> {
        self.state().failure.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes all of it, or says how much was.
fn write(file: &mut dyn Write, bytes: &[u8]) -> Result<(), (io::Error, usize)> {
    let mut written = 0;
    while let Some(rest) = bytes.get(written..).filter(|rest| !rest.is_empty()) {
        match file.write(rest) {
            Ok(0) => return Err((io::ErrorKind::WriteZero.into(), written)),
            Ok(count) => written = written.saturating_add(count),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((error, written)),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// A disk with little room: takes `room` bytes, then refuses until there is room again.
    #[derive(Clone, Default)]
    struct Disk(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut disk = self.0.lock().unwrap();
            let count = bytes.len().min(disk.1);
            if count == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            disk.0.extend_from_slice(&bytes[..count]);
            disk.1 -= count;
            Ok(count)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_torn_line_does_not_spoil_the_next() {
        for room in 0..12 {
            let disk = Disk::default();
            let log = LogFile::over(Path::new("/log"), Place::Open(Box::new(disk.clone())));
            disk.0.lock().unwrap().1 = room;
            let told = log.append("first\n").or(log.append("second\n")).unwrap();
            assert!(told.starts_with("cannot write the log file /log: "), "{told}");
            disk.0.lock().unwrap().1 = 100;
            assert_eq!(log.append("third\n"), None, "said once");
            assert!(log.failure().is_some());
            let written = String::from_utf8(disk.0.lock().unwrap().0.clone()).unwrap();
            let lines: Vec<&str> = written.lines().collect();
            assert_eq!(lines.last(), Some(&"third"), "{room}: {written:?}");
            assert!(lines.iter().all(|line| ["first", "second", "third"].iter().any(|whole| whole.starts_with(line))));
        }
    }
}

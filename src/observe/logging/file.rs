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
    file: Option<Box<dyn Write + Send>>,
    failure: Option<String>,
    told: bool,
    /// The last line was written in part only.
    torn: bool,
}

impl LogFile {
    /// Opens the file; it is made with mode 0600 if it is not there, and its folder with 0700.
    pub fn open(path: &Path) -> Self {
        let (file, failure) = match private::append_to(path, path) {
            Ok(file) => (Some(Box::new(file) as Box<dyn Write + Send>), None),
            Err(error) => (None, Some(format!("cannot open the log file {}: {error}", path.display()))),
        };
        Self::over(path, file, failure)
    }

    fn over(path: &Path, file: Option<Box<dyn Write + Send>>, failure: Option<String>) -> Self {
        Self { path: path.to_owned(), state: Mutex::new(State { file, failure, told: false, torn: false }) }
    }

    /// Appends a line, as well as it goes. Gives the failure back the first time there is one.
    ///
    /// A line that was lost is not tried again, the next one is: a full disk may be emptied while a job runs.
    pub fn append(&self, line: &str) -> Option<String> {
        let mut state = self.state();
        let torn = state.torn;
        if let Some(file) = &mut state.file {
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
            let log = LogFile::over(Path::new("/log"), Some(Box::new(disk.clone())), None);
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

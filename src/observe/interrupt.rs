//! Ending a job at its next safe point.
//!
//! SIGINT, SIGTERM and the deadline of `--deadline` only leave a mark; the job looks at it between two items, ends what
//! it has begun and stops. A second signal ends the process at once, with the exit code 75: the state file is made for
//! that, and the next run repairs what is half done.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// The exit code of an interrupted process: try again later.
const EXIT_CODE: i32 = 75;

/// Why a job should end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Ctrl-C.
    Interrupt,
    /// `kill`, or systemd stopping the unit.
    Terminate,
    /// The time that `--deadline` gives is over.
    Deadline,
}

impl Reason {
    /// What stopped the job, in messages: "stopped by SIGTERM".
    pub const fn word(self) -> &'static str {
        match self {
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
            Self::Deadline => "the deadline",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Whether the job should end. Cheap to ask and to clone.
#[derive(Debug, Clone)]
pub struct Interrupt {
    /// The number of the last signal; zero before the first.
    signal: Arc<AtomicUsize>,
    deadline: Option<Instant>,
}

/// The signal handlers could not be installed.
#[derive(Debug, thiserror::Error)]
#[error("cannot install a handler for {signal}")]
pub struct InstallError {
    signal: &'static str,
    #[source]
    source: io::Error,
}

impl Interrupt {
    /// Listens for signals from now on, for as long as the process lives, and ends after `deadline` if there is one.
    ///
    /// To be called once, before the job begins.
    pub fn install(deadline: Option<Duration>) -> Result<Self, InstallError> {
        let interrupt = Self::after(deadline);
        let asked_before = Arc::new(AtomicBool::new(false));
        for (number, reason) in [(SIGINT, Reason::Interrupt), (SIGTERM, Reason::Terminate)] {
            // Handlers run in the order of their registration: the first signal finds the flag down and raises it.
            flag::register_conditional_shutdown(number, EXIT_CODE, Arc::clone(&asked_before))
                .and_then(|_| flag::register(number, Arc::clone(&asked_before)))
                .and_then(|_| {
                    let value = usize::try_from(number).unwrap_or_default();
                    flag::register_usize(number, Arc::clone(&interrupt.signal), value)
                })
                .map_err(|source| InstallError { signal: reason.word(), source })?;
        }
        Ok(interrupt)
    }

    /// Listens for no signal: for work inside another program, and for tests.
    pub fn after(deadline: Option<Duration>) -> Self {
        let deadline = deadline.and_then(|after| Instant::now().checked_add(after));
        Self { signal: Arc::default(), deadline }
    }

    /// Why the job should end now, if it should.
    pub fn requested(&self) -> Option<Reason> {
        match self.signal.load(Ordering::Relaxed) {
            0 => self.remaining().filter(Duration::is_zero).map(|_| Reason::Deadline),
            number if Ok(number) == usize::try_from(SIGINT) => Some(Reason::Interrupt),
            _ => Some(Reason::Terminate),
        }
    }

    /// The time that is left before the deadline; `None` where there is none.
    pub fn remaining(&self) -> Option<Duration> {
        self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_asked_for_without_a_cause() {
        let interrupt = Interrupt::after(None);
        assert_eq!((interrupt.requested(), interrupt.remaining()), (None, None));
        let later = Interrupt::after(Some(Duration::from_hours(1)));
        assert_eq!(later.requested(), None);
        assert!(later.remaining().unwrap() > Duration::from_secs(3500));
    }

    #[test]
    fn the_deadline_ends_the_job() {
        let interrupt = Interrupt::after(Some(Duration::ZERO));
        assert_eq!(interrupt.clone().requested(), Some(Reason::Deadline));
        assert_eq!(interrupt.remaining(), Some(Duration::ZERO));
    }
}

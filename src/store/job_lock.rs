//! One run of a job at a time.
//!
//! The lock is an `flock` on a file for each job. The kernel drops it when the process ends, however it ends, so a dead
//! holder needs no taking over, and pids (which mean nothing across PID namespaces) decide nothing. The text in the
//! file says who holds it, for people only.

use std::borrow::Cow;
use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::gate::POLL;
use super::job_runs::RunId;
use super::place::{Place, open_private};
use super::{Error, ShouldStop, Store};
use crate::domain::duration;
use crate::domain::fault::{Classified, Fault};
use crate::domain::job::JobName;

/// A held job lock; dropping it lets the next run in.
#[derive(Debug)]
pub struct JobLock {
    holder: Holder,
    /// `None` in a store in memory, which no other process can see.
    file: Option<(File, PathBuf)>,
}

/// Who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The process, in its own PID namespace.
    pub pid: u32,
    /// The name of its machine or container.
    pub host: String,
    /// Since when.
    pub since: Timestamp,
    /// Its row in `job_runs`; none before it is written.
    pub run: Option<RunId>,
}

/// Why a job could not be locked.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another run has it.
    #[error("job {job} runs already: its lock is held by {}{}", who(holder.as_ref()), after(*waited))]
    Held {
        /// The job.
        job: JobName,
        /// Who holds it; unknown while the holder is just writing it down.
        holder: Option<Holder>,
        /// How long we have waited for it.
        waited: Duration,
    },
    /// The whole state file is needed, and other processes have it open.
    #[error("the state file {} is in use by {}", path.display(), users(holders))]
    InUse {
        /// The state file.
        path: PathBuf,
        /// The jobs that run; none if it is a command that is no job.
        holders: Vec<(JobName, Option<Holder>)>,
    },
    /// We were asked to stop while we waited.
    #[error("stopped on request while job {job} waited for its lock")]
    Interrupted {
        /// The job.
        job: JobName,
    },
    /// The lock file could not be used.
    #[error(transparent)]
    State(#[from] Error),
}

impl Classified for LockError {
    fn fault(&self) -> Fault {
        match self {
            Self::Held { .. } | Self::InUse { .. } | Self::Interrupted { .. } => Fault::Conflict,
            Self::State(error) => error.fault(),
        }
    }

    fn hint(&self) -> Option<Cow<'static, str>> {
        match self {
            Self::Held { .. } => Some(Cow::Borrowed(
                "let it end (`provider job list` shows it), or wait for it with --wait 5m; a lock of a process that \
                 died is free by itself",
            )),
            Self::InUse { .. } => Some(Cow::Borrowed(
                "stop the timers and `provider serve` first, or wait for the end of a job with --wait 5m",
            )),
            Self::Interrupted { .. } => None,
            Self::State(error) => error.hint(),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pid {} on {} since {:.0}", self.pid, self.host, self.since)?;
        self.run.map_or(Ok(()), |run| write!(f, " (run {run})"))
    }
}

fn who(holder: Option<&Holder>) -> String {
    holder.map_or_else(|| "another process".to_owned(), ToString::to_string)
}

fn users(holders: &[(JobName, Option<Holder>)]) -> String {
    let jobs: Vec<String> =
        holders.iter().map(|(job, holder)| format!("job {job} ({})", who(holder.as_ref()))).collect();
    if jobs.is_empty() { "another process".to_owned() } else { jobs.join(", ") }
}

fn after(waited: Duration) -> String {
    if waited.is_zero() { String::new() } else { format!("; gave up after {}", duration::display(waited)) }
}

/// How long to wait for a lock, and whether to go on waiting.
#[derive(Clone, Copy)]
pub struct Waiting<'a> {
    /// How long at most; zero fails at once.
    pub at_most: Duration,
    /// Asked while waiting.
    pub should_stop: ShouldStop<'a>,
}

impl JobLock {
    /// Locks a job, as of `now`. Fails at once when another run holds the lock, or waits as long as it may.
    pub fn take(store: &Store, job: &JobName, now: Timestamp, waiting: Waiting<'_>) -> Result<Self, LockError> {
        let holder = Holder { pid: std::process::id(), host: host(), since: now, run: None };
        let Some(place) = store.place() else { return Ok(Self { holder, file: None }) };
        let path = lock_file(&place.create_locks()?, job);
        let file = open_private(&path, place.file()).map_err(Error::io(OPENING, &path))?;
        let begun = Instant::now();
        while !try_lock(&file, &path)? {
            if (waiting.should_stop)() {
                return Err(LockError::Interrupted { job: job.clone() });
            }
            if begun.elapsed() >= waiting.at_most {
                return Err(LockError::Held { job: job.clone(), holder: read_holder(&file), waited: waiting.at_most });
            }
            thread::sleep(POLL.min(waiting.at_most.saturating_sub(begun.elapsed())));
        }
        let mut lock = Self { holder, file: Some((file, path)) };
        lock.write_holder()?;
        Ok(lock)
    }

    /// Who we are.
    pub const fn holder(&self) -> &Holder {
        &self.holder
    }

    /// Adds the run to what the lock file says.
    pub fn name_run(&mut self, run: RunId) -> Result<(), Error> {
        self.holder.run = Some(run);
        self.write_holder()
    }

    fn write_holder(&mut self) -> Result<(), Error> {
        let Some((file, path)) = &mut self.file else { return Ok(()) };
        let written = serde_json::to_vec(&self.holder).map_err(std::io::Error::other).and_then(|text| {
            file.set_len(0)?;
            file.seek(SeekFrom::Start(0))?;
            file.write_all(&text)
        });
        written.map_err(Error::io("write down who holds a job lock", path))
    }
}

impl Drop for JobLock {
    fn drop(&mut self) {
        if let Some((file, _)) = &self.file {
            // For tidiness: the text of a lock that is not held is never read.
            let _ = file.set_len(0);
            // Closing is not enough, see the gate.
            let _ = file.unlock();
        }
    }
}

/// Every job whose lock is held right now, with who holds it as far as known.
pub fn held_locks(store: &Store) -> Result<Vec<(JobName, Option<Holder>)>, Error> {
    store.place().map_or_else(|| Ok(Vec::new()), held_beside)
}

/// The same, of a state file that need not be open.
pub(super) fn held_beside(place: &Place) -> Result<Vec<(JobName, Option<Holder>)>, Error> {
    let folder = place.locks();
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::io("list the job locks", &folder)(error)),
    };
    let mut held = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::io("list the job locks", &folder))?;
        let name = entry.file_name();
        let stem = name.to_str().and_then(|name| name.strip_suffix(".lock"));
        let Some(job) = stem.and_then(|stem| stem.parse::<JobName>().ok()) else { continue };
        let path = entry.path();
        let file = File::open(&path).map_err(Error::io(OPENING, &path))?;
        if !try_lock_shared(&file, &path)? {
            held.push((job, read_holder(&file)));
        }
    }
    held.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(held)
}

const OPENING: &str = "open the lock of a job";

/// Takes the lock, unless another run holds it. Whoever merely looks at locks holds this one shared for a moment:
/// that is told apart and waited out.
fn try_lock(file: &File, path: &Path) -> Result<bool, Error> {
    /// Looking takes microseconds, so this is never reached unless somebody holds the lock shared on purpose.
    const LOOKERS: u32 = 200;
    for _ in 0..LOOKERS {
        match file.try_lock() {
            Ok(()) => return Ok(true),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(Error::io("lock a job", path)(error)),
        }
        if !try_lock_shared(file, path)? {
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(false)
}

/// Whether nobody holds the lock alone. Leaves it unlocked.
fn try_lock_shared(file: &File, path: &Path) -> Result<bool, Error> {
    match file.try_lock_shared() {
        Ok(()) => file.unlock().map(|()| true).map_err(Error::io("look at the lock of a job", path)),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(Error::io("look at the lock of a job", path)(error)),
    }
}

/// What the lock file says; nothing while the holder writes it. Never trusted, so never more than a page.
fn read_holder(file: &File) -> Option<Holder> {
    let mut file = file;
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.take(4096).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

fn lock_file(folder: &Path, job: &JobName) -> PathBuf {
    folder.join(format!("{job}.lock"))
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

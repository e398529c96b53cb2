//! The state file as requests read it: few connections, kept for a moment, never in anybody's way.
//!
//! A connection is used again while the path still names the same file, and closed when nobody has asked for a second:
//! `state restore` waits for nobody longer than that. What cannot be read is said, and read anew by the next request.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;

use super::Problem;
use crate::store::{self, Mode, Snapshot, Store};

/// How many requests read at once; more wait their turn.
const READERS: usize = 8;

/// How long a request waits for a state file that is being restored, or kept busy.
const PATIENCE: Duration = Duration::from_millis(500);

/// How long a connection is kept that nobody uses.
const IDLE: Duration = Duration::from_secs(1);

/// The state file of a server. Cheap to clone.
#[derive(Clone)]
pub struct StateFile(Arc<Inner>);

struct Inner {
    path: PathBuf,
    turns: Semaphore,
    idle: Mutex<Vec<Kept>>,
}

struct Kept {
    store: Store,
    /// Device and inode: which file it is.
    file: (u64, u64),
    since: Instant,
}

impl StateFile {
    /// The state file at a path; nothing is opened yet.
    pub fn at(path: PathBuf) -> Self {
        Self(Arc::new(Inner { path, turns: Semaphore::new(READERS), idle: Mutex::default() }))
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Reads from one consistent view. `doing` completes "cannot …".
    pub async fn read<T: Send + 'static>(
        &self,
        doing: &'static str,
        read: impl FnOnce(&Snapshot<'_>) -> Result<T, store::Error> + Send + 'static,
    ) -> Result<T, Problem> {
        self.with(move |store| store.read(doing, read)).await
    }

    /// The same for what takes several views, or looks at the locks too.
    pub async fn with<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let inner = Arc::clone(&self.0);
        let Ok(_turn) = self.0.turns.acquire().await else {
            return Err(Problem::unavailable("the server stops"));
        };
        let done = tokio::task::spawn_blocking(move || {
            let kept = inner.take()?;
            let done = work(&kept.store).map_err(Into::into);
            // What failed may be the connection.
            if done.is_ok() {
                inner.give_back(kept);
            }
            done
        });
        let done = done.await.unwrap_or_else(|_| Err(Problem::unavailable("a defect of the server; see its log")));
        self.close_later();
        done
    }

    /// Changes the state file, as the command line does. The server never creates it.
    pub async fn change<T: Send + 'static, E: Into<Problem> + Send + 'static>(
        &self,
        work: impl FnOnce(&Store) -> Result<T, E> + Send + 'static,
    ) -> Result<T, Problem> {
        let path = self.0.path.clone();
        let done = tokio::task::spawn_blocking(move || {
            let store = Store::open_patiently(&path, Mode::WriteExisting, PATIENCE.saturating_mul(10))?;
            work(&store).map_err(Into::into)
        });
        done.await.unwrap_or_else(|_| Err(Problem::unavailable("a defect of the server; see its log")))
    }

    /// Closes what is idle, a moment from now.
    fn close_later(&self) {
        let weak = Arc::downgrade(&self.0);
        tokio::spawn(async move {
            tokio::time::sleep(IDLE).await;
            let closed = weak.upgrade().map(|inner| inner.forget(|kept| kept.since.elapsed() >= IDLE));
            // Closing may write, where it is the last connection.
            tokio::task::spawn_blocking(move || drop(closed));
        });
    }
}

impl Inner {
    fn take(&self) -> Result<Kept, Problem> {
        let named = std::fs::metadata(&self.path).map(|file| (file.dev(), file.ino())).ok();
        // Of a file that is gone nothing is read, though it could be.
        drop(self.forget(|kept| Some(kept.file) != named));
        if let Some(kept) = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop() {
            return Ok(kept);
        }
        let store = Store::open_patiently(&self.path, Mode::Read, PATIENCE)?;
        Ok(Kept { store, file: named.unwrap_or_default(), since: Instant::now() })
    }

    fn give_back(&self, kept: Kept) {
        let kept = Kept { since: Instant::now(), ..kept };
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
    }

    /// Takes those out that are not wanted any more, to be closed by the caller.
    fn forget(&self, unwanted: impl Fn(&Kept) -> bool) -> Vec<Kept> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.extract_if(.., |kept| unwanted(kept)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::job_runs;

    #[tokio::test]
    async fn a_state_file_that_comes_and_goes_is_a_503_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        let state = StateFile::at(path.clone());
        let look = || state.read("look", |snapshot| job_runs::last_runs(snapshot).map(|runs| runs.len()));
        let missing = look().await.unwrap_err();
        assert_eq!(missing.status(), 503);
        assert!(missing.message().contains("there is no state file"), "{}", missing.message());
        drop(Store::open(&path, Mode::Write).unwrap());
        assert_eq!(look().await.unwrap(), 0, "the next request looks again");
        std::fs::remove_file(&path).unwrap();
        assert_eq!(look().await.unwrap_err().status(), 503, "of a file that is gone nothing is read");
        std::fs::write(&path, "no database").unwrap();
        assert_eq!(look().await.unwrap_err().status(), 503);
    }

    #[tokio::test]
    async fn what_is_idle_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state.db");
        drop(Store::open(&path, Mode::Write).unwrap());
        let state = StateFile::at(path);
        state.read("look", job_runs::last_runs).await.unwrap();
        let kept = || state.0.idle.lock().unwrap().len();
        assert_eq!(kept(), 1);
        while kept() > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

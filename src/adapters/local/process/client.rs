//! Talking to a supervisor: one line of JSON there, one back.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

use super::folder::{Folder, Status};

/// What a supervisor can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub(super) enum Ask {
    /// Whether it is there.
    Ping,
    /// To start every unit that has ended.
    Start,
    /// To hold every unit still.
    Pause,
    /// To let them go on.
    Resume,
    /// To end them, and itself.
    Stop {
        /// How long they may take, in milliseconds.
        grace: u64,
    },
}

/// What a supervisor says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reply {
    /// What went wrong; none where nothing did.
    pub(super) error: Option<String>,
}

/// The longest line of either side.
pub(super) const LONGEST: u64 = 4096;

/// How often something is looked at that is waited for.
const LOOK: Duration = Duration::from_millis(20);

/// Asks a supervisor that lives, and waits for its answer.
pub(super) async fn ask(folder: &Folder, ask: &Ask, at_most: Duration) -> io::Result<()> {
    let late = |_| io::Error::new(io::ErrorKind::TimedOut, "its supervisor does not answer in time");
    timeout(at_most, exchange(folder, ask)).await.map_err(late)?
}

async fn exchange(folder: &Folder, ask: &Ask) -> io::Result<()> {
    let mut stream = {
        let (_held, path) = socket(folder)?;
        UnixStream::connect(path).await?
    };
    let mut line = serde_json::to_vec(ask)?;
    line.push(b'\n');
    stream.write_all(&line).await?;
    let mut answer = Vec::new();
    stream.take(LONGEST).read_to_end(&mut answer).await?;
    let reply: Reply = serde_json::from_slice(&answer)?;
    match reply.error {
        None => Ok(()),
        Some(error) => Err(io::Error::other(error)),
    }
}

/// The path of the socket, by way of the folder that is held open: a socket's own path may have 107 bytes only.
pub(super) fn socket(folder: &Folder) -> io::Result<(File, PathBuf)> {
    let held = File::open(folder.path())?;
    let path = PathBuf::from(format!("/proc/self/fd/{}/control.sock", held.as_raw_fd()));
    Ok((held, path))
}

/// Waits for a supervisor that was just started to have started its units. One that has ended again has done so too: it
/// left another status than there was `before`.
pub(super) async fn await_begun(folder: &Folder, before: Option<&Status>, at_most: Duration) -> io::Result<()> {
    let end = Instant::now() + at_most;
    loop {
        if ask(folder, &Ask::Ping, at_most).await.is_ok() {
            return Ok(());
        }
        if !folder.is_supervised()? && folder.status()?.is_some_and(|status| Some(&status) != before) {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "its supervisor did not begin in time"));
        }
        sleep(LOOK).await;
    }
}

/// Ends the units and their supervisor, and returns when both are gone. What is absent is gone.
pub(super) async fn end(folder: &Folder, grace: Duration) -> io::Result<()> {
    let give_up = Instant::now() + grace + Duration::from_secs(30);
    let mut last = None;
    while folder.is_supervised()? {
        let stop = Ask::Stop { grace: u64::try_from(grace.as_millis()).unwrap_or(u64::MAX) };
        let left = give_up.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let late = || io::Error::new(io::ErrorKind::TimedOut, "its supervisor did not end in time");
            return Err(last.unwrap_or_else(late));
        }
        // It may be on its way out by itself, and then not answer.
        last = ask(folder, &stop, left).await.err();
        sleep(LOOK).await;
    }
    super::supervisor::clean_up(folder)
}

//! One run of the signer program: bounded in time and output, and killed as a whole.

use std::io::{self, Read, Write as _};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};
use zeroize::Zeroizing;

use super::{Error, Settings};

/// How often it is looked whether this process is to end.
const GLANCE: Duration = Duration::from_millis(50);

/// Runs the program with this on stdin: what it wrote to stdout, and whether it succeeded.
pub(super) fn run(settings: &Settings, input: &[u8], longest: usize) -> Result<(Zeroizing<Vec<u8>>, bool), Error> {
    let (program, arguments) = settings.command.split_first().map_or(("", &[][..]), |(first, rest)| (first, rest));
    let failed = |source| Error::Run { program: PathBuf::from(program), source };
    let mut command = Command::new(program);
    command.args(arguments).env_clear().envs(settings.environment.iter().map(|(name, value)| (name, value)));
    // A group of its own, so that a shell script's children end with it.
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
    // Asked once before, so that a signal in the first moment is heard.
    if (settings.stop.0)() {
        return Err(Error::Stopped { program: PathBuf::from(program) });
    }
    let deadline = Instant::now().checked_add(settings.timeout);
    let mut running = Running { child: command.spawn().map_err(failed)?, is_over: false };
    let (stdin, stdout) = (running.child.stdin.take(), running.child.stdout.take());
    let written = Zeroizing::new(input.to_vec());
    // Neither side waits for the other: the program may answer before it has read everything, or never read.
    thread::spawn(move || {
        if let Some(mut stdin) = stdin {
            // A program that does not want to read is judged by its answer.
            let _ = stdin.write_all(&written);
        }
    });
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        let read = stdout.map_or_else(|| Ok(Zeroizing::default()), |stdout| read_at_most(stdout, longest));
        let _ = send.send(read);
    });
    let left = || deadline.map_or(settings.timeout, |at| at.saturating_duration_since(Instant::now()));
    let slow = || Error::Slow { program: PathBuf::from(program), timeout: settings.timeout };
    let stopped = || Error::Stopped { program: PathBuf::from(program) };
    let output = loop {
        match receive.recv_timeout(left().min(GLANCE)) {
            Ok(output) => break output.map_err(failed)?,
            Err(mpsc::RecvTimeoutError::Disconnected) => return Err(slow()),
            Err(mpsc::RecvTimeoutError::Timeout) if (settings.stop.0)() => return Err(stopped()),
            Err(mpsc::RecvTimeoutError::Timeout) if left().is_zero() => return Err(slow()),
            Err(mpsc::RecvTimeoutError::Timeout) => {}
        }
    };
    while !running.has_ended() {
        if (settings.stop.0)() {
            return Err(stopped());
        }
        if left().is_zero() {
            return Err(slow());
        }
        thread::sleep(Duration::from_millis(1));
    }
    let status = running.end().map_err(failed)?;
    Ok((output, status.success()))
}

fn read_at_most(stdout: impl Read, longest: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let limit = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    // Room for an ordinary answer from the start, so that growing leaves no copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(longest.min(64 * 1024)));
    stdout.take(limit).read_to_end(&mut bytes)?;
    if bytes.len() > longest {
        return Err(io::Error::new(io::ErrorKind::InvalidData, format!("it answers with more than {longest} bytes")));
    }
    Ok(bytes)
}

/// The program while it runs; killed with its group when this is dropped.
struct Running {
    child: Child,
    /// It was waited for, and its id may be another's.
    is_over: bool,
}

impl Running {
    fn id(&self) -> Option<Pid> {
        i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
    }

    /// Whether it has ended. It is left a zombie, so that nobody else gets the id of its group.
    fn has_ended(&self) -> bool {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        self.id().is_none_or(|id| !matches!(waitid(WaitId::Pid(id), options), Ok(None)))
    }

    /// Ends it with everything that it started in its group, which must not live on after a good end either.
    fn end(&mut self) -> io::Result<ExitStatus> {
        if let Some(group) = self.id() {
            let _ = kill_process_group(group, Signal::KILL);
        }
        self.is_over = true;
        self.child.wait()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Whether it has ended is not asked here: what it started may still be there, in its group.
        if !self.is_over {
            let _ = self.end();
        }
    }
}

//! The supervisor of a workload: a process of its own that outlives the job which started it.
//!
//! One thread decides and reaps; one listens on the socket; one waits for signals; one for each stream copies output.
//! It ends when the last unit has ended, or when it is told to end them. When it is killed, the kernel ends the units.

mod control;
mod units;

use std::fs::File;
use std::io;
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use rustix::process::WaitOptions;
use signal_hook::consts::{SIGCHLD, SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use super::client::Ask;
use super::folder::Folder;
use super::plan::Plan;
use crate::adapters::local::cgroup::{Cgroups, Limits};
use crate::domain::fault::{Classified, Fault};
use crate::domain::resources::{Bytes, MilliCpu};
use units::Units;

/// Why a supervisor could not do its work.
#[derive(Debug, thiserror::Error)]
pub enum SupervisorError {
    /// The folder does not say what to run.
    #[error("there is nothing to run in {folder}")]
    NoPlan {
        /// The workload's folder.
        folder: PathBuf,
    },
    /// Another supervisor looks after this workload.
    #[error("another supervisor looks after {folder}")]
    Taken {
        /// The workload's folder.
        folder: PathBuf,
    },
    /// The system did not do what is needed.
    #[error("cannot supervise {folder}")]
    System {
        /// The workload's folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Classified for SupervisorError {
    fn fault(&self) -> Fault {
        match self {
            Self::NoPlan { .. } => Fault::NotFound,
            Self::Taken { .. } => Fault::Conflict,
            Self::System { .. } => Fault::Unavailable,
        }
    }
}

/// What happens to a supervisor.
enum Event {
    /// A child has ended.
    Child,
    /// Somebody asks for something.
    Asked(Ask, Sender<Option<String>>),
    /// It is told to end by a signal.
    Terminate,
}

/// How long units have that are ended by a signal to their supervisor.
const GRACE: Duration = Duration::from_secs(10);
/// What a supervisor may use itself.
const ROOM: Limits = Limits { cpu: MilliCpu(1000), memory: Bytes(256 << 20), processes: 16_384 };
/// How long a killed process may take to vanish.
const AFTER_THE_KILL: Duration = Duration::from_secs(10);

/// Looks after a workload until it has ended. `program` is this program.
pub fn supervise(path: &Path, program: &Path) -> Result<(), SupervisorError> {
    let failed = |source: io::Error| SupervisorError::System { folder: path.to_owned(), source };
    let folder = Folder::at(path);
    // Away from the terminal and the process group of whoever started us; a leader already has that.
    let _ = rustix::process::setsid();
    let lock = folder.lock().map_err(failed)?.ok_or_else(|| SupervisorError::Taken { folder: path.to_owned() })?;
    let plan = folder.plan().map_err(failed)?.ok_or_else(|| SupervisorError::NoPlan { folder: path.to_owned() })?;
    leave_the_job(&plan);
    // What a unit leaves behind becomes our child, so that nothing gets away.
    rustix::process::set_child_subreaper(Some(rustix::process::getpid())).map_err(|error| failed(error.into()))?;
    Supervisor::begin(folder, plan, program, lock).and_then(Supervisor::run).map_err(failed)
}

/// Goes into a control group of its own, so that the end of the job's group is not ours. Where that is not possible,
/// nobody ends groups either, or systemd carries us and knows.
fn leave_the_job(plan: &Plan) {
    let Some(cgroups) = plan.cgroups.as_deref().and_then(Cgroups::at) else { return };
    let group = cgroups.group(&format!("{}/supervisor", plan.group()));
    if group.create(ROOM).is_ok() {
        let _ = group.join();
    }
}

struct Supervisor {
    units: Units,
    events: Receiver<Event>,
    stopping: Option<Stopping>,
    folder: Folder,
    /// Released when everything has ended.
    _lock: File,
}

/// The units are being ended.
struct Stopping {
    /// Then they are killed.
    deadline: Instant,
    killed: bool,
    /// Who waits for it.
    waiting: Vec<Sender<Option<String>>>,
}

impl Supervisor {
    fn begin(folder: Folder, plan: Plan, program: &Path, lock: File) -> io::Result<Self> {
        let (sender, events) = mpsc::channel();
        let mut signals = Signals::new([SIGCHLD, SIGTERM, SIGINT, SIGHUP])?;
        let from_signals = sender.clone();
        std::thread::spawn(move || {
            for signal in signals.forever() {
                let event = if signal == SIGCHLD { Event::Child } else { Event::Terminate };
                if from_signals.send(event).is_err() {
                    return;
                }
            }
        });
        let listener = listen(&folder)?;
        let mut units = Units::new(folder.clone(), plan, program.to_owned());
        units.start_all()?;
        // Only now does anybody get an answer: then everything has been started.
        std::thread::spawn(move || control::listen(&listener, &sender));
        Ok(Self { units, events, stopping: None, folder, _lock: lock })
    }

    fn run(mut self) -> io::Result<()> {
        loop {
            if !self.units.any_runs() && self.stopping.is_none() {
                self.stop(Duration::ZERO);
            }
            if self.has_ended()? {
                break;
            }
            match self.events.recv_timeout(self.patience()) {
                Ok(Event::Child) | Err(RecvTimeoutError::Timeout) => {}
                Ok(Event::Asked(ask, reply)) => self.asked(ask, reply),
                Ok(Event::Terminate) => self.stop(GRACE),
                Err(RecvTimeoutError::Disconnected) => self.stop(Duration::ZERO),
            }
            self.reap()?;
            self.hasten();
        }
        for waiting in self.stopping.into_iter().flat_map(|stopping| stopping.waiting) {
            let _ = waiting.send(None);
        }
        let _ = std::fs::remove_file(self.folder.path().join("control.sock"));
        Ok(())
    }

    /// Until when nothing need be done.
    fn patience(&self) -> Duration {
        match &self.stopping {
            None => Duration::from_hours(1),
            Some(Stopping { killed: true, .. }) => Duration::from_millis(50),
            Some(stopping) => stopping.deadline.saturating_duration_since(Instant::now()),
        }
    }

    fn asked(&mut self, ask: Ask, reply: Sender<Option<String>>) {
        let failed = |result: io::Result<()>| result.err().map(|error| error.to_string());
        let answer = match ask {
            Ask::Ping => None,
            Ask::Start if self.stopping.is_some() => Some("it is being ended".to_owned()),
            Ask::Start => failed(self.units.start_all()),
            Ask::Pause => failed(self.units.pause(true)),
            Ask::Resume => failed(self.units.pause(false)),
            Ask::Stop { grace } => {
                self.stop(Duration::from_millis(grace));
                if let Some(stopping) = &mut self.stopping {
                    stopping.waiting.push(reply);
                }
                return;
            }
        };
        let _ = reply.send(answer);
    }

    /// Begins to end the units, or gives them less time than they had.
    fn stop(&mut self, grace: Duration) {
        let deadline = Instant::now() + grace;
        if let Some(stopping) = &mut self.stopping {
            stopping.deadline = stopping.deadline.min(deadline);
        } else {
            self.stopping = Some(Stopping { deadline, killed: false, waiting: vec![] });
            self.units.terminate();
        }
        self.hasten();
    }

    /// Kills what is left when its time is over.
    fn hasten(&mut self) {
        let Some(stopping) = &mut self.stopping else { return };
        if Instant::now() >= stopping.deadline || !self.units.any_runs() {
            stopping.killed = true;
            self.units.kill();
        }
    }

    /// Everything that we started has ended, and what that started.
    fn has_ended(&self) -> io::Result<bool> {
        let Some(stopping) = &self.stopping else { return Ok(false) };
        if self.units.any_runs() {
            let hopeless = stopping.killed && Instant::now() > stopping.deadline + AFTER_THE_KILL;
            return if hopeless { Err(io::Error::other("a killed process does not end")) } else { Ok(false) };
        }
        Ok(!units::has_children())
    }

    fn reap(&mut self) -> io::Result<()> {
        loop {
            match rustix::process::wait(WaitOptions::NOHANG) {
                Ok(Some((pid, status))) => {
                    let code = status.exit_status().or_else(|| status.terminating_signal().map(|signal| 128 + signal));
                    self.units.ended(pid.as_raw_nonzero().get(), code.unwrap_or(-1))?;
                }
                Ok(None) | Err(rustix::io::Errno::CHILD) => return Ok(()),
                Err(rustix::io::Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

/// The socket, for the owner alone: so is its folder.
fn listen(folder: &Folder) -> io::Result<UnixListener> {
    let (_held, path) = super::client::socket(folder)?;
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    UnixListener::bind(path)
}

/// Ends what a supervisor that was killed left behind in its control groups.
pub(super) fn clean_up(folder: &Folder) -> io::Result<()> {
    let Some(plan) = folder.plan()? else { return Ok(()) };
    let Some(cgroups) = plan.cgroups.as_deref().and_then(Cgroups::at) else { return Ok(()) };
    plan.units.iter().try_for_each(|unit| cgroups.group(&plan.group_of(unit)).kill())
}

//! One control group.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{fs, thread};

use super::{Version, number, number_of};
use crate::domain::resources::{Bytes, MilliCpu};

/// What the processes of a group may use together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Processor time.
    pub cpu: MilliCpu,
    /// Memory, swap included.
    pub memory: Bytes,
    /// Processes and threads.
    pub processes: u32,
}

/// A control group: a folder, or one in the tree of each controller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    root: PathBuf,
    version: Version,
    path: String,
}

/// The controllers of version 1 that are used.
const CONTROLLERS: [&str; 5] = ["cpu", "cpuacct", "memory", "pids", "freezer"];
/// The period of processor limits, in microseconds.
const PERIOD: u64 = 100_000;
/// How often a group is asked to be empty before it is given up, and the pause between.
const PATIENCE: (u32, Duration) = (1000, Duration::from_millis(10));

impl Group {
    pub(super) fn new(root: &Path, version: Version, path: &str) -> Self {
        Self { root: root.to_owned(), version, path: path.trim_matches('/').to_owned() }
    }

    /// Whether the kernel has it.
    pub fn exists(&self) -> bool {
        self.folders().iter().any(|folder| folder.is_dir())
    }

    /// Makes the group and sets its limits; all of it, or an error and nothing.
    pub fn create(&self, limits: Limits) -> io::Result<()> {
        let made = self.try_create(limits);
        if made.is_err() {
            let _ = self.remove();
        }
        made
    }

    pub(super) fn try_create(&self, limits: Limits) -> io::Result<()> {
        let quota = (limits.cpu.0.saturating_mul(PERIOD) / 1000).max(1000);
        let memory = limits.memory.0.to_string();
        match self.version {
            Version::One => {
                for controller in CONTROLLERS {
                    fs::create_dir_all(self.of(controller))?;
                }
                write(&self.of("cpu").join("cpu.cfs_period_us"), &PERIOD.to_string())?;
                write(&self.of("cpu").join("cpu.cfs_quota_us"), &quota.to_string())?;
                write(&self.of("memory").join("memory.limit_in_bytes"), &memory)?;
                // Only where swap is counted.
                let _ = write(&self.of("memory").join("memory.memsw.limit_in_bytes"), &memory);
                write(&self.of("pids").join("pids.max"), &limits.processes.to_string())
            }
            Version::Two => {
                let mut folder = self.root.clone();
                for part in Path::new(&self.path) {
                    write(&folder.join("cgroup.subtree_control"), "+cpu +memory +pids")?;
                    folder.push(part);
                    fs::create_dir_all(&folder)?;
                }
                write(&folder.join("cpu.max"), &format!("{quota} {PERIOD}"))?;
                write(&folder.join("memory.max"), &memory)?;
                let _ = write(&folder.join("memory.swap.max"), "0");
                write(&folder.join("pids.max"), &limits.processes.to_string())
            }
        }
    }

    /// Puts this process into the group.
    pub fn join(&self) -> io::Result<()> {
        self.folders().iter().try_for_each(|folder| write(&folder.join("cgroup.procs"), "0"))
    }

    /// Its processes, as this process sees their numbers.
    pub fn processes(&self) -> Vec<i32> {
        let text = self.first("cgroup.procs").and_then(|path| fs::read_to_string(path).ok()).unwrap_or_default();
        text.lines().filter_map(|line| line.trim().parse().ok()).collect()
    }

    /// Processor time that was used in it, by processes that have ended too.
    pub fn cpu(&self) -> Option<Duration> {
        match self.version {
            Version::One => number(&self.of("cpuacct").join("cpuacct.usage")).map(Duration::from_nanos),
            Version::Two => number_of(&self.folder().join("cpu.stat"), "usage_usec").map(Duration::from_micros),
        }
    }

    /// Memory that is used in it, without the page cache that could be dropped.
    pub fn memory(&self) -> Option<Bytes> {
        let (used, cache) = match self.version {
            Version::One => {
                let folder = self.of("memory");
                let cache = number_of(&folder.join("memory.stat"), "total_inactive_file");
                (number(&folder.join("memory.usage_in_bytes"))?, cache)
            }
            Version::Two => {
                let cache = number_of(&self.folder().join("memory.stat"), "inactive_file");
                (number(&self.folder().join("memory.current"))?, cache)
            }
        };
        Some(Bytes(used.saturating_sub(cache.unwrap_or(0))))
    }

    /// How many of its processes were killed for want of memory.
    pub fn out_of_memory(&self) -> Option<u64> {
        match self.version {
            Version::One => number_of(&self.of("memory").join("memory.oom_control"), "oom_kill"),
            Version::Two => number_of(&self.folder().join("memory.events"), "oom_kill"),
        }
    }

    /// Holds its processes still, or lets them go on.
    pub fn freeze(&self, frozen: bool) -> io::Result<()> {
        match self.version {
            Version::One => {
                let state = if frozen { "FROZEN" } else { "THAWED" };
                let file = self.of("freezer").join("freezer.state");
                write(&file, state)?;
                // FREEZING until the last process has stopped.
                await_that(|| fs::read_to_string(&file).is_ok_and(|text| text.trim() == state))
            }
            Version::Two => {
                let word = if frozen { "1" } else { "0" };
                write(&self.folder().join("cgroup.freeze"), word)?;
                let events = self.folder().join("cgroup.events");
                await_that(|| number_of(&events, "frozen") == Some(u64::from(frozen)))
            }
        }
    }

    /// Kills every process in it, also those that fork meanwhile. It is empty afterwards.
    pub fn kill(&self) -> io::Result<()> {
        if !self.exists() {
            return Ok(());
        }
        if self.version == Version::Two && write(&self.folder().join("cgroup.kill"), "1").is_ok() {
            return await_that(|| self.processes().is_empty());
        }
        let empty = || {
            // What is frozen does not die before it is thawed.
            let _ = self.freeze(false);
            for process in self.processes() {
                if let Some(pid) = rustix::process::Pid::from_raw(process) {
                    let _ = rustix::process::kill_process(pid, rustix::process::Signal::KILL);
                }
            }
            self.processes().is_empty()
        };
        await_that(empty)
    }

    /// Removes the group and the groups below it; they must be empty. A group that is absent is removed.
    pub fn remove(&self) -> io::Result<()> {
        self.folders().iter().try_for_each(|folder| remove_tree(folder))
    }

    /// The only folder of version 2.
    fn folder(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    /// The folder of a controller of version 1.
    fn of(&self, controller: &str) -> PathBuf {
        self.root.join(controller).join(&self.path)
    }

    pub(super) fn folders(&self) -> Vec<PathBuf> {
        match self.version {
            Version::One => CONTROLLERS.iter().map(|controller| self.of(controller)).collect(),
            Version::Two => vec![self.folder()],
        }
    }

    /// A file in the first folder that has it.
    fn first(&self, name: &str) -> Option<PathBuf> {
        self.folders().into_iter().map(|folder| folder.join(name)).find(|path| path.exists())
    }
}

/// The files of a group are the kernel's: nothing is ever created here.
fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    io::Write::write_all(&mut file, text.as_bytes())
}

/// The kernel's files vanish with their folder: only folders are removed.
fn remove_tree(folder: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            remove_tree(&entry.path())?;
        }
    }
    let mut tried = 0;
    loop {
        match fs::remove_dir(folder) {
            // A process that has just died is in it a moment longer.
            Err(error) if error.kind() == io::ErrorKind::ResourceBusy && tried < PATIENCE.0 => {
                tried += 1;
                thread::sleep(PATIENCE.1);
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            done => return done,
        }
    }
}

fn await_that(mut condition: impl FnMut() -> bool) -> io::Result<()> {
    for _ in 0..PATIENCE.0 {
        if condition() {
            return Ok(());
        }
        thread::sleep(PATIENCE.1);
    }
    Err(io::Error::new(io::ErrorKind::TimedOut, "the control group did not change in time"))
}

//! The processes of a workload, in the hands of its supervisor.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{fs, io};

use jiff::Timestamp;
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::adapters::Stream;
use crate::adapters::local::cgroup::{Cgroups, Group};
use crate::adapters::local::process::folder::{Folder, Status, UnitStatus};
use crate::adapters::local::process::output::Keeper;
use crate::adapters::local::process::plan::{Plan, PlannedUnit};

/// The units of one workload.
pub(super) struct Units {
    folder: Folder,
    plan: Plan,
    program: PathBuf,
    cgroups: Option<Cgroups>,
    status: Status,
    /// Units by the number of their process.
    running: HashMap<i32, String>,
    /// Kills for want of memory that were counted when the unit began.
    killed_before: BTreeMap<String, u64>,
}

impl Units {
    pub(super) fn new(folder: Folder, plan: Plan, program: PathBuf) -> Self {
        let cgroups = plan.cgroups.as_deref().and_then(Cgroups::at);
        Self {
            folder,
            plan,
            program,
            cgroups,
            status: Status::default(),
            running: HashMap::new(),
            killed_before: BTreeMap::new(),
        }
    }

    pub(super) fn any_runs(&self) -> bool {
        !self.running.is_empty()
    }

    /// Starts every unit that does not run.
    pub(super) fn start_all(&mut self) -> io::Result<()> {
        for unit in self.plan.units.clone() {
            if self.running.values().any(|running| *running == unit.name()) {
                continue;
            }
            let began = self.start(&unit);
            let now = Timestamp::now();
            let status = match began {
                Ok(pid) => {
                    self.running.insert(pid, unit.name());
                    UnitStatus {
                        pid: Some(pid),
                        incarnation: format!("{}-{pid}", now.as_microsecond()),
                        since: now,
                        code: None,
                        failure: None,
                        exhausted: false,
                    }
                }
                Err(error) => UnitStatus {
                    pid: None,
                    incarnation: now.as_microsecond().to_string(),
                    since: now,
                    code: None,
                    failure: Some(format!("it cannot be started: {error}")),
                    exhausted: false,
                },
            };
            self.status.units.insert(unit.name(), status);
        }
        self.folder.write_status(&self.status)
    }

    fn start(&mut self, unit: &PlannedUnit) -> io::Result<i32> {
        let name = unit.name();
        let keeper = Keeper::open(&self.folder, &name)?;
        if let Some(group) = self.group(unit) {
            if group.exists() {
                // What an earlier life left behind. Its counters go with the group: those of the next life begin at 0.
                group.kill()?;
                group.remove()?;
            }
            match group.create(unit.limits()) {
                Ok(()) => {
                    self.killed_before.insert(name.clone(), group.out_of_memory().unwrap_or(0));
                }
                // Rlimits hold it then; the launcher sees that there is no group.
                Err(error) => keeper.line(
                    Stream::Stderr,
                    format!("provider: no control group ({error}); only memory, file size and open files are limited")
                        .as_bytes(),
                ),
            }
        }
        let mut command = Command::new(&self.program);
        command.arg("process-launch").arg(self.folder.path()).arg(&name);
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command.spawn()?;
        if let Some(stdout) = child.stdout.take() {
            let keeper = keeper.clone();
            std::thread::spawn(move || keeper.copy(stdout, Stream::Stdout));
        }
        if let Some(stderr) = child.stderr.take() {
            std::thread::spawn(move || keeper.copy(stderr, Stream::Stderr));
        }
        i32::try_from(child.id()).map_err(io::Error::other)
    }

    /// Notes the end of a process; of one that is no unit's own there is nothing to note.
    pub(super) fn ended(&mut self, pid: i32, code: i32) -> io::Result<()> {
        let Some(name) = self.running.remove(&pid) else { return Ok(()) };
        let exhausted = self.plan.named(&name).is_some_and(|unit| self.ran_out_of_memory(unit));
        if let Some(status) = self.status.units.get_mut(&name) {
            status.pid = None;
            status.since = Timestamp::now();
            status.code = Some(code);
            status.exhausted = exhausted;
            status.failure = exhausted.then(|| "it was killed for want of memory".to_owned());
        }
        // What the unit's process left behind in its group is not to run on without it.
        if let Some(group) = self.plan.named(&name).and_then(|unit| self.group(unit)) {
            group.kill()?;
        }
        self.folder.write_status(&self.status)
    }

    fn ran_out_of_memory(&self, unit: &PlannedUnit) -> bool {
        let before = self.killed_before.get(&unit.name()).copied();
        let now = self.group(unit).and_then(|group| group.out_of_memory());
        before.zip(now).is_some_and(|(before, now)| now > before)
    }

    /// Holds everything still, or lets it go on.
    pub(super) fn pause(&mut self, paused: bool) -> io::Result<()> {
        for unit in &self.plan.units {
            if let Some(group) = self.group(unit).filter(Group::exists) {
                group.freeze(paused)?;
            }
        }
        let groupless = self.plan.units.iter().any(|unit| self.group(unit).is_none_or(|group| !group.exists()));
        if groupless {
            // Twice, for what was forked in between.
            for _ in 0..2 {
                signal_all(if paused { Signal::STOP } else { Signal::CONT });
            }
        }
        self.status.paused = paused;
        self.folder.write_status(&self.status)
    }

    /// Asks every unit to end; what is held still goes on first, so that it can.
    pub(super) fn terminate(&mut self) {
        if self.status.paused {
            let _ = self.pause(false);
        }
        for pid in self.running.keys().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = kill_process_group(pid, Signal::TERM);
        }
    }

    /// Kills everything.
    pub(super) fn kill(&self) {
        for unit in &self.plan.units {
            if let Some(group) = self.group(unit) {
                let _ = group.kill();
            }
        }
        signal_all(Signal::KILL);
    }

    fn group(&self, unit: &PlannedUnit) -> Option<Group> {
        self.cgroups.as_ref().map(|cgroups| cgroups.group(&self.plan.group_of(unit)))
    }
}

/// Sends a signal to everything below this process.
fn signal_all(signal: Signal) {
    for pid in descendants().into_iter().filter_map(Pid::from_raw) {
        let _ = kill_process(pid, signal);
    }
}

/// Whether there is anything below this process that has not been reaped.
pub(super) fn has_children() -> bool {
    !descendants().is_empty()
}

/// Every process below this one.
fn descendants() -> Vec<i32> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Ok(text) = fs::read_to_string(entry.path().join("stat")) else { continue };
        let parent = text.rsplit_once(") ").and_then(|(_, rest)| rest.split_ascii_whitespace().nth(1)?.parse().ok());
        children.entry(parent.unwrap_or(0)).or_default().push(pid);
    }
    let mut found = HashSet::new();
    let mut queue = vec![rustix::process::getpid().as_raw_nonzero().get()];
    while let Some(pid) = queue.pop() {
        queue.extend(children.get(&pid).into_iter().flatten().filter(|child| found.insert(**child)));
    }
    found.into_iter().collect()
}

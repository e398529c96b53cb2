//! The last step before a tenant's program: this program once more, which takes its limits upon itself and becomes it.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Gid, Resource, Rlimit, Signal, Uid};

use super::Account;
use super::folder::Folder;
use super::plan::{Plan, PlannedUnit};
use crate::adapters::local::cgroup::{Cgroups, Group};
use crate::adapters::local::descendants;
use crate::domain::fault::{Classified, Fault};

/// Why a unit could not be launched. Its text goes to the unit's own output.
#[derive(Debug, thiserror::Error)]
pub enum LaunchError {
    /// The folder does not say what to run.
    #[error("cannot read what to run in {folder}")]
    Plan {
        /// The workload's folder.
        folder: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The workload has no such unit.
    #[error("there is no unit {unit} in {folder}")]
    NoUnit {
        /// The workload's folder.
        folder: PathBuf,
        /// The unit.
        unit: String,
    },
    /// A limit could not be taken.
    #[error("cannot limit unit {unit}: {limit}")]
    Limit {
        /// The unit.
        unit: String,
        /// Which limit.
        limit: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The program could not be started.
    #[error("cannot run {program:?}")]
    Program {
        /// The program.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Classified for LaunchError {
    fn fault(&self) -> Fault {
        match self {
            Self::Program { .. } | Self::NoUnit { .. } => Fault::Invalid,
            Self::Plan { .. } | Self::Limit { .. } => Fault::Unavailable,
        }
    }
}

/// Files that a unit may have open.
const OPEN_FILES: u64 = 4096;

/// Becomes the program of a unit, or another command beside it where one is given; comes back only with an error.
pub fn launch(folder: &Path, unit: &str, instead: &[String]) -> LaunchError {
    match prepare(folder, unit, instead) {
        Ok(mut command) => {
            let program = command.get_program().to_string_lossy().into_owned();
            LaunchError::Program { program, source: command.exec() }
        }
        Err(error) => error,
    }
}

fn prepare(path: &Path, name: &str, instead: &[String]) -> Result<Command, LaunchError> {
    let folder = Folder::at(path);
    let plan = folder.plan().map_err(|source| LaunchError::Plan { folder: path.to_owned(), source })?;
    let unit = plan.as_ref().and_then(|plan| Some((plan, plan.named(name)?)));
    let no_unit = || LaunchError::NoUnit { folder: path.to_owned(), unit: name.to_owned() };
    let (plan, unit) = unit.ok_or_else(no_unit)?;
    limit(plan, unit)?;
    let words = if instead.is_empty() { &unit.command } else { instead };
    let (program, arguments) = words.split_first().ok_or_else(no_unit)?;
    let work = folder.work(name);
    let mut command = Command::new(program);
    command.args(arguments).env_clear().current_dir(&work);
    command.env("HOME", &work).env("TMPDIR", &work).envs(&unit.environment);
    Ok(command)
}

/// Takes the unit's limits upon this process; they stay with whatever it becomes.
fn limit(plan: &Plan, unit: &PlannedUnit) -> Result<(), LaunchError> {
    let wrong = |limit: &'static str| {
        let unit = unit.name();
        move |source: rustix::io::Errno| LaunchError::Limit { unit, limit, source: source.into() }
    };
    rustix::thread::set_no_new_privs(true).map_err(wrong("no new privileges"))?;
    let group = plan.cgroups.as_deref().and_then(Cgroups::at).map(|cgroups| cgroups.group(&plan.group_of(unit)));
    let grouped = group.as_ref().is_some_and(Group::exists);
    if let Some(group) = group.filter(|_| grouped) {
        let unit = unit.name();
        group.join().map_err(|source| LaunchError::Limit { unit, limit: "its control group", source })?;
    }
    let mut limits = vec![(Resource::Core, 0, "core dumps"), (Resource::Nofile, OPEN_FILES, "open files")];
    if unit.storage > 0 {
        limits.push((Resource::Fsize, unit.storage, "file size"));
    }
    if !grouped {
        limits.push((Resource::As, unit.memory, "memory"));
    }
    for (resource, most, what) in limits {
        let hard = rustix::process::getrlimit(resource).maximum.map_or(most, |hard| hard.min(most));
        rustix::process::setrlimit(resource, Rlimit { current: Some(hard), maximum: Some(hard) })
            .map_err(wrong(what))?;
    }
    if let Some(account) = plan.account {
        become_account(account).map_err(wrong("its account"))?;
    }
    // Last, for a change of account forgets it.
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).map_err(wrong("its end with its supervisor"))
}

/// Gives up our account for good. This process has one thread only.
fn become_account(account: Account) -> rustix::io::Result<()> {
    let (uid, gid) = (Uid::from_raw(account.uid), Gid::from_raw(account.gid));
    rustix::thread::set_thread_groups(&[gid])?;
    rustix::thread::set_thread_res_gid(gid, gid, gid)?;
    rustix::thread::set_thread_res_uid(uid, uid, uid)
}

/// Runs a command beside a unit, with its environment and within its limits, and waits for it: whether it ended with 0,
/// and what was seen.
pub(super) async fn check(
    program: &Path,
    folder: &Path,
    unit: &str,
    words: &[String],
    at_most: Duration,
) -> (bool, String) {
    let name = words.first().cloned().unwrap_or_default();
    let mut command = tokio::process::Command::new(program);
    command.arg("process-launch").arg(folder).arg(unit).arg("--").args(words);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).env_clear().kill_on_drop(true);
    command.process_group(0);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => return (false, format!("`{name}`: {error}")),
    };
    let group = child.id().and_then(|pid| i32::try_from(pid).ok()).and_then(rustix::process::Pid::from_raw);
    match tokio::time::timeout(at_most, child.wait()).await {
        Ok(Ok(status)) => (status.success(), format!("`{name}` ended with {status}")),
        Ok(Err(error)) => (false, format!("`{name}`: {error}")),
        Err(_) => {
            if let Some(group) = group {
                // What went into a session of its own is no more in the group.
                let own = i32::try_from(std::process::id()).unwrap_or_default();
                descendants::end(group.as_raw_nonzero().get(), own);
                let _ = rustix::process::kill_process_group(group, Signal::KILL);
            }
            (false, format!("`{name}` did not end within {} s", at_most.as_secs()))
        }
    }
}
